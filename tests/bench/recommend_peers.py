"""implicit's ALS and BM25 on the same people, in their own environment: one .npz in, scores and speeds out.

``make bench-recommend`` makes that environment of requirements-recommend.lock. Nothing of ours is imported here.
"""

import sys
import time

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender
from scipy.sparse import csr_matrix

FACTORS = (16, 32, 64)
TEN = 10
TIMED = 20_000


def matrix(rows: np.ndarray, items: int) -> csr_matrix:
    """People × items of one where somebody went; -1 pads a row."""
    went = rows >= 0
    person = np.repeat(np.arange(len(rows)), went.sum(axis=1))
    ones = np.ones(len(person), dtype=np.float32)
    return csr_matrix((ones, (person, rows[went])), shape=(len(rows), items))


def dense(model, seen: csr_matrix, items: int) -> np.ndarray:
    """Every item's score for every person, by the model's own ``recommend``."""
    everybody = np.arange(seen.shape[0])
    ids, scores = model.recommend(everybody, seen, N=items, filter_already_liked_items=False, recalculate_user=True)  # fmt: skip
    found = np.zeros((seen.shape[0], items), dtype=np.float32)
    rows = np.repeat(everybody, ids.shape[1])
    kept = ids.ravel() >= 0
    found[rows[kept], ids.ravel()[kept]] = scores.ravel()[kept]
    return found


def speed(model, known: csr_matrix) -> float:
    """People a second of CPU, lists of ten, what they know left out."""
    some = known[:TIMED]
    start = time.process_time()
    model.recommend(np.arange(some.shape[0]), some, N=TEN)
    return some.shape[0] / (time.process_time() - start)


def main(path: str) -> None:
    given = np.load(path)
    items = int(given["items"])
    known = matrix(given["known"], items)
    levels = [name for name in given if name.startswith("shown_")]
    out = {}
    for factors in FACTORS:
        model = AlternatingLeastSquares(factors=factors, iterations=10, random_state=1, num_threads=1)  # fmt: skip
        model.fit(known, show_progress=False)
        for level in levels:
            out[f"als{factors}_{level}"] = dense(model, matrix(given[level], items), items)
        out[f"als{factors}_speed"] = speed(model, known)
    model = BM25Recommender(K=items, num_threads=1)
    model.fit(known, show_progress=False)
    for level in levels:
        out[f"bm25_{level}"] = dense(model, matrix(given[level], items), items)
    out["bm25_speed"] = speed(model, known)
    np.savez(path + ".out.npz", **out)


if __name__ == "__main__":
    main(sys.argv[1])
