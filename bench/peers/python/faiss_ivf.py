"""faiss' inverted files: vectors in lists around centroids, plain or as codes with a second look at the vectors."""

import faiss

from engine import Setting
from faiss_engine import FaissEngine
from workload import Workload

PROBES = [2, 4, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 3072, 4096]
REFINE_FACTORS = [2, 4, 8, 16, 32, 64]


class FaissIvfFlat(FaissEngine):
    name = "ivf"

    def settings(self) -> str:
        return f"IVF{self._lists},Flat"

    def empty_index(self, dimension: int, metric: int) -> faiss.Index:
        return faiss.index_factory(dimension, self.settings(), metric)

    def probes(self) -> list[int]:
        """Numbers of lists to visit, the last one all of them."""
        return [probes for probes in PROBES if probes < self._lists] + [self._lists]

    def sweeps(self, workload: Workload) -> list[list[Setting]]:
        return [[{"nprobe": probes} for probes in self.probes()]]

    def parameters(self, setting: Setting, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
        return faiss.SearchParametersIVF(nprobe=setting["nprobe"], sel=selector)


class FaissIvfPq(FaissIvfFlat):
    """4-bit product quantization of two values each, scanned with shuffles; the best k x refine are looked at again."""

    name = "ivfpq"

    def settings(self) -> str:
        dimension = self._data.base.shape[1]
        return f"IVF{self._lists},PQ{dimension // 2 if dimension % 2 == 0 else dimension}x4fs,RFlat"

    def sweeps(self, workload: Workload) -> list[list[Setting]]:
        return [[{"refine": factor, "nprobe": probes} for probes in self.probes()] for factor in REFINE_FACTORS]

    def parameters(self, setting: Setting, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
        return faiss.IndexRefineSearchParameters(
            k_factor=setting["refine"], base_index_params=self.list_parameters(setting, selector)
        )

    def list_parameters(self, setting: Setting, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
        return faiss.SearchParametersIVF(nprobe=setting["nprobe"], sel=selector)


class FaissIvfRaBitQ(FaissIvfPq):
    """1-bit codes with corrections. No random rotation: it was tried and cost time without gaining recall."""

    name = "rabitq"

    def settings(self) -> str:
        return f"IVF{self._lists},RaBitQfs,RFlat"

    def list_parameters(self, setting: Setting, selector: faiss.IDSelector | None) -> faiss.SearchParameters:
        return faiss.IVFRaBitQSearchParameters(nprobe=setting["nprobe"], sel=selector)
