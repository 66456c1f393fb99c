"""Times one setting: warm-up, repetitions over all queries, the median repetition counts."""

import gc
import threading
import time
from dataclasses import dataclass

import numpy as np

from engine import Run

MIN_REPETITIONS = 5
MAX_REPETITIONS = 25
MIN_SECONDS = 0.2  # of processor time for all repetitions: short ones are repeated more often


@dataclass(frozen=True)
class Timing:
    """Figures of the median repetition; a latency is the wall time of the call that answers the query."""

    cpu_qps: float  # queries per second of processor time, times the number of threads
    wall_qps: float
    p50_micros: float
    p99_micros: float
    repetitions: int


def measure(run: Run, threads: int) -> Timing:
    """Runs all calls of `run`, once for warm-up, then timed. The caller has made each call once already.

    Processor time is that of the process, since an engine may answer on a thread of its own. With two
    threads each makes every other call.
    """
    repetition(run, threads)
    taken = []
    gc.collect()
    gc.disable()
    try:
        while len(taken) < MIN_REPETITIONS or (
            len(taken) < MAX_REPETITIONS and sum(cpu for cpu, _, _ in taken) < MIN_SECONDS
        ):
            taken.append(repetition(run, threads))
    finally:
        gc.enable()
    cpu, wall, nanos = sorted(taken, key=lambda one: one[0])[len(taken) // 2]
    sizes = np.asarray(run.sizes)
    micros = np.repeat(nanos / 1e3, sizes)
    queries = int(sizes.sum())
    p50, p99 = np.percentile(micros, [50, 99])
    return Timing(threads * queries / cpu, queries / wall, float(p50), float(p99), len(taken))


def repetition(run: Run, threads: int) -> tuple[float, float, np.ndarray]:
    """Processor seconds, wall seconds, and the nanoseconds of each call."""
    nanos = np.zeros(len(run.sizes), dtype=np.int64)
    workers = [threading.Thread(target=calls, args=(run.call, nanos, part, threads)) for part in range(1, threads)]
    wall = time.perf_counter()
    cpu = time.process_time()
    for worker in workers:
        worker.start()
    calls(run.call, nanos, 0, threads)
    for worker in workers:
        worker.join()
    return time.process_time() - cpu, time.perf_counter() - wall, nanos


def calls(call, nanos: np.ndarray, first: int, step: int) -> None:
    clock = time.perf_counter_ns
    spent = []
    for number in range(first, len(nanos), step):
        before = clock()
        call(number)
        spent.append(clock() - before)
    nanos[first::step] = spent
