"""Shows in a terminal what an edition will cost and say, or would, before anybody has paid."""

from collections.abc import Sequence

from rich.box import SIMPLE_HEAD
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
from hub.words import _, decimal, figure, mark, number

_UNITS = {
    "persons": mark("people"),
    "visits": mark("visits"),
    "percent": mark("points"),
    "points": mark("points"),
    "days": mark("days"),
    "per-10000": mark("per 10,000 inhabitants"),
    "score": mark("of 10"),
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
    table = Table(_("measure"), _("vector"), _("cells"), "ρ", "δ", "± (95 %)")
    for line in lines(drawn):
        table.add_row(
            line.measure,
            line.vector,
            number(line.cells),
            decimal(f"{line.rho_micro / 1e6:.6f}"),
            decimal(f"{line.delta_pico / 1e12:.1e}") if line.delta_pico else "0",
            figure(line.half_width, 1),
        )
    console.print(table)
    empty = [m.measure for m in drawn.spec.measures if m not in [p.spec for p in drawn.measures]]
    if empty:
        console.print(
            _("Neither drawn nor paid for, as no partner asks: {empty}.").format(
                empty=", ".join(empty)
            )
        )
    _share_of_tags(console, drawn)
    _price(
        console,
        drawn.measures,
        charter.persons_bound,
        _(" over {seasons}").format(seasons=", ".join(drawn.seasons)),
    )
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
        asked = _(
            "the public rule would give {figure} to tags and {figure_2} to model-pairs"
        ).format(
            figure=figure(tags / 1e6, 6),
            figure_2=figure((both - tags) / 1e6, 6),
        )
        if not tags:
            asked = _("the public rule would pay for tags only to place new shows")
        console.print(
            _("Model, at κ = {figure}: {asked}. The charter decides.").format(
                figure=figure(known, 1), asked=asked
            )
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
        _("total ρ {figure} per person{where}; ε {figure_2} at δ {delta_pico:.0e}").format(
            figure=figure(rho / 1e6, 6),
            where=where,
            figure_2=figure(epsilon(rho, delta_pico), 2),
            delta_pico=delta_pico / 1000000000000.0,
        )
    )


def _show_outlook(
    console: Console, measures: Sequence[PlannedMeasure], frame: Frame, people: int
) -> None:
    console.print(
        _(
            "\nFor {people} linked and consenting people, after a made-up network (public constants, no "
            "data):"
        ).format(people=number(people))
    )
    table = Table("", _("table"), "± 95 %", "", _("almost sure"), _("indicative"), _("too few"),
                  box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False)  # fmt: skip
    table.columns[1].no_wrap = True  # whoever asks further needs the table's whole name
    table.columns[3].min_width, table.columns[5].min_width = 9, 10  # "personnes", "indicatif"
    said = list(outlook(measures, frame, people))
    for each in said:
        table.add_row(
            each.question,
            each.table,
            figure(each.half_width, 1),
            _(_UNITS[each.unit]),
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
    return _(
        "{question} {table}: will stay without an answer for {too_few} figures of {figures} (± "
        "{figure} {units} for {figure_2})."
    ).format(
        question=table.question,
        table=table.table,
        too_few=table.too_few,
        figures=table.figures,
        figure=figure(table.half_width, 1),
        units=_(_UNITS[table.unit]),
        figure_2=figure(table.value, 1),
    )
