"""hub verify holds for what we publish, and notices every lie that we could think of."""

import json
from pathlib import Path
from typing import Any

import pytest

from contracts.base import canonical
from contracts.chain import Head, next_entry
from contracts.edition import PublishedEdition, Release
from contracts.scopes import CEILING_MICRO
from hub.errors import VerificationFailed
from hub.store.database import open_control
from hub.verify import LIMITS, Report, verify
from hub.verify_figures import RULES, rules_kept
from tests.support.control_world import charter, publish, settle, signature_of, signed_charter
from tests.support.lies import CONSISTENT_LIES, Plain, chosen_keys, recharge, seal_again, vector


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    control = open_control(f"sqlite:///{tmp_path_factory.mktemp('verify') / 'control.sqlite'}")
    control.migrate()
    settle(control)
    return publish(control)


def report_of(plain: Plain) -> Report:
    return verify(PublishedEdition.model_validate_json(json.dumps(plain)), signed_charter())


def test_what_we_publish_holds(file: bytes) -> None:
    report = report_of(json.loads(file))
    assert report.ok, report.lines()
    assert report.lines()[-1] == LIMITS
    assert "does not prove that the noise was drawn" in LIMITS
    report.require()


def test_lies_told_again_with_every_key_still_show(file: bytes) -> None:
    plain = json.loads(file)
    seal_again(plain)
    assert report_of(plain).ok  # telling the truth again is no lie: the tool itself breaks nothing


@pytest.mark.parametrize("name", CONSISTENT_LIES)
def test_a_hub_that_lies_with_all_its_keys_is_noticed(file: bytes, name: str) -> None:
    lie, word = CONSISTENT_LIES[name]
    plain = json.loads(file)
    lie(plain)
    seal_again(plain)
    report = report_of(plain)
    assert not report.ok
    assert word in " ".join(report.lines())
    with pytest.raises(VerificationFailed, match="does not check"):
        report.require()


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("edition", "releases", 0, "vectors", 0, "values", 0), 7),
        (("edition_sha256",), "0" * 64),
        (("chain", 3, "body"), "{}"),
        (("chain", 3, "at"), "2025-09-01T08:00:01Z"),
        (("chain", 3, "sha256"), "0" * 64),
        (("chain", 3, "previous_sha256"), "0" * 64),
        (("chain", 3, "sequence"), 9),
        (("charges", 0, "charge"), "0" * 64),
        (("charges", 0, "rho_micro"), 1),
        (("checkpoint", "checkpoint", "sequence"), 1),
        (("checkpoint", "checkpoint", "head_sha256"), "0" * 64),
        (("checkpoint", "checkpoint", "network"), "autre"),
        (("checkpoint", "checkpoint", "at"), "2025-09-01T08:00:01Z"),
        (("checkpoint", "hub_signature"), "0" * 128),
        (("checkpoint", "custodian_signature"), "0" * 128),
        (("checkpoint", "custodian_signature"), None),
    ],
)
def test_a_changed_file_is_noticed(
    file: bytes, path: tuple[str | int, ...], value: str | int | None
) -> None:
    plain = json.loads(file)
    place: Any = plain
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    assert not report_of(plain).ok


def test_links_cut_off_the_end_or_put_on_are_noticed(file: bytes) -> None:
    for change in (lambda chain: chain.pop(), lambda chain: chain.pop(0), add_link):
        plain = json.loads(file)
        change(plain["chain"])
        assert not report_of(plain).ok


def add_link(chain: list[Plain]) -> None:
    head = Head(chain[-1]["sequence"], chain[-1]["sha256"])
    entry = next_entry(head, at=chain[-1]["at"], kind="test", body={})
    chain.append(entry.model_dump(mode="json"))


def test_bodies_that_are_no_events_do_not_stop_the_check(file: bytes) -> None:
    for body in ("[]", "no json", '{"cap_rho_micro":true}'):
        plain = json.loads(file)
        plain["chain"][0]["body"] = body
        assert not report_of(plain).ok


