"""« Éditions », « Comparer », « Vérifier », « Budget » and the forecast: published figures and constants, nothing else."""

import json
import math
import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from contracts.base import digest
from contracts.charter import EditionSpec, SignedCharter
from contracts.edition import AuditEntry, PublishedEdition, Release, Table
from docs.build_forecasts import point
from hub.web import observatory
from hub.web.foretell import at, expected, grid, sizes
from hub.web.words.editions import CHECKS
from tests.support import sample_edition as sample

NEXT = {
    "edition": "automne-2026", "title": "Automne 2026", "season": sample.SEASON, "first_day": "2026-09-01", "last_day": "2026-12-31",
    "measures": [{"measure": "reach", "rho_micro": 5_000}, {"measure": "young", "rho_micro": 20_000}],
}  # fmt: skip


class Shelf(sample.Shelf):
    """A shelf whose chain tells charges and a withdrawal."""

    def chain(self, after: int = 0, limit: int | None = None) -> list[AuditEntry]:
        told = [
            ("charge", {"measure": "reach", "edition": "saison-2025-2026", "rho_micro": 20_000}),
            ("edition-withdrawn", {"edition": "printemps-2025"}),
        ]
        return [
            AuditEntry(sequence=n, previous_sha256="00" * 32, at=f"2026-11-{n:02d}T08:00:00Z", kind=kind, body_sha256="11" * 32, body=json.dumps(body), sha256="22" * 32)
            for n, (kind, body) in enumerate(told, start=1)
        ]  # fmt: skip


def charter() -> SignedCharter:
    signed = sample.charter()
    update = {"editions": [EditionSpec.model_validate(NEXT)]}
    return signed.model_copy(update={"charter": signed.charter.model_copy(update=update)})


def moved(reach: Release, by: int) -> Release:
    def table(each: Table) -> Table:
        rows = [r.model_copy(update={k: getattr(r, k) + by * 1000 for k in ("value_milli", "low_milli", "high_milli")}) for r in each.rows]  # fmt: skip
        return each.model_copy(update={"rows": rows})

    return reach.model_copy(update={"tables": [table(t) for t in reach.tables[:2]]})


def second(**update: object) -> PublishedEdition:
    made = sample.published("saison-2026-2027", releases=[moved(sample.reach(), 100)])
    window = {"first_day": "2026-09-01", "last_day": "2027-08-31", **update}
    return made.model_copy(update={"edition": made.edition.model_copy(update=window)})


def client(*published: PublishedEdition) -> FlaskClient:
    app = Flask("test")
    app.config["TESTING"] = True
    observatory.install(app, Shelf(*published, charter=charter(), gone=("printemps-2025",)))
    return app.test_client()


def text(web: FlaskClient, address: str) -> str:
    answer = web.get(address)
    assert answer.status_code == 200, address
    return unescape(answer.get_data(as_text=True)).replace("\u202f", " ")


@pytest.fixture(scope="module")
def web() -> FlaskClient:
    return client(sample.published(), second())


def test_the_history_tells_prices_checks_withdrawals_and_what_is_to_come(web: FlaskClient) -> None:
    page = text(web, "/editions?lang=fr")
    assert page.index("saison-2026-2027") < page.index("saison-2025-2026")
    assert "prix : ρ = 0,1, 40 % de la saison" in page
    assert "retirée le 2 novembre 2026" in page
    assert "prix prévu : ρ = 0,025" in page
    assert "des comptes ne tombent pas juste" in page  # the sample signs nothing


def test_a_rise_is_said_only_when_its_interval_leaves_zero_out(web: FlaskClient) -> None:
    page = text(web, "/comparer?lang=fr&table=reach-venues")
    assert "0 différences sûres" in page  # ±61 on both sides, and 100 more
    assert "+100" in page
    apart = client(sample.published(), sample.published("b", releases=[moved(sample.reach(), 200)]))
    assert "+200" in text(apart, "/comparer?lang=fr&table=reach-venues")
    assert ">hausse<" in text(apart, "/comparer?lang=fr&table=reach-venues")


