"""Runs an engine through its settings and says when further ones are not worth their time."""

import time

from dataset import DataSet
from engine import Engine, Run, Setting
from measure import measure
from progress import Progress
from recall import recall
from report import Report
from workload import Workload

TARGETS = (0.90, 0.95, 0.99)  # of the report: what counts of a sweep is the fastest point that reaches each
ENOUGH_RECALL = 0.995  # a more thorough setting is only slower
LEAST_RECALL = 0.8  # below, a point is timed only where its sweep gets no further
LEAST_GAIN = 0.001  # of recall, over the last two settings: less means that the sweep has run into its end
MAX_POINT_SECONDS = 60.0  # a point that takes longer ends its sweep


class Sweep:
    """One engine on one workload."""

    def __init__(
        self, name: str, engine: Engine, data: DataSet, workload: Workload, k: int, threads: int, report: Report
    ):
        self._name = name
        self._engine = engine
        self._data = data
        self._workload = workload
        self._k = k
        self._threads = threads
        self._report = report
        self._fastest = dict.fromkeys(TARGETS, 0.0)  # queries per second so far, 0: target not reached

    def run(self) -> None:
        """Writes a line for each point; sweeps end when the last target is reached and one more makes none faster."""
        sweeps = self._engine.sweeps(self._workload)
        progress = Progress(f"{self._name} {self._workload.name}", sum(len(settings) for settings in sweeps))
        done = 0
        for settings in sweeps:
            before = dict(self._fastest)
            self._follow(settings, progress, done)
            done += len(settings)
            if before[TARGETS[-1]] > 0 and before == self._fastest:
                break

    def _follow(self, settings: list[Setting], progress: Progress, done: int) -> None:
        recalls: list[float] = []
        for number, setting in enumerate(settings):
            progress.at(done + number, words(setting))
            started = time.monotonic()
            run = self._engine.prepare(self._workload, setting, self._threads)
            for call in range(len(run.sizes)):
                run.call(call)
            recalls.append(recall(self._data, self._workload, run.hits()))
            flat = len(recalls) > 3 and recalls[-1] > 0.5 and recalls[-1] - recalls[-3] < LEAST_GAIN
            last = recalls[-1] >= ENOUGH_RECALL or flat or number == len(settings) - 1
            if last or recalls[-1] >= LEAST_RECALL:
                self._time(run, setting, recalls[-1])
            if last or time.monotonic() - started > MAX_POINT_SECONDS:
                break

    def _time(self, run: Run, setting: Setting, reached: float) -> None:
        timing = measure(run, self._threads)
        for target, fastest in self._fastest.items():
            if reached >= target:
                self._fastest[target] = max(fastest, timing.cpu_qps)
        self._report.write(
            {
                "engine": self._name,
                "dataset": self._data.name,
                "workload": self._workload.name,
                "selectivity": round(self._workload.selectivity, 6),
                "setting": words(setting),
                "recall": round(reached, 5),
                "cpuQps": round(timing.cpu_qps, 1),
                "wallQps": round(timing.wall_qps, 1),
                "p50Micros": round(timing.p50_micros, 2),
                "p99Micros": round(timing.p99_micros, 2),
                "k": self._k,
                "threads": self._threads,
                "queries": len(self._data.queries),
                "repetitions": timing.repetitions,
            }
        )


def words(setting: Setting) -> str:
    return " ".join(f"{key}={value}" for key, value in setting.items())
