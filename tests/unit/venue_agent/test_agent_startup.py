"""A command starts without what only reading an export needs."""

import subprocess
import sys

HEAVY = ("pandas", "numpy", "pyarrow", "sqlalchemy")


def test_the_commands_are_listed_without_pandas() -> None:
    told = f"import sys, venue_agent.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
