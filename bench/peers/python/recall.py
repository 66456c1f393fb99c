"""Recall by distance: a hit counts if it is as near as the last of the exact hits."""

import numpy as np

from dataset import DataSet
from workload import Workload, matching


def distances(data: DataSet, query: int, rows: np.ndarray) -> np.ndarray:
    """Squared Euclidean, or 1 - cosine, in double precision."""
    a = data.queries[query].astype(np.float64)
    b = data.base[rows].astype(np.float64)
    if data.metric == "l2":
        return ((b - a) ** 2).sum(axis=1)
    lengths = np.linalg.norm(b, axis=1) * np.linalg.norm(a)
    return 1.0 - (b @ a) / np.where(lengths > 0, lengths, 1.0)


def recall(data: DataSet, workload: Workload, hits: list[np.ndarray]) -> float:
    """Mean over the queries that have a match. Hits that break the filter, and repeated ones, count as misses."""
    shares = []
    for query, (found, truth) in enumerate(zip(hits, workload.truth, strict=True)):
        if len(truth) == 0:
            continue
        found = np.unique(found[found >= 0])
        if workload.filters is not None and len(found):
            found = found[matching(data.attributes[found], workload.filters[query])]
        bound = float(truth[-1]) * (1 + 1e-5) + 1e-6
        near = int((distances(data, query, found) <= bound).sum()) if len(found) else 0
        shares.append(min(near, len(truth)) / len(truth))
    return float(np.mean(shares)) if shares else float("nan")
