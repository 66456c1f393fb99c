"""Makes the Parquet and HDF5 files beside this one: pip install pyarrow==26.* h5py==3.*; python make.py

The values are those that ParquetRowsTest and HdfRowsTest expect.
"""

import datetime
import uuid

import h5py
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

ROWS = 700


def vector(row, width):
    return [row + d / 4 for d in range(width)]


def table():
    rows = range(ROWS)
    return pa.table(
        {
            "id": pa.array(rows, pa.int64()),
            "emb": pa.array(
                [None if r == 5 else vector(r, 3) for r in rows], pa.list_(pa.float32())
            ),
            "title": pa.array([f"title {r}" for r in rows]),
            "price": pa.array([None if r % 7 == 0 else r / 2 for r in rows], pa.float64()),
            "is_new": pa.array([r % 2 == 0 for r in rows]),
            "tags": pa.array([["a", f"t{r}"] for r in rows], pa.list_(pa.string())),
            "day": pa.array([datetime.date(2024, 1, 1 + r % 28) for r in rows]),
            "place": pa.array([{"lon": r / 8, "lat": 1.0} for r in rows]),
        }
    )


for codec in ("none", "snappy", "zstd", "gzip"):
    pq.write_table(table(), f"{codec}.parquet", compression=codec, row_group_size=300)
pq.write_table(
    pa.table(
        {
            "a": pa.array([[1.0, 2.0]], pa.list_(pa.float64())),
            "b": pa.array([[1.0, 2.0]], pa.list_(pa.float64())),
        }
    ),
    "two-vectors.parquet",
)
pq.write_table(
    pa.table(
        {
            "id": pa.array([str(uuid.UUID(int=7)), "no id", None]),
            "vector": pa.array([[1.0, 2.0], [3.0, 4.0], [float("nan"), 0.0]], pa.list_(pa.float64())),
        }
    ),
    "bad-rows.parquet",
)

for name, kind, options in (
    ("float32", np.float32, {}),
    ("float64", np.float64, {}),
    ("uint8", np.uint8, {}),
    ("packed", np.float32, {"chunks": (100, 2), "compression": "gzip"}),
):
    with h5py.File(f"{name}.hdf5", "w") as f:
        f.attrs["distance"] = "euclidean"
        width = 3
        values = [vector(r, width) if kind != np.uint8 else [r % 256, 1, 255] for r in range(ROWS)]
        f.create_dataset("train", data=np.array(values).astype(kind), **options)
        f.create_dataset("neighbors", data=np.zeros((2, 10), np.int32))
with h5py.File("no-train.hdf5", "w") as f:
    f.create_dataset("vectors", data=np.zeros((2, 2), np.float32))
with h5py.File("flat.hdf5", "w") as f:
    f.create_dataset("train", data=np.zeros(4, np.float32))
