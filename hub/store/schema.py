"""Bring the control database's tables to this version's shape, by Alembic's numbered steps."""

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import Connection

from hub.errors import ConfigError

MIGRATIONS: Final = Path(__file__).parent / "migrations"


def upgrade(connection: Connection) -> None:
    """Run the steps that are missing, inside the caller's transaction.

    Raises:
        ConfigError: a newer hub made the tables; nothing was touched.
    """
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise ConfigError(
            "Found tables of a newer version of the hub; expected this one's or older. Nothing was "
            "touched: run the newer version."
        ) from error
