"""All that the agent makes in its folder, by name: what `uninstall` takes away, and nothing else.

The folder may be one that the venue uses for other things too: a name that is not here is not the agent's.
"""

from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from venue_agent.config import CONFIG_FILE, AgentConfig
from venue_agent.home.lock import FILE as LOCK

MADE: Final = (
    "state.sqlite",
    "state.sqlite-*",
    "elements.bin",
    "elements.tmp",
    "network.json",
    "layouts.json",
    "left.json",
    "merge.json",
    "successions.json",
    "model.json",
    "shows.json",
    "approvals.jsonl",
    "audiences.jsonl",
    "audiences/*.csv",
    "audiences/order-*.json",
    "report/*.html",
    "keys/*.key",
    "keys/keyring.json",
    "spool/????-??",
    "spool/.tmp-*",
    "spool/.new-*",
    "spool/.old-*",
    "charters/*.json",
    "proofs/*.json",
    "consents/records.csv",
    "consents/notices.json",
    "preview/*.html",
    "preview/counts.json",
    "preview/marks/*.npz",
    "recommend/*.csv",
    "recommend/*.json",
    "recommend/*.html",
    "recommend/*.pdf",
    "log/agent.jsonl",
    "log/agent.*.jsonl",
    "schedule/venue-agent.*",
    "before/format-*",
    "version.json",
    CONFIG_FILE,  # last: with it gone, the folder is nobody's
)
POLICY: Final = "audiences.toml"
"""What the house allows partners; its own work."""
_DRAFT: Final = ".new"
_FOLDERS: Final = tuple(dict.fromkeys(name.partition("/")[0] for name in MADE if "/" in name))


def made(home: Path) -> Iterator[Path]:
    """Yield what is there of the agent's own, settings last; the lock is left to whoever holds it."""
    for name in MADE[:-1]:
        yield from sorted(home.glob(name))
    yield from _drafts(home)
    yield from sorted(home.glob(MADE[-1]))


def _drafts(home: Path) -> Iterator[Path]:
    """Yield files that a crash left half written, under the names that ours have while they are."""
    for folder in ("", *_FOLDERS):
        inside = PurePath(folder)
        for path in sorted((home / folder).glob(f"*{_DRAFT}")):  # those with a leading dot too
            name = path.name.removeprefix(".").removesuffix(_DRAFT)
            whole = (inside / name, inside / f"{name}.toml", inside / f"{name}.json")
            if any(each.match(pattern) for each in whole for pattern in MADE):
                yield path


def folders(home: Path) -> Iterator[Path]:
    """Yield the agent's own folders that are there."""
    for name in _FOLDERS:
        if (home / name).is_dir() and not (home / name).is_symlink():
            yield home / name


def written_by_venue(home: Path, config: AgentConfig | None) -> list[Path]:
    """Return the venue's own work that the agent read: mapping, catalogue, policy; never an export."""
    names = (config.mapping, config.catalogue) if config else ("mapping.toml", "catalogue.csv")
    mapping = home / names[0]
    found = (mapping, mapping.with_suffix(".old.toml"), home / names[1], home / POLICY)
    return [path for path in found if path.is_file() and path.is_relative_to(home)]


def others(home: Path) -> list[Path]:
    """Return the files that are there and not the agent's: what will stay, by name."""
    own = {home / LOCK, *made(home)}
    return sorted(
        path
        for path in home.rglob("*")
        if path.is_file() and not own & {path, *path.parents}
    )  # fmt: skip
