"""The quality of a wide network at its true size: 2,000 items, a million people, twenty thousand others held out.

Half an hour and five gigabytes: it runs when it is asked for by name, and never with the others.
"""

from collections.abc import Iterator

from hub.evaluate.protocol import Terms
from hub.evaluate.world import Size, draw_world
from tests.bench.bench_recommend import Row, quality_rows

WHOLE = Size(items=2000, persons=1_000_000, houses=60, tested=20_000)
QUICK = Size(items=300, persons=20_000, houses=20)


def rows(*, quick: bool = False) -> Iterator[Row]:
    size = QUICK if quick else WHOLE
    yield from quality_rows(f"{size.items} × {size.persons}", draw_world(size, 1), Terms(draws=2))
