"""kill -9 at every named point of charge, draw, store and publish: nothing lost, doubled or spent twice."""

import json
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from contracts.clock import stamp
from contracts.edition import Checkpoint, PublishedEdition
from hub.errors import ChainBroken
from hub.store import checkpoints, editions, invariants
from hub.store.database import Control, open_control
from hub.store.transaction import POINTS
from hub.verify import verify
from tests.support.control_world import (
    CLOCK,
    EDITION,
    RHO,
    SEASON,
    publish,
    settle,
    signed_charter,
)
from tests.support.killed import Death, Killer, kill, kill_beside

OUTSIDE = ("draw.begun", "draw.done", "witness.signed")  # points of the publisher itself
EVERY_POINT = (*POINTS, *OUTSIDE)


@pytest.fixture(scope="module")
def passes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, int]:
    """How often an undisturbed publication passes each point."""
    killer = Killer()
    file = tmp_path_factory.mktemp("passes") / "count.sqlite"
    control = open_control(f"sqlite:///{file}", reached=killer)
    control.migrate()
    settle(control)
    killer.passed.clear()
    publish(control)
    return dict(killer.passed)


def settled(url: str) -> Control:
    control = open_control(url)
    control.migrate()
    settle(control)
    return control


def releases(control: Control) -> list[bytes]:
    with control.reading() as reading:
        return editions.releases(reading, EDITION)


def require_sound(control: Control, acknowledged: Path) -> None:
    """After the death: the database agrees with itself and extends what was acknowledged."""
    with control.reading() as reading:  # the reader comes first: it must undo a hot journal
        invariants.check(reading)
        if acknowledged.exists():
            sequence, sha256 = json.loads(acknowledged.read_text())
            held = Checkpoint(
                network="reseau", sequence=sequence, head_sha256=sha256, at=stamp(CLOCK.now())
            )
            checkpoints.refuse_if_behind(reading, held)


def require_paid_once(control: Control) -> None:
    budgets = {state.scope: state.spent_rho_micro for state in control.published().budgets()}
    assert budgets[f"season:{SEASON}"] == sum(RHO.values())
    assert budgets[f"season:{SEASON}/observatory"] == sum(RHO.values())


def die_and_recover(url: str, tmp_path: Path, point: str, nth: int) -> None:
    control = settled(url)
    acknowledged = tmp_path / f"acknowledged-{nth}"
    assert kill(Death(url, point, nth, str(acknowledged))) == -signal.SIGKILL
    require_sound(control, acknowledged)
    kept, seen = releases(control), control.published().edition(EDITION)
    file = publish(control)
    assert releases(control)[: len(kept)] == kept  # what was stored is never drawn again
    assert seen in (None, file)
    require_paid_once(control)
    with control.reading() as reading:
        invariants.check(reading)
    assert publish(control) == file
    assert verify(PublishedEdition.model_validate_json(file), signed_charter()).ok
    control.close()


@pytest.mark.parametrize("point", EVERY_POINT)
def test_killed_at_the_last_pass_of_each_point(
    database_url: str, tmp_path: Path, passes: dict[str, int], point: str
) -> None:
    die_and_recover(database_url, tmp_path, point, passes[point])


@pytest.mark.long
def test_killed_at_every_pass_of_every_point(
    new_database_url: Callable[[], str], tmp_path: Path, passes: dict[str, int]
) -> None:
    for point, count in passes.items():
        for nth in range(1, count + 1):
            (tmp_path / f"acknowledged-{nth}").unlink(missing_ok=True)
            die_and_recover(new_database_url(), tmp_path, point, nth)


def race(url: str, tmp_path: Path, point: str, nth: int) -> None:
    """Two publishers go on while a third dies: all end with the same bytes, paid once."""
    control = settled(url)
    acknowledged, answers = tmp_path / "acknowledged", [tmp_path / "one", tmp_path / "two"]
    for path in (acknowledged, *answers):
        path.unlink(missing_ok=True)
    kill_beside(Death(url, point, nth, str(acknowledged)), [str(path) for path in answers])
    require_sound(control, acknowledged)
    file = publish(control)
    assert [path.read_bytes() for path in answers] == [file, file]
    require_paid_once(control)
    assert verify(PublishedEdition.model_validate_json(file), signed_charter()).ok
    control.close()


@pytest.mark.parametrize("point", ["charge.recorded", "draw.done"])
def test_killed_beside_two_others(database_url: str, tmp_path: Path, point: str) -> None:
    race(database_url, tmp_path, point, 1)


@pytest.mark.long
def test_killed_anywhere_beside_two_others(
    new_database_url: Callable[[], str], tmp_path: Path, passes: dict[str, int]
) -> None:
    for point, count in passes.items():
        for nth in range(1, count + 1):
            race(new_database_url(), tmp_path, point, nth)


def test_every_point_is_passed_and_none_is_forgotten(passes: dict[str, int]) -> None:
    assert set(passes) == set(EVERY_POINT)


@pytest.mark.parametrize(
    ("mutant", "point"),
    [("spent before told", "charge.audited"), ("told before done", "release.audited")],
)
def test_the_crash_test_notices_planted_mistakes(tmp_path: Path, mutant: str, point: str) -> None:
    url = f"sqlite:///{tmp_path / 'mutant.sqlite'}"
    control = settled(url)
    death = Death(url, point, 1, str(tmp_path / "acknowledged"), mutant)
    assert kill(death) == -signal.SIGKILL
    with control.reading() as reading, pytest.raises(ChainBroken):
        invariants.check(reading)
