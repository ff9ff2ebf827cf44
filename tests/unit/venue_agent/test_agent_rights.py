"""The suppression list, what it bars, and how people are taken out of files."""

import dataclasses
from pathlib import Path

import pandas as pd
import pytest

from contracts import ristretto, voprf
from contracts.linkage import IdentifierKind, identifier
from tests.support.agent_world import front, write_export
from venue_agent.barring import bar, oppose
from venue_agent.errors import IdentifierUnreadable
from venue_agent.home.elements import ElementStore, held_epoch
from venue_agent.people.handles import Handles
from venue_agent.people.known import nobody
from venue_agent.rights.named import Name, listed, named
from venue_agent.rights.purge import Gone, without
from venue_agent.rights.suppress import NETWORK, UNKNOWN, VENUE, Known, Suppressions
from venue_agent.settings.mapping import load_preset

FR = load_preset("fr23plus")
MAIL, PHONE = Name("email", "ana@exemple.fr"), Name("phone", "+33647318902")
NOW = "2025-11-03T12:00:00Z"


@pytest.fixture
def handles(tmp_path: Path) -> Handles:
    return Handles(tmp_path / "state.sqlite", "venue-a")


@pytest.fixture
def book(handles: Handles) -> Suppressions:
    return Suppressions(handles)


def test_nobody_is_barred_at_first(book: Suppressions) -> None:
    assert book.barred() is nobody
    assert not nobody(MAIL.key)
    assert book.waiting() == []
    assert book.since([MAIL]) == ""


def test_all_that_was_known_under_the_handle_is_barred(
    handles: Handles, book: Suppressions
) -> None:
    (handle,) = handles.assign([(MAIL.key, PHONE.key, "customer:7")])
    (other,) = handles.assign([("email:bob@exemple.fr",)])
    assert handles.of((PHONE.key,)) == [handle]
    book.forget([MAIL], VENUE, NOW)
    barred = book.barred()
    assert [barred(k) for k in (MAIL.key, PHONE.key, "customer:7", "email:bob@exemple.fr")] == [True, True, True, False]  # fmt: skip
    assert handles.withdrawn() == [handle]
    assert handles.of((MAIL.key, PHONE.key)) == []
    assert handles.of(("email:bob@exemple.fr",)) == [other]
    assert book.since([PHONE, MAIL]) == NOW


def test_two_names_of_one_person_give_her_handle_twice(
    handles: Handles, book: Suppressions
) -> None:
    (handle,) = handles.assign([(MAIL.key, PHONE.key)])
    book.forget([MAIL, PHONE], VENUE, NOW)
    assert [w.contribution_id for w in book.waiting()] == [handle, handle]


def test_the_rows_are_as_long_of_anybody(handles: Handles, book: Suppressions) -> None:
    handles.assign([(MAIL.key,)])
    stranger = Name("email", "une.adresse.bien.plus.longue@exemple.fr")
    point = ristretto.random_point()
    book.forget([MAIL, stranger], VENUE, NOW, Known(bytes(32), {MAIL: point, stranger: point}))
    first, second = (w.row for w in book.waiting(bytes(32)))
    assert len(first) == len(second)
    assert first != second


def test_a_customer_number_has_no_token(book: Suppressions) -> None:
    book.forget([Name("customer", "C-7")], VENUE, NOW)
    (row,) = (w.row for w in book.waiting())
    assert row.startswith("venue,")
    assert row.endswith(",")


@pytest.mark.parametrize("scopes", [(VENUE, NETWORK), (NETWORK, VENUE), (NETWORK, NETWORK)])
def test_the_wider_withdrawal_stays(book: Suppressions, scopes: tuple[str, str]) -> None:
    for scope in scopes:
        book.forget([MAIL], scope, NOW)
    (withdrawal,) = book.waiting()
    assert withdrawal.scope == NETWORK


def test_confirmed_by_its_batch_and_told_again(book: Suppressions) -> None:
    book.forget([MAIL], VENUE, NOW)
    book.carry(book.waiting(), 12)
    book.confirm(11)
    assert [w.sequence for w in book.waiting()] == [12]
    book.confirm(12)
    assert book.waiting() == []
    book.again()
    assert [w.sequence for w in book.waiting()] == [0]


@pytest.mark.parametrize("season_key", [7, 11])
def test_any_season_evaluates_what_was_kept(book: Suppressions, season_key: int) -> None:
    """The pseudonym is the one that her e-mail gives, though nobody keeps the e-mail."""
    key = season_key.to_bytes(32, "little")
    book.forget([MAIL, PHONE], VENUE, NOW)
    waiting = book.waiting()
    blinded = book.unmask(waiting)
    elements = voprf.unblind(blinded, voprf.evaluate(key, blinded.points))
    for at, withdrawal in enumerate(waiting):
        name = MAIL if withdrawal.kind == "email" else PHONE
        point = voprf.hash_to_group(identifier(IdentifierKind(name.kind), name.value))
        assert elements[32 * at : 32 * at + 32] == ristretto.multiply(key, point)
        assert withdrawal.masked != point