def test_editions_that_do_not_say_the_same_are_not_compared(web: FlaskClient) -> None:
    short = client(sample.published(), second(last_day="2026-12-31"))
    assert "ne couvrent pas les mêmes jours" in text(short, "/comparer?lang=fr")
    assert "Il faut deux éditions" in text(client(sample.published()), "/comparer?lang=fr")
    same = text(web, "/comparer?lang=fr&a=saison-2025-2026&b=saison-2025-2026")
    assert "Choisissez deux éditions différentes" in same


def test_the_budget_tells_the_ledger_and_the_error_before_it_is_paid(web: FlaskClient) -> None:
    page = text(web, "/budget?lang=fr")
    assert "1er novembre 2026" in page
    assert "Automne 2026" in page
    # An edition held reach at 0.02; at a quarter of that price its intervals are twice as wide: ±61 → ±122.
    assert "± 122 personnes" in page
    assert "l’édition précédente" in page
    assert "des constantes publiques" in page  # young was never published


def test_what_an_edition_checks_is_told_by_each_check(web: FlaskClient) -> None:
    page = text(web, "/verifier?lang=fr")
    assert page.count('<li class="fails">') + page.count('<li class="holds">') == len(CHECKS)
    assert "Les chiffres s’accordent entre eux" in page
    assert "hub verify saison-2026-2027.json --charter charter.json" in page
    assert "ne prouve pas que le bruit a été tiré" in page


def test_an_expected_error_goes_with_the_root_of_the_price() -> None:
    earlier = [sample.published()]
    dear, cheap = (expected("reach", rho, earlier, (12, 10_000)) for rho in (20_000, 80_000))
    for one, other in zip(dear, cheap, strict=True):
        assert one.source == "earlier"
        assert one.half_milli == pytest.approx(2 * other.half_milli, abs=2)
    known = expected("young", 10_000, [], (12, 10_000))
    assert {each.source for each in known} == {"constants"}
    assert expected("no-such-measure", 10_000, earlier, (12, 10_000)) == []


def test_the_grid_is_what_the_forecast_makes_of_constants() -> None:
    made = point(3, 1_000, 50_000)
    kept = at(3, 1_000, 50_000)
    # A measure added since is only missing; one that is here must say what the forecast says.
    both = kept.prices.keys() & made["prices"].keys()
    assert len(both) >= 25
    assert {m: kept.prices[m] for m in both} == {m: made["prices"][m] for m in both}
    assert [
        [t.measure, t.table, t.half_milli, t.value_milli, t.figures, t.sure, t.indicative]
        for t in kept.tables
        if t.measure in both
    ] == [t for t in made["tables"] if t[0] in both], "run `python -m docs.build_forecasts`"


def test_more_people_or_a_higher_price_never_make_an_interval_wider() -> None:
    def reach(people: int, rho: int) -> float:
        tables = at(12, people, rho).tables
        found = next(t for t in tables if t.table == "reach-network")
        return found.half_milli / found.value_milli

    assert len(grid()) == math.prod(len(sizes(n)) for n in ("venues", "people", "rho_micro"))
    for people in sizes("people"):
        widths = [reach(people, rho) for rho in sizes("rho_micro")]
        assert widths == sorted(widths, reverse=True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_the_forecast_answers_from_its_menus_and_ignores_anything_else(lang: str) -> None:
    empty = client()
    page = text(empty, f"/que-pourrions-nous-savoir?lang={lang}&venues=48&people=100000&rho=400000")
    assert not re.search(r"±\W?0 ", page)  # nothing to count is not known exactly
    assert '<option value="48" selected>' in page
    assert text(empty, f"/que-pourrions-nous-savoir?lang={lang}&venues=7&people=x") == text(
        empty, f"/que-pourrions-nous-savoir?lang={lang}&venues=7&people=x"
    )
    for path in ("/editions", "/comparer", "/budget", "/verifier"):
        assert text(empty, f"{path}?lang={lang}")


def test_nothing_of_the_grid_hangs_on_who_is_in_the_network(web: FlaskClient) -> None:
    addresses = (
        "/que-pourrions-nous-savoir?lang=fr",
        "/que-pourrions-nous-savoir?lang=fr&people=3000",
    )
    for address in addresses:
        one, other = (
            text(w, address).split("<footer")[0] for w in (web, client(sample.published()))
        )
        assert digest(one.encode()) == digest(other.encode())
