"""implicit's ALS, BM25 and cosine on the same people, in their own environment: one .npz in, first items out; or its speeds, turn by turn.

``make bench-recommend`` makes that environment of requirements-recommend.lock. Nothing of ours is imported here.
"""

import sys
import time

import numpy as np
from implicit.als import AlternatingLeastSquares
from implicit.nearest_neighbours import BM25Recommender, CosineRecommender
from scipy.sparse import csr_matrix

FACTORS = (16, 32, 64)
TEN = 10
LISTED = 32  # twenty are judged, and at most seven are known already
TIMED = 20_000


def matrix(rows: np.ndarray, items: int) -> csr_matrix:
    """People × items of one where somebody went; -1 pads a row."""
    went = rows >= 0
    person = np.repeat(np.arange(len(rows)), went.sum(axis=1))
    ones = np.ones(len(person), dtype=np.float32)
    return csr_matrix((ones, (person, rows[went])), shape=(len(rows), items))


def best(model, seen: csr_matrix, items: int) -> tuple[np.ndarray, np.ndarray]:
    """Every person's first LISTED items and their scores, by the model's own ``recommend``; -1 pads."""
    everybody = np.arange(seen.shape[0])
    return model.recommend(everybody, seen, N=min(items, LISTED), filter_already_liked_items=False, recalculate_user=True)  # fmt: skip


def speed(model, known: csr_matrix) -> float:
    """People a second of CPU, lists of ten, what they know left out."""
    some = known[:TIMED]
    start = time.process_time()
    model.recommend(np.arange(some.shape[0]), some, N=TEN)
    return some.shape[0] / (time.process_time() - start)


def serve(path: str) -> None:
    """Fit what is timed; then answer each name read with its speed, in turn with others in another process."""
    given = np.load(path)
    known = matrix(given["known"], int(given["items"]))
    models = {"als64": AlternatingLeastSquares(factors=64, iterations=3, random_state=1, num_threads=1)}  # fmt: skip
    models["bm25"] = BM25Recommender(K=int(given["items"]), num_threads=1)
    models["cosine"] = CosineRecommender(num_threads=1)
    for model in models.values():
        model.fit(known, show_progress=False)
    for name in map(str.strip, sys.stdin):
        print(speed(models[name], known), flush=True)


def main(path: str) -> None:
    given = np.load(path)
    items = int(given["items"])
    known = matrix(given["known"], items)
    levels = [name for name in given if name.startswith("shown_")]
    models = {f"als{n}": AlternatingLeastSquares(factors=n, iterations=10, random_state=1, num_threads=1) for n in FACTORS}  # fmt: skip
    models["bm25"] = BM25Recommender(K=items, num_threads=1)
    models["cosine"] = CosineRecommender(num_threads=1)  # as it comes: twenty neighbours an item
    out = {}
    for name, model in models.items():
        model.fit(known, show_progress=False)
        for level in levels:
            ids, scores = best(model, matrix(given[level], items), items)
            out |= {f"{name}_{level}_ids": ids, f"{name}_{level}_scores": scores}
    np.savez(path + ".out.npz", **out)


if __name__ == "__main__":
    serve(sys.argv[2]) if sys.argv[1] == "speeds" else main(sys.argv[1])
