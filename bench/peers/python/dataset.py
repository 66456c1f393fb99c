"""A data set's directory, read into arrays. The layout stands in bench/README.md."""

import hashlib
import pathlib
from dataclasses import dataclass

import numpy as np


def read_vectors(directory: pathlib.Path, name: str) -> np.ndarray:
    """`name`.fvecs or `name`.npy as float32 rows."""
    npy = directory / f"{name}.npy"
    if npy.is_file():
        return np.ascontiguousarray(np.load(npy), dtype=np.float32)
    return read_rows(directory / f"{name}.fvecs", np.float32)


def read_rows(file: pathlib.Path, kind: type) -> np.ndarray:
    """An .fvecs or .ivecs file whose rows have one length; 4 bytes a value, the length before each row."""
    values = np.fromfile(file, dtype="<i4")
    if values.size == 0:
        return np.empty((0, 0), dtype=kind)
    width = int(values[0]) + 1
    if width < 1 or values.size % width or not (values[::width] == width - 1).all():
        raise ValueError(f"{file} does not hold rows of {width - 1} values")
    return np.ascontiguousarray(values.reshape(-1, width)[:, 1:]).view(np.dtype(kind).newbyteorder("<"))


def read_ragged_rows(file: pathlib.Path) -> list[np.ndarray]:
    """An .fvecs file whose rows may differ in length."""
    values = np.fromfile(file, dtype="<i4")
    rows = []
    at = 0
    while at < values.size:
        end = at + 1 + int(values[at])
        rows.append(values[at + 1 : end].view("<f4"))
        at = end
    return rows


def read_properties(file: pathlib.Path) -> dict[str, str]:
    lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
    pairs = (line.split("=", 1) for line in lines if "=" in line and line[0] not in "#!")
    return {key.strip(): value.strip() for key, value in pairs}


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Rows of length 1; a row of zeros stays."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, lengths, out=rows.copy(), where=lengths > 0)


@dataclass(frozen=True)
class DataSet:
    """Rows, queries and attributes. Cosine sets have unit rows and unit queries."""

    directory: pathlib.Path
    name: str
    metric: str  # "l2" or "cosine"
    base: np.ndarray  # (rows, dimension) float32
    queries: np.ndarray  # (queries, dimension) float32
    attributes: np.ndarray  # (rows, attributes) int32, not negative
    attribute_names: list[str]

    @staticmethod
    def read(directory: pathlib.Path, queries: int) -> "DataSet":
        """Reads at most `queries` of the queries; 0: all."""
        properties = read_properties(directory / "dataset.properties")
        metric = properties.get("metric", "l2")
        if metric not in ("l2", "cosine"):
            raise ValueError(f"metric must be l2 or cosine, was {metric}")
        base = read_vectors(directory, "base")
        asked = read_vectors(directory, "queries")
        asked = asked[:queries] if queries else asked
        if metric == "cosine":
            base, asked = unit_rows(base), unit_rows(asked)
        file = directory / "attributes.ivecs"
        attributes = read_rows(file, np.int32) if file.is_file() else np.empty((len(base), 0), np.int32)
        if len(attributes) != len(base):
            raise ValueError(f"{file} has {len(attributes)} rows, the base has {len(base)}")
        names = [name.strip() for name in properties.get("attributes", "").split(",") if name.strip()]
        names += [f"attribute{column}" for column in range(len(names), attributes.shape[1])]
        return DataSet(
            directory, properties.get("name", directory.name), metric, base, asked, attributes, names
        )

    def workload_names(self) -> list[str]:
        filtered = [file.name.removesuffix(".filters.ivecs") for file in self.directory.glob("*.filters.ivecs")]
        return ["none"] + sorted(filtered)

    def fingerprint(self) -> str:
        """Tells an index built over other rows or attributes from one built over these."""
        digest = hashlib.blake2b(repr((self.base.shape, self.metric)).encode(), digest_size=4)
        step = max(1, len(self.base) // 1000)
        digest.update(np.ascontiguousarray(self.base[::step]).tobytes())
        digest.update(np.ascontiguousarray(self.attributes[::step]).tobytes())
        return digest.hexdigest()
