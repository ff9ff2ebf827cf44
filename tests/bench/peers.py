"""The same identities through clkhash and OpenMined's PSI, in their own environment: JSON in, JSON out.

``make bench-peers`` makes that environment of requirements-peers.lock. Nothing of ours is imported here.
"""

import json
import sys
import time

import private_set_intersection.python as psi
from clkhash import clk, schema

FIELDS = ("first", "last", "email", "phone", "street", "postcode", "city", "birth", "sex")
# Bigrams, as clkhash hashes them in the schema that it ships with its made-up names, and in its tutorial.
SHIPPED = {"strategy": {"bitsPerToken": 15}, "hash": {"type": "blakeHash"}}
TUTORIAL = {"strategy": {"bitsPerFeature": 300}, "hash": {"type": "doubleHash"}}
HEAD = {
    "version": 3,
    "clkConfig": {
        "l": 1024,
        "kdf": {
            "type": "HKDF",
            "hash": "SHA256",
            "salt": "c2FsdHNhbHRzYWx0c2FsdA==",
            "info": "",
            "keySize": 64,
        },
    },
}


def cpu(work) -> tuple[float, object]:
    """Return the CPU microseconds of this process that *work* takes, and what it returns."""
    start = time.process_time()
    result = work()
    return (time.process_time() - start) * 1e6, result


def clkhash(people: list[list[str]], hashing: dict[str, object]) -> float:
    """Return the microseconds that a Bloom filter of each person takes, all of its fields in."""
    bigrams = {"comparison": {"type": "ngram", "n": 2, "positional": False}}
    written = {"type": "string", "encoding": "utf-8"}
    features = [{"identifier": n, "format": written, "hashing": {**hashing, **bigrams}} for n in FIELDS]  # fmt: skip
    made = schema.from_json_dict({**HEAD, "features": features})
    took, filters = cpu(lambda: clk.generate_clks(people, made, "secret", max_workers=1))
    assert len(filters) == len(people)
    return took / len(people)


def intersection(people: list[list[str]]) -> float:
    """Return the microseconds that a person's e-mail and phone take at OpenMined's client: ask, then undo."""
    items = sorted({item for person in people for item in person[2:4] if item})
    client = psi.client.CreateWithNewKey(reveal_intersection=True)
    server = psi.server.CreateWithNewKey(reveal_intersection=True)
    asking, request = cpu(lambda: client.CreateRequest(items))
    setup = server.CreateSetupMessage(0.001, len(items), items, psi.DataStructure.GCS)
    response = server.ProcessRequest(request)
    undoing, found = cpu(lambda: client.GetIntersection(setup, response))
    assert len(found) == len(items)
    return (asking + undoing) / len(people)


if __name__ == "__main__":
    rows = json.load(sys.stdin)
    found = {"shipped": clkhash(rows, SHIPPED), "tutorial": clkhash(rows, TUTORIAL)}
    print(json.dumps({**found, "psi": intersection(rows)}))
