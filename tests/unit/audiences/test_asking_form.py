"""The office's form says all that a request can, and shows again what was kept."""

import pytest
from werkzeug.datastructures import MultiDict

from contracts.order import Request
from hub.web.office.asking_form import draft_of, filled

PLAIN = {
    "partner_name": "Théâtre du Quai", "aim": "support", "channel": "email", "offer": "Deux places pour une.",
    "first_day": "2025-11-20", "last_day": "2025-12-20", "cap": "1000", "holdout_percent": "20",
}  # fmt: skip
RICH = {
    "taste": ["dance"], "level": ["main"], "house": ["opera-neuf"], "house_level": ["often"], "like": ["scene-haute"],
    "distance": ["0-5", "5-20"], "not_house": ["theatre-du-quai", "opera-neuf"], "contacted": ["30"], "bought": ["hamlet"],
    "subscriber": ["no"], "sources": ["opera-neuf"], "home": ["69"], "history": ["new"],
}  # fmt: skip


def _form(**more: list[str]) -> MultiDict[str, str]:
    return MultiDict([*PLAIN.items(), *((name, each) for name, all_ in more.items() for each in all_)])  # fmt: skip


def test_houses_and_likenesses_can_be_asked_for() -> None:
    asked = draft_of(_form(**RICH))
    spec = asked.spec.model_dump(mode="json")
    assert {"trait": "house", "values": ["opera-neuf"], "level": "often"} in spec["include"]
    never = {"trait": "house", "values": ["theatre-du-quai", "opera-neuf"], "level": "once"}
    assert never in spec["exclude"]
    assert asked.like == "scene-haute"


@pytest.mark.parametrize("field", sorted(RICH))
def test_what_was_kept_is_shown_again(field: str) -> None:
    draft = draft_of(_form(**RICH))
    request = Request(request="d1", partner="theatre-du-quai", **dict(draft))
    shown = {name: values for name, values in filled(request).items() if values != [""]}
    assert shown[field] == RICH[field]
    assert draft_of(MultiDict([(name, one) for name, values in shown.items() for one in values])) == draft  # fmt: skip
