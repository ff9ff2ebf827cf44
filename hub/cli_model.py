"""``hub model``: makes the recommendation model of an edition, shows it, and checks one from public files."""

import importlib
from pathlib import Path
from typing import Annotated, Any, TypeVar

import typer
from pydantic import ValidationError
from rich.console import Console
from rich.table import Table

from contracts.base import digest
from contracts.catalogue import Catalogue
from contracts.charter import SignedCharter
from contracts.clock import SystemClock
from contracts.edition import PublishedEdition
from contracts.model import SignedModel
from contracts.model_rules import retained_with_tags
from contracts.phrase import Phrase
from hub.errors import ConfigError, VerificationFailed
from hub.verify import verify
from hub.words import _, decimal, figure, mark

app = typer.Typer(no_args_is_help=True, help=mark("An edition's recommendation model."))
console = Console(soft_wrap=True)

Wanted = TypeVar("Wanted", SignedModel, PublishedEdition, SignedCharter, Catalogue)

_KINDS = {
    SignedModel: mark("the file of a signed model"),
    PublishedEdition: mark("the public file of an edition"),
    SignedCharter: mark("the public file of a signed charter"),
    Catalogue: mark("the public programme of a venue"),
}
_METHODS = {
    "popularity": mark("popularity in the network and no more: nothing rises above the noise"),
    "spectral": mark("what rises above the noise in the matrix of shared audiences"),
    "full-rank": mark("the whole matrix of shared audiences, as far as it is not noise"),
}
_AXES = {
    "discipline": mark("disciplines"),
    "period": mark("periods"),
    "work": mark("works"),
    "author": mark("authors"),
    "company": mark("companies"),
}


@app.command()
def make(
    edition: Annotated[str, typer.Argument(help=mark("Name of the edition, already published."))],
    home: Annotated[
        Path, typer.Option("--home", envvar="FARANDOLE_HUB_HOME", help=mark("The hub's folder."))
    ] = Path(),
    out: Annotated[
        Path | None, typer.Option("--out", help=mark("Writes the model to this file as well."))
    ] = None,
) -> None:
    """Makes, signs and publishes an edition's model; nothing is read in the vault, nothing is charged."""
    body = _late("hub.model_desk").make_model(home, edition, SystemClock())
    if out is not None:
        out.write_bytes(body)
    _show(SignedModel.model_validate_json(body))
    console.print(
        decimal(
            _("sha256 {digest}, {body:.2f} MB").format(digest=digest(body), body=len(body) / 1e6)
        )
    )


@app.command("verify")
def verify_model(
    model: Annotated[Path, typer.Argument(help=mark("The model's file, as the hub gives it."))],
    edition: Annotated[Path, typer.Option("--edition", help=mark("The edition's public file."))],
    charter: Annotated[Path, typer.Option("--charter", help=mark("Signed charter (public file)."))],
    catalogue: Annotated[
        list[Path] | None,
        typer.Option(
            "--catalogue", help=mark("A venue's public programme, to count again; may be repeated.")
        ),
    ] = None,
) -> None:
    """Makes the model again from the public files, and says whether it is the same."""
    signed = _read(SignedModel, model)
    published, members = _read(PublishedEdition, edition), _read(SignedCharter, charter)
    verify(published, members).require()
    shown = None if not catalogue else [_read(Catalogue, path) for path in catalogue]
    wrong = _late("hub.recommend.verify").problems(signed, published, members, shown)
    if wrong:
        raise VerificationFailed(
            "{model} does not follow from the edition: {wrong}.",
            model=model,
            wrong="; ".join(wrong),
        )
    console.print(
        _("The model of {edition} follows from the published edition and from the charter.").format(
            edition=signed.model.edition
        )
    )
    console.print(_("This does not prove that the noise was drawn: see hub verify."))


def _show(signed: SignedModel) -> None:
    model, card = signed.model, signed.model.card
    table = Table(
        title=_("Model of {edition}").format(edition=model.edition),
        show_header=False,
        title_justify="left",
    )
    table.add_row(_("method"), _(_METHODS[model.method]))
    table.add_row(_("places"), str(len(model.items)))
    table.add_row(_("components above the noise"), str(card.rank))
    table.add_row(_("noise over mean popularity (eta)"), decimal(f"{card.eta_micro / 1e6:.3f}"))
    table.add_row(_("people per place and noise (kappa)"), figure(card.kappa_milli / 1e3, 1))
    whose = (
        _("of the model (k = 2), paid for apart")
        if model.matrix == "model-pairs-cell"
        else _("of the flows, paid for already")
    )
    table.add_row(_("matrix"), f"{whose} : ρ {figure(model.rho_micro / 1e6, 6)}")
    if model.tags is not None:
        named = ", ".join(f"{len(a.values)} {_(_AXES[a.axis])}" for a in model.tags.axes)
        table.add_row(_("tags"), f"{named} : ρ {figure(model.tags.rho_micro / 1e6, 6)}")
    table.add_row(
        _("quality kept, expected"),
        _("{retained_percent}% of the best that is not private").format(
            retained_percent=card.retained_percent
        ),
    )
    more = retained_with_tags(model)
    if more is not None:
        said = _("about {percent}%, for {share}% of the shows say a tag that is counted").format(
            percent=more[0], share=more[1]
        )
        table.add_row(_("with the tags"), said)
    better = (
        _("yes")
        if card.better_than_popularity
        else _('no: the list is called "in view in the network"')
    )
    table.add_row(_("better than popularity"), better)
    console.print(table)


def _late(module: str) -> Any:
    """Load numpy and the vault's keys for the command that needs them, and no other."""
    return importlib.import_module(module)


def _read(kind: type[Wanted], path: Path) -> Wanted:
    try:
        return kind.model_validate_json(path.read_bytes())
    except (OSError, ValidationError) as error:
        raise ConfigError(
            "{path} is not {kind}. Download it from the hub again.",
            path=path,
            kind=Phrase(_KINDS[kind]),
        ) from error
