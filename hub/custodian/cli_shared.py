"""What every command of the custodian does first and last: open its home, speak its refusals, commit."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Annotated, Final, ParamSpec

import typer

from contracts.clock import SystemClock
from hub.custodian.errors import CustodianError
from hub.custodian.keys import Keys, load_home
from hub.custodian.store import Transaction, open_store
from hub.custodian.words import mark, say

Home = Annotated[
    Path, typer.Option(help=mark("The custodian's folder."), envvar="FARANDOLE_CUSTODIAN_HOME")
]
DEFAULT_HOME: Final = Path("custodian")

_P = ParamSpec("_P")


def speaking(command: Callable[_P, None]) -> Callable[_P, None]:
    """End a refused command with its sentence and the exit code of its error."""

    @wraps(command)
    def run(*args: _P.args, **kwargs: _P.kwargs) -> None:
        try:
            command(*args, **kwargs)
        except CustodianError as error:
            print(say(error), file=sys.stderr)
            raise typer.Exit(error.exit_code) from None

    return run


@contextmanager
def opened(home: Path) -> Iterator[tuple[Keys, Transaction]]:
    """Yield the keys and a transaction, committed when the block ends well."""
    keys = load_home(home)
    store = open_store(keys.database_url)
    store.create()
    with store.transaction(SystemClock()) as tx:
        yield keys, tx
        tx.commit()
    store.close()
