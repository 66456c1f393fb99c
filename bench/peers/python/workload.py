"""A workload: one filter for each query, the rows it lets through, and the exact distances."""

from dataclasses import dataclass

import numpy as np

from dataset import DataSet, read_ragged_rows, read_rows


@dataclass(frozen=True)
class Workload:
    """Queries that have the same filter share one bitmap, so that a batch can be made of them."""

    name: str
    filters: np.ndarray | None  # (queries, attributes, 2) low and high, inclusive, -1: free; None: no filter
    group_of_query: np.ndarray  # (queries) which of the distinct filters
    bitmaps: list[np.ndarray]  # for each distinct filter: one bit a row, lowest bit first; empty without filter
    selectivity: float  # share of the rows that match, mean over the queries
    truth: list[np.ndarray]  # for each query: distances of the exact k best matches, ascending

    @staticmethod
    def read(data: DataSet, name: str, k: int) -> "Workload":
        """Fails with FileNotFoundError where the exact distances have not been computed."""
        truth = read_ragged_rows(data.directory / f"{name}.truth-{k}.fvecs")
        queries = len(data.queries)
        if len(truth) < queries:
            raise FileNotFoundError(f"{name}.truth-{k}.fvecs holds {len(truth)} of {queries} queries")
        if name == "none":
            return Workload(name, None, np.zeros(queries, np.int64), [], 1.0, truth[:queries])
        columns = data.attributes.shape[1]
        flat = read_rows(data.directory / f"{name}.filters.ivecs", np.int32)
        if flat.shape[1] != 2 * columns or len(flat) < queries:
            raise ValueError(f"{name}.filters.ivecs is {flat.shape}, not {queries} rows of {2 * columns}")
        distinct, group_of_query = np.unique(flat[:queries], axis=0, return_inverse=True)
        group_of_query = group_of_query.reshape(-1)
        masks = [matching(data.attributes, row.reshape(columns, 2)) for row in distinct]
        shares = np.array([mask.mean() for mask in masks])
        return Workload(
            name,
            flat[:queries].reshape(queries, columns, 2),
            group_of_query,
            [np.packbits(mask, bitorder="little") for mask in masks],
            float(shares[group_of_query].mean()),
            truth[:queries],
        )

    def groups(self) -> list[np.ndarray]:
        """The queries of each distinct filter."""
        return [np.flatnonzero(self.group_of_query == group) for group in range(self.group_of_query.max() + 1)]


def matching(attributes: np.ndarray, bounds: np.ndarray) -> np.ndarray:
    """Which rows satisfy all bounds."""
    mask = np.ones(len(attributes), dtype=bool)
    for column, (low, high) in enumerate(bounds):
        if low >= 0:
            mask &= (attributes[:, column] >= low) & (attributes[:, column] <= high)
    return mask
