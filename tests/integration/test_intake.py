"""The intake over Flask's client: who may send what, once, whole."""

import json

import pytest

from contracts import api
from contracts.base import canonical, digest
from contracts.batch import Part
from contracts.catalogue import Catalogue
from contracts.charter import MemberSignature, SignedCharter
from contracts.charter_check import verify_signed
from contracts.clock import FixedClock, parse_stamp
from contracts.seal import fingerprint, new_signing_key, sign
from contracts.signing import Outgoing, sign_request
from contracts.tags import catalogues_sha256
from hub.errors import IntakeRefused
from hub.store import charters, inbox, members
from tests.support.intake import (
    HUB_PUBLIC,
    PART,
    World,
    commit_of,
    enrol,
    joined,
    net,
    part_path,
    post_commit,
    receipt_of,
    refused,
    templates,
    world,
)
from tests.support.wire import CLOCK, NOW, VENUES

__all__ = ["joined", "net", "templates", "world"]  # fixtures


# --- joining ----------------------------------------------------------------------------------


def test_a_venue_enrols_and_learns_the_fingerprint(world: World) -> None:
    answer = api.Enrolled.model_validate_json(enrol(world, VENUES[0]).data)
    assert answer.fingerprint == fingerprint(HUB_PUBLIC)
    assert world.control.published().member_key(VENUES[0])


def test_an_enrolment_must_be_signed_by_the_key_that_it_brings(world: World) -> None:
    with world.control.transaction(CLOCK) as tx:
        code = members.issue_code(tx, VENUES[0])
        tx.commit()
    stranger = new_signing_key()[1]
    body = canonical(api.Enrolment(venue=VENUES[0], code=code, signing_key=stranger))
    assert refused(world.send("POST", api.PATH_ENROL, body)) == "unsigned"
    assert world.control.published().member_key(VENUES[0]) is None


def test_a_wrong_code_is_refused(world: World) -> None:
    key = world.net.charter.members[0].signing_key
    code = "-".join(["AAAA"] * 6)
    body = canonical(api.Enrolment(venue=VENUES[0], code=code, signing_key=key))
    assert refused(world.send("POST", api.PATH_ENROL, body)) == "code"


def test_the_charter_is_shown_signed_and_put_in_force(world: World) -> None:
    assert refused(world.web.get(api.PATH_CHARTER)) == "not-found"
    for venue in VENUES:
        enrol(world, venue)
    with world.control.transaction(CLOCK) as tx:
        charters.save_draft(tx, world.net.charter)
        tx.commit()
    shown = SignedCharter.model_validate_json(world.web.get(api.PATH_CHARTER).data)
    assert shown.signatures == []
    for venue in VENUES:
        signature = sign(world.net.keys[venue], canonical(shown.charter))
        body = canonical(MemberSignature(venue=venue, signature=signature))
        assert world.send("POST", api.PATH_SIGNATURES, body, by=venue).status_code == 200
    shown = SignedCharter.model_validate_json(world.web.get(api.PATH_CHARTER).data)
    assert verify_signed(shown, NOW) == world.net.charter


def test_a_new_draft_does_not_hide_the_charter_in_force(joined: World) -> None:
    draft = joined.net.charter.model_copy(update={"revision": 2})
    with joined.control.transaction(CLOCK) as tx:
        charters.save_draft(tx, draft)
        tx.commit()
    shown = SignedCharter.model_validate_json(joined.web.get(api.PATH_CHARTER).data)
    assert shown.charter == joined.net.charter
    drafted = joined.web.get(api.PATH_CHARTER, query_string={"state": "draft"})
    assert SignedCharter.model_validate_json(drafted.data).charter == draft


# --- parts and commits ------------------------------------------------------------------------


def test_a_part_is_kept_whole_and_once(joined: World) -> None:
    assert joined.send("HEAD", part_path()).status_code == 404
    assert joined.send("PUT", part_path(), PART).status_code == 201
    assert joined.send("HEAD", part_path()).status_code == 200
    assert joined.send("PUT", part_path(), PART).status_code == 200
    (kept,) = joined.files()
    assert kept.read_bytes() == PART
    assert kept.relative_to(joined.root).as_posix() == f"inbox/{VENUES[0]}/{digest(PART)}"


def test_a_part_under_another_name_is_refused(joined: World) -> None:
    assert refused(joined.send("PUT", part_path("ab" * 32), PART)) == "digest"
    assert joined.files() == []


