"""Shows an edition's plan in a terminal: price and expected width of each vector."""

from rich.console import Console
from rich.table import Table

from contracts.charter import Charter
from contracts.loss import display_delta_pico, epsilon
from hub.plan import lines, plan_edition


def show(charter: Charter, edition: str, console: Console) -> None:
    """Print what *edition* will draw and cost; raises as ``plan_edition`` does."""
    drawn = plan_edition(charter, edition)
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
    rho = sum(measure.spec.rho_micro for measure in drawn.measures)
    delta = display_delta_pico(charter.persons_bound)
    console.print(
        f"total ρ {rho / 1e6:.6f} par personne sur {', '.join(drawn.seasons)} ; "
        f"ε {epsilon(rho, delta):.2f} à δ {delta / 1e12:.0e}"
    )
