"""The validator and the JSON Schema of each message accept and refuse the same inputs."""

import importlib
import json
import pkgutil
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from pydantic import ValidationError

import contracts
from contracts.base import Wire, canonical
from contracts.schemas_build import FOLDER, MESSAGES, file_name, schema_of, text_of
from tests.support.schemas import changed, valid

FEW, MANY = 12, 300
ELSEWHERE = {"contracts.public_api"}  # answers, whose schemas are in docs/reference/openapi.json


def often(examples: int) -> Any:
    return settings(
        max_examples=examples, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )


each_message = pytest.mark.parametrize("message", MESSAGES, ids=lambda m: m.__name__)


@cache
def judge(message: type[Wire]) -> Draft202012Validator:
    return Draft202012Validator(json.loads((FOLDER / file_name(message)).read_text("utf-8")))


def both(message: type[Wire], text: str) -> tuple[bool, bool]:
    try:
        model = message.model_validate_json(text)
    except ValidationError:
        accepted = False
    else:
        accepted = True
        # What is signed and hashed does not depend on how the sender wrote it.
        assert message.model_validate_json(canonical(model)) == model
    return accepted, judge(message).is_valid(json.loads(text))


def agree_on_what_is_valid(message: type[Wire], examples: int) -> None:
    schema = schema_of(message)

    @often(examples)
    @given(valid(schema, schema))
    def check(value: Any) -> None:
        assert both(message, json.dumps(value)) == (True, True)

    check()


def agree_on_one_change(message: type[Wire], examples: int) -> None:
    schema = schema_of(message)
    judged: set[bool] = set()

    @often(examples)
    @given(valid(schema, schema).flatmap(changed))
    def check(value: Any) -> None:
        accepted, allowed = both(message, json.dumps(value))
        assert accepted == allowed
        judged.add(accepted)

    check()
    assert False in judged


@each_message
def test_what_the_schema_generates_is_accepted_by_both(message: type[Wire]) -> None:
    agree_on_what_is_valid(message, FEW)


@each_message
def test_one_change_is_judged_alike(message: type[Wire]) -> None:
    agree_on_one_change(message, FEW * 3)


@pytest.mark.long
@each_message
def test_many_changes_are_judged_alike(message: type[Wire]) -> None:
    agree_on_what_is_valid(message, MANY)
    agree_on_one_change(message, MANY)


@settings(max_examples=60, deadline=None)
@given(
    st.recursive(
        st.none()
        | st.booleans()
        | st.integers()
        | st.floats(allow_nan=False)
        | st.text(st.characters(exclude_categories=["Cs"])),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(st.text("abc"), inner, max_size=3)
        ),
        max_leaves=8,
    )
)
def test_any_other_json_is_refused_by_both(value: Any) -> None:
    for message in MESSAGES:
        assert both(message, json.dumps(value)) == (False, False)


@each_message
def test_the_schema_file_is_current(message: type[Wire]) -> None:
    assert (FOLDER / file_name(message)).read_text("utf-8") == text_of(message), (
        "run: python -m contracts.schemas_build"
    )


def test_every_wire_model_has_its_place_in_a_schema() -> None:
    files = sorted(path.name for path in FOLDER.iterdir())
    assert files == sorted(file_name(message) for message in MESSAGES)
    named = {message.__name__ for message in MESSAGES}
    for message in MESSAGES:
        named |= schema_of(message).get("$defs", {}).keys()
    for module in pkgutil.iter_modules(contracts.__path__, "contracts."):
        importlib.import_module(module.name)
    ours = {
        model.__name__
        for model in Wire.__subclasses__()
        if model.__module__.startswith("contracts.") and model.__module__ not in ELSEWHERE
    }
    assert ours <= named
