#!/usr/bin/env python3
"""Measures faiss and Qdrant's engine on a data set; bench/peers/README.md says how to read it.

Needs nothing but Python to start: it makes the virtual environment with `setup` and runs each engine there, in a
process of its own, so that one engine's memory, or its end, is not another's. An engine that cannot run becomes a
skip line; the status is 0 then too.
"""

import pathlib
import subprocess
import sys
import time

import options
from engine_names import NAMES
from progress import words
from report import Report

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT_PYTHON = HERE.parent.parent / "target" / "peers-python" / "bin" / "python"


def main() -> None:
    asked = options.parse(sys.argv[1:], NAMES)
    report = Report(asked.json)
    unknown = [name for name in asked.engines if name not in NAMES]
    if unknown:
        print(f"peers.py: leaves {','.join(unknown)} to other drivers, has {','.join(NAMES)}", file=sys.stderr)
    engines = [name for name in asked.engines if name in NAMES]
    if not engines:
        return
    subprocess.run([str(HERE / "setup")], check=True)
    started = time.monotonic()
    for number, name in enumerate(engines):
        if not ENVIRONMENT_PYTHON.exists():
            report.skip(name, "no virtual environment: setup could not make it")
            continue
        print(f"{name}: engine {number + 1} of {len(engines)}", file=sys.stderr, flush=True)
        command = [str(ENVIRONMENT_PYTHON), str(HERE / "driver.py"), *asked.flags(name)]
        ended = subprocess.run(command, check=False).returncode
        if ended != 0:
            report.skip(name, f"its process ended with status {ended} before the last workload")
        spent = time.monotonic() - started
        left = spent / (number + 1) * (len(engines) - number - 1)
        print(f"{name}: done, {words(spent)} since the start, about {words(left)} left", file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
