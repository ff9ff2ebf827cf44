"""The table of what `doctor` can find wrong, drawn from its causes: the page cannot say anything else."""

import re
from pathlib import Path
from typing import Final

from venue_agent import words
from venue_agent.doctor.causes import CAUSES
from venue_agent.doctor.finding import CHECKS, State

PAGE: Final = Path(__file__).parent / "how-to" / "quand-quelque-chose-ne-va-pas.md"
BEGIN: Final = "<!-- table : python -m docs.doctor_page -->\n"
END: Final = "<!-- fin de la table -->\n"
_GRAVE: Final = {State.FAILED: "échec", State.WARNING: "avertissement"}
_GAPS: Final = {
    "before": "avant", "cap": "permis", "change": "…", "code": "code", "command": "commande", "contact": "contact", "day": "jour", "days": "jours",
    "error": "…", "expected": "attendu", "file": "fichier", "folder": "dossier", "found": "trouvé", "free": "place libre", "here": "heure d'ici",
    "host": "serveur", "hours": "heures", "issuer": "émetteur", "known": "connu", "agent": "version", "least": "minimum", "left": "reste", "most": "maximum", "names": "noms",
    "needed": "besoin", "other": "autre", "path": "chemin", "pattern": "motif", "port": "port", "proxy": "mandataire", "revision": "révision",
    "season": "saison", "seconds": "secondes", "spent": "dépensé", "store": "magasin", "there": "heure du hub", "today": "aujourd'hui", "url": "adresse",
    "used": "utilisée", "user": "compte", "wanted": "attendu", "what": "vérification", "where": "d'où il vient",
}  # fmt: skip
"""What the facts are called on the page, which shows the sentences before any fact is in them."""


def remedies() -> str:
    """Return the table, in French: cause, check, what it shows, remedy."""
    french = words.load("fr").gettext
    lines = ["| Cause | Vérification | Ce qui se voit | Remède |", "|---|---|---|---|"]
    for name, cause in CAUSES.items():
        told = (_blank(french(text)) for text in (cause.found, cause.expected, cause.remedy))
        found, expected, remedy = told
        found = f"… (attendu : {expected})" if found == "…" else found
        lines.append(f"| `{name}` | {french(CHECKS[cause.check])} ({_GRAVE[cause.state]}) | {found} | {remedy} |")  # fmt: skip
    return "\n".join(lines) + "\n"


def _blank(text: str) -> str:
    """Return *text* with the names of its facts in place of the facts."""
    named = re.sub(r"\{(\w+)\}", lambda found: "…" if _GAPS[found[1]] == "…" else f"*{_GAPS[found[1]]}*", text)  # fmt: skip
    return re.sub(r"`([^`]*)\*(\w+)\*([^`]*)`", r"\1*\2*\3", named).replace("|", "\\|")


def main() -> None:
    """Write the table between its marks."""
    before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    _old, _, after = rest.partition(END)
    PAGE.write_text(before + BEGIN + remedies() + END + after, encoding="utf-8")


if __name__ == "__main__":
    main()
