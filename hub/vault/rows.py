"""Reads the CSV files of an opened batch row by row; a bad row goes with a reason that echoes nothing."""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import pyarrow as pa

from contracts.problems import ProblemType
from contracts.ristretto import POINT_BYTES, is_valid, multiply_many
from contracts.visit import ERASURE_COLUMNS
from hub.errors import BatchRefused
from hub.vault.arms import SCHEMA as ARMS_SCHEMA
from hub.vault.fields import FieldRefused, Parse, Rules, Token, arrow_type, parse_tokens
from hub.vault.keys import VaultKeys

CHUNK: Final = 65_536
TOKENS_SCHEMA: Final = pa.schema(
    [("contribution_key", pa.uint64()), ("kind", pa.uint8()), ("point", pa.binary(POINT_BYTES))]
)


@dataclass(frozen=True)
class Erasure:
    """One withdrawal: where it holds, and the handle or the linked identifiers P that it names."""

    network: bool
    contribution_key: int | None
    points: tuple[bytes, ...]


@dataclass(frozen=True)
class Rows:
    """The rows of one batch that may stay, re-keyed, and why the others may not."""

    persons: pa.Table
    tokens: pa.Table
    visits: pa.Table
    arms: pa.Table
    erasures: tuple[Erasure, ...]
    refusals: Mapping[str, int]
    counts: Mapping[str, int]  # data rows found in each file


