#!/usr/bin/env python3
"""What a whole `itera run` costs, as ratios to a bare loop that reads the same files and proves nothing.

Everything is measured within one call: the CPU seconds (user and system) and the peak memory of each process as
the kernel counts them when it ends, the median of several runs. Wall-clock time is not looked at: it says more
about what else the machine does.
"""
import argparse
import json
import os
import pathlib
import shutil
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
VERDICTS = {0, 10, 20, 30}  # a verdict is a success, whatever it says


def measure(command: list[str], folder: pathlib.Path) -> tuple[float, float]:
    """CPU seconds and peak memory in MB of one process, which must end well."""
    with (folder / "stdout").open("w") as out, (folder / "stderr").open("w") as err:
        process = subprocess.Popen(command, cwd=folder, stdout=out, stderr=err)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in VERDICTS:
        sys.exit(f"{' '.join(command)} ended with {process.returncode}:\n{(folder / 'stderr').read_text()[-2000:]}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def itera_run(binary: str, folder: pathlib.Path) -> tuple[float, float]:
    for old in ("out", "docs"):
        shutil.rmtree(folder / old, ignore_errors=True)
    return measure([binary, "run", "bench.itera", "--out", "out"], folder)


def records(folder: pathlib.Path) -> int:
    with (folder / "out" / "rows.jsonl").open() as lines:
        return sum(1 for _ in lines)


def one_size(args: argparse.Namespace, cells: int, base: pathlib.Path) -> dict:
    folder = base / str(cells)
    subprocess.run([sys.executable, HERE / "make_rows.py", folder, str(cells)], check=True)
    # One after the other, so that what else the machine does hits both alike.
    whole, bare = [], []
    for _ in range(args.runs):
        whole.append(itera_run(args.itera, folder))
        bare.append(measure([args.bare, str(folder), str(cells)], folder))
    recorded = records(folder)
    if abs(recorded - cells) > 20:
        sys.exit(f"{recorded} cells stand in rows.jsonl, {cells} were meant")
    cpu = [c for c, _ in whole]
    reference = statistics.median(c for c, _ in bare)
    out = {
        "cells": recorded,
        "rows": (cells * 10 + 13) // 14,
        "cpu_s": statistics.median(cpu),
        "cpu_s_least": min(cpu),
        "cpu_s_most": max(cpu),
        "us_per_cell": statistics.median(cpu) / recorded * 1e6,
        "peak_mb": statistics.median(m for _, m in whole),
        "bare_cpu_s": reference,
        "bare_peak_mb": statistics.median(m for _, m in bare),
        "ratio_to_bare": statistics.median(cpu) / reference,
    }
    shutil.rmtree(folder)
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--itera", required=True, help="the program")
    parser.add_argument("--bare", required=True, help="the bare loop, bare_loop.cpp")
    parser.add_argument("--cells", default="20000", help="sizes whose CPU is measured, with commas between")
    parser.add_argument("--rows", default="10000,100000", help="sizes whose growth is measured, in rows")
    parser.add_argument("--runs", type=int, default=5, help="runs of each size of --cells; of --rows it is one")
    parser.add_argument("--format", choices=("text", "json"), default="text")
    args = parser.parse_args()
    args.itera, args.bare = str(pathlib.Path(args.itera).resolve()), str(pathlib.Path(args.bare).resolve())

    results = []
    with tempfile.TemporaryDirectory(prefix="itera-bench-") as base:
        for cells in filter(None, args.cells.split(",")):
            results.append(one_size(args, int(cells), pathlib.Path(base)))
        args.runs = 1
        for rows in filter(None, args.rows.split(",")):
            results.append(one_size(args, int(rows) * 14 // 10, pathlib.Path(base)))
    if args.format == "json":
        print(json.dumps(results, indent=2))
        return
    print("whole runs: recorded outputs, exact judge, one trial, durable records, the Markdown report")
    print(f"{'rows':>9} {'cells':>9} {'CPU s':>8} {'(range)':>15} {'us/cell':>8} {'peak MB':>8} "
          f"{'bare CPU s':>11} {'x bare':>7}")
    for r in results:
        spread = f"({r['cpu_s_least']:.3f}-{r['cpu_s_most']:.3f})"
        print(f"{r['rows']:>9} {r['cells']:>9} {r['cpu_s']:>8.3f} {spread:>15} {r['us_per_cell']:>8.1f} "
              f"{r['peak_mb']:>8.1f} {r['bare_cpu_s']:>11.3f} {r['ratio_to_bare']:>7.2f}")
    growth = results[-1]["us_per_cell"] / results[0]["us_per_cell"]
    print(f"CPU a cell, largest size to first: x{growth:.2f} for {results[-1]['cells'] / results[0]['cells']:.1f} "
          "times the cells (1 is linear, with the start of the process in the first)")


if __name__ == "__main__":
    main()
