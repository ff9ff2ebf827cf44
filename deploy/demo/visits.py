"""A demonstration world's visits as ``hub evaluate --visits`` reads them: ``python -m deploy.demo.visits citypass FILE``."""

import argparse
import csv
from pathlib import Path
from typing import Final

from deploy.demo.pass_world import make_pass_world
from deploy.demo.theatres import SEED
from deploy.demo.world import World, make_world

WORLDS: Final = {"theatres": make_world, "citypass": make_pass_world}


def written(world: World, path: Path) -> int:
    """Write person_id and venue_id of each named booking of the season, in the order of visiting; return how many."""
    rows = [(b.person, world.houses[b.house].slug) for b in world.bookings if not b.anonymous]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["person_id", "venue_id"])
        out.writerows(rows)
    return len(rows)


def main() -> None:
    """Write the visits of the world that is asked for."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo.visits", description=__doc__)
    parser.add_argument("world", choices=WORLDS, help="sparse, or dense")
    parser.add_argument("file", type=Path, help="the CSV file to write")
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args()
    count = written(WORLDS[options.world](options.seed), options.file)
    print(f"{options.file} : {count} venues fictives.")


if __name__ == "__main__":
    main()
