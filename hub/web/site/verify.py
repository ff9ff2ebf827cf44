"""« Vérifier » : what this server finds when it does an edition's sums again, and how anybody does them without it."""

from collections.abc import Mapping
from typing import Final

from contracts.api import PATH_CHARTER, PATH_CHECKPOINT
from hub.web.checked import checked
from hub.web.pages import Page, Visit
from hub.web.words import said
from hub.web.words.editions import CHECKS, VERIFY


def read(visit: Visit) -> Mapping[str, object]:
    """Return each check with its problems, and the edition's proofs."""
    if visit.published is None:
        return {}
    report = checked(visit.shelf, visit.published.edition.edition)
    say = said(VERIFY, visit.tongue)
    named = [say[code] for code in CHECKS]
    checks = report.checks if report else ()
    # A check added since has its own English name until this page learns it.
    names = named if len(checks) == len(named) else [check.name for check in checks]
    head = visit.published.checkpoint.checkpoint
    return {
        "report": report,
        "checks": list(zip(names, checks, strict=False)),
        "name": visit.published.edition.edition,
        "sha256": visit.published.edition_sha256,
        "head": head,
        "head_day": visit.tongue.day(head.at),
        "witnessed": visit.published.checkpoint.custodian_signature is not None,
        "charter_path": PATH_CHARTER,
        "checkpoint_path": PATH_CHECKPOINT,
    }


PAGE: Final = Page("verify", "/verifier", VERIFY, read)
