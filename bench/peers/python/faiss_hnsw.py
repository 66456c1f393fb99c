"""faiss' graph of small worlds, with an id selector inside the walk."""

import faiss

from engine import Setting
from faiss_engine import FaissEngine
from workload import Workload

WIDTHS = [10, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 2048, 4096]


class FaissHnsw(FaissEngine):
    name = "hnsw"
    chunks = 50

    def settings(self) -> str:
        return "M=16 efConstruction=100"

    def empty_index(self, dimension: int, metric: int) -> faiss.Index:
        index = faiss.IndexHNSWFlat(dimension, 16, metric)
        index.hnsw.efConstruction = 100
        return index

    def sweeps(self, workload: Workload) -> list[list[Setting]]:
        return [[{"ef": width} for width in WIDTHS if width >= self._k]]

    def parameters(self, setting: Setting, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
        return faiss.SearchParametersHNSW(efSearch=setting["ef"], sel=selector)
