"""A command run in a fork ends with its own code, whoever else starts one meanwhile."""

import os
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.demo.warm import run_warm

HOMELESS = ["venue-agent", "model", "show", "--home", "/nowhere/at/all"]
TOLD = ["venue-agent", "--help"]


@pytest.mark.parametrize("together", [2])
def test_each_command_keeps_its_own_code(together: int) -> None:
    """Starting a process looks at all others: of two looks at one end, the second used to find 255."""
    commands = [TOLD, HOMELESS] * together
    with ThreadPoolExecutor(together) as pool:
        found = list(pool.map(lambda command: run_warm(command, dict(os.environ)), commands))
    codes = [code for code, _out, _err in found]
    assert codes[::2] == [0] * together
    assert len(set(codes[1::2])) == 1
    assert codes[1] not in {0, 1, 255}
    assert all("venue-agent" in out for _code, out, _err in found[::2])
