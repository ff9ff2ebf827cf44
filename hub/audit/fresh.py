"""Is noise fresh: in a process that was forked, in the next edition, and when an edition is asked for again?"""

import json
import math
import os
from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from contracts.base import digest
from contracts.edition import PublishedEdition
from hub.audit.checks import EACH, Finding, vectors
from hub.audit.draws import Drawn, drawn
from hub.audit.stage import Stage
from hub.audit.statistic import correlation, quantile
from hub.audit.worlds import World
from hub.privacy.budget import MICRO, sigma_micro

Floats = NDArray[np.float64]


def forked(stage: Stage, world: World) -> Finding:
    """Draw in this process and in two forked from it: a generator that they share gives them the same noise."""
    charges = stage.pay()
    drawn(stage.plans[0], charges, world, 1)  # whatever a generator keeps, it has by now
    draws = [_in_a_fork(lambda: drawn(stage.plans[0], charges, world, 1)) for _ in range(2)]
    draws.append(_digests(drawn(stage.plans[0], charges, world, 1)))
    wide = [name for name, vector in vectors(stage.plans[0]).items() if vector.threshold is None]
    same = [name for name in wide if len({each[name] for each in draws}) < len(draws)]
    problems = tuple(f"{name}: two processes drew the same noise" for name in same)
    return Finding("fork", problems=problems, figures={"vectors": len(wide)})


def editions(stage: Stage, world: World) -> Finding:
    """Publish one crowd in two editions, and the first again: other noise, then the very same bytes."""
    files = [stage.publish(world, number) for number in (1, 2, 1)]
    problems = ["an edition asked for again is another one"] if files[0] != files[2] else []
    one, other = (_errors(stage, world, file) for file in files[:2])
    problems += _reused(stage, one, other)
    shared = {"cells": float(len(one)), "correlation": correlation(one, other)}
    return Finding("editions", problems=tuple(problems), figures=shared)


def laid_out(stage: Stage, files: Sequence[PublishedEdition]) -> Drawn:
    """Return what files of one side show, as ``drawn`` does."""
    found: Drawn = {}
    for name, vector in vectors(stage.plans[0]).items():
        place = {key: at for at, key in enumerate(vector.keys)}
        found[name] = np.full((len(files), len(vector.keys)), np.nan)
        for row, file in enumerate(files):
            own = next(v for r in file.edition.releases for v in r.vectors if v.name == name)
            for key, value in zip(own.keys, own.values, strict=True):
                found[name][row, place[tuple(key)]] = value
    return found


def _reused(stage: Stage, one: Floats, other: Floats) -> Iterator[str]:
    if abs(correlation(one, other)) > quantile(EACH) / math.sqrt(len(one)):
        yield "two editions share noise"
    at = 0
    for name, vector in vectors(stage.plans[0]).items():
        cells = len(vector.keys)
        if vector.threshold is None:
            if cells > 1 and np.array_equal(one[at : at + cells], other[at : at + cells]):
                yield f"{name}: two editions show the same draw"
            at += cells


def _errors(stage: Stage, world: World, file: bytes) -> Floats:
    """Return the noise of the vectors with public keys, each over its planned deviation."""
    shown = laid_out(stage, [PublishedEdition.model_validate_json(file)])
    return np.concatenate(
        [
            (shown[name][0] - world.exact[name])
            / (sigma_micro(vector.l2_sensitivity_squared, vector.rho_micro) / MICRO)
            for name, vector in vectors(stage.plans[0]).items()
            if vector.threshold is None
        ]
    )


def _in_a_fork(work: Callable[[], Drawn]) -> dict[str, str]:
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        with os.fdopen(write, "w") as pipe:
            json.dump(_digests(work()), pipe)
        os._exit(0)
    os.close(write)
    with os.fdopen(read) as pipe:
        found: dict[str, str] = json.load(pipe)
    os.waitpid(child, 0)
    return found


def _digests(found: Drawn) -> dict[str, str]:
    return {name: digest(values.tobytes()) for name, values in found.items()}
