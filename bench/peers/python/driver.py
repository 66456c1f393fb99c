"""Runs one engine over the workloads of a data set, inside the virtual environment. Started by `peers.py`."""

import importlib
import sys

import options
from engine_names import ENGINES, NAMES
from report import Report


def main() -> None:
    asked = options.parse(sys.argv[1:], NAMES)
    report = Report(asked.json)
    for name in asked.engines:
        module, kind, arguments = ENGINES[name]
        try:
            loaded = importlib.import_module(module)
        except ImportError as missing:
            report.skip(name, f"not installed: {missing}")
            continue
        run(name, getattr(loaded, kind), arguments, asked, report)


def run(name: str, kind: type, arguments: dict, asked: options.Options, report: Report) -> None:
    # These need numpy, which `main` has found by now.
    from dataset import DataSet
    from engine import Unavailable
    from sweep import Sweep
    from workload import Workload

    data = DataSet.read(asked.data, asked.queries)
    engine = kind(data, asked.k, **arguments)
    report.write({"engine": name, "build": True, "dataset": data.name} | engine.build.line())
    for workload_name in asked.workloads or data.workload_names():
        try:
            workload = Workload.read(data, workload_name, asked.k)
            Sweep(name, engine, data, workload, asked.k, asked.threads, report).run()
        except Unavailable as without:
            print(f"{name}: leaves out {workload_name}, {without}", file=sys.stderr, flush=True)
        except FileNotFoundError as missing:
            report.skip(name, f"cannot read {missing.filename or missing}", workload_name)


if __name__ == "__main__":
    main()