class Reader:
    """Reads the files of one batch for one venue."""

    def __init__(self, venue: str, rules: Rules, keys: VaultKeys) -> None:
        self._venue = venue
        self._rules = rules
        self._keys = keys
        self._refusals: Counter[str] = Counter()
        self._counts: Counter[str] = Counter()
        self._known: dict[str, int] = {}  # contribution_id -> contribution_key of accepted persons

    def read(self, files: Mapping[str, bytes]) -> Rows:
        """Return what may stay.

        Raises:
            BatchRefused: a file is not CSV in UTF-8 with the columns of the contract.
        """
        persons, tokens = self._read_persons(files.get("persons.csv"))
        visits = self._read_visits(files.get("visits.csv"))
        arms = self._read_activations(files.get("activations.csv"))
        erasures = tuple(self._read_erasures(files.get("erasures.csv")))
        told = dict(self._refusals), dict(self._counts)
        return Rows(persons, tokens, visits, arms, erasures, *told)

    def _read_persons(self, data: bytes | None) -> tuple[pa.Table, pa.Table]:
        parsers = self._rules.persons()
        columns = tuple(parsers)
        kept: list[tuple[Any, ...]] = []
        held: list[tuple[int, Token]] = []
        for row in self._parsed("persons.csv", data, parsers):
            handle, tokens, statistics, *rest = row
            if not statistics:
                self._refusals["no-statistics-consent"] += 1
            elif handle in self._known:
                self._refusals["duplicate-contribution"] += 1
            elif self._rules.astray(row):
                self._refusals["bad-epci"] += 1
            elif not _valid(tokens):
                self._refusals["bad-tokens"] += 1
            else:
                key = self._keys.contribution_key(self._venue, handle)
                self._known[handle] = key
                kept.append((key, self._keys.priority(key), statistics, *rest))
                held += [(key, token) for token in tokens]
        names = ("contribution_key", "priority", *columns[2:])
        return _table(names, kept), self._blind(held)

    def _blind(self, held: list[tuple[int, Token]]) -> pa.Table:
        """Return P = h·N for every identifier: what the custodian and hub know apart meets nowhere else."""
        points = self._times([n for _, (_, n) in held])
        return pa.table(
            {
                "contribution_key": [key for key, _ in held],
                "kind": [kind for _, (kind, _) in held],
                "point": points,
            },
            schema=TOKENS_SCHEMA,
        )

    def _read_visits(self, data: bytes | None) -> pa.Table:
        parsers = self._rules.visits()
        names = ("contribution_key", *tuple(parsers)[1:])
        chunks: list[pa.Table] = []
        kept: list[tuple[Any, ...]] = []
        for handle, *rest in self._parsed("visits.csv", data, parsers):
            key = self._known.get(handle)
            if key is None:
                self._refusals["person-not-in-batch"] += 1
                continue
            kept.append((key, *rest))
            if len(kept) == CHUNK:
                chunks.append(_table(names, kept))
                kept = []
        return pa.concat_tables([*chunks, _table(names, kept)])

    def _read_activations(self, data: bytes | None) -> pa.Table:
        kept: dict[tuple[int, str], tuple[Any, ...]] = {}
        for handle, order, arm, day in self._parsed(
            "activations.csv", data, self._rules.activations()
        ):
            key, campaign = self._known.get(handle), self._rules.campaigns.get(order)
            if not self._rules.has_arms:
                self._refusals["arm-not-in-charter"] += 1
            elif key is None:
                self._refusals["person-not-in-batch"] += 1
            elif campaign is None:
                self._refusals["order-not-issued"] += 1
            elif not campaign.first_day <= day <= campaign.last_day:
                self._refusals["day-out-of-campaign"] += 1
            elif (key, campaign.request) in kept:
                self._refusals["duplicate-arm"] += 1
            else:
                row = (key, self._keys.priority(key), campaign.request, arm, day)
                kept[key, campaign.request] = row
        columns = zip(*kept.values(), strict=True) if kept else ((),) * len(ARMS_SCHEMA)
        arrays = [pa.array(c, f.type) for c, f in zip(columns, ARMS_SCHEMA, strict=True)]
        return pa.table(arrays, schema=ARMS_SCHEMA)

    def _read_erasures(self, data: bytes | None) -> Iterator[Erasure]:
        for row in self._lines("erasures.csv", data, ERASURE_COLUMNS):
            try:
                yield self._erasure(*row)
            except (ValueError, TypeError):
                self._refusals["bad-erasure"] += 1

    def _erasure(self, scope: str, handle: str, text: str) -> Erasure:
        tokens = parse_tokens(text)
        if scope not in {"venue", "network"} or not (handle or tokens):
            raise FieldRefused
        if handle:
            self._rules.persons()["contribution_id"](handle)
        return Erasure(
            network=scope == "network",
            contribution_key=self._keys.contribution_key(self._venue, handle) if handle else None,
            points=tuple(self._times([n for _, n in tokens])),
        )

    def _times(self, evaluated: list[bytes]) -> list[bytes]:
        if not evaluated:
            return []
        data = multiply_many(self._keys.scalar, b"".join(evaluated))
        return [data[i : i + POINT_BYTES] for i in range(0, len(data), POINT_BYTES)]

    def _parsed(
        self, name: str, data: bytes | None, parsers: Mapping[str, Parse]
    ) -> Iterator[list[Any]]:
        columns, parse = tuple(parsers), tuple(parsers.values())
        for row in self._lines(name, data, columns):
            values: list[Any] = []
            try:
                for function, text in zip(parse, row, strict=True):
                    values.append(function(text))
            except (ValueError, KeyError):
                bad = (
                    columns[len(values)].replace("_", "-") if len(row) == len(columns) else "width"
                )
                self._refusals[f"bad-{bad}"] += 1
            else:
                yield values

    def _lines(
        self, name: str, data: bytes | None, columns: tuple[str, ...]
    ) -> Iterator[list[str]]:
        if data is None:
            return
        lines = csv.reader(io.TextIOWrapper(io.BytesIO(data), "utf-8", newline=""), strict=True)
        try:
            header = next(lines, None)
            if header != list(columns):
                raise BatchRefused(ProblemType.MANIFEST.slug)
            for row in lines:
                self._counts[name] += 1
                yield row
        except (csv.Error, UnicodeDecodeError):
            # `from None`: both errors could hold what was sent.
            raise BatchRefused(ProblemType.MALFORMED.slug) from None


def _valid(tokens: tuple[Token, ...]) -> bool:
    return all(is_valid(n) for _, n in tokens)


def _table(names: tuple[str, ...], rows: list[tuple[Any, ...]]) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    schema = pa.schema(
        [(name.replace("event_date", "event_day"), arrow_type(name)) for name in names]
    )
    return pa.table(
        [pa.array(c, field.type) for c, field in zip(columns, schema, strict=True)], schema=schema
    )
