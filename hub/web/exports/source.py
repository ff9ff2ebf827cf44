"""What a file is made of: one table of an edition, its price and its proofs, in one language."""

from dataclasses import dataclass

from contracts.charter import Charter
from contracts.edition import PublishedEdition, Release, Table
from contracts.loss import display_delta_pico, epsilon
from contracts.questions import QUESTIONS
from hub.web.labels import Labels, unit_of
from hub.web.tongue import Tongue
from hub.web.words import said
from hub.web.words.exports import WORDS

MICRO, PICO = 10**6, 10**12
UNKNOWN_BOUND = 100_000  # people, where there is no charter to say: as the pages do (hub.web.view)


@dataclass(frozen=True)
class Line:
    """One thing said of a file: its code for machines, its name and its value for people."""

    code: str
    name: str
    value: str


@dataclass(frozen=True)
class Source:
    """An edition, and the charter and language that name its keys."""

    published: PublishedEdition
    charter: Charter | None
    tongue: Tongue

    @property
    def labels(self) -> Labels:
        """Return the words of keys and columns."""
        return Labels(self.charter, self.tongue)

    @property
    def say(self) -> dict[str, str]:
        """Return the words of files in the language."""
        return said(WORDS, self.tongue)

    @property
    def delta_pico(self) -> int:
        """Return the δ at which ε is shown, for the whole edition."""
        charged = sum(r.delta_pico for r in self.published.edition.releases)
        bound = self.charter.persons_bound if self.charter else UNKNOWN_BOUND
        return display_delta_pico(bound, charged)

    @property
    def pairs(self) -> list[tuple[Table, Release]]:
        """Return every table with the release that paid for it, in the edition's order."""
        return [(t, r) for r in self.published.edition.releases for t in r.tables]

    def found(self, slug: str) -> tuple[Table, Release] | None:
        """Return one table and its release, or None."""
        return next((pair for pair in self.pairs if pair[0].table == slug), None)

    def about(self, table: Table, release: Release) -> list[Line]:
        """Return all that a reader needs to trust a table's file, or to doubt it."""
        return [*self._question(table), *self.edition_lines(), *self._price(release)]

    def title(self, table: Table) -> str:
        """Return the table's title in the language."""
        return self.tongue.polished(table.title_fr if self.tongue.code == "fr" else table.title_en)

    def how(self, table: Table) -> str:
        """Return how to read the table, in the language."""
        french = self.tongue.code == "fr"
        return self.tongue.polished(table.how_to_read_fr if french else table.how_to_read_en)

    def estimand(self, table: Table) -> str:
        """Return what is estimated; in French where the edition has no English of it."""
        return (self.tongue.code == "en" and table.estimand_en) or table.estimand

    def rho(self, release: Release) -> str:
        """Return the price of a release, in ρ, as people read it."""
        return self.tongue.decimal(release.rho_micro / MICRO, 6)

    def _question(self, table: Table) -> list[Line]:
        asked = QUESTIONS.get(table.question)
        text = (asked.text.fr if self.tongue.code == "fr" else asked.text.en) if asked else ""
        unit = self.tongue.units[unit_of(table)]
        return self._lines(
            ("table", f"{self.title(table)} ({table.table})"),
            ("question", f"{table.question}. {self.tongue.polished(text)}"),
            ("how", self.how(table)),
            ("estimand", self.tongue.polished(self.estimand(table))),
            ("unit", unit),
            ("interval", self.say["interval_is"]),
            ("words", self.say["words_are"]),
        )

    def edition_lines(self) -> list[Line]:
        """Return where the figures come from and how to check them."""
        edition, tongue, signed = self.published.edition, self.tongue, self.published.checkpoint
        period = tongue.phrases["period"].format(
            first=tongue.day(edition.first_day), last=tongue.day(edition.last_day)
        )
        demonstration = [("demonstration", self.say["demonstration_is"])]
        return self._lines(
            ("network", self.charter.name if self.charter else edition.network),
            *(demonstration if edition.demonstration else []),
            ("title", edition.title),
            ("edition", edition.edition),
            ("period", f"{period} ({edition.first_day} – {edition.last_day})"),
            ("prepared", edition.prepared),
            ("charter", edition.charter_sha256),
            ("sha256", self.published.edition_sha256),
            ("head", signed.checkpoint.head_sha256),
            ("hub_signature", signed.hub_signature),
            ("custodian_signature", signed.custodian_signature or self.say["none"]),
            ("verify", self.say["verify_is"].format(edition=edition.edition)),
        )

    def _price(self, release: Release) -> list[Line]:
        decimal, season = self.tongue.decimal, self.published.edition.season
        budgets = self.charter.budgets if self.charter else []
        cap = next((b.total_rho_micro for b in budgets if b.season == season), 0)
        share = f"{decimal(100 * release.rho_micro / cap, 1)}{self.tongue.before_percent}%" if cap else ""  # fmt: skip
        return self._lines(
            ("release", release.release),
            ("mechanism", self.say["mechanism_is"]),
            ("rho", self.rho(release)),
            ("epsilon", decimal(epsilon(release.rho_micro, self.delta_pico), 2)),
            ("delta", f"1/{self.tongue.grouped(round(PICO / self.delta_pico))}"),
            *([("share", share)] if share else []),
        )

    def _lines(self, *pairs: tuple[str, str]) -> list[Line]:
        return [Line(code, self.say[code], value) for code, value in pairs]
