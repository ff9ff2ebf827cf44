"""What the demonstration says when its page is open: where to look, who may sign in, and the codes of the moment."""

import json
from collections.abc import Iterator
from pathlib import Path

from rich.table import Table

from contracts.api import PATH_MODEL
from deploy.demo import advice, scene, theatres, visitor
from deploy.demo.campaign import PARTNER, name_of


def where_to_look(url: str, root: Path) -> Iterator[str]:
    """Yield where the story of the partner's request can be seen in a browser."""
    told = json.loads((root / scene.TOLD).read_text(encoding="utf-8"))
    name, wrote = told["request"], "des lieux ont écrit à leur public, un a refusé."
    if not told["contacted"]:
        wrote = "personne n'a écrit, car moins de 500 personnes de ce petit monde convenaient."
    yield f"\nUn partenaire a demandé un public : « danse, à moins de 20 km, jamais venu » ; {wrote}"
    yield f"  ce qui en est venu    {url}/editions/{theatres.EDITION}#partie-cooperation"
    yield f"  la même chose en JSON {url}/api/v1/editions/{theatres.EDITION}/tables/cooperation-lift"
    yield f"  la demande, au bureau {url}/bureau/demandes/{name}   (compte « partenaire »)"
    yield f"  chez un lieu          {url}/bureau/demandes-recues/   (compte du lieu)"
    yield "  pas à pas             docs/tutorials/une-demande-de-partenaire.md"
    yield from _advice(url, root)


def _advice(url: str, root: Path) -> Iterator[str]:
    """Yield where one house's advice to its people lies; it never left that house."""
    written = advice.files(root)
    if not written:
        return
    name = name_of(advice.HOUSE)
    yield f"\nUne maison conseille son public sur sa propre machine, sans connexion : {name}"
    for path, what in zip(written, ("pour sa lettre", "pour son guichet"), strict=False):
        yield f"  {what:21} {path}"
    yield f"  le modèle, public     {url}{PATH_MODEL.format(edition=theatres.EDITION)}"
    yield "  pas à pas             docs/how-to/conseiller-son-public.md"


def codes(root: Path) -> Table:
    """Return the fictitious people's accounts, each with the second factor of this half minute."""
    table = Table("compte", "adresse", "mot de passe", "code du moment", title_justify="left",
                  title="Comptes de la démonstration")  # fmt: skip
    for venue, one in json.loads((root / visitor.FILE).read_text(encoding="utf-8")).items():
        who = "partenaire" if venue == PARTNER else name_of(venue)
        table.add_row(who, one["email"], one["password"], visitor.code_of(one["second_factor"]))
    return table
