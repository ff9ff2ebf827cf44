"""One house advises its people: the model of the edition, its lists, and the sheet of its counter."""

from pathlib import Path
from typing import Final

from deploy.demo.network import Network

HOUSE: Final = "la-cale"
FILES: Final = ("suggestions.csv", "counter-sheet.html")


def advise(network: Network, edition: str) -> None:
    """Have the hub make the model of *edition*, and one house fetch it and write its lists, for letters and counter."""
    network.hub("model", "make", edition)
    network.agent(HOUSE, "model", "pull")
    network.agent(HOUSE, "recommend")
    network.agent(HOUSE, "recommend", "--as", "sheet")


def files(root: Path) -> list[Path]:
    """Return the files of the house's advice that are there: the lists for its e-mailing, then the counter's sheet."""
    folder = root / "agents" / HOUSE / "recommend"
    return [folder / name for name in FILES if (folder / name).exists()]
