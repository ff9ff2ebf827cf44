"""``python -m venue_agent``, and what the single file runs: the commands, or the one child that decodes."""

import sys
from typing import Final

DECODE: Final = "--decode-child"  # as venue_agent.sources.decode calls the single file


def main() -> None:
    """Run a command; as the child that decodes a foreign file, nothing else of ours is imported."""
    if sys.argv[1:2] == [DECODE]:
        from venue_agent.sources import child  # noqa: PLC0415 - alone, before anything of ours

        sys.exit(child.main(*sys.argv[2:7]))
    from venue_agent import cli  # noqa: PLC0415 - the child does without

    cli.main()


if __name__ == "__main__":
    main()
