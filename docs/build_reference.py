"""Write the reference of commands and settings from the code, so that neither page can say anything else."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import typer
from pydantic import BaseModel

from docs import access_page, audience_page, doctor_page, exit_codes_page
from hub.cli import app as hub_app
from hub.config import DirectoryConfig, VaultConfig, WebConfig
from hub.custodian.cli import app as custodian_app
from hub.draft import DraftMember, NetworkDraft
from hub.web.api.document import document
from venue_agent.cli import app as agent_app
from venue_agent.config import AgentConfig

REFERENCE: Final = Path(__file__).parent / "reference"
PROGRAMMES: Final[Mapping[str, typer.Typer]] = {
    "hub": hub_app,
    "venue-agent": agent_app,
    "farandole-custodian": custodian_app,
}
SETTINGS: Final[Mapping[str, tuple[str, type[BaseModel]]]] = {
    "`web.toml`": ("Ce que le service web du hub peut savoir.", WebConfig),
    "`web.toml`, `[directory]`": (
        "Un annuaire OpenID Connect par lequel les personnes invitées peuvent se connecter ; sans cette table, aucun.",
        DirectoryConfig,
    ),
    "`vault/vault.toml`": ("Ce que le coffre et la publication peuvent savoir.", VaultConfig),
    "`agent.toml`": ("Écrit par `venue-agent init`.", AgentConfig),
    "`network.toml`": ("Le réseau tel que la coordination l'écrit, avant les clés.", NetworkDraft),
    "`network.toml`, `[[members]]`": ("Un lieu du réseau.", DraftMember),
}
KINDS: Final = {
    "array": "liste",
    "boolean": "oui ou non",
    "integer": "entier",
    "number": "nombre",
    "object": "table",
    "string": "texte",
}
MADE: Final = "Page écrite par `make docs` d'après le code : corriger le code, pas la page.\n"
WEB: Final = "Chemin de `web.toml` pour `hub.wsgi` sous un autre serveur que `hub serve` ; `web.toml` par défaut."
BEHIND_TLS: Final = """\
## Derrière TLS

Chaque requête d'un lieu est signée avec son adresse entière. Derrière un mandataire TLS, le service doit donc se connaître sous son **adresse
publique** : `public_url` de `web.toml` pour le hub, `--url` de `farandole-custodian serve` pour le gardien (`https://gardien.exemple.fr`, non l'adresse
d'écoute). Sinon toute signature est refusée (`unsigned`). Les clients honorent `HTTPS_PROXY` et `NO_PROXY`.
"""


def commands(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    """Yield every command of a tree, by the words one types."""
    inside = getattr(command, "commands", None)
    if inside is None:
        yield name, command
        return
    for word, inner in inside.items():
        yield from commands(f"{name} {word}", inner)


def cli_page() -> str:
    """Return ``cli.md``: each command, what it does, its arguments and options."""
    parts = ["# Commandes\n", MADE, "`--help` répond à toutes.\n"]
    for name, app in PROGRAMMES.items():
        tree: Any = typer.main.get_command(app)
        parts.append(f"## {name}\n\n{tree.help}\n")
        parts += [_command(words, command) for words, command in commands(name, tree)]
    return "\n".join(parts)


def settings_page() -> str:
    """Return ``settings.md``: each settings file, then the environment."""
    parts = ["# Réglages\n", MADE]
    for title, (purpose, model) in SETTINGS.items():
        rows = _table(("Réglage", "Type", "Défaut", "Rôle"), _settings(model))
        parts.append(f"## {title}\n\n{purpose}\n\n{rows}")
    rows = _table(("Variable", "Rôle"), environment().items())
    return "\n".join([*parts, f"## Environnement\n\n{rows}", BEHIND_TLS])


def environment() -> dict[str, str]:
    """Return what each environment variable is for; those of options are found in the commands."""
    found = {"`FARANDOLE_WEB_CONFIG`": WEB}
    for name, app in PROGRAMMES.items():
        for _, command in commands(name, typer.main.get_command(app)):
            for option in command.params:
                if option.envvar:
                    found[f"`{option.envvar}`"] = (
                        f"Vaut `{option.opts[0]}` de toute commande `{name}`."
                    )
    return found


def _command(words: str, command: Any) -> str:
    arguments = [p for p in command.params if p.param_type_name == "argument"]
    options = [p for p in command.params if p.param_type_name != "argument"]
    usage = " ".join([words, *(p.name.upper() for p in arguments)])
    rows = [(f"`{p.name.upper()}`", "obligatoire", p.help or "") for p in arguments]
    rows += [(_names(p), _default(p), p.help or "") for p in options]
    return f"### `{usage}`\n\n{command.help}\n\n" + _table(("Option", "Défaut", "Rôle"), rows)


def _names(option: Any) -> str:
    return ", ".join(f"`{word}`" for word in [*option.opts, *option.secondary_opts])


def _default(option: Any) -> str:
    if option.required:
        return "obligatoire"
    first = _value(option.default)
    return f"`{option.envvar}`, sinon {first}" if option.envvar else first


def _settings(model: type[BaseModel]) -> Iterator[tuple[str, ...]]:
    schema = model.model_json_schema()
    for name, field in schema["properties"].items():
        if name == "home":  # the folder in which the file stands; never written in it
            continue
        either = field.get("anyOf", [{}])[0]  # what may be left out is of one kind, or nothing
        known = field.get("$ref", either.get("$ref", ""))
        named = schema.get("$defs", {}).get(known.rpartition("/")[2], {})
        default = "obligatoire" if name in schema["required"] else _value(field["default"])
        yield f"`{name}`", _kind({**named, **either, **field}), default, field["description"]


def _kind(field: Mapping[str, Any]) -> str:
    kind = "mot" if "enum" in field else KINDS[field["type"]]
    least, most = field.get("minimum"), field.get("maximum")
    if most is not None:
        return f"{kind}, de {least} à {most}"
    return kind if least is None else f"{kind}, {least} au moins"


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "oui" if value else "non"
    if value is None or value in ("", []):
        return "—"
    if isinstance(value, list):
        return ", ".join(f"`{each}`" for each in value)
    return f"`{value}`"


def _table(heading: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [heading, ("---",) * len(heading), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines).replace("| --- ", "|---")


def openapi_page() -> str:
    """Return ``openapi.json``: the public API, as the site serves it."""
    return json.dumps(document(), ensure_ascii=False, indent=1) + "\n"


def access_page_of() -> str:
    """Return who may do what in the office, as the routes and the roles say."""
    return access_page.page(MADE)


def audience_page_of() -> str:
    """Return the life of a partner's request, as its table of states says."""
    return audience_page.page(MADE)


def exit_codes_page_of() -> str:
    """Return what each exit code of the hub and of the custodian means, as their errors say."""
    return exit_codes_page.page(MADE)


PAGES: Final = {
    "cli.md": cli_page,
    "settings.md": settings_page,
    "openapi.json": openapi_page,
    "acces.md": access_page_of,
    "etats-des-demandes.md": audience_page_of,
    "codes-de-sortie-du-hub.md": exit_codes_page_of,
}


def main() -> None:
    """Write both pages, and doctor's table."""
    for name, page in PAGES.items():
        (REFERENCE / name).write_text(page(), encoding="utf-8")
    doctor_page.main()


if __name__ == "__main__":
    main()
