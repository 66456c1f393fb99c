"""Lines of JSON, one for each point measured, build or engine left out."""

import json
import pathlib
import sys


class Report:
    """Appends lines to a file, or prints them where there is none."""

    def __init__(self, file: pathlib.Path | None):
        self._file = file

    def write(self, line: dict) -> None:
        text = json.dumps(line)
        if self._file is None:
            print(text, flush=True)
        else:
            with open(self._file, "a", encoding="utf-8") as out:
                out.write(text + "\n")

    def skip(self, engine: str, why: str, workload: str | None = None) -> None:
        """Says on standard error and in the file that an engine, or one workload of it, is left out."""
        where = {"workload": workload} if workload else {}
        print(f"{' '.join([engine, *where.values()])}: skipped, {why}", file=sys.stderr, flush=True)
        self.write({"engine": engine} | where | {"skipped": why})
