"""Qdrant's own engine in this process: one optimized segment, attributes as indexed integers of the payload."""

import importlib.metadata
import pathlib

import numpy as np
import qdrant_edge as edge

from built import built
from dataset import DataSet
from engine import Build, Run, Setting
from progress import Progress
from workload import Workload

WIDTHS = [10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048]
OVERSAMPLING = {"float": [1.0], "int8": [1.0, 1.5, 2.0, 4.0], "1bit": [1.0, 2.0, 4.0, 8.0, 16.0]}
ROWS_PER_UPSERT = 1000
BUILD = "m=16 ef_construct=100 full_scan_threshold=10000 one segment"


class Qdrant:
    """Codes are looked up in `codes`: float (none), int8 or 1bit; with codes, hits are scored again with the vectors.

    A request with its vector and filter is made before the clock starts. A filter on one value is a match, others
    are ranges, as a user would write them. Below its full scan threshold the engine scans all matches by itself.
    """

    def __init__(self, data: DataSet, k: int, codes: list[str], acorn: bool):
        self._data = data
        self._k = k
        self._acorn = acorn
        self._shards: dict[str, edge.EdgeShard] = {}
        builds = []
        version = importlib.metadata.version("qdrant-edge-py")
        for kind in codes:
            path, build = built(
                data, f"qdrant-{kind}", version, f"{BUILD} codes={kind}", lambda path, kind=kind: self._make(path, kind)
            )
            self._shards[kind] = edge.EdgeShard.load(str(path))
            builds.append(build)
        self.build: Build = builds[0]

    def _make(self, path: pathlib.Path, kind: str) -> None:
        data = self._data
        path.mkdir()
        shard = edge.EdgeShard.create(str(path), configuration(data, kind))
        for name in data.attribute_names[: data.attributes.shape[1]]:
            index = edge.IntegerIndexParams(lookup=True, range=True, memory=edge.Memory.Pinned)
            shard.update(edge.UpdateOperation.create_field_index(name, index))
        progress = Progress(f"build qdrant {kind}", len(data.base))
        for start in range(0, len(data.base), ROWS_PER_UPSERT):
            progress.at(start, "storing rows; the graph follows")
            shard.update(edge.UpdateOperation.upsert_points(points(data, start, start + ROWS_PER_UPSERT)))
        shard.optimize()
        shard.flush()
        shard.close()

    def sweeps(self, workload: Workload) -> list[list[Setting]]:
        return [
            [
                {"codes": kind, "oversampling": factor, "ef": width}
                for width in WIDTHS
                if width >= self._k * factor
            ]
            for kind in self._shards
            for factor in OVERSAMPLING[kind]
        ]

    def prepare(self, workload: Workload, setting: Setting, threads: int) -> Run:
        kind = setting["codes"]
        parameters = edge.SearchParams(
            hnsw_ef=setting["ef"],
            quantization=None
            if kind == "float"
            else edge.QuantizationSearchParams(rescore=True, oversampling=setting["oversampling"]),
            acorn=edge.AcornSearchParams(enable=True, max_selectivity=1.0) if self._acorn else None,
        )
        requests = [
            edge.SearchRequest(
                query=edge.Query.Nearest(vector.tolist()),
                limit=self._k,
                filter=None if workload.filters is None else self._filter(workload.filters[query]),
                params=parameters,
                with_payload=False,
                with_vector=False,
            )
            for query, vector in enumerate(self._data.queries)
        ]
        answers: list[list] = [[] for _ in requests]
        search = self._shards[kind].search

        def call(number: int) -> None:
            answers[number] = search(requests[number])

        def hits() -> list[np.ndarray]:
            return [np.array([point.id for point in answer], dtype=np.int64) for answer in answers]

        return Run([1] * len(requests), call, hits)

    def _filter(self, bounds: np.ndarray) -> edge.Filter | None:
        conditions = [
            edge.FieldCondition(name, match=edge.MatchValue(int(low)))
            if low == high
            else edge.FieldCondition(name, range=edge.RangeFloat(gte=float(low), lte=float(high)))
            for name, (low, high) in zip(self._data.attribute_names, bounds, strict=False)
            if low >= 0
        ]
        return edge.Filter(must=conditions) if conditions else None


def configuration(data: DataSet, kind: str) -> edge.EdgeConfig:
    graph = edge.HnswIndexConfig(
        m=16, ef_construct=100, full_scan_threshold=10_000, max_indexing_threads=1, memory=edge.Memory.Pinned
    )
    codes = {
        "float": None,
        "int8": edge.ScalarQuantizationConfig(edge.ScalarType.Int8, memory=edge.Memory.Pinned),
        "1bit": edge.BinaryQuantizationConfig(memory=edge.Memory.Pinned),
    }[kind]
    vectors = edge.EdgeVectorParams(
        size=data.base.shape[1],
        distance=edge.Distance.Cosine if data.metric == "cosine" else edge.Distance.Euclid,
        memory=edge.Memory.Cached,
        quantization_config=codes,
        hnsw_config=graph,
    )
    # One segment of any size, indexed however small it is.
    one = edge.EdgeOptimizersConfig(default_segment_number=1, max_segment_size=10**9, indexing_threshold=1)
    return edge.EdgeConfig(vectors=vectors, optimizers=one, max_search_threads=1, wal_enabled=False)


def points(data: DataSet, start: int, end: int) -> list[edge.Point]:
    names = data.attribute_names
    return [
        edge.Point(start + number, vector, dict(zip(names, values, strict=False)))
        for number, (vector, values) in enumerate(
            zip(data.base[start:end].tolist(), data.attributes[start:end].tolist(), strict=True)
        )
    ]
