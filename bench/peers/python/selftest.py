#!/usr/bin/env python3
"""Runs both native drivers on a tiny set and checks what they write. Status 1 where a check fails.

Each engine must reach recall 0.95 on each workload at its most thorough setting, with L2 on one thread and with cosine
on two; engines that cannot be had on this machine are named and left out. Takes two or three minutes.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ENVIRONMENT = HERE.parent.parent / "target" / "peers-python"
K = 10
LEAST_RECALL = 0.95
FIELDS = {"selectivity": float, "setting": str, "recall": float, "cpuQps": float, "wallQps": float} | {
    "p50Micros": float,
    "p99Micros": float,
}


def main() -> None:
    inside()
    import tiny_set

    faults = []
    with tempfile.TemporaryDirectory() as folder:
        for metric, threads in (("l2", 1), ("cosine", 2)):
            directory = pathlib.Path(folder) / metric
            tiny_set.write(directory, metric, K)
            for driver in (HERE / "peers.py", HERE.parent / "cpp" / "peers"):
                faults += check(directory, driver, threads)
    for fault in faults:
        print(f"selftest: {fault}", file=sys.stderr)
    print(f"selftest: {'FAIL' if faults else 'PASS'}")
    sys.exit(1 if faults else 0)


def inside() -> None:
    """Goes on in the virtual environment, which has numpy."""
    subprocess.run([str(HERE / "setup")], check=True)
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        print("selftest: skipped, no virtual environment")
        sys.exit(0)
    if pathlib.Path(sys.prefix).resolve() != ENVIRONMENT.resolve():
        os.execv(python, [str(python), str(HERE / "selftest.py")])


def check(directory: pathlib.Path, driver: pathlib.Path, threads: int) -> list[str]:
    """What is wrong with the lines that a driver writes about a set with the workloads none, kind and both."""
    out = directory / f"{driver.stem}-{driver.parent.name}-{threads}.jsonl"
    listed = subprocess.run([str(driver), "--list"], check=True, capture_output=True, text=True).stdout.split()
    command = [str(driver), "--data", str(directory), "--k", str(K), "--threads", str(threads), "--json", str(out)]
    quiet = subprocess.run(command, check=False, capture_output=True, text=True)
    title = f"{driver.parent.name} {directory.name} {threads} threads"
    if quiet.returncode != 0:
        return [f"{title}: status {quiet.returncode}: {quiet.stderr[-2000:]}"]
    lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    faults = []
    for engine in listed:
        own = [line for line in lines if line["engine"] == engine]
        skipped = [line["skipped"] for line in own if "skipped" in line]
        if skipped:
            if all("not installed" not in why and "not built" not in why for why in skipped):
                faults.append(f"{title}: {engine} skipped, {skipped}")
            print(f"selftest: {engine} left out, {skipped[0]}", file=sys.stderr)
            continue
        if sum("build" in line and line["buildCpuSeconds"] >= 0 for line in own) != 1:
            faults.append(f"{title}: {engine} has no build line")
        # A filter for each query leaves nothing to batch.
        workloads = ("none", "kind") if engine.endswith("-batch") else ("none", "kind", "both")
        for workload in workloads:
            points = [line for line in own if line.get("workload") == workload]
            faults += [f"{title}: {engine} {workload}: {fault}" for fault in wrong(points)]
    print(f"selftest: {title}: {len(lines)} lines", file=sys.stderr)
    return faults


def wrong(points: list[dict]) -> list[str]:
    if not points:
        return ["no points"]
    faults = [
        f"{field} is {point.get(field)!r}"
        for point in points
        for field, kind in FIELDS.items()
        if not isinstance(point.get(field), kind) or (kind is float and not point[field] > 0)
    ]
    best = max(point["recall"] for point in points)
    if best < LEAST_RECALL:
        faults.append(f"recall reaches {best} only")
    return faults


if __name__ == "__main__":
    main()
