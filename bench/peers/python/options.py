"""What the command line asks for; the same flags as the C++ driver's."""

import argparse
import pathlib
from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """A run: which engines, on which workloads of which data set, and where the lines of JSON go."""

    data: pathlib.Path
    engines: list[str]
    workloads: list[str]  # empty: all of the data set
    queries: int  # at most so many of the set's queries; 0: all
    k: int
    threads: int
    json: pathlib.Path | None  # None: standard output

    def flags(self, engine: str) -> list[str]:
        """The command line that runs one engine of this run."""
        flags = ["--data", str(self.data), "--engines", engine, "--k", str(self.k)]
        flags += ["--queries", str(self.queries), "--threads", str(self.threads)]
        if self.workloads:
            flags += ["--workloads", ",".join(self.workloads)]
        if self.json:
            flags += ["--json", str(self.json)]
        return flags


def names(text: str) -> list[str]:
    return [name for name in text.split(",") if name]


class Names(argparse.Action):
    """Prints names, one a line, and ends the process."""

    def __call__(self, parser, namespace, values, option_string=None):
        print("\n".join(self.const))
        parser.exit()


def parse(arguments: list[str], all_engines: list[str]) -> Options:
    """Ends the process with status 2 and a word on standard error where a flag is wrong."""
    parser = argparse.ArgumentParser(
        prog="peers.py", description="Measures other engines on a data set; see bench/peers/README.md."
    )
    parser.add_argument("--list", action=Names, nargs=0, const=all_engines, help="prints the engines and ends")
    parser.add_argument("--data", type=pathlib.Path, required=True, help="the data set's directory")
    parser.add_argument("--engines", type=names, default=[], help="by default: " + ",".join(all_engines))
    parser.add_argument("--workloads", type=names, default=[], help="by default all of the data set")
    parser.add_argument("--queries", type=int, default=0, help="at most so many queries; 0: all")
    parser.add_argument("--k", type=int, default=10, help="hits of a query; needs NAME.truth-K.fvecs")
    parser.add_argument("--threads", type=int, choices=(1, 2), default=1)
    parser.add_argument("--json", type=pathlib.Path, help="file to append to; by default standard output")
    options = parser.parse_args(arguments)
    if options.k < 1:
        parser.error(f"--k must be at least 1, was {options.k}")
    if options.queries < 0:
        parser.error(f"--queries must not be negative, was {options.queries}")
    if not (options.data / "dataset.properties").is_file():
        parser.error(f"no dataset.properties in {options.data}")
    return Options(
        options.data,
        options.engines or all_engines,
        options.workloads,
        options.queries,
        options.k,
        options.threads,
        options.json,
    )
