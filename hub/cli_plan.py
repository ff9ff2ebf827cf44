"""Shows in a terminal what an edition will cost and say, or would, before anybody has paid."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from contracts.charter import Charter
from contracts.loss import display_delta_pico, epsilon
from contracts.model_rules import tags_percent
from contracts.order import SignedOrder
from hub.forecast import Outlook, imagined_frame, imagined_measures, outlook
from hub.measures.catalogue import OVER_TWO_SEASONS
from hub.measures.frame import Frame
from hub.measures.kappa import kappa
from hub.plan import EditionPlan, PlannedMeasure, lines, operations_of, plan_edition
from hub.vault.arms import measured

_UNITS = {
    "persons": "personnes",
    "visits": "visites",
    "percent": "points",
    "points": "points",
    "days": "jours",
    "per-10000": "pour 10 000 habitants",
    "score": "sur 10",
}
_HALF = 2
_TENTH = 10  # a charter that is within a tenth of the rule hears nothing
_EVER = "2099-12-31T23:59:59Z"


def show(
    charter: Charter,
    edition: str,
    console: Console,
    people: int | None = None,
    orders: Sequence[SignedOrder] = (),
) -> None:
    """Print what *edition* will draw, cost and be able to say; raises as ``plan_edition`` does.

    Args:
        charter: the charter in force.
        edition: the name of one of its editions.
        console: where to print.
        people: linked persons to reckon with; half of the charter's public bound by default.
        orders: those that the hub has signed so far, of any house.
    """
    drawn = _planned(charter, edition, orders)
    table = Table("mesure", "vecteur", "cases", "ρ", "δ", "± (95 %)")
    for line in lines(drawn):
        table.add_row(
            line.measure,
            line.vector,
            str(line.cells),
            f"{line.rho_micro / 1e6:.6f}",
            f"{line.delta_pico / 1e12:.1e}",
            f"{line.half_width:.1f}",
        )
    console.print(table)
    empty = [m.measure for m in drawn.spec.measures if m not in [p.spec for p in drawn.measures]]
    if empty:
        console.print(f"Ni tiré ni payé, faute de demande de partenaire : {', '.join(empty)}.")
    _share_of_tags(console, drawn)
    _price(console, drawn.measures, charter.persons_bound, f" sur {', '.join(drawn.seasons)}")
    _show_outlook(console, drawn.measures, drawn.frame, people or charter.persons_bound // _HALF)


def _share_of_tags(console: Console, drawn: EditionPlan) -> None:
    """Say how the public rule on κ would split what the model's two measures cost, where it would split it otherwise."""
    paid = {m.spec.measure: m.spec.rho_micro for m in drawn.measures}
    both = paid.get("tags", 0) + paid.get("model-pairs", 0)
    if not both:
        return
    known = kappa(drawn.frame, both)
    tags = both * tags_percent(known) // 100
    if abs(tags - paid.get("tags", 0)) > both // _TENTH:
        asked = (
            f"la règle publique donnerait {_french(tags / 1e6, '.6f')} à tags "
            f"et {_french((both - tags) / 1e6, '.6f')} à model-pairs"
        )
        if not tags:
            asked = "la règle publique ne paierait tags que pour placer les spectacles neufs"
        console.print(
            f"Modèle, à κ = {_french(known, '.1f')} : {asked}. C'est la charte qui décide."
        )


def _planned(charter: Charter, edition: str, orders: Sequence[SignedOrder]) -> EditionPlan:
    """Return the plan with the requests that the edition would measure if it were published now."""
    spec = next((e for e in charter.editions if e.edition == edition), None)
    if spec is None:
        return plan_edition(charter, edition)  # which says what it expected
    known = measured(orders, {charter.hub.signing_key}, charter.fields)
    return plan_edition(charter, edition, operations_of(known, spec, _EVER))


def show_forecast(
    console: Console, network: tuple[int, int], people: int, rho: float, names: Sequence[str] = ()
) -> None:
    """Print what a network without a charter could know at a price.

    Args:
        console: where to print.
        network: venues, and how many of them would show in groups only.
        people: linked persons who consent.
        rho: the whole price, per person and season.
        names: the measures that the edition would hold; the usual ones when none is named.
    """
    frame = imagined_frame(*network, seasons=2 if OVER_TWO_SEASONS.intersection(names) else 1)
    measures = imagined_measures(round(rho * 1e6), frame, names)
    _price(console, measures, people, "")
    _show_outlook(console, measures, frame, people)


def _price(
    console: Console, measures: Sequence[PlannedMeasure], persons_bound: int, where: str
) -> None:
    rho = sum(measure.spec.rho_micro for measure in measures)
    charged = sum(measure.spec.delta_pico for measure in measures)
    delta_pico = display_delta_pico(persons_bound, charged)
    console.print(
        f"total ρ {_french(rho / 1e6, '.6f')} par personne{where} ; "
        f"ε {_french(epsilon(rho, delta_pico), '.2f')} à δ {delta_pico / 1e12:.0e}"
    )


def _show_outlook(
    console: Console, measures: Sequence[PlannedMeasure], frame: Frame, people: int
) -> None:
    console.print(
        f"\nPour {people} personnes reliées et consentantes, d'après un réseau inventé "
        "(constantes publiques, aucune donnée) :"
    )
    table = Table("question", "tableau", "± (95 %)", "", "presque sûr", "indicatif", "trop peu")
    said = list(outlook(measures, frame, people))
    for each in said:
        table.add_row(
            each.question,
            each.table,
            f"{each.half_width:.1f}",
            _UNITS[each.unit],
            str(each.sure),
            str(each.indicative),
            str(each.too_few),
        )
    console.print(table)
    for each in said:
        if not each.answerable:
            console.print(_silent(each))


def _silent(table: Outlook) -> str:
    """Return why a table will mostly say nothing."""
    return (
        f"{table.question} {table.table} : restera sans réponse pour {table.too_few} chiffres sur "
        f"{table.figures} (± {_french(table.half_width, '.1f')} {_UNITS[table.unit]} "
        f"pour {_french(table.value, '.1f')})."
    )


def _french(number: float, form: str) -> str:
    """Return a number as a sentence writes it, with a comma; tables and TOML to copy keep their point."""
    return format(number, form).replace(".", ",")
