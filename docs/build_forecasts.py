"""Write the grid of forecasts that the page « Que pourrions-nous savoir ? » shows: public constants, made-up people, no data.

The web process may not reach the measures; it reads this file, which ``hub.forecast`` alone can have made.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from hub.forecast import OPT_IN, SHARES, imagined_frame, imagined_measures, outlook
from hub.measures.catalogue import OVER_TWO_SEASONS
from hub.measures.frame import Frame
from hub.plan import PlannedMeasure

PAGE: Final = Path(__file__).parents[1] / "hub" / "web" / "foretold.json"
VENUES: Final = (3, 6, 12, 24, 48)
PEOPLE: Final = (1_000, 3_000, 10_000, 30_000, 100_000)
RHO_MICRO: Final = (50_000, 100_000, 200_000, 400_000)
LEFT_OUT: Final = frozenset({"cube", "tags", "model-pairs"})
"""Their tables answer no question of the catalogue by themselves; those of the model have none."""
MILLI: Final = 1000


def point(venues: int, people: int, rho_micro: int) -> dict[str, Any]:
    """Return what each table would say of one network at one price.

    The price is that of the usual measures; one that a charter may add is priced by itself, at the same weight.
    """
    prices: dict[str, int] = {}
    tables: list[list[Any]] = []
    for seasons in (1, 2):
        frame = imagined_frame(venues, seasons=seasons)
        planned = _planned(rho_micro, frame, seasons)
        prices |= {measure.spec.measure: measure.spec.rho_micro for measure in planned}
        tables += [
            [t.measure, t.table, round(t.half_width * MILLI), round(t.value * MILLI), t.figures, t.sure, t.indicative]
            for t in outlook(planned, frame, people)
        ]  # fmt: skip
    return {"venues": venues, "people": people, "rho_micro": rho_micro, "prices": prices, "tables": tables}  # fmt: skip


def _planned(rho_micro: int, frame: Frame, seasons: int) -> list[PlannedMeasure]:
    """Return the measures that read so many seasons; the usual ones read one."""
    whole = sum(weight for _, weight in SHARES)
    planned = list(imagined_measures(rho_micro, frame)) if seasons == 1 else []
    for name, weight in OPT_IN:
        if name not in LEFT_OUT and (name in OVER_TWO_SEASONS) == (seasons > 1):
            planned += imagined_measures(rho_micro * weight // whole, frame, (name,))
    return planned


def titles() -> dict[str, list[str]]:
    """Return, by table, its question, its unit and its titles in French and English."""
    said: dict[str, list[str]] = {}
    for seasons in (1, 2):
        frame = imagined_frame(12, seasons=seasons)
        for each in outlook(_planned(10**6, frame, seasons), frame, 2_000):
            said[each.table] = [each.question, each.unit, each.title, each.title_en]
    return said


def points() -> Iterator[dict[str, Any]]:
    """Yield every point of the grid."""
    for venues in VENUES:
        for people in PEOPLE:
            for rho_micro in RHO_MICRO:
                yield point(venues, people, rho_micro)


def main() -> None:
    """Write the grid, a point on each line."""
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in points())
    told = json.dumps(titles(), ensure_ascii=False, separators=(",", ":"))
    PAGE.write_text(f'{{"titles":{told},\n"points":[\n{lines}\n]}}\n', encoding="utf-8")


if __name__ == "__main__":
    main()
