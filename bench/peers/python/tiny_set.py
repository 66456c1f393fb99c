"""A data set small enough for a test: 2,000 rows of 32 values around 40 centres, two attributes, three workloads."""

import pathlib

import numpy as np

from dataset import DataSet
from recall import distances
from workload import matching

ROWS, DIMENSION, QUERIES, CENTRES = 2_000, 32, 60, 40


def write(directory: pathlib.Path, metric: str, k: int, seed: int = 1) -> None:
    """Writes all files, the exact distances of the `k` best matches by brute force among them."""
    random = np.random.default_rng(seed)
    centres = random.standard_normal((CENTRES, DIMENSION))
    base = around(centres, ROWS, random)
    queries = around(centres, QUERIES, random)
    attributes = np.stack([random.integers(0, 5, ROWS), random.integers(0, 1000, ROWS)], axis=1)
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "dataset.properties").write_text(
        f"name=tiny-{metric}\nmetric={metric}\ngenerated=true\nabout=made by a test\nattributes=kind,time\n"
    )
    write_rows(directory / "base.fvecs", list(base))
    # Half precision and another format: both must be read.
    np.save(directory / "queries.npy", queries.astype(np.float16))
    write_rows(directory / "attributes.ivecs", list(attributes.astype("<i4")))
    kinds = np.stack([random.integers(0, 5, QUERIES)] * 2 + [np.full(QUERIES, -1)] * 2, axis=1)
    low = random.integers(0, 700, QUERIES)
    both = np.stack([*kinds[:, :2].T, low, low + 300], axis=1)
    filters = {"kind": kinds, "both": both}
    for name, rows in filters.items():
        write_rows(directory / f"{name}.filters.ivecs", list(rows.astype("<i4")))
    data = DataSet.read(directory, 0)
    free = np.full((QUERIES, 4), -1)
    for name, rows in {"none": free, **filters}.items():
        truth = [exact(data, query, bounds.reshape(2, 2), k) for query, bounds in enumerate(rows)]
        write_rows(directory / f"{name}.truth-{k}.fvecs", truth)


def around(centres: np.ndarray, rows: int, random: np.random.Generator) -> np.ndarray:
    values = centres[random.integers(0, len(centres), rows)] + 0.5 * random.standard_normal((rows, DIMENSION))
    return values.astype("<f4")


def exact(data: DataSet, query: int, bounds: np.ndarray, k: int) -> np.ndarray:
    rows = np.flatnonzero(matching(data.attributes, bounds))
    return np.sort(distances(data, query, rows))[:k].astype("<f4")


def write_rows(file: pathlib.Path, rows: list[np.ndarray]) -> None:
    with open(file, "wb") as out:
        for row in rows:
            out.write(np.int32(len(row)).tobytes() + row.tobytes())
