"""What the driver asks of an engine."""

import typing
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dataset import DataSet
from workload import Workload

Setting = dict[str, int | float | str]


class Unavailable(Exception):
    """The workload has no meaning for the engine; the message says why."""


@dataclass(frozen=True)
class Run:
    """All queries of a workload at one setting, as calls that can be repeated and timed.

    Everything that does not belong to a search (bitmaps, filters, requests) has been made before.
    """

    sizes: list[int]  # for each call: how many queries it answers
    call: Callable[[int], None]  # makes one call; safe from two threads for two calls
    hits: Callable[[], list[np.ndarray]]  # after each call has been made: the ids for each query, -1 for none


@dataclass(frozen=True)
class Build:
    """What the index cost; kept beside it, since later runs open what an earlier one built."""

    cpu_seconds: float
    wall_seconds: float
    bytes_beyond_raw: int  # on the disk, without 4 bytes for each value of each vector
    version: str
    settings: str

    def line(self) -> dict[str, float | str]:
        """Its part of the report's line."""
        return {
            "buildCpuSeconds": self.cpu_seconds,
            "buildWallSeconds": self.wall_seconds,
            "bytesBeyondRaw": self.bytes_beyond_raw,
            "version": self.version,
            "settings": self.settings,
        }


class Engine(typing.Protocol):
    """One engine over one data set."""

    def __init__(self, data: DataSet, k: int) -> None:
        """Builds the index, or opens it where it is under the data set's `built` directory."""

    build: Build

    def sweeps(self, workload: Workload) -> list[list[Setting]]:
        """Settings to try: each sweep goes from fast to thorough; sweeps follow from coarse to fine."""

    def prepare(self, workload: Workload, setting: Setting, threads: int) -> Run:
        """Raises Unavailable where the workload has no meaning for the engine."""