def test_elements_are_of_their_epoch(book: Suppressions) -> None:
    book.forget([MAIL], VENUE, NOW, UNKNOWN)
    (waiting,) = book.waiting()
    point = ristretto.random_point()
    book.keep([dataclasses.replace(waiting, element=point)], b"a" * 32)
    assert book.waiting(b"a" * 32)[0].element == point
    assert book.waiting(b"b" * 32)[0].element == b""


def test_the_file_holds_no_name(tmp_path: Path, handles: Handles, book: Suppressions) -> None:
    handles.assign([(MAIL.key, PHONE.key)])
    book.forget([MAIL, PHONE], NETWORK, NOW)
    data = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    point = voprf.hash_to_group(identifier(IdentifierKind.EMAIL, MAIL.value))
    for needle in (b"ana@", b"exemple", b"647318902", point):
        assert needle not in data


def test_an_export_is_held_against_the_list(tmp_path: Path) -> None:
    write_export(
        tmp_path, {"Email": "Ana@Exemple.FR"}, {"Email": "bob@exemple.fr", "Prenom": "Bob"}
    )
    raw, normalised, _ = front(tmp_path, FR)
    assert oppose(raw, nobody) is raw
    assert bar(normalised, nobody) is normalised
    opposed = oppose(raw, {MAIL.key}.__contains__).oppositions
    assert opposed["email"].tolist() == ["Ana@Exemple.FR"]
    barred = bar(normalised, {MAIL.key}.__contains__)
    keys = normalised.persons["keys"]
    assert [keys[person] for person in barred.opposed] == [(MAIL.key,)]


def test_a_member_of_a_household_is_barred_alone(tmp_path: Path) -> None:
    write_export(tmp_path, {"Email": "a@exemple.fr", "Prenom": "Ana"}, {"Email": "a@exemple.fr", "Prenom": "Bob"})  # fmt: skip
    _, normalised, _ = front(tmp_path, FR)
    keys = {key for held in normalised.persons["keys"] for key in held}
    assert keys == {"email:a@exemple.fr|ana", "email:a@exemple.fr|bob"}
    barred = bar(normalised, {"email:a@exemple.fr|ana"}.__contains__)
    assert len(barred.opposed) == 1


PERSONS = b"contribution_id,tokens,statistics\naa,email:11 phone:22,yes\nbb,email:33,yes\n"
VISITS = b"contribution_id,event_id\naa,x\nbb,y\naa,z\n"


@pytest.mark.parametrize(
    ("gone", "left"),
    [
        (Gone({"aa"}), b"bb"),
        (Gone((), {"phone:22"}), b"bb"),
        (Gone({"aa"}, {"email:33"}), b""),
        (Gone({"cc"}, {"email:1"}), b"aa bb aa"),
    ],
)
def test_rows_leave_a_month_and_the_others_stay(gone: Gone, left: bytes) -> None:
    files = {"persons.csv": PERSONS, "visits.csv": VISITS, "erasures.csv": b"as it is"}
    kept = without(files, gone)
    assert b" ".join(row.split(b",")[0] for row in kept["visits.csv"].splitlines()[1:]) == left
    assert kept["erasures.csv"] == b"as it is"
    assert kept["persons.csv"].splitlines()[0] == PERSONS.splitlines()[0]
    if left.count(b" ") == 2:
        assert kept == files


def test_elements_are_taken_out_in_one_writing(tmp_path: Path) -> None:
    path = tmp_path / "elements.bin"
    assert held_epoch(path) == b""
    store = ElementStore(path, b"k" * 32, b"p" * 32)
    store.update({b"a": b"1" * 32, b"b": b"2" * 32})
    assert store.take_out([b"a", b"c"]) == {b"a": b"1" * 32}
    assert store.take_out([b"a"]) == {}
    again = ElementStore(path, b"k" * 32, held_epoch(path))
    assert (b"a" in again, b"b" in again) == (False, True)


def test_names_are_normalised_and_never_shown() -> None:
    names = named(email=" Ana+billet@Exemple.FR ", phone="06.47.31.89.02", customer=" C-7 ")
    assert [name.key for name in names] == [MAIL.key, PHONE.key, "customer:C-7"]
    assert "ana" not in repr(names)
    assert named() == []
    with pytest.raises(IdentifierUnreadable, match="phone") as error:
        named(email="ana@exemple.fr", phone="Ana")
    assert "Ana" not in str(error.value)


def test_a_list_names_each_once(tmp_path: Path) -> None:
    path = tmp_path / "liste.csv"
    path.write_text("Courriel,TEL\nana@exemple.fr,0647318902\n,\nANA@exemple.fr,x\n", "utf-8-sig")
    assert listed(path) == [MAIL, PHONE]


def test_frames_stay_text(tmp_path: Path) -> None:
    write_export(tmp_path, {})
    raw, _, _ = front(tmp_path, FR)
    opposed = oppose(raw, lambda key: key.startswith("email:")).oppositions
    assert all(pd.api.types.is_string_dtype(opposed[column]) for column in opposed)
