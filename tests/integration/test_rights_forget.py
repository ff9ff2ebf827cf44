"""Whoever asks to be forgotten is gone here and at the hub, stays out, and the receipt tells nothing."""

import json
import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from contracts.base import canonical
from hub.vault.worker import run_once
from tests.support import rights_world
from tests.support.rights_world import (
    BOTH,
    CANARY,
    MAIL,
    NOVEMBER,
    OCTOBER,
    OTHER,
    PHONE,
    VENUE,
    ZOE,
    RightsWorld,
    Template,
)
from venue_agent.push import Patience, push
from venue_agent.rights import erasure
from venue_agent.rights.named import named

LATER = {"Date representation": "20/10/25"}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return rights_world.template(tmp_path_factory.mktemp("network"))


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory, template: Template) -> Path:
    return rights_world.sent(tmp_path_factory.mktemp("base"), template)


@pytest.fixture
def world(tmp_path: Path, template: Template, base: Path) -> Iterator[RightsWorld]:
    with rights_world.again(base, tmp_path, template) as world:
        yield world


def test_before_it_there_are_all(world: RightsWorld) -> None:
    assert (world.visits(), world.visits(OTHER)) == (4, 1)


@pytest.mark.parametrize(
    "who", [{"email": MAIL}, {"phone": PHONE}, {"email": MAIL, "phone": PHONE}]
)
def test_she_is_gone_from_the_hub_at_once(world: RightsWorld, who: dict[str, str]) -> None:
    told = world.forget(**who)
    assert [signed.receipt.state for signed in told.receipts] == ["accepted"]
    assert told.waiting == 0
    assert (world.visits(), world.visits(OTHER)) == (2, 1)


def test_on_her_verified_request_she_is_gone_from_every_venue(world: RightsWorld) -> None:
    world.forget(email=MAIL, scope="network")
    assert (world.visits(), world.visits(OTHER)) == (2, 0)


def test_a_lost_handle_does_not_matter(world: RightsWorld) -> None:
    for file in ("state.sqlite", "elements.bin"):
        (world.desk().home.path / file).unlink()
    world.forget(email=MAIL, scope="network")
    assert (world.visits(), world.visits(OTHER)) == (2, 0)


@pytest.mark.parametrize("who", [{"email": MAIL}, {"phone": PHONE}])
def test_a_stale_export_does_not_bring_her_back(world: RightsWorld, who: dict[str, str]) -> None:
    world.forget(**who)
    world.prepare()
    world.send()
    assert world.visits() == 2
    world.export(CANARY | OCTOBER | {"Email": ""}, CANARY | NOVEMBER | {"Telephone": ""}, *BOTH)
    world.prepare()
    world.send()
    assert world.visits() == 2
    assert canaries(world) == []


def canaries(world: RightsWorld) -> list[Path]:
    """The files of the spool that still hold one of Canari's handles or tokens: hers are two of four rows."""
    months = world.desk().spool.months()
    return [p.folder for p in months if (p.plaintext / "persons.csv").read_bytes().count(b"\n") > 2]


def test_nor_does_a_batch_that_waited(world: RightsWorld) -> None:
    """Prepared before she asked, sent after: her rows are out of it, and of the plaintext beside it."""
    world.export(*BOTH, CANARY | OCTOBER | LATER)
    world.prepare()
    assert [p.month for p in world.desk().spool.unsent()] == ["2025-10"]
    world.forget(email=MAIL)
    unsent = world.desk().spool.unsent()
    assert [p.month for p in unsent] == ["2025-10"]  # whoever previewed it decides, still
    assert canaries(world) == []
    world.send()
    assert world.visits() == 2


