"""Writes who may do what in the office, from the routes that exist and the one table of roles."""

import tempfile
from pathlib import Path
from typing import Final

from contracts.clock import SystemClock
from hub.config import WebConfig
from hub.people.roles import GIVES, MAY, OF_A_VENUE, Act, Role
from hub.store.database import open_control
from hub.web.office.app import create_office
from hub.web.office.routes import ROUTES, WANTS_FRESH
from hub.web.words.office import WORDS

HEAD: Final = """\
# Qui peut faire quoi

{made}
Le site public (`/`, éditions, tableaux, charte, notice, API publique) se lit **sans compte, sans cookie, sans session** : les mêmes octets pour tout le monde. Les adresses `/v1/venues/…` demandent la signature
de la clé du lieu ([Adresses](adresses.md)). Tout le reste est au bureau, sous `/bureau`, et chaque case de ce tableau est essayée par `integration/test_office.py`.
Une route qui n'est pas dans `hub/web/office/routes.py` n'existe pour personne (404).

*Who may do what. The public site needs no account and sets no cookie; everything below `/bureau` is an act of one table, and each cell is tried by a test.*

## Actes et rôles

| Acte | {roles} |
|---|{rules}|
"""
DOORS: Final = """
« + » : oui ; « · » : non (403, ou la page de connexion pour qui n'est pas entré). `*` : une connexion de moins d'une demi-heure est redemandée.

Les rôles {venue} sont tenus pour un lieu nommé. Qui donne quel rôle, par une invitation : {gives}. Une coordination ne fait entrer personne qui pourrait décider à côté d'elle.

## Adresses du bureau

| Adresse | Méthodes | Acte |
|---|---|---|
"""


def page(made: str) -> str:
    """Return the page; *made* is the line that says where it comes from."""
    names = [WORDS[f"role_{role.value}"][0] for role in Role]
    text = HEAD.format(made=made, roles=" | ".join(names), rules="|".join(["---"] * len(names)))
    for act in Act:
        cells = " | ".join("+" if role in MAY[act] else "·" for role in Role)
        text += f"| `{act.value}`{' *' if act in WANTS_FRESH else ''} | {cells} |\n"
    gives = " ; ".join(
        f"`{giver.value}` donne {', '.join(f'`{r.value}`' for r in Role if r in given)}"
        for giver, given in GIVES.items()
    )
    venue = " et ".join(f"`{role.value}`" for role in Role if role in OF_A_VENUE)
    text += DOORS.format(gives=gives, venue=venue)
    return text + "".join(_rows())


def _rows() -> list[str]:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        config = WebConfig(home=home, network="reseau", signing_key="0" * 64)
        control = open_control(f"sqlite:///{home / 'control.sqlite'}")
        app = create_office(config, control, SystemClock())
        control.close()
    known = [rule for rule in app.url_map.iter_rules() if rule.endpoint in ROUTES]
    return [
        f"| `/bureau{rule.rule}` | {', '.join(sorted((rule.methods or set()) & {'GET', 'POST'}))} | `{ROUTES[rule.endpoint].value}` |\n"
        for rule in sorted(known, key=lambda rule: (rule.rule, rule.endpoint))
    ]
