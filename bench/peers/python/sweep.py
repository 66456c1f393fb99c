"""Runs an engine through its settings and says when further ones are not worth their time."""

import time

from dataset import DataSet
from engine import Engine, Setting
from measure import measure
from progress import Progress
from recall import recall
from report import Report
from workload import Workload

ENOUGH_RECALL = 0.995  # the highest target of the report is 0.99; a more thorough setting is only slower
LEAST_GAIN = 0.001  # of recall, over the last two settings: less means that the sweep has run into its end
MAX_POINT_SECONDS = 60.0  # a point that takes longer ends its sweep


def sweep(
    name: str, engine: Engine, data: DataSet, workload: Workload, k: int, threads: int, report: Report
) -> None:
    """Writes a line for each point."""
    sweeps = engine.sweeps(workload)
    progress = Progress(f"{name} {workload.name}", sum(len(settings) for settings in sweeps))
    done = 0
    enough = 0
    for settings in sweeps:
        recalls: list[float] = []
        for number, setting in enumerate(settings):
            progress.at(done + number, words(setting))
            started = time.monotonic()
            recalls.append(point(name, engine, data, workload, setting, k, threads, report))
            if recalls[-1] >= ENOUGH_RECALL or time.monotonic() - started > MAX_POINT_SECONDS:
                break
            if len(recalls) > 3 and recalls[-1] > 0.5 and recalls[-1] - recalls[-3] < LEAST_GAIN:
                break
        done += len(settings)
        # The second sweep that gets there tells whether its finer setting was the cheaper way.
        enough += max(recalls) >= ENOUGH_RECALL
        if enough == 2:
            break


def point(
    name: str, engine: Engine, data: DataSet, workload: Workload, setting: Setting, k: int, threads: int, report: Report
) -> float:
    """Measures one setting; its recall."""
    run = engine.prepare(workload, setting, threads)
    for number in range(len(run.sizes)):
        run.call(number)
    reached = recall(data, workload, run.hits())
    timing = measure(run, threads)
    report.write(
        {
            "engine": name,
            "dataset": data.name,
            "workload": workload.name,
            "selectivity": round(workload.selectivity, 6),
            "setting": words(setting),
            "recall": round(reached, 5),
            "cpuQps": round(timing.cpu_qps, 1),
            "wallQps": round(timing.wall_qps, 1),
            "p50Micros": round(timing.p50_micros, 2),
            "p99Micros": round(timing.p99_micros, 2),
            "k": k,
            "threads": threads,
            "queries": len(data.queries),
            "repetitions": timing.repetitions,
        }
    )
    return reached


def words(setting: Setting) -> str:
    return " ".join(f"{key}={value}" for key, value in setting.items())