def test_nor_an_upload_that_races_with_it(world: RightsWorld) -> None:
    world.export(*BOTH, CANARY | OCTOBER | LATER)
    world.prepare()
    desk = world.desk()
    push(desk.spool, desk.hub, desk.config.hub_fingerprint, Patience(seconds=0))  # it is at the hub
    opened, erased = threading.Event(), threading.Event()

    def reached(point: str) -> None:
        if point == "ingest.opened":
            opened.set()
            assert erased.wait(60)

    slow = replace(world.another_vault(), reached=reached)
    thread = threading.Thread(target=run_once, args=(slow, world.inbox()))
    thread.start()
    assert opened.wait(60)
    world.vault.erase(VENUE, [])  # the lock is free
    erasure.erase_here(desk, named(email=MAIL), "venue")
    quiet = Patience(seconds=1, every=1, pause=lambda _s: receive_newest(world))
    erasure.announce(desk, quiet)
    erased.set()
    thread.join(60)
    assert world.visits() == 2


def receive_newest(world: RightsWorld) -> None:
    """The vault opens the newest commit first, as a second worker would."""
    inbox = world.inbox()
    commit = max(inbox.waiting(), key=lambda waiting: waiting.sequence)
    envelope = world.vault.receive(commit, lambda: inbox.load(commit), inbox.terms(commit))
    inbox.settle(commit, envelope)


def test_a_restored_hub_does_not_bring_her_back(world: RightsWorld, tmp_path: Path) -> None:
    (tmp_path / "copy").mkdir()
    world.backup(tmp_path / "copy")
    world.forget(email=MAIL, scope="network")
    world.restore(tmp_path / "copy")
    assert (world.visits(), world.visits(OTHER)) == (2, 0)


def test_the_whole_list_is_sent_again_to_a_hub_that_lost_everything(
    world: RightsWorld, tmp_path: Path
) -> None:
    (tmp_path / "copy").mkdir()
    world.backup(tmp_path / "copy")
    world.forget(email=MAIL, scope="network")
    world.restore(tmp_path / "copy", log=False)
    assert (world.visits(), world.visits(OTHER)) == (4, 1)
    spent = world.erasures_spent()
    desk = world.desk()
    erasure.suppressions(desk).again()
    assert erasure.announce(desk, world.patience()).waiting == 0
    assert (world.visits(), world.visits(OTHER)) == (2, 0)
    assert world.erasures_spent() == spent  # this season's elements are kept


def test_a_month_that_came_after_the_backup_is_prepared_and_sent_again(
    world: RightsWorld, tmp_path: Path
) -> None:
    (tmp_path / "copy").mkdir()
    world.backup(tmp_path / "copy")
    world.export(
        *BOTH, ZOE | {"Date representation": "10/12/25", "Date reservation": "01/10/25 00:00"}
    )
    world.prepare()
    world.send()
    assert world.visits() == 5
    world.restore(tmp_path / "copy")
    assert world.visits() == 4
    world.prepare(full=True)
    world.send()
    assert world.visits() == 5


def test_the_receipt_and_the_proof_tell_nothing(world: RightsWorld) -> None:
    shapes = []
    for mail in (MAIL, "inconnue.verte@exemple.fr"):
        told = world.forget(email=mail)
        receipt = told.receipts[0].receipt
        shapes.append(
            (
                len(canonical(told.receipts[0])),
                [(f.name, f.rows, f.size) for f in receipt.files if f.name == "erasures.csv"],
                receipt.refusals,
                len(told.proofs[0].read_bytes()),
                sorted(json.loads(told.proofs[0].read_text())),
            )
        )
    assert shapes[0] == shapes[1]


def test_an_unknown_person_costs_the_erasure_quota_alone(world: RightsWorld) -> None:
    linkage, spent = world.custodian.spent(VENUE), world.erasures_spent()
    world.forget(email=MAIL)
    assert world.erasures_spent() == spent  # her element is in this venue's memory
    world.forget(email="inconnue.verte@exemple.fr", phone="06 47 31 89 03")
    assert world.erasures_spent() == spent + 64
    assert world.custodian.spent(VENUE) == linkage


