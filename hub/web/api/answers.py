"""Turns a shelf of published editions into the messages of the public API; pure given the shelf."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from contracts import public_api as api
from contracts.charter import Charter
from contracts.edition import PublishedEdition, Release, Table
from contracts.loss import epsilon
from contracts.questions import QUESTIONS, Answer, Question, Said, ask
from hub.web.allies import allies_in
from hub.web.exports.plain import row_of
from hub.web.exports.source import MICRO, PICO, Source
from hub.web.shelf import Shelf, opened
from hub.web.tongue import Tongue


@dataclass(frozen=True)
class Answers:
    """What is published, in one language."""

    shelf: Shelf
    tongue: Tongue

    def source(self, published: PublishedEdition) -> Source:
        """Return an edition with the charter that it names, or the one in force."""
        named = self.shelf.charter_of(published.edition.charter_sha256) or self.shelf.charter()
        return Source(published, named.charter if named else None, self.tongue)

    def latest(self) -> PublishedEdition | None:
        """Return the newest edition, or None before the first."""
        names = self.shelf.editions()
        body = self.shelf.edition(names[-1]) if names else None
        return None if body is None else opened(body)

    def editions(self) -> api.Editions:
        """Return every edition, without figures."""
        bodies = (self.shelf.edition(name) for name in self.shelf.editions())
        heads = [self.head(opened(body)) for body in bodies if body is not None]
        return api.Editions(editions=heads, withdrawn=self.shelf.withdrawn())

    def head(self, published: PublishedEdition) -> api.EditionHead:
        """Return one edition, without figures."""
        edition, delta = published.edition, self.source(published).delta_pico
        rho = sum(release.rho_micro for release in edition.releases)
        same = edition.model_dump(
            include={"edition", "title", "network", "season", "first_day", "last_day", "prepared", "demonstration", "charter_sha256"}
        )  # fmt: skip
        return api.EditionHead(
            **same,
            edition_sha256=published.edition_sha256,
            rho_micro=rho,
            epsilon=round(epsilon(rho, delta), 4),
            delta=delta / PICO,
            measures=[release.measure for release in edition.releases],
        )

    def tables(self, published: PublishedEdition) -> api.Tables:
        """Return the tables of one edition, without rows."""
        source = self.source(published)
        heads = [api.TableHead(**_head(t, r, source)) for t, r in source.pairs]
        return api.Tables(edition=published.edition.edition, tables=heads)

    def table(self, published: PublishedEdition, slug: str) -> api.TableFull | None:
        """Return one table with its rows, or None."""
        source = self.source(published)
        pair = source.found(slug)
        return None if pair is None else _full(*pair, source)

    def measure(self, published: PublishedEdition, slug: str) -> api.MeasureFull | None:
        """Return every table of one measure, or None."""
        source = self.source(published)
        tables = [_full(t, r, source) for t, r in source.pairs if r.measure == slug]
        edition = published.edition.edition
        return api.MeasureFull(edition=edition, measure=slug, tables=tables) if tables else None

    def allies(self, published: PublishedEdition) -> api.Allies:
        """Return each place's allies, as the edition's model says them."""
        edition = published.edition.edition
        body = self.shelf.model(edition)
        labels = self.source(published).labels
        places = [
            api.PlaceAllies(place=place, name=labels.key(place, "place"), allies=list(near))
            for place, near in (allies_in(body) if body is not None else ())
        ]
        return api.Allies(edition=edition, model=body is not None, places=places)

    def questions(
        self, published: PublishedEdition | None, asked: Iterable[str] = tuple(QUESTIONS)
    ) -> api.Questions:
        """Return questions of the catalogue, read against an edition."""
        heads = [self._question(QUESTIONS[name], published) for name in asked]
        edition = published.edition.edition if published else None
        return api.Questions(edition=edition, questions=heads)

    def venues(self) -> api.Venues:
        """Return the members that the charter in force names."""
        signed = self.shelf.charter()
        return _venues(signed.charter if signed else None)

    def _question(self, question: Question, published: PublishedEdition | None) -> api.QuestionHead:
        releases = published.edition.releases if published else []
        found = ask(question.id, [release.measure for release in releases])
        answered = isinstance(found, Answer)
        measures = [found.measure] if isinstance(found, Answer) else []
        tables = [t.table for r in releases if r.measure in question.measures for t in r.tables if t.question == question.id]  # fmt: skip
        return api.QuestionHead(
            question=question.id,
            text=self._said(question.text),
            measures=list(question.measures),
            answered=answered,
            measure=measures[0] if measures else None,
            tables=tables,
            limit=self._said(question.limit) if question.limit else None,
            cause=None if isinstance(found, Answer) else found.cause.value,
            why=None if isinstance(found, Answer) else self._said(found.why),
            nearest=[] if isinstance(found, Answer) else [near.id for near in found.nearest],
        )

    def _said(self, sentence: Said) -> str:
        return self.tongue.polished(sentence.fr if self.tongue.code == "fr" else sentence.en)


def _head(table: Table, release: Release, source: Source) -> dict[str, Any]:
    return {
        "table": table.table,
        "measure": release.measure,
        "question": table.question,
        "title": source.title(table),
        "columns": list(table.columns[:-1]),
        "unit": table.columns[-1],
        "figures": len(table.rows),
    }


def _full(table: Table, release: Release, source: Source) -> api.TableFull:
    published = source.published
    return api.TableFull.model_validate(
        {
            **_head(table, release, source),
            "edition": published.edition.edition,
            "edition_sha256": published.edition_sha256,
            "release": release.release,
            "first_day": published.edition.first_day,
            "last_day": published.edition.last_day,
            "demonstration": published.edition.demonstration,
            "how_to_read": source.how(table),
            "estimand": source.estimand(table),
            "rho_micro": release.rho_micro,
            "delta_pico": release.delta_pico,
            "rows": [_floats(row_of(row, table, source)) for row in table.rows],
        }
    )


def _floats(row: dict[str, object]) -> dict[str, object]:
    """Return a row whose figures are floats: the messages are strict about it."""
    return {k: float(v) if isinstance(v, int) and not isinstance(v, bool) else v for k, v in row.items()}  # fmt: skip


def _venues(charter: Charter | None) -> api.Venues:
    if charter is None:
        return api.Venues(network=None, name=None, venues=[], clusters=[])
    inside = {venue: c.cluster for c in charter.clusters for venue in c.venues}
    venues = [
        api.VenueHead(
            venue=m.venue,
            name=m.name,
            discipline=m.discipline,
            postcode=m.postcode,
            latitude=m.latitude_microdeg / MICRO,
            longitude=m.longitude_microdeg / MICRO,
            cluster=inside.get(m.venue),
        )
        for m in sorted(charter.members, key=lambda m: m.venue)
    ]
    clusters = [api.ClusterHead(cluster=c.cluster, name=c.name, venues=c.venues) for c in charter.clusters]  # fmt: skip
    return api.Venues(network=charter.network, name=charter.name, venues=venues, clusters=clusters)
