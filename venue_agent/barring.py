"""Holds every export against the people whom the venue forgot: a stale file never brings one back."""

from dataclasses import replace
from typing import Final

import pandas as pd

from venue_agent.frames import Normalised, Raw
from venue_agent.normalise import LINKING, identifiers
from venue_agent.people.known import IsBarred, nobody
from venue_agent.texts import distinct

CONTACT: Final = ("email", "phone", "customer")


def oppose(raw: Raw, barred: IsBarred) -> Raw:
    """Return what was read, with the forgotten identifiers as entries of the opposition list.

    Whoever carries one of them is then out, as after any objection, shared identifier or not.
    """
    if barred is nobody:
        return raw
    found = [
        dict.fromkeys(CONTACT, "") | {kind: text}
        for kind in CONTACT
        for text, value in _plain(kind, raw.records[kind]).items()
        if value and barred(f"{kind}:{value}")
    ]
    more = pd.DataFrame(found, columns=list(CONTACT), dtype="str")
    whole = pd.concat([raw.oppositions.astype("str"), more], ignore_index=True)
    return replace(raw, oppositions=whole)


def bar(normalised: Normalised, barred: IsBarred) -> Normalised:
    """Return the same people, with those opposed who carry a key of somebody forgotten.

    ``oppose`` has met their identifiers; this meets keys that name one member of a household, too.
    """
    if barred is nobody:
        return normalised
    people = normalised.persons
    numbers = people.index.tolist()
    out = {n for n, keys in zip(numbers, people["keys"], strict=True) if any(map(barred, keys))}
    return replace(normalised, opposed=normalised.opposed | out)


def _plain(kind: str, texts: pd.Series) -> dict[str, str]:
    """Return the normalised form of each distinct text, as the venue's own keys have it."""
    if kind in LINKING:
        return identifiers(kind, texts)[0]
    return {text: text.strip() for text in distinct(texts)}
