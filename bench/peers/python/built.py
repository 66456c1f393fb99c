"""Indexes kept under a data set's `built` directory, so that a sweep can be repeated."""

import json
import pathlib
import shutil
import time
from collections.abc import Callable
from dataclasses import asdict

from dataset import DataSet
from engine import Build


def bytes_on_disk(path: pathlib.Path) -> int:
    """What the files take up; preallocated space that was never written does not count."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_blocks * 512 for file in files)


def built(
    data: DataSet, name: str, version: str, settings: str, make: Callable[[pathlib.Path], None]
) -> tuple[pathlib.Path, Build]:
    """The path of an index and what it cost; `make` writes the index at the path it is given if it is not there.

    The note of the cost is written last, so an index without one is a build that was cut off: it is made anew.
    """
    home = data.directory / "built"
    path = home / f"{name}-{version}-{data.fingerprint()}"
    note = path.with_name(path.name + ".json")
    if note.is_file() and path.exists():
        kept = Build(**json.loads(note.read_text(encoding="utf-8")))
        if kept.settings == settings:
            return path, kept
    remove(path)
    note.unlink(missing_ok=True)
    home.mkdir(exist_ok=True)
    cpu, wall = time.process_time(), time.perf_counter()
    make(path)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    beyond = bytes_on_disk(path) - data.base.nbytes
    build = Build(round(cpu, 3), round(wall, 3), beyond, version, settings)
    note.write_text(json.dumps(asdict(build)), encoding="utf-8")
    return path, build


def remove(path: pathlib.Path) -> None:
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
