"""Our identifiers beside clkhash and OpenMined's PSI on the same identities, in the same run."""

import json
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from contracts import ristretto, voprf
from contracts.linkage import IdentifierKind, identifier, normalise_email, normalise_phone
from deploy.demo.identities import make_people

PROGRAM = Path(__file__).with_name("peers.py")
PYTHON = Path(__file__).parents[2] / "var/build/peers/bin/python"
PEOPLE = 2_000
ROUNDS = 3
Person = list[str]


def identities(count: int) -> list[Person]:
    """Return what a box office knows of fictitious people, in the order of ``peers.FIELDS``."""
    people = make_people(np.random.default_rng(1), count=count, year=2025)
    return [
        [
            *(p.first, p.last, p.mail, f"0{p.phone}" if p.phone else "", p.street),
            *(p.home.postcode, p.home.city, str(p.birth_year), p.sex),
        ]
        for p in people
    ]


def ours(people: list[Person]) -> float:
    """Return the CPU microseconds per person of both identifiers: normalise, blind, unblind."""
    answer = b"".join(ristretto.random_point() for _ in range(2 * len(people)))
    start = time.process_time()
    items = []
    for person in people:
        found = ((IdentifierKind.EMAIL, normalise_email(person[2])), (IdentifierKind.PHONE, normalise_phone(person[3])))  # fmt: skip
        items += [identifier(kind, text) for kind, text in found if text]
    voprf.unblind(voprf.blind(items), answer[: len(items) * ristretto.POINT_BYTES])
    return (time.process_time() - start) * 1e6 / len(people)


def rows(people: int = PEOPLE, rounds: int = ROUNDS) -> Iterator[tuple[str, str, str, str]]:
    if not PYTHON.exists():
        yield "clkhash and PSI", "not measured", "", "make bench-peers makes their environment"
        return
    persons = identities(people)
    text = json.dumps(persons)
    found: dict[str, float] = dict.fromkeys(("ours", "shipped", "tutorial", "psi"), 0.0)
    for _ in range(rounds):
        found["ours"] += ours(persons) / rounds
        done = subprocess.run(
            [PYTHON, PROGRAM], input=text, capture_output=True, text=True, check=True
        )
        for name, took in json.loads(done.stdout).items():
            found[name] += took / rounds
    names = {
        "ours": "agent: e-mail and phone, normalised, blinded, unblinded",
        "shipped": "clkhash: nine fields, hashed as in its shipped schema",
        "tutorial": "clkhash: nine fields, hashed as in its tutorial",
        "psi": "OpenMined PSI, client: e-mail and phone",
    }
    for name, what in names.items():
        ratio = "" if name == "ours" else f"{found[name] / found['ours']:.2f} × ours"
        target = "" if name == "ours" else "more than 1"
        yield f"{what}, a person", f"{found[name]:.0f} µs of CPU", ratio, target