def test_a_part_whose_body_is_not_the_one_signed_leaves_nothing(joined: World) -> None:
    request = Outgoing("PUT", f"http://localhost{part_path()}", PART)
    headers = sign_request(request, joined.net.keys[VENUES[0]], VENUES[0], CLOCK)
    sent = joined.send("PUT", part_path(), PART[:-1] + b"?", headers=headers)
    assert refused(sent) == "digest"
    assert joined.files() == []


def test_a_part_too_large_is_refused(joined: World) -> None:
    large = bytes(100_001)
    assert refused(joined.send("PUT", part_path(digest(large)), large)) == "too-large"
    assert joined.files() == []


@pytest.mark.parametrize("name", ["..", "%2e%2e", "con", "A" * 64, "a" * 63, "a" * 300, "a/../b"])
def test_no_part_is_written_outside_the_inbox(joined: World, name: str) -> None:
    """U10."""
    response = joined.send("PUT", part_path(name), PART)
    assert response.status_code in {401, 404, 422}
    assert joined.files() == []


def test_a_commit_needs_its_parts(joined: World) -> None:
    assert refused(post_commit(joined, commit_of(joined.net))) == "missing-parts"
    joined.send("PUT", part_path(), PART)
    wrong_size = commit_of(joined.net, parts=[Part(sha256=digest(PART), size=1)])
    assert refused(post_commit(joined, wrong_size)) == "missing-parts"
    answer = json.loads(post_commit(joined, commit_of(joined.net)).data)
    assert answer["state"] == "received"


def test_the_same_commit_again_changes_nothing(joined: World) -> None:
    """U1, U5: the answer was lost, the agent asks again, even after the vault removed the parts."""
    joined.send("PUT", part_path(), PART)
    first = json.loads(post_commit(joined, commit_of(joined.net)).data)
    for path in joined.files():
        path.unlink()
    again = json.loads(post_commit(joined, commit_of(joined.net)).data)
    assert (first["state"], again["state"]) == ("received", "already")
    assert first["commit_sha256"] == again["commit_sha256"]
    with joined.control.reading() as reading:
        assert inbox.waiting(reading) == [commit_of(joined.net)]


def test_the_same_reference_for_another_batch_is_refused(joined: World) -> None:
    """U2, U6."""
    joined.send("PUT", part_path(), PART)
    post_commit(joined, commit_of(joined.net))
    other = b"other bytes"
    joined.send("PUT", part_path(digest(other)), other)
    second = commit_of(joined.net, parts=[Part(sha256=digest(other), size=len(other))])
    assert refused(post_commit(joined, second)) == "conflict"
    with joined.control.reading() as reading:
        assert inbox.waiting(reading) == [commit_of(joined.net)]


def test_commits_out_of_order_are_received(joined: World) -> None:
    """U3: order is the vault's to judge; it is given each venue's in order of sequence."""
    joined.send("PUT", part_path(), PART)
    for sequence in (3, 1, 2):
        assert post_commit(joined, commit_of(joined.net, sequence=sequence)).status_code == 200
    with joined.control.reading() as reading:
        assert [commit.sequence for commit in inbox.waiting(reading)] == [1, 2, 3]


def test_a_commit_under_another_charter_is_refused(joined: World) -> None:
    joined.send("PUT", part_path(), PART)
    other = commit_of(joined.net, charter_sha256="00" * 32)
    assert refused(post_commit(joined, other)) == "charter"


@pytest.mark.parametrize("instant", ["2025-08-31T23:59:59Z", "2026-09-01T00:00:00Z"])
def test_nothing_is_taken_under_a_charter_that_is_not_in_its_dates(
    joined: World, instant: str
) -> None:
    joined.send("PUT", part_path(), PART)
    clock = FixedClock(parse_stamp(instant))
    with joined.control.transaction(clock) as tx, pytest.raises(IntakeRefused) as refusal:
        inbox.record_commit(tx, commit_of(joined.net))
    assert refusal.value.problem.slug == "charter"


def test_a_receipt_is_there_once_the_vault_has_opened_the_batch(joined: World) -> None:
    joined.send("PUT", part_path(), PART)
    commit = commit_of(joined.net)
    post_commit(joined, commit)
    path = api.PATH_RECEIPT.format(venue=VENUES[0], sha256=inbox.commit_hash(commit))
    assert refused(joined.send("GET", path)) == "not-found"
    signed = receipt_of(joined.net, commit)
    for _ in range(2):  # the vault may die between its two databases and settle again
        with joined.control.transaction(CLOCK) as tx:
            inbox.settle(tx, signed)
            tx.commit()
    assert joined.send("GET", path).data == canonical(signed)
    with joined.control.reading() as reading:
        assert inbox.waiting(reading) == []
        assert inbox.receipt_bytes(reading, VENUES[1], inbox.commit_hash(commit)) is None


