"""The secret agreed with an outside directory: read from a file of its own, which nobody else may read."""

import stat
from pathlib import Path
from typing import Final

from hub.config import WebConfig
from hub.errors import ConfigError

_OTHERS: Final = 0o077


def secret_of(config: WebConfig) -> str | None:
    """Return the secret of the settings' directory; None when they name no directory.

    Raises:
        ConfigError: it cannot be read, or can be by others.
    """
    if config.directory is None:
        return None
    return _secret(config.at(config.directory.client_secret_file))


def _secret(path: Path) -> str:
    try:
        text, mode = path.read_text(encoding="utf-8").strip(), stat.S_IMODE(path.stat().st_mode)
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            "No secret to read at {path}. Expected the one agreed with the directory.", path=path
        ) from error
    if not text or mode & _OTHERS:
        raise ConfigError(
            "{name} is empty or may be read by other users (mode {mode:o}); expected the secret agreed "
            "with the directory, and mode 600: run chmod 600.",
            name=path.name,
            mode=mode,
        )
    return text
