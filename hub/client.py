"""Read an observatory from a notebook: measures as pandas tables, each figure with its interval.

    from hub.client import Observatory

    site = Observatory("https://hub.example.org")
    site.measure("lead_time", age="18-25")

It reads the public API alone (``contracts.public_api``): what is published, with noise drawn once. It sends nothing.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

import pandas as pd
import requests

from contracts import public_api as api
from contracts.problems import Problem

TIMEOUT_SECONDS: Final = 30.0
FIGURES: Final = ("value", "ci_low", "ci_high")
AFTER: Final = ("suppressed", "wording", "unit", "table", "edition")


class ObservatoryError(Exception):
    """The observatory refused, or did not answer; the message says which, and what to do."""


class Observatory:
    """One network's published figures.

    Args:
        url: address of its site.
        lang: language of labels and titles, ``fr`` or ``en``.
        session: a ``requests.Session`` of yours (proxy, certificates); one is made otherwise.
    """

    def __init__(
        self, url: str, *, lang: api.Tongue = "fr", session: requests.Session | None = None
    ) -> None:
        self._url, self._lang = url.rstrip("/"), lang
        self._session = session or requests.Session()

    def editions(self) -> pd.DataFrame:
        """Return the published editions, the oldest first: dates, price in ρ and ε, measures, fingerprint."""
        found = self._get(api.API_EDITIONS)
        rows = [{**each, "rho": each["rho_micro"] / 1e6} for each in found["editions"]]
        return pd.DataFrame(rows).drop(columns="rho_micro", errors="ignore")

    def tables(self, edition: str = api.LATEST) -> pd.DataFrame:
        """Return the tables of an edition: measure, question, title, keys, unit, number of figures."""
        return pd.DataFrame(self._get(api.API_TABLES, edition=edition)["tables"])

    def measure(
        self,
        name: str,
        *,
        table: str | None = None,
        edition: str = api.LATEST,
        labels: bool = False,
        covered: bool = False,
        **keys: str,
    ) -> pd.DataFrame:
        """Return a measure's figures, a row each.

        Args:
            name: the measure, ``lead_time`` or ``lead-time``.
            table: one of its tables; all of them otherwise, told apart by the column ``table``.
            edition: an edition's short name; the newest otherwise.
            labels: write keys in words instead of codes.
            covered: give the values that chance covers too; they are NaN otherwise, their intervals remain.
            **keys: keep only the rows that hold these keys (codes): ``age="18-25"``.

        Returns:
            Columns: the keys, then ``value``, ``ci_low``, ``ci_high`` (95 %, in ``unit``), ``suppressed`` (chance covers
            it), ``wording``, ``unit``, ``table``, ``edition``. ``attrs`` says the price, the fingerprint and how to read it.

        Raises:
            ObservatoryError: no such measure, table or edition, or no answer.
        """
        found = self._get(api.API_MEASURE, edition=edition, measure=name.replace("_", "-"))
        tables = [t for t in found["tables"] if table in (None, t["table"])]
        if not tables:
            known = ", ".join(t["table"] for t in found["tables"])
            raise ObservatoryError(f"Measure {name} has no such table. It has: {known}.")
        frames = [_frame(t, keys, labels=labels, covered=covered) for t in tables]
        kept = [frame for frame in frames if len(frame)] or frames[:1]
        joined = pd.concat(kept, ignore_index=True)
        last = [*FIGURES, *AFTER]
        joined = joined[[*(c for c in joined.columns if c not in last), *last]]
        joined.attrs.update(_about(tables))
        return joined

    def question(self, question: str, edition: str = api.LATEST) -> pd.DataFrame:
        """Return the figures that answer a question of the catalogue, ``Q01`` to ``Q32``.

        Raises:
            ObservatoryError: nothing answers it; the message says why, and what to ask instead.
        """
        params = {} if edition == api.LATEST else {"edition": edition}
        asked = self._get(api.API_QUESTION, params, question=question.upper())["questions"][0]
        if not asked["answered"]:
            instead = f" ({', '.join(asked['nearest'])})" if asked["nearest"] else ""
            raise ObservatoryError(f"{asked['why']}{instead}")
        found = self.measure(asked["measure"], edition=edition)
        own = found["table"].isin(asked["tables"])
        return found[own].dropna(axis="columns", how="all") if own.any() else found

    def venues(self) -> pd.DataFrame:
        """Return the members of the network: name, discipline, place, and the group in which a small one appears."""
        return pd.DataFrame(self._get(api.API_VENUES)["venues"])

    def _get(self, path: str, params: Mapping[str, str] | None = None, **parts: str) -> Any:
        """Return the JSON at a path of the API."""
        for name, value in parts.items():
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        try:
            answer = self._session.get(
                self._url + path, params={"lang": self._lang, **(params or {})}, timeout=TIMEOUT_SECONDS
            )  # fmt: skip
        except requests.RequestException as error:
            raise ObservatoryError(
                f"No answer from {self._url}. Check the address and the network, then ask again."
            ) from error
        if answer.ok:
            return answer.json()
        raise ObservatoryError(_refusal(answer))


def _refusal(answer: requests.Response) -> str:
    try:
        problem = Problem.model_validate_json(answer.content)
    except ValueError:
        return f"HTTP {answer.status_code} without a reason: is this the address of an observatory?"
    return f"{problem.title} {problem.detail}"


def _frame(
    table: Mapping[str, Any], keys: Mapping[str, str], *, labels: bool, covered: bool
) -> pd.DataFrame:
    said = "labels" if labels else "keys"
    rows = [
        {**row[said], **{name: row[name] for name in (*FIGURES, "suppressed", "wording")}}
        for row in table["rows"]
        if all(row["keys"].get(column) == key for column, key in keys.items())
    ]
    columns = [*table["columns"], *FIGURES, "suppressed", "wording"]
    frame = pd.DataFrame(rows, columns=columns)
    if not covered:
        frame["value"] = frame["value"].mask(frame["suppressed"].astype(bool))
    return frame.assign(unit=table["unit"], table=table["table"], edition=table["edition"])


def _about(tables: list[Any]) -> dict[str, Any]:
    first = tables[0]
    return {
        "edition": first["edition"],
        "edition_sha256": first["edition_sha256"],
        "measure": first["measure"],
        "rho": first["rho_micro"] / 1e6,
        "period": (first["first_day"], first["last_day"]),
        "demonstration": first["demonstration"],
        "how_to_read": {table["table"]: table["how_to_read"] for table in tables},
    }