def test_a_catalogue_is_replaced(joined: World) -> None:
    path = api.PATH_CATALOGUE.format(venue=VENUES[0])
    for events in ([], [{"event": "e1", "title": "Un spectacle", "discipline": "theatre"}]):
        body = canonical({"venue": VENUES[0], "events": events})
        assert joined.send("PUT", path, body).status_code == 204
    with joined.control.reading() as reading:
        kept = inbox.catalogue_of(reading, VENUES[0])
        assert inbox.catalogue_of(reading, VENUES[1]) is None
    assert kept is not None
    assert [event.event for event in kept.events] == ["e1"]
    shown = joined.web.get(path)  # by anybody: it is public
    assert shown.data == canonical(kept)
    assert joined.web.get(path, headers={"If-None-Match": shown.headers["ETag"]}).status_code == 304
    assert refused(joined.web.get(api.PATH_CATALOGUE.format(venue=VENUES[1]))) == "not-found"


def test_what_is_sensitive_is_kept_for_the_vault_and_shown_to_nobody(joined: World) -> None:
    path = api.PATH_CATALOGUE.format(venue=VENUES[0])
    plain = {"title": "Un spectacle", "discipline": "theatre"}
    events = [{"event": "e1", **plain}, {"event": "e2", **plain, "sensitive": True}]
    assert joined.send("PUT", path, canonical({"venue": VENUES[0], "events": events})).status_code == 204  # fmt: skip
    with joined.control.reading() as reading:
        kept = inbox.catalogue_of(reading, VENUES[0])
    assert kept is not None
    assert [event.event for event in kept.events] == ["e1", "e2"]
    public = Catalogue.model_validate_json(joined.web.get(path).data)
    assert [event.event for event in public.events] == ["e1"]
    assert catalogues_sha256([public]) == catalogues_sha256([kept])


def test_a_catalogue_is_shown_again_without_being_read(joined: World, monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    path = api.PATH_CATALOGUE.format(venue=VENUES[0])
    joined.send("PUT", path, canonical({"venue": VENUES[0], "events": []}))

    def read(*_: object) -> None:
        raise AssertionError("a catalogue was parsed for an anonymous request")

    monkeypatch.setattr(inbox, "catalogue_of", read)
    first = joined.web.get(path)
    monkeypatch.setattr(inbox, "shown_bytes", read)
    again = joined.web.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code, again.data) == (200, 304, b"")


@pytest.mark.parametrize(
    "title",
    ["Voir https://exemple.org/x", "www.exemple.org", "exemple.org/x7", "a@exemple.org", "x" * 201, "deux\nlignes", "ｗｗｗ．exemple"],
)  # fmt: skip
def test_a_title_that_carries_an_address_is_refused_by_its_number(joined: World, title: str) -> None:  # fmt: skip
    path = api.PATH_CATALOGUE.format(venue=VENUES[0])
    fine = {"event": "e1", "title": "L'École. J.S.Bach, 2.0 & Cie", "discipline": "theatre"}
    wrong = {"event": "e2", "title": title, "discipline": "theatre"}
    answer = joined.send("PUT", path, canonical({"venue": VENUES[0], "events": [fine, wrong]}))
    assert refused(answer) == "title"
    assert "Event number 2." in answer.text
    assert title not in answer.text


def test_public_files(joined: World) -> None:
    assert json.loads(joined.web.get(api.PATH_EDITIONS).data) == []
    assert refused(joined.web.get(api.PATH_EDITION.format(edition="x"))) == "not-found"
    assert refused(joined.web.get(api.PATH_CHECKPOINT)) == "not-found"
    chain = json.loads(joined.web.get(api.PATH_CHAIN).data)
    assert [entry["sequence"] for entry in chain] == list(range(1, len(chain) + 1))
    tail = json.loads(joined.web.get(api.PATH_CHAIN, query_string={"after": 2}).data)
    assert tail == chain[2:]
    for bad in ("-1", "x", "٣", "9" * 30):
        answer = joined.web.get(api.PATH_CHAIN, query_string={"after": bad})
        assert refused(answer) == "malformed"


def test_the_chain_has_no_word_of_uploads(joined: World) -> None:
    before = joined.web.get(api.PATH_CHAIN).data
    joined.send("PUT", part_path(), PART)
    post_commit(joined, commit_of(joined.net))
    assert joined.web.get(api.PATH_CHAIN).data == before
