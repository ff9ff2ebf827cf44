"""The demonstration's story: a season, a partner who has seats to fill, two houses that write for it, and what came of it.

Everything is done as people do it: commands, pages of the office, files for a house's own e-mailing. Only the calendar
is the demonstration's own, and that one in seven of those who were written to buy.
"""

import csv
import datetime as dt
import json
import os
import re
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from deploy.demo import advice, campaign, season_clock, theatres
from deploy.demo.campaign import AGREES, NARROWS, PARTNER, REFUSES
from deploy.demo.exports import write_house, write_truth
from deploy.demo.houses import HOUSES, house_index
from deploy.demo.network import AT_ONCE, Network, Site
from deploy.demo.processes import CommandFailed
from deploy.demo.records import Books, keep_books
from deploy.demo.visitor import Visitor, keep
from deploy.demo.world import Booking, World, make_world

CLOCK: Final = "calendrier"
TOLD: Final = "demande.json"
Say = Callable[[str], None]


@dataclass
class Season:
    """The world as its houses export it, up to an hour."""

    world: World
    folder: Path
    books: list[Books] = field(default_factory=list)

    def export(self, until: dt.datetime | None = None, more: Sequence[Booking] = ()) -> list[Site]:
        """Write every house's export with what was sold *until* then, and *more* at the partner's; return the sites."""
        if not self.books:
            self.books = [keep_books(self.world, n, history=True) for n in range(len(HOUSES))]
        if more:
            at = house_index(PARTNER)
            self.books[at] = keep_books(self.world, at, history=True, more=more)
        return [self._site(books, until) for books in self.books]

    def tell(self) -> None:
        """Write what only a scorer may see."""
        write_truth(self.world, self.books, self.folder)

    def _site(self, books: Books, until: dt.datetime | None) -> Site:
        home = write_house(self.world, books, self.folder, until=until, offers=PARTNER)
        return Site(member=theatres.member(books.house), folder=home)


@dataclass
class Story:
    """The network, its season and its people."""

    network: Network
    season: Season
    people: dict[str, Visitor] = field(default_factory=dict)

    def play(self, say: Say) -> None:
        """Live the season, from the network's first day to the edition that measures it."""
        net, calendar = self.network, self.network.root / CLOCK
        net.calendar = calendar
        season_clock.turn(calendar, campaign.OPENS)
        net.sites = self.season.export(until=campaign.OPENS.replace(tzinfo=None))
        net.build()
        net.send()
        say("Le hub publie une première édition")
        with ThreadPoolExecutor(max_workers=1) as beside:
            joined = beside.submit(self._invite)
            net.hub("publish", theatres.BEFORE)
            joined.result()
        say("Le Studio Courant d'air a des places à remplir : il demande, trois lieux répondent")
        name = self._ask()
        season_clock.turn(calendar, campaign.WRITES)
        net.hub("audience", "issue")
        contacted = self._write_letters(say)
        season_clock.turn(calendar, campaign.ENDS)
        net.sites = self.season.export(more=list(campaign.purchases(self.season.world, contacted)))
        self.season.tell()
        net.send()
        say("Le hub publie l'édition de la saison")
        net.hub("publish", theatres.EDITION)
        net.hub("verify", theatres.EDITION)
        say("Le hub fait le modèle de recommandation, une maison conseille son public")
        advice.advise(net, theatres.EDITION)
        season_clock.catch_up(calendar)
        keep(self.people, net.root)
        (net.root / TOLD).write_text(json.dumps({"request": name, "contacted": len(contacted)}))

    def _ask(self) -> str:
        """Let the partner ask in the office, and three houses answer there; return the request's name."""
        partner = self.people[PARTNER]
        partner.get("/bureau/demandes/ecrire")
        page = partner.post("/bureau/demandes/ecrire", campaign.FORM).url
        found = re.search(r"/bureau/demandes/(d[0-9a-f]{16})$", page)
        if found is None:
            raise CommandFailed("The office did not keep the partner's request.")
        for act in ("estimer", "soumettre"):
            partner.post(f"/bureau/demandes/{found[1]}/{act}")
        answers: tuple[tuple[str, str, dict[str, Any]], ...] = (
            (AGREES, "accepter", {}),
            (NARROWS, "restreindre", {"cap": "1200", "age": ["65+"]}),
            (REFUSES, "refuser", {"reason": "calendar"}),
        )
        for venue, verb, form in answers:
            house = self.people[venue]
            house.get(f"/bureau/demandes-recues/{venue}/{found[1]}")
            house.post(f"/bureau/demandes-recues/{venue}/{found[1]}/{verb}", form)
        return found[1]

    def _invite(self) -> None:
        """Let the partner and the communication of each house that it will ask open their accounts."""
        for venue in (PARTNER, *campaign.ASKED):
            role = "partner" if venue == PARTNER else "venue-marketing"
            email = f"{venue}@farandole.example"
            told = self.network.hub("people", "invite", email, "--role", role, "--venue", venue)
            one = Visitor(self.network.url, email)
            one.join(told.split()[-1])
            self.people[venue] = one

    def _write_letters(self, say: Say) -> set[str]:
        """Let the houses' agents choose their people for the order; return all the addresses in their files."""
        say("Deux lieux choisissent leurs personnes, chacun chez lui")
        with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
            return set().union(*pool.map(self._letters_of, campaign.ASKED))

    def _letters_of(self, venue: str) -> set[str]:
        """Fetch, approve and run one house's order; return the addresses in its file."""
        _write_private(self.network.agent_home(venue) / "audiences.toml", campaign.POLICY)
        self.network.agent(venue, "audiences", "pull")
        if venue == REFUSES:  # the hub has no order for it
            return set()
        self.network.agent(venue, "audiences", "approve", "1", "--who", "Communication", "--yes")
        told = self.network.agent(venue, "audiences", "run", "1", "--for", "brevo", "--json", check=False)  # fmt: skip
        if not told.startswith("{"):  # too few people of this small world: the house sends nothing
            return set()
        found: set[str] = set()
        for path in json.loads(told)["files"]:
            with Path(path).open(encoding="utf-8-sig", newline="") as file:
                found |= {row["EMAIL"] for row in csv.DictReader(file, delimiter=";")}
        return found


def season_of(folder: Path, people: int) -> Season:
    """Return the theatres' season, to be exported under *folder*."""
    return Season(make_world(theatres.SEED, people=people, season=theatres.SEASON), folder)


def _write_private(path: Path, text: str) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