def test_a_charter_that_lacks_a_signature_proves_nothing(file: bytes) -> None:
    published = PublishedEdition.model_validate_json(file)
    whole = signed_charter()
    partly = whole.model_copy(update={"signatures": whole.signatures[1:]})
    assert not verify(published, partly).ok
    swapped = whole.model_copy(
        update={"signatures": [signature_of(s.venue, charter(2)) for s in whole.signatures]}
    )
    assert not verify(published, swapped).ok
    assert not verify(published, signed_charter(charter(cap_rho=99_999))).ok


def test_delta_above_one_tenth_of_the_bound_is_noticed(file: bytes) -> None:
    plain = json.loads(file)
    recharge(plain, 0, delta_pico=1_000_000)
    seal_again(plain)
    crowded = charter().model_copy(update={"persons_bound": 100_000_000})
    published = PublishedEdition.model_validate_json(json.dumps(plain))
    lines = " ".join(verify(published, signed_charter(crowded)).lines())
    assert "public bound on persons" in lines


def test_the_noise_bound_is_exact(file: bytes) -> None:
    """Sigma² = Δ²/(2ρ) to the last millionth holds; one millionth less does not."""
    plain = json.loads(file)
    vector(plain).update(l2_sensitivity_squared=8, sigma_micro=10_000_000)  # 8/(2·0.04) = 10²
    seal_again(plain)
    assert report_of(plain).ok
    vector(plain).update(sigma_micro=9_999_999)
    seal_again(plain)
    assert not report_of(plain).ok


def test_keys_chosen_above_a_paid_threshold_hold(file: bytes) -> None:
    plain = json.loads(file)
    chosen_keys(plain, threshold=-(10**9), delta=5)
    recharge(plain, 0, delta_pico=5)
    seal_again(plain)
    problems = [p for check in report_of(plain).checks for p in check.problems]
    assert problems == ["reach: its price is not the planned one"]  # the charter plans no delta


def disagreeing() -> dict[str, Any]:
    """A table of the people by places whose shares grow with the places: no edition of today says so."""
    share = {"low_milli": 0, "high_milli": 100_000, "wording": "indicatif"}
    rows = [{**share, "keys": [places], "value_milli": value} for places, value in (("2", 10_000), ("3", 20_000))]  # fmt: skip
    words = dict.fromkeys(
        ("title_fr", "title_en", "how_to_read_fr", "how_to_read_en", "estimand"), "x"
    )
    return {
        "table": "reach-shares",
        "question": "Q01",
        "columns": ["venues", "percent"],
        "rows": rows,
        **words,
    }


def test_figures_are_held_to_the_rules_that_the_edition_was_made_under(file: bytes) -> None:
    plain = json.loads(file)
    release_ = plain["edition"]["releases"][0]
    release_["tables"] = [disagreeing()]
    seal_again(plain)
    assert "more places are said of more people" in str(report_of(plain).checks[-1].problems)
    del plain["edition"]["figures"]
    seal_again(plain)
    report = report_of(plain)
    report.require()
    assert "published before these rules" in report.lines()[-2]
    release = Release.model_validate_json(json.dumps(release_))
    assert (rules_kept([release]), rules_kept([])) == (0, RULES)


def test_an_edition_from_before_keeps_its_bytes(file: bytes) -> None:
    edition = PublishedEdition.model_validate_json(file).edition
    assert b'"figures"' not in canonical(edition.model_copy(update={"figures": 0}))
    assert b'"figures":1' in canonical(edition)


def test_a_charter_that_could_not_be_signed_today_is_warned_of(file: bytes) -> None:
    """It stands: the figures that were made under it are no less right."""
    above = charter(cap_rho=CEILING_MICRO + 1)
    published = PublishedEdition.model_validate_json(file)
    warned = verify(published, signed_charter(above)).warnings
    assert ["rho of 0.25" in said for said in warned] == [True]
    assert report_of(json.loads(file)).warnings == ()


def test_verify_reads_public_files_alone() -> None:
    import hub.verify as module  # noqa: PLC0415

    source = Path(module.__file__).read_text()
    assert "hub.store" not in source
    assert "hub.vault" not in source
