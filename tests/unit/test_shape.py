"""The shape of the code that neither types nor import contracts can hold."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = [
    path
    for top in ("contracts", "venue_agent", "hub", "deploy")
    for path in sorted((ROOT / top).rglob("*.py"))
]
CEILING_LINES = 300
MADE_ONLY_IN = {
    "Raw": "venue_agent/read.py",
    "Normalised": "venue_agent/normalise.py",
    "Consented": "venue_agent/consent.py",
    "Minimised": "venue_agent/minimise.py",
    "Pseudonymised": "venue_agent/pseudonymise.py",
    "Batch": "venue_agent/pack.py",
    "Exact": "hub/vault/scan.py",
    "Charge": "hub/store/ledger.py",
    "Noised": "hub/privacy/noise.py",
}


def _calls(path: Path) -> set[str]:
    nodes = ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    return {n.func.id for n in nodes if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)}


@pytest.mark.parametrize(("name", "home"), MADE_ONLY_IN.items())
def test_each_stage_is_made_in_one_place(name: str, home: str) -> None:
    makers = {p.relative_to(ROOT).as_posix() for p in MODULES if name in _calls(p)}
    assert makers == {home}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_a_file_fits_in_the_head(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= CEILING_LINES


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_guards_stand_under_python_o(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert not [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Assert)]
