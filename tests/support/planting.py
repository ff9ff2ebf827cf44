"""Plants an error in a module of ours, in place, for as long as a test needs it."""

import ast
import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

from venue_agent.errors import AgentError

SEEN = (AgentError, AssertionError, AttributeError, IndexError, KeyError, TypeError, ValueError)
"""How a mutant is found out: a scenario fails, or the code cannot go on."""


@contextmanager
def planted(module: ModuleType, old: str, new: str) -> Iterator[None]:
    """Run with *new* in the place of *old*, which the module's source must hold exactly once."""
    text = source(module)
    assert text.count(old) == 1, f"{module.__name__} holds {old!r} {text.count(old)} times"
    with swapped(module, text.replace(old, new)):
        yield


@contextmanager
def swapped(module: ModuleType, text: str) -> Iterator[None]:
    """Run with the functions, methods and constants that *text* makes of *module*.

    Functions keep their identity and take other code, so that whoever imported them is served too.
    """
    space: dict[str, Any] = dict(vars(module))
    exec(compile(text, str(module.__file__), "exec"), space)
    undone = []
    for name, thing in list(vars(module).items()):
        for before, after in _functions(module, thing, space.get(name)):
            undone.append((before, before.__code__, before.__defaults__))
            before.__code__, before.__defaults__ = after.__code__, after.__defaults__
    try:
        yield
    finally:
        for function, code, defaults in undone:
            function.__code__, function.__defaults__ = code, defaults


def source(module: ModuleType) -> str:
    return Path(str(module.__file__)).read_text(encoding="utf-8")


def _functions(
    module: ModuleType, before: Any, after: Any
) -> Iterator[tuple[FunctionType, FunctionType]]:
    if getattr(before, "__module__", "") != module.__name__:
        return
    if inspect.isfunction(before):
        yield before, after
    elif inspect.isclass(before):
        for name, method in vars(before).items():
            if inspect.isfunction(method) and name in vars(after):
                yield method, vars(after)[name]


FLIPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
}


def mutants(module: ModuleType) -> Iterator[tuple[str, str]]:
    """Yield every mutant by one operator, sign or truth: where and what it is, and the whole source."""
    text = source(module)
    for place in range(len(_places(ast.parse(text)))):
        tree = ast.parse(text)
        node = _places(tree)[place]
        what = ast.unparse(node)
        _change(node)
        told = f"{what[:60]} → {ast.unparse(node)[:60]}"
        yield told, ast.unparse(ast.fix_missing_locations(tree))


def _places(tree: ast.AST) -> list[ast.AST]:
    """Return what may be changed.

    How rows are numbered, that values are frozen, and that zip() counts two lists which one comprehension
    made of the other, is nobody's answer.
    """
    keywords = [node for node in ast.walk(tree) if isinstance(node, ast.keyword)]
    numbering = {
        id(k.value) for k in keywords if k.arg in ("ignore_index", "drop", "frozen", "strict")
    }
    return [n for n in ast.walk(tree) if _changes(n) and id(n) not in numbering]


def _changes(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        return type(node.ops[0]) in FLIPS
    if isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        return type(node.op) in FLIPS
    if isinstance(node, ast.UnaryOp):
        return isinstance(node.op, ast.Invert | ast.Not)
    return isinstance(node, ast.Constant) and isinstance(node.value, bool)


def _change(node: ast.AST) -> None:
    if isinstance(node, ast.Compare):
        node.ops[0] = FLIPS[type(node.ops[0])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.BinOp | ast.BoolOp | ast.AugAssign):
        node.op = FLIPS[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd() if isinstance(node.op, ast.Invert) else node.op
        if isinstance(node.op, ast.Not):
            node.operand = ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.Constant):
        node.value = not node.value