def test_without_the_hub_she_is_gone_here_and_the_rest_waits(world: RightsWorld) -> None:
    desk = world.desk()
    erasure.erase_here(desk, named(email=MAIL), "venue")
    assert canaries(world) == []
    told = erasure.announce(desk, Patience(seconds=0))
    assert (told.receipts, told.waiting) == ((), 1)
    world.open_all()
    told = erasure.announce(desk, Patience(seconds=0))
    assert (len(told.receipts), told.waiting) == (1, 0)
    assert erasure.announce(desk, Patience(seconds=0)).receipts == ()
    assert world.visits() == 2


def test_a_receipt_that_came_by_push_counts(world: RightsWorld) -> None:
    desk = world.desk()
    erasure.erase_here(desk, named(email=MAIL), "venue")
    erasure.announce(desk, Patience(seconds=0))
    assert world.send() == 1
    assert erasure.announce(desk, Patience(seconds=0)).waiting == 0


def test_asked_twice_and_then_for_the_network(world: RightsWorld) -> None:
    for scope, expected in (("venue", 1), ("venue", 1), ("network", 0), ("venue", 0)):
        world.forget(email=MAIL, scope=scope)
        assert (world.visits(), world.visits(OTHER)) == (2, expected)


def test_a_household_that_shares_an_address_goes_with_it(world: RightsWorld) -> None:
    """As with an opposition list: nobody can tell which of them wrote."""
    world.export(CANARY | OCTOBER, ZOE | OCTOBER | {"Email": MAIL})
    world.prepare()
    world.send()
    assert world.visits() == 2
    world.forget(email=MAIL)
    assert world.visits() == 0


def test_the_customer_number_alone_reaches_her_rows(world: RightsWorld) -> None:
    told = world.forget(customer="C-77")
    assert told.waiting == 0
    assert world.visits() == 4


def test_she_stands_in_no_file_that_is_written_or_sent(world: RightsWorld, tmp_path: Path) -> None:
    bodies: list[bytes] = []
    world.line.seen = bodies.append
    world.forget(email=MAIL, phone=PHONE, scope="network")
    bodies += [bytes(request.body or b"") for request in world.custodian.adapter.sent]
    files = [p.read_bytes() for p in tmp_path.rglob("*") if p.is_file() and p.parent.name != "exports"]  # fmt: skip
    assert len(bodies) > 3
    for data in (*bodies, *files):
        for needle in (b"canari", b"Canari", MAIL.encode(), b"647318902", b"@exemple"):
            assert needle not in data


def test_a_lost_spool_wipes_no_month(world: RightsWorld) -> None:
    """Without a snapshot to send again, the withdrawal travels in a month that the hub keeps no more."""
    shutil.rmtree(world.desk().spool.root)
    told = world.forget(email=MAIL)
    assert [signed.receipt.month for signed in told.receipts] == ["2023-09"]
    assert world.visits() == 2
    world.prepare()
    world.send()
    assert world.visits() == 2


def test_it_travels_in_a_month_that_was_sent_before(world: RightsWorld) -> None:
    told = world.forget(email=MAIL)
    assert [signed.receipt.month for signed in told.receipts] == ["2025-11"]
    names = {entry.name for entry in told.receipts[0].receipt.files}
    assert names == {"persons.csv", "visits.csv", "erasures.csv"}


def test_a_new_season_hears_the_whole_list(world: RightsWorld) -> None:
    """The elements of another epoch are not sent again: they are evaluated anew, without the address."""
    world.forget(email=MAIL, scope="network")
    desk, spent = world.desk(), world.erasures_spent()
    book = erasure.suppressions(desk)
    book.again()
    book.keep([replace(w, element=b"x" * 32) for w in book.waiting()], b"another epoch")
    world.send(OTHER)
    told = erasure.announce(desk, world.patience())
    assert (len(told.receipts), told.waiting) == (1, 0)
    assert world.erasures_spent() == spent + 64
