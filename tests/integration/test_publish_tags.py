"""An edition that counts tags and gives the model a matrix of its own: the recommendation's share pays, anybody checks."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.base import canonical
from contracts.catalogue import Catalogue, Event
from contracts.charter import Charter
from contracts.charter_check import RulesBroken, check_rules
from contracts.edition import PublishedEdition
from contracts.model import SignedModel
from contracts.tags import catalogues_sha256
from contracts.tags_shown import CATALOGUES_READ, catalogues_read
from contracts.visit import Discipline
from hub.model_desk import publish_model
from hub.publish import Desk, publish
from hub.recommend.verify import problems
from hub.store import inbox, ledger, pinned
from hub.store.database import open_control
from hub.verify import verify
from tests.support import town
from tests.support.control_world import CLOCK, SEASON, VENUES, charter, settle, signed_charter
from tests.support.publishing import desk as desk_of

EDITION = "avec-etiquettes"
PRICES = {"reach": 20_000, "pairs": 20_000, "tags": 30_000, "model-pairs": 15_000}
TAGS = [{"axis": axis, "values": list(values)} for axis, values in town.TAGS]


def terms(recommendation: int = 50_000, tags: list[dict[str, Any]] = TAGS) -> Charter:
    plain = charter().model_dump(mode="json")
    plain["budgets"][0]["recommendation_rho_micro"] = recommendation
    plain["editions"] = [
        {
            "edition": EDITION, "title": "Avec étiquettes", "season": SEASON,
            "first_day": f"{SEASON[:4]}-09-01", "last_day": f"{SEASON[5:]}-08-31",
            "measures": [{"measure": name, "rho_micro": rho} for name, rho in PRICES.items()],
            "model": {"persons": 300, "tags": tags},
        }
    ]  # fmt: skip
    return Charter.model_validate_json(canonical(plain))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    settle(control, terms())
    event = Event(event="one", title="One", discipline=Discipline.DANCE, period="Baroque")
    with control.transaction(CLOCK) as tx:
        inbox.save_catalogue(tx, Catalogue(venue=VENUES[0], events=[event]))
        tx.commit()
    return desk_of(control)


def test_the_recommendations_share_pays_and_the_edition_checks(desk: Desk) -> None:
    published = PublishedEdition.model_validate_json(publish(desk, EDITION))
    verify(published, signed_charter(terms())).require()
    with desk.control.reading() as reading:
        spent = {each.scope: each.spent_rho_micro for each in ledger.budgets(reading)}
    assert spent[f"season:{SEASON}/recommendation"] == 45_000
    assert spent[f"season:{SEASON}/observatory"] == 40_000
    assert spent[f"season:{SEASON}"] == 85_000


def test_values_that_the_charter_does_not_name_are_noticed(desk: Desk) -> None:
    plain = json.loads(publish(desk, EDITION))
    release = next(r for r in plain["edition"]["releases"] if r["measure"] == "tags")
    vector = next(v for v in release["vectors"] if v["name"] == "tags-author-value")
    vector["keys"][0] = ["Quelqu'un d'autre"]
    report = verify(
        PublishedEdition.model_validate_json(json.dumps(plain)), signed_charter(terms())
    )
    assert "not those that the charter names" in " ".join(report.checks[1].problems)


def test_the_model_says_what_it_used_and_anybody_makes_it_again(desk: Desk) -> None:
    published = PublishedEdition.model_validate_json(publish(desk, EDITION))
    signed = SignedModel.model_validate_json(publish_model(desk.control, EDITION, desk.sign, CLOCK))
    model = signed.model
    assert (model.matrix, model.places) == ("model-pairs-cell", 2)
    assert model.tags is not None
    assert [axis.axis for axis in model.tags.axes][-2:] == ["period", "author"]
    assert sum(model.tags.events) == 1
    assert problems(signed, published, signed_charter(terms())) == []


def show(desk: Desk, *events: Event) -> None:
    with desk.control.transaction(CLOCK) as tx:
        inbox.save_catalogue(tx, Catalogue(venue=VENUES[0], events=list(events)))
        tx.commit()


def test_the_model_is_made_from_what_the_edition_read_whatever_houses_send_later(desk: Desk) -> None:  # fmt: skip
    published = PublishedEdition.model_validate_json(publish(desk, EDITION))
    with desk.control.reading() as reading:
        own = pinned.read(reading, EDITION)
    assert own is not None
    assert catalogues_read(published) == catalogues_sha256(own)
    show(desk, *(Event(event=f"e{n}", title="x", discipline=Discipline.DANCE) for n in range(9)))
    signed = SignedModel.model_validate_json(publish_model(desk.control, EDITION, desk.sign, CLOCK))
    assert signed.model.tags is not None
    assert sum(signed.model.tags.events) == 1
    assert problems(signed, published, signed_charter(terms()), own) == []
    later = signed.model.tags.model_copy(update={"catalogue_sha256": "00" * 32})
    model = signed.model.model_copy(update={"tags": later})
    lie = SignedModel(model=model, signature=desk.sign(canonical(model)))
    assert "other catalogues" in problems(lie, published, signed_charter(terms()))[0]


def test_catalogues_that_are_told_after_the_tags_were_drawn_are_noticed(desk: Desk) -> None:
    published = PublishedEdition.model_validate_json(publish(desk, EDITION))
    chain = [entry for entry in published.chain if entry.kind != CATALOGUES_READ]
    silent = published.model_copy(update={"chain": chain})
    report = verify(silent, signed_charter(terms()))
    assert "which catalogues were read" in " ".join(p for c in report.checks for p in c.problems)


def test_published_again_it_is_the_same(desk: Desk) -> None:
    assert publish(desk, EDITION) == publish(desk, EDITION)


def test_a_share_that_cannot_pay_is_refused_before_anything_is_signed() -> None:
    with pytest.raises(RulesBroken, match="recommendation budget"):
        check_rules(terms(44_999))


@pytest.mark.parametrize(
    "tags",
    [
        [TAGS[0], TAGS[0]],
        [{"axis": "author", "values": ["Molière", " MOLIÈRE"]}],
    ],
)
def test_a_value_or_a_tag_named_twice_is_refused(tags: list[dict[str, Any]]) -> None:
    with pytest.raises(RulesBroken, match="named twice"):
        check_rules(terms(tags=tags))


def test_a_charter_without_a_model_keeps_its_bytes() -> None:
    assert b'"model"' not in canonical(charter())
