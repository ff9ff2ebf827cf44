"""An audit that is stopped stops its workers at once, whatever they are at."""

import time
from multiprocessing import active_children

import pytest

from hub.audit.workers import open_workers


def stopped_at_work(processes: int) -> None:
    before = len(active_children())
    with open_workers(processes) as workers:
        assert workers.pool is not None
        for _ in range(2 * processes):
            workers.pool.submit(time.sleep, 3600)
        assert len(active_children()) == before + processes
        raise KeyboardInterrupt


def test_a_stop_ends_the_workers_where_they_are() -> None:
    before = set(active_children())
    with pytest.raises(KeyboardInterrupt):
        stopped_at_work(2)
    assert set(active_children()) <= before
