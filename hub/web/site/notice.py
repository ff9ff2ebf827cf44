"""The spectator's notice, in plain words: what leaves about somebody, for how long, and how one word to one venue ends it."""

from collections.abc import Mapping

from contracts.charter import Charter
from hub.web.pages import Page, Visit
from hub.web.site.charter import fields_told
from hub.web.words import said
from hub.web.words.charter import WORDS as CHARTER
from hub.web.words.notice import WORDS


def read(visit: Visit) -> Mapping[str, object]:
    """Return what the charter lets leave (GDPR, article 13) and whom to write to."""
    charter = visit.charter
    return {
        "dpo": charter.dpo if charter else None,
        "leaves": fields_told(visit, charter) if charter else (),
        "terms": _terms(visit, charter) if charter else (),
    }


def _terms(visit: Visit, charter: Charter) -> tuple[str, str]:
    """Return what it is for and how long it is kept, as two sentences."""
    say, of_charter = said(WORDS, visit.tongue), said(CHARTER, visit.tongue)
    purposes = ", ".join(of_charter[f"purpose_{p.value}"] for p in charter.purposes)
    until = say["leaves_until"].format(
        count=charter.retention_months, controller=charter.controller.operator
    )
    return say["leaves_purposes"].format(purposes=purposes), until


PAGE = Page("notice", "/notice", WORDS, read, needs_edition=False)
