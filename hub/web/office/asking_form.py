"""The form of a partner's request: from its fields to a draft, and back."""

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, Final

from pydantic import ValidationError
from werkzeug.datastructures import MultiDict

from contracts.audience import Bought, Contacted, Houses, Incident, Subscribers, Tastes
from contracts.base import canonical
from contracts.order import Request, RequestDraft

LISTS: Final = ("age", "distance", "loyalty")
"""Traits whose boxes are the values themselves."""
PLAIN: Final = ("partner_name", "aim", "channel", "first_day", "last_day", "offer")
KEPT: Final = dt.timedelta(days=30)
"""How long an order holds after the campaign's last day: late purchases are still somebody's."""
_LEVEL: Final = {"taste": "level", "house": "house_level"}
"""The field that says how much, by trait."""
_WORDS: Final = re.compile(r"[\s,;]+")


class FormWrong(ValueError):
    """Fields that cannot be read, by name."""

    def __init__(self, fields: list[str]) -> None:
        super().__init__(", ".join(fields))
        self.fields = fields


def draft_of(form: MultiDict[str, str]) -> RequestDraft:
    """Return the draft that the form describes.

    Raises:
        FormWrong: names the fields to mend.
    """
    plain: dict[str, Any] = {name: form.get(name, "").strip() for name in PLAIN}
    plain |= {
        "spec": {"include": _included(form), "exclude": _excluded(form)},
        "sources": form.getlist("sources"),
        "cap": _number(form, "cap"),
        "offer_en": form.get("offer_en", "").strip() or None,
        "like": form.get("like") or None,
        "holdout_percent": _number(form, "holdout_percent"),
        "expires": _expires(plain["last_day"]),
    }
    try:
        return RequestDraft.model_validate_json(canonical(plain))
    except ValidationError as error:
        raise FormWrong(sorted({_field(each["loc"]) for each in error.errors()})) from None


def filled(asked: Request | None) -> Mapping[str, list[str]]:
    """Return what the form's fields hold for a request that is changed, by name of field."""
    if asked is None:
        return {"cap": ["1000"], "holdout_percent": ["10"]}
    found = {name: [str(getattr(asked, name))] for name in (*PLAIN, "cap", "holdout_percent")}
    found |= {"sources": list(asked.sources), "offer_en": [asked.offer_en or ""], "like": [asked.like or ""]}  # fmt: skip
    for predicate in asked.spec.include:
        if isinstance(predicate, Subscribers):
            found["subscriber"] = ["yes"]
        elif hasattr(predicate, "values"):
            found[predicate.trait] = [str(value) for value in predicate.values]
        if isinstance(predicate, Tastes | Houses):
            found[_LEVEL[predicate.trait]] = [predicate.level.value]
    return found | _filled_exclusions(asked)


def _filled_exclusions(asked: Request) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for predicate in asked.spec.exclude:
        if isinstance(predicate, Subscribers):
            found["subscriber"] = ["no"]
        elif isinstance(predicate, Contacted | Incident):
            found[predicate.trait] = [str(predicate.days)]
        elif isinstance(predicate, Bought):
            found["bought"] = [" ".join(predicate.values)]
        elif isinstance(predicate, Houses):
            found["not_house"] = list(predicate.values)
    return found


def excluded_by_house(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Return the predicates that a house adds to those that a request excludes."""
    found: list[dict[str, Any]] = []
    if ages := form.getlist("age"):
        found.append({"trait": "age", "values": ages})
    if days := _number(form, "contacted"):
        found.append({"trait": "contacted", "days": days})
    if form.get("subscriber"):
        found.append({"trait": "subscriber"})
    return found


def _included(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"trait": name, "values": form.getlist(name)} for name in LISTS if form.getlist(name)
    ]
    for trait, level in _LEVEL.items():
        if values := form.getlist(trait):
            found.append({"trait": trait, "values": values, "level": form.get(level, "once")})
    if homes := _words(form, "home"):
        found.append({"trait": "home", "values": homes})
    if form.get("history"):
        found.append({"trait": "history", "values": [form["history"]]})
    if form.get("subscriber") == "yes":
        found.append({"trait": "subscriber"})
    return found


def _excluded(form: MultiDict[str, str]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = [
        {"trait": name, "days": days}
        for name in ("contacted", "incident")
        if (days := _number(form, name))
    ]
    if events := _words(form, "bought"):
        found.append({"trait": "bought", "values": events})
    if houses := form.getlist("not_house"):
        found.append({"trait": "house", "values": houses, "level": "once"})
    if form.get("subscriber") == "no":
        found.append({"trait": "subscriber"})
    return found


def _words(form: MultiDict[str, str], name: str) -> list[str]:
    return [word for word in _WORDS.split(form.get(name, "").strip()) if word]


def _number(form: MultiDict[str, str], name: str) -> int | None:
    text = form.get(name, "").strip()
    if not text:
        return None
    if not re.fullmatch(r"[0-9]{1,7}", text):
        raise FormWrong([name])
    return int(text)


def _expires(last_day: str) -> str:
    try:
        return f"{dt.date.fromisoformat(last_day) + KEPT}T00:00:00Z"
    except (ValueError, OverflowError):
        raise FormWrong(["last_day"]) from None


def _field(where: tuple[int | str, ...]) -> str:
    """Return the form's field for a place in the draft: a predicate's trait within the spec, else the first name."""
    names = [str(each) for each in where if isinstance(each, str)]
    return names[2].lower() if names[:1] == ["spec"] and len(names) > 2 else names[0]  # noqa: PLR2004
