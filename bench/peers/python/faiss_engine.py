"""What all indexes of faiss have in common: the file, id selectors, single queries and batches."""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"  # read when faiss loads its library

import pathlib

import faiss
import numpy as np

from built import built
from dataset import DataSet
from engine import Build, Run, Setting, Unavailable
from progress import Progress
from workload import Workload

faiss.omp_set_num_threads(1)

MIN_QUERIES_OF_A_BATCH = 4  # fewer queries to a filter, on average, are no batch worth the name


class FaissEngine:
    """An index over inner products of unit rows (cosine) or over squared distances.

    A filter is an id selector over a bitmap that is made before the clock starts. A single query goes through
    the library's own entry with pointers made before, which saves the few microseconds of the Python wrapper.
    """

    name: str  # of the file
    chunks = 1  # in how many parts rows are added; more where adding takes long, for progress

    def __init__(self, data: DataSet, k: int, batch: bool):
        self._k = k
        self._batch = batch
        self._data = data
        self._lists = max(1, round(4 * len(data.base) ** 0.5))
        self.build: Build
        path, self.build = built(data, f"faiss-{self.name}", faiss.__version__, self.settings(), self._make)
        self._index = faiss.read_index(str(path))

    def settings(self) -> str:
        """The build settings in words."""
        raise NotImplementedError

    def empty_index(self, dimension: int, metric: int) -> faiss.Index:
        raise NotImplementedError

    def sweeps(self, workload: Workload) -> list[list[Setting]]:
        raise NotImplementedError

    def parameters(self, setting: Setting, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
        raise NotImplementedError

    def _make(self, path: pathlib.Path) -> None:
        base = self._data.base
        metric = faiss.METRIC_INNER_PRODUCT if self._data.metric == "cosine" else faiss.METRIC_L2
        index = self.empty_index(base.shape[1], metric)
        progress = Progress(f"build faiss {self.name}", self.chunks + 1)
        progress.at(0, "training")
        index.train(base)
        for number, part in enumerate(np.array_split(base, self.chunks)):
            progress.at(number + 1, "adding rows")
            index.add(np.ascontiguousarray(part))
        faiss.write_index(index, str(path))

    def prepare(self, workload: Workload, setting: Setting, threads: int) -> Run:
        selectors = [faiss.IDSelectorBitmap(bitmap) for bitmap in workload.bitmaps]
        groups = workload.groups()
        if self._batch:
            if len(self._data.queries) < MIN_QUERIES_OF_A_BATCH * len(groups):
                raise Unavailable(f"{len(self._data.queries)} queries of {workload.name} have {len(groups)} filters")
            groups = [part for group in groups for part in np.array_split(group, threads)]
        else:
            groups = [np.array([query]) for query in range(len(self._data.queries))]
        parameters = [self.parameters(setting, selector) for selector in selectors or [None]]
        return self._run(groups, [parameters[workload.group_of_query[group[0]]] for group in groups], selectors)

    def _run(self, groups: list[np.ndarray], parameters: list[faiss.SearchParameters], selectors: list) -> Run:
        order = np.concatenate(groups)
        queries = np.ascontiguousarray(self._data.queries[order])
        ids = np.full((len(order), self._k), -1, dtype=np.int64)
        scores = np.zeros((len(order), self._k), dtype=np.float32)
        ends = np.cumsum([len(group) for group in groups])
        pointers = [
            (len(group), *(faiss.swig_ptr(part[end - len(group) : end]) for part in (queries, scores, ids)))
            for group, end in zip(groups, ends, strict=True)
        ]
        search, k = self._index.search_c, self._k

        def call(number: int) -> None:
            count, query, score, row = pointers[number]
            search(count, query, k, score, row, parameters[number])

        def hits() -> list[np.ndarray]:
            # The arrays behind the pointers, and what the parameters refer to, live as long as this function.
            assert len(queries) == len(scores) and selectors is not None
            return list(ids[np.argsort(order, kind="stable")])

        return Run([len(group) for group in groups], call, hits)
