"""How the chosen people are addressed: as this house's own records have it, newest first; read for one run and not kept."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import pandas as pd
import phonenumbers
from numpy.typing import NDArray

from contracts.cells import FORMULA
from contracts.order import Channel
from venue_agent.normalise import LINKING, identifiers
from venue_agent.people import folding
from venue_agent.texts import each

WRITTEN: Final = ("customer", "last_name", "first_name", "street", "postcode", "city", "country")
COLUMNS: Final = (*WRITTEN, "email", "phone")
_MOBILE: Final = frozenset(
    {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
)
Pair = tuple[str, str]
Usable = Mapping[int, frozenset[Pair]]


def usable(people: pd.DataFrame, willing: NDArray[np.bool_]) -> Usable:
    """Return, for each willing person, the addresses that nobody carries who may not be written to.

    A box that two people share is written to when both said yes.
    """
    burnt = {pair for pairs in people.loc[~willing, "identifiers"] for pair in pairs}
    kept = people.loc[willing, "identifiers"]
    numbered = zip(kept.index.tolist(), kept.tolist(), strict=True)
    return {number: frozenset(pairs) - burnt for number, pairs in numbered}


def cards_of(records: pd.DataFrame, people: pd.DataFrame, addresses: Usable) -> pd.DataFrame:
    """Return COLUMNS by person: e-mail as it is written, telephone in E.164, the newest filled cell of each.

    Args:
        records: of the export, in the order of the file.
        people: index = person, with her local ``keys``.
        addresses: those that may be used, by person.
    """
    plain = {kind: each(records[kind], identifiers(kind, records[kind])[0]) for kind in LINKING}
    plain["customer"] = records["customer"].str.strip()
    owner = _owners(records, plain, people)
    known = records[owner >= 0].reset_index(drop=True)
    whose = pd.Series(owner[owner >= 0])
    cells = {column: _newest(known[column], whose, people.index) for column in WRITTEN}
    for kind in LINKING:
        value = plain[kind][owner >= 0].reset_index(drop=True)
        pairs = zip(whose.tolist(), value.tolist(), strict=True)
        good = [(kind, text) in addresses.get(person, ()) for person, text in pairs]
        written = known[kind] if kind == "email" else value
        cells[kind] = _newest(written.where(pd.Series(good, dtype=bool), ""), whose, people.index)
    return pd.DataFrame(cells, index=people.index, columns=list(COLUMNS))


def reachable(cards: pd.DataFrame, channel: Channel) -> NDArray[np.bool_]:
    """Return who can be addressed that way, once for each address; the same row of two whatever their order."""
    if channel is Channel.POST:
        whole = (cards["street"] != "") & (cards["postcode"] != "") & (cards["last_name"] != "")
        return np.asarray(whole, dtype=np.bool_)
    kind = "email" if channel is Channel.EMAIL else "phone"
    address = cards[kind].str.casefold()
    good = address != ""
    if channel is Channel.SMS:
        good &= address.map({text: is_mobile(text) for text in address.unique()}).astype(bool)
    else:
        good &= ~address.str.startswith(FORMULA)  # no cell of a sheet may be a formula
    order = cards.assign(address=address).sort_values(["address", "customer", "last_name", "first_name"])  # fmt: skip
    again = order["address"].duplicated().reindex(cards.index)
    return np.asarray(good & ~again, dtype=np.bool_)


def is_mobile(number: str) -> bool:
    """Tell whether a telephone in E.164 takes short messages."""
    try:
        return phonenumbers.number_type(phonenumbers.parse(number)) in _MOBILE
    except phonenumbers.NumberParseException:
        return False


def national(number: str) -> str:
    """Return a telephone as people dial it: 06 12 34 56 78; 00… abroad. No spreadsheet computes it."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    if number.startswith("+33"):
        return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.NATIONAL)
    return f"00{number.removeprefix('+')}"


def _owners(
    records: pd.DataFrame, plain: Mapping[str, pd.Series], people: pd.DataFrame
) -> NDArray[np.int64]:
    """Return whose each record is, by the local keys; -1 nobody's."""
    whose = {key: n for n, keys in people["keys"].items() for key in keys}
    first, last = folding.fold_all(records["first_name"]), folding.fold_all(records["last_name"])
    called = "|" + first.where(first != "", last).astype("str")
    owner = pd.Series(np.nan, index=records.index, dtype="float64")
    for kind in ("customer", *LINKING):
        key = f"{kind}:" + plain[kind].astype("str")
        for name in (key, key + called):  # what a household shares is known with a first name
            owner = owner.fillna(name.map(whose).astype("float64"))
    return np.asarray(owner.fillna(-1), dtype=np.int64)


def _newest(cells: pd.Series, whose: pd.Series, people: pd.Index) -> pd.Series:
    text = cells.astype("str").str.split().str.join(" ")
    filled = (text != "").to_numpy()
    last = text[filled].groupby(whose[filled].to_numpy()).last()
    return last.reindex(people).fillna("").astype("str")
