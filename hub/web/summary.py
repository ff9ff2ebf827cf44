"""« Ce que dit cette édition »: a few plain sentences, each with its interval and its wording, from the tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from contracts.edition import COVERED, INDICATIVE, SURE, Estimate, PublishedEdition, Table
from hub.web.labels import Labels, unit_of
from hub.web.ranks import tied
from hub.web.tongue import about

MOST = 5
NAMED = 2  # of tied passages; the others are counted
LAG = "0-90"
MILLI = 1000


@dataclass(frozen=True)
class Sentence:
    """One sentence, the words that its interval allows, and the table that it was read from."""

    text: str
    wording: str
    says: str
    table: str


def teller(published: PublishedEdition, labels: Labels) -> "Teller":
    """Return what makes the sentences of an edition, one by one."""
    tables = {t.table: t for release in published.edition.releases for t in release.tables}
    return Teller(tables, labels)


def summary(published: PublishedEdition, labels: Labels) -> tuple[Sentence, ...]:
    """Return at most five sentences; what chance covers makes none."""
    return tuple(teller(published, labels).all())[:MOST]


class Teller:
    """Makes the sentences that the tables allow; each method yields one, or none where chance covers it."""

    def __init__(self, tables: Mapping[str, Table], labels: Labels) -> None:
        self._tables, self._labels, self._tongue = tables, labels, labels.tongue

    def all(self) -> Iterator[Sentence]:
        """Yield every sentence that can be said, the most asked for first."""
        yield from self._one("reach", "reach-network", ["network"])
        yield from self._one("share", "reach-shares", ["2+"])
        yield from self.loyal()
        yield from self.flow()
        yield from self.lead()
        yield from self.pair()

    def _one(self, name: str, slug: str, keys: list[str]) -> Iterator[Sentence]:
        row = self._row(slug, keys)
        if row is not None:
            yield self._sentence(name, slug, [row])

    def loyal(self) -> Iterator[Sentence]:
        """Yield what can be said of the most faithful."""
        people, visits = (self._row(slug, ["6+"]) for slug in ("ladder-persons", "ladder-visits"))
        if people is None or visits is None:
            return
        more = {"people": self._value(people, "persons"), "people_span": self._span(people, "persons")}  # fmt: skip
        yield self._sentence("loyal", "ladder-visits", [visits, people], more)

    def flow(self, lag: str = LAG) -> Iterator[Sentence]:
        """Yield what can be said of the largest passages within *lag*."""
        rows = [row for row in self._telling("flows") if row.keys[2:] == [lag]]
        if not rows:
            return
        first = max(rows, key=lambda row: row.value_milli)
        equals = tied(first, rows)
        named_lag = self._labels.key(lag, "lag")
        if len(equals) == 1:
            yield self._sentence("flow", "flows", [first], {**self._ends(first), "lag": named_lag})
            return
        say = self._tongue.sentences
        named = [say["flow_item"].format(**self._ends(row)) for row in equals[:NAMED]]
        rest = len(equals) - len(named)
        joined = (
            ", ".join([*named, say["flow_more"].format(count=rest)])
            if rest
            else f" {self._tongue.phrases['and']} ".join(named)
        )
        low, high = min(r.low_milli for r in equals), max(r.high_milli for r in equals)
        bounds = {"low": self._tongue.told(low, "persons"), "high": self._tongue.told(high, "persons")}  # fmt: skip
        yield self._sentence(
            "flow_tie", "flows", equals, {**bounds, "list": joined, "lag": named_lag}
        )

    def lead(self) -> Iterator[Sentence]:
        """Yield what can be said of the delays."""
        rows = [row for row in self._telling("lead-near") if row.keys[2:] == ["median"]]
        if not rows:
            return
        # The narrowest: what the edition knows best about delays.
        row = min(rows, key=lambda r: (r.high_milli + MILLI) / (r.low_milli + MILLI))
        names = {"age": self._labels.key(row.keys[0], "age"), "discipline": self._labels.key(row.keys[1], "discipline")}  # fmt: skip
        yield self._sentence("lead", "lead-near", [row], names)

    def pair(self) -> Iterator[Sentence]:
        """Yield what can be said of the largest shared audience."""
        rows = self._telling("pairs")
        if not rows:
            return
        first = max(rows, key=lambda row: row.value_milli)
        if len(tied(first, rows)) == 1:
            yield self._sentence("pair", "pairs", [first], self._ends(first))

    def _row(self, slug: str, keys: list[str]) -> Estimate | None:
        return next((row for row in self._telling(slug) if row.keys == keys), None)

    def _telling(self, slug: str) -> list[Estimate]:
        table = self._tables.get(slug)
        return [row for row in table.rows if row.wording != COVERED] if table else []

    def _ends(self, row: Estimate) -> dict[str, str]:
        start, end = (self._labels.key(place, "place") for place in row.keys[:2])
        return {"start": start, "end": end}

    def _value(self, row: Estimate, unit: str) -> str:
        if unit == "days":
            return self._tongue.told(row.value_milli, unit)
        # Ends are drawn in to whole figures, so that what is said lies within the interval.
        low, high = -(-row.low_milli // MILLI), row.high_milli // MILLI
        near = about(round(row.value_milli / MILLI), low, high)
        held = low <= near <= high
        return self._tongue.grouped(near) if held else self._tongue.bare(row.value_milli, unit)

    def _span(self, row: Estimate, unit: str) -> str:
        return self._tongue.span(row.low_milli, row.high_milli, unit)

    def _sentence(
        self, name: str, slug: str, rows: Sequence[Estimate], more: Mapping[str, str] | None = None
    ) -> Sentence:
        """Return one sentence about the first of *rows*, worded as the least sure of them."""
        unit = unit_of(self._tables[slug])
        values = {"value": self._value(rows[0], unit), "span": self._span(rows[0], unit)}
        text = self._tongue.sentences[name].format(**{**values, **(more or {})})
        least = SURE if all(row.wording == SURE for row in rows) else INDICATIVE
        return Sentence(self._tongue.polished(text), least, self._tongue.wordings[least], slug)
