"""The charter's page: what is in force, who signed, what waits, what changed, who came and went; and the notice."""

from pathlib import Path

import pytest
from flask import Flask

from contracts.charter import Charter
from contracts.visit import ALWAYS_SENT
from hub.store import charters
from hub.store.database import Control, open_control
from hub.web import observatory
from hub.web.charter_changes import changes
from tests.support.control_world import CLOCK, VENUES, charter, settle, signature_of


@pytest.fixture
def control(tmp_path: Path) -> Control:
    control = open_control(f"sqlite:///{tmp_path / 'control.sqlite'}")
    control.migrate()
    return control


def page(control: Control, path: str = "/charte") -> str:
    app = Flask("hub.web")
    observatory.install(app, control.published())
    return app.test_client().get(path).text


def second(members: int = len(VENUES)) -> Charter:
    first = charter(revision=2)
    return first.model_copy(
        update={"members": first.members[:members], "retention_months": 18, "name": "Autre nom"}
    )


def test_before_the_first_charter_the_page_says_so(control: Control) -> None:
    assert "pas encore de charte" in page(control)
    assert "no charter yet" in page(control, "/charte?lang=en")


def test_a_revision_out_for_signature_stands_beside_the_one_in_force(control: Control) -> None:
    settle(control)
    assert "révision 1" in page(control)
    with control.transaction(CLOCK) as tx:
        charters.save_draft(tx, second())
        charters.add_signature(tx, signature_of(VENUES[0], second()))
        tx.commit()
    text = page(control)
    assert "À la signature\u202f: révision 2" in text
    assert "Signatures\u202f: 1 sur 3" in text
    assert text.count("attendue") == 2
    compared = page(control, "/charte?revision=2")
    assert "<del>24</del>" in compared
    assert "<ins>18</ins>" in compared


def test_a_venue_that_leaves_is_told_once_the_others_have_signed(control: Control) -> None:
    settle(control)
    assert "Aucun lieu n’est entré ni parti" in page(control)
    with control.transaction(CLOCK) as tx:
        charters.save_draft(tx, second(2))
        for venue in VENUES[:2]:
            charters.add_signature(tx, signature_of(venue, second(2)))
        tx.commit()
    text = page(control)
    assert f"{VENUES[2]} part, le 1er septembre 2025 (révision 2)" in text
    assert "remplacée" in text


def test_every_field_of_the_contract_is_told_when_it_changes() -> None:
    before = charter()
    for name in Charter.model_fields:
        value = getattr(before, name)
        other = {
            bool: lambda v: not v,
            int: lambda v: v + 1,
            str: lambda v: v + "x",
            list: lambda v: [*v, v[0]] if v else ["x"],
        }.get(type(value))
        if other is None:
            continue
        after = before.model_copy(update={name: other(value)})
        if name in {"budgets", "editions", "members", "clusters"}:
            continue  # told by item, below
        assert [c.part for c in changes(before, after)] == [name]
    moved = before.model_copy(update={"members": before.members[1:]})
    (lost,) = changes(before, moved)
    assert (lost.part, lost.subject, lost.after) == ("members", VENUES[0], "")


def test_the_notice_says_how_to_opt_out_and_whom_to_write_to(control: Control) -> None:
    settle(control)
    text = page(control, "/notice")
    assert "Pour en sortir" in text
    assert "dpo@example.org" in text
    assert "How to opt out" in page(control, "/notice?lang=en")


def test_the_notice_lists_what_the_charter_lets_leave_and_for_how_long(control: Control) -> None:
    settle(control)
    rules = charter()
    text = page(control, "/notice?lang=en")
    told = text.split('<ul class="fields">')[1].split("</ul>")[0]
    assert told.count("<li>") == len(ALWAYS_SENT | set(rules.fields))
    assert "<li>date of the event</li>" in told  # it leaves whether the charter names it or not
    assert not {"event_date", "partner_offers"} & set(rules.fields)
    assert "<li>consent to statistics</li>" in told
    assert f"kept {rules.retention_months} months at most" in text
    assert rules.controller.operator in text
    assert "<li>consent to statistics</li>" in page(control, "/charte?lang=en")
