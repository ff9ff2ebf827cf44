"""What the public page shows: a published edition turned into labels, figures and bars, nothing else."""

from dataclasses import dataclass

from contracts.charter import Charter
from contracts.edition import COVERED, PublishedEdition, Release
from contracts.loss import display_delta_pico, epsilon
from hub.web.french import FRENCH
from hub.web.labels import Labels
from hub.web.network import Network, network_of
from hub.web.summary import Sentence, summary
from hub.web.tables import Row, TableView, table_view
from hub.web.tongue import Tongue, about

ORDER = ("reach", "ladder", "firsts", "young", "pairs", "flows", "crossing", "bridges", "returns", "typology", "affinity", "bubble", "lead_time", "lead_drift", "channels", "season_spread", "provenance", "provenance_epci", "tourists", "penetration", "shop", "potential", "qpv", "satisfaction", "conflicts", "coverage")  # fmt: skip
MILLI, MICRO = 1000, 1_000_000
UNKNOWN_BOUND = 100_000  # people, where there is no charter to say: ε is then shown at δ 1e-6


@dataclass(frozen=True)
class Headline:
    """The figure of the first glance: rounded within its interval, beside the one that was published."""

    near: str
    row: Row
    rounded: bool


@dataclass(frozen=True)
class Price:
    """What something cost in privacy: ρ, ε were it alone, and per cent of the season's cap ("" if unknown)."""

    rho: str
    epsilon: str
    share: str


@dataclass(frozen=True)
class Section:
    """One paid measure."""

    anchor: str
    title: str
    lead: str
    tables: tuple[TableView, ...]
    price: Price


@dataclass(frozen=True)
class Page:
    """Everything that the template reads; ``house`` is the network of the charter, when it is known."""

    edition: str
    title: str
    network: str
    period: str
    prepared: str
    demonstration: bool
    headline: Headline | None
    summary: tuple[Sentence, ...]
    sections: tuple[Section, ...]
    price: Price
    delta: str
    cap: str  # of the season, all uses; "" when the charter is not known
    house: Network | None
    charter_sha256: str  # of the charter that the edition names
    sha256: str
    head: str
    witnessed: bool


def page_of(published: PublishedEdition, charter: Charter | None, tongue: Tongue = FRENCH) -> Page:
    """Return the page of *published*; names come from *charter* when there is one."""
    edition, labels = published.edition, Labels(charter, tongue)
    first, last = tongue.day(edition.first_day), tongue.day(edition.last_day)
    till = _Till.of(published, charter, tongue)
    price, delta = price_of(published, charter, tongue)
    releases = sorted(edition.releases, key=lambda r: _rank(r.measure))
    return Page(
        edition=edition.edition,
        title=edition.title,
        network=charter.name.replace("'", "’") if charter else edition.network,
        period=tongue.phrases["period"].format(first=first, last=last),
        prepared=tongue.day(edition.prepared),
        demonstration=edition.demonstration,
        headline=_headline(published, labels),
        summary=summary(published, labels),
        sections=tuple(_section(release, labels, till) for release in releases),
        price=price,
        delta=delta,
        cap=tongue.decimal(till.cap / MICRO, 4) if till.cap else "",
        house=network_of(charter, labels, edition.charter_sha256) if charter else None,
        charter_sha256=edition.charter_sha256,
        sha256=published.edition_sha256,
        head=published.checkpoint.checkpoint.head_sha256,
        witnessed=published.checkpoint.custodian_signature is not None,
    )


def price_of(
    published: PublishedEdition, charter: Charter | None, tongue: Tongue
) -> tuple[Price, str]:
    """Return what the whole edition cost, and the δ at which its ε is shown, in words."""
    till = _Till.of(published, charter, tongue)
    total = till.price(sum(release.rho_micro for release in published.edition.releases))
    return total, f"1/{tongue.grouped(round(MICRO**2 / till.delta))}"


@dataclass(frozen=True)
class _Till:
    """Turns ρ into prices that can be read: at one δ (millionths of a millionth), beside one cap (micro-ρ)."""

    delta: int
    cap: int
    tongue: Tongue

    @classmethod
    def of(cls, published: PublishedEdition, charter: Charter | None, tongue: Tongue) -> "_Till":
        season = published.edition.season
        budgets = charter.budgets if charter else []
        cap = next((b.total_rho_micro for b in budgets if b.season == season), 0)
        charged = sum(release.delta_pico for release in published.edition.releases)
        bound = charter.persons_bound if charter else UNKNOWN_BOUND
        return cls(display_delta_pico(bound, charged), cap, tongue)

    def price(self, rho_micro: int) -> Price:
        return Price(
            rho=self.tongue.decimal(rho_micro / MICRO, 4),
            epsilon=self.tongue.decimal(epsilon(rho_micro, self.delta), 2),
            share=self.tongue.decimal(100 * rho_micro / self.cap, 1) if self.cap else "",
        )


def _rank(measure: str) -> int:
    name = measure.replace("-", "_")
    return ORDER.index(name) if name in ORDER else len(ORDER)


def _headline(published: PublishedEdition, labels: Labels) -> Headline | None:
    """Return the reach of the whole network, if the edition measured it."""
    tables = (t for release in published.edition.releases for t in release.tables)
    table = next((t for t in tables if t.table == "reach-network"), None)
    if table is None or table.rows[0].wording == COVERED:
        return None
    row = table.rows[0]
    exact = round(row.value_milli / MILLI)
    near = about(exact, -(-row.low_milli // MILLI), row.high_milli // MILLI)
    return Headline(labels.tongue.grouped(near), table_view(table, labels).rows[0], near != exact)


def _section(release: Release, labels: Labels, till: _Till) -> Section:
    name = release.measure.replace("-", "_")
    title, lead = labels.tongue.measures.get(name, (release.measure, ""))
    return Section(
        anchor=release.measure,
        title=labels.tongue.polished(title),
        lead=labels.tongue.polished(lead),
        tables=tuple(table_view(table, labels) for table in release.tables),
        price=till.price(release.rho_micro),
    )
