"""Pack: one sealed snapshot a month, readable first, with nothing the charter does not name."""

import pytest

from contracts.base import canonical, digest
from contracts.payload import Limits, open_parts, unpack
from contracts.seal import verify
from tests.support.sending import handle, rows, sealing
from tests.support.wire import VENUES, Network, network
from venue_agent.errors import FieldRefused
from venue_agent.outbox.batches import Batch, Sent
from venue_agent.pack import pack


@pytest.fixture(scope="module")
def net() -> Network:
    return network()


def sent(net: Network, *batches: Batch) -> dict[str, Sent]:
    return {b.month: Sent(net.sha256, tuple(b.manifest.manifest.files)) for b in batches}


OCTOBER_NOVEMBER = {1: ["2025-10-03", "2025-11-01"], 2: ["2025-10-04"], 3: ["2025-11-02"]}


def test_one_batch_a_month_with_its_people_only(net: Network) -> None:
    october, november = pack(rows(OCTOBER_NOVEMBER), sealing(net, sequence=7))
    assert (october.month, november.month) == ("2025-10", "2025-11")
    assert (october.commit.sequence, november.commit.sequence) == (7, 8)
    people = october.files["persons.csv"].decode()
    assert handle(1) in people
    assert handle(2) in people
    assert handle(3) not in people
    assert b"2025-11" not in october.files["visits.csv"]


def test_what_is_sealed_is_what_may_be_read_first(net: Network) -> None:
    (batch,) = pack(rows({1: ["2025-10-03"]}), sealing(net))
    payload = open_parts(batch.parts, batch.commit, net.vault_private)
    signed, files = unpack(payload, Limits())
    assert files == batch.files
    assert signed == batch.manifest
    key = next(m.signing_key for m in net.charter.members if m.venue == VENUES[0])
    verify(key, canonical(signed.manifest), signed.signature)
    assert [(e.name, e.rows) for e in signed.manifest.files] == [
        ("persons.csv", 1),
        ("visits.csv", 1),
    ]
    assert all(digest(files[e.name]) == e.sha256 for e in signed.manifest.files)


def test_the_web_learns_neither_rows_nor_size(net: Network) -> None:
    few, many = ({n: ["2025-10-03"] for n in range(count)} for count in (1, 200))
    (small,), (large,) = (pack(rows(people), sealing(net)) for people in (few, many))
    assert [p.size for p in small.commit.parts] == [p.size for p in large.commit.parts]
    assert b"rows" not in canonical(small.commit)


def test_the_order_of_the_export_is_not_kept(net: Network) -> None:
    one, other = ({1: ["2025-10-03"], 2: ["2025-10-04"]}, {2: ["2025-10-04"], 1: ["2025-10-03"]})
    (first,), (second,) = (pack(rows(people), sealing(net)) for people in (one, other))
    assert first.files == second.files


def test_an_unchanged_month_is_not_packed_again(net: Network) -> None:
    before = pack(rows(OCTOBER_NOVEMBER), sealing(net))
    changed = {**OCTOBER_NOVEMBER, 4: ["2025-11-30"]}
    again = pack(rows(changed), sealing(net, 10, sent(net, *before)))
    assert [batch.month for batch in again] == ["2025-11"]
    assert pack(rows(OCTOBER_NOVEMBER), sealing(net, 10, sent(net, *before))) == ()


def test_under_another_charter_everything_is_packed_again(net: Network) -> None:
    before = pack(rows(OCTOBER_NOVEMBER), sealing(net))
    old = {m: Sent("00" * 32, s.files) for m, s in sent(net, *before).items()}
    assert len(pack(rows(OCTOBER_NOVEMBER), sealing(net, 10, old))) == 2


def test_a_month_that_vanished_is_packed_empty(net: Network) -> None:
    before = pack(rows(OCTOBER_NOVEMBER), sealing(net))
    (gone,) = pack(
        rows({3: ["2025-11-02"], 1: ["2025-11-01"]}), sealing(net, 9, sent(net, *before))
    )
    assert gone.month == "2025-10"
    assert all(entry.rows == 0 for entry in gone.manifest.manifest.files)
    assert (
        pack(
            rows({3: ["2025-11-02"], 1: ["2025-11-01"]}), sealing(net, 9, sent(net, *before, gone))
        )
        == ()
    )


def test_withdrawals_travel_in_the_last_batch_and_once(net: Network) -> None:
    october, november = pack(rows(OCTOBER_NOVEMBER, erased=(9,)), sealing(net))
    assert "erasures.csv" not in october.files
    assert handle(9).encode() in november.files["erasures.csv"]
    confirmed = sent(net, october, november)
    assert pack(rows(OCTOBER_NOVEMBER, erased=(9,)), sealing(net, 9, confirmed)) == ()
    (more,) = pack(rows(OCTOBER_NOVEMBER, erased=(9, 8)), sealing(net, 9, confirmed))
    assert more.month == "2025-11"
    assert more.files["visits.csv"] == november.files["visits.csv"]


def test_withdrawals_alone(net: Network) -> None:
    (batch,) = pack(rows({}, erased=(9,)), sealing(net))
    assert batch.month == "2025-11"
    assert sorted(batch.files) == ["erasures.csv", "persons.csv", "visits.csv"]


@pytest.mark.parametrize("column", ["subscriber", "country", "qpv"])
def test_a_field_that_the_charter_does_not_name_stays(net: Network, column: str) -> None:
    with pytest.raises(FieldRefused, match=column):
        pack(rows({1: ["2025-10-03"]}, **{column: "FR"}), sealing(net))


def test_a_visit_field_that_the_charter_does_not_name_stays(net: Network) -> None:
    frame = rows({1: ["2025-10-03"]})
    frame.visits["price_band"] = "50+"
    with pytest.raises(FieldRefused, match="price_band"):
        pack(frame, sealing(net))
