"""JSON values that a schema accepts, and the same with one thing changed."""

import copy
from typing import Any

from hypothesis import strategies as st

Json = Any
LONG = 3


def valid(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Json]:
    """Values that *schema* accepts, small."""
    if "$ref" in schema:
        return st.deferred(lambda: valid(_resolve(schema["$ref"], root), root))
    if "anyOf" in schema:
        return st.one_of([valid(option, root) for option in schema["anyOf"]])
    if "const" in schema:
        return st.just(schema["const"])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    return _BY_TYPE[schema["type"]](schema, root)


@st.composite
def changed(draw: st.DrawFn, value: Json) -> Json:
    """*value* with one node replaced, removed, added or repeated."""
    value = copy.deepcopy(value)
    path = draw(st.sampled_from(list(_paths(value))))
    if not path:
        return draw(_other(value))
    parent = value
    for step in path[:-1]:
        parent = parent[step]
    action = draw(st.sampled_from(["replace", "replace", "replace", "remove", "add", "repeat"]))
    if action == "remove":
        del parent[path[-1]]
    elif action == "add" and isinstance(parent, dict):
        parent[draw(st.sampled_from(["extra", "", "version", "2025-2026\n"]))] = 1
    elif action == "repeat" and isinstance(parent, list):
        parent.append(copy.deepcopy(parent[path[-1]]))
    else:
        parent[path[-1]] = draw(_other(parent[path[-1]]))
    return value


def _other(node: Json) -> st.SearchStrategy[Json]:
    options: list[st.SearchStrategy[Json]] = [
        st.sampled_from(
            [None, True, False, 0, 1, 1.0, -1, 0.5, 1e300, 2**53, 2**64, "", "1", [], {}]
        ),
        st.lists(st.just(node), max_size=4),
    ]
    if isinstance(node, bool):
        return st.one_of(options)
    if isinstance(node, int):
        options += [st.just(float(node)), st.integers(node - 2, node + 2), st.integers()]
    if isinstance(node, str):
        options += [
            st.sampled_from(
                [node + "\n", "\n" + node, node.upper(), node + " ", node * 50, node[:-1]]
            ),
            st.text(max_size=5),
            st.just("é" * 2001),
            st.just("\U0001f3ad" * 2000),
        ]
    return st.one_of(options)


def _paths(value: Json, here: tuple[Any, ...] = ()) -> Any:
    yield here
    if isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _paths(item, (*here, key))


def _resolve(ref: str, root: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = root["$defs"][ref.removeprefix("#/$defs/")]
    return found


def _object(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Json]:
    for pattern, inner in schema.get("patternProperties", {}).items():
        return st.dictionaries(_matching(pattern), valid(inner, root), max_size=2)
    fields = {name: valid(inner, root) for name, inner in schema["properties"].items()}
    required = set(schema.get("required", ()))
    return st.fixed_dictionaries(
        {name: made for name, made in fields.items() if name in required},
        optional={name: made for name, made in fields.items() if name not in required},
    )


def _array(schema: dict[str, Any], root: dict[str, Any]) -> st.SearchStrategy[Json]:
    least = schema.get("minItems", 0)
    most = min(schema.get("maxItems", LONG), max(least, 2))
    if least > LONG:  # thousands drawn one by one would be too many choices for an example
        return valid(schema["items"], root).map(lambda item: [item] * least)
    return st.lists(valid(schema["items"], root), min_size=least, max_size=most)


def _integer(schema: dict[str, Any], _root: dict[str, Any]) -> st.SearchStrategy[Json]:
    most = schema.get("maximum", schema.get("exclusiveMaximum", 2**53 + 1) - 1)
    return st.integers(schema.get("minimum", -(2**53)), most)


def _string(schema: dict[str, Any], _root: dict[str, Any]) -> st.SearchStrategy[Json]:
    if "pattern" in schema:
        return _matching(schema["pattern"])
    return st.text(
        st.characters(exclude_categories=["Cs"]), min_size=schema.get("minLength", 0), max_size=8
    )


def _matching(pattern: str) -> st.SearchStrategy[str]:
    return st.from_regex(pattern.replace(r"(?!\n)", "").replace("8192", "4"), fullmatch=True)


_BY_TYPE = {
    "object": _object,
    "array": _array,
    "integer": _integer,
    "string": _string,
    "boolean": lambda _schema, _root: st.booleans(),
    "null": lambda _schema, _root: st.none(),
}
