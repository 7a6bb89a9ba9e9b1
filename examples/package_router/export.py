#!/usr/bin/env python3
"""Writes data/packages.csv (the experiment's rows) from the package lists that apt holds.

Usage: python3 export.py            standard library only; deterministic for given lists
"""
import csv
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

# Sections of applications that are named after a subject and hold 200 packages or more, so that
# every class has some rows in each part of a split. Left out: what follows from the name (libs,
# libdevel, python, perl, doc, localization, debug, oldlibs, metapackages ...), catch-alls (utils,
# misc, devel), desktops, which cut across subjects (x11, gnome, kde), and what mostly serves other
# programs (database, kernel, httpd).
SECTIONS = frozenset(("admin", "editors", "games", "graphics", "mail", "math",
                      "net", "science", "sound", "text", "video", "web"))
COLUMNS = ["package", "source", "synopsis", "priority", "length", "section"]
DATA = Path(__file__).resolve().parent / "data"


def stanzas() -> Iterator[dict[str, str]]:
    """Yields the first line of every field of every package; continuation lines are not needed."""
    dump = subprocess.run(["apt-cache", "dumpavail"], check=True, capture_output=True,
                          encoding="utf-8", env={**os.environ, "LC_ALL": "C.UTF-8"}).stdout
    for block in dump.split("\n\n"):
        lines = (line for line in block.splitlines() if line and not line[0].isspace())
        fields = dict(line.split(":", 1) for line in lines if ":" in line)
        if fields:
            yield {name: value.strip() for name, value in fields.items()}


def length(synopsis: str) -> str:
    """The slice. A terse synopsis is where a classifier of words has least to go on, and it can
    be told from the input alone: a verdict of "only for the longer ones" could be deployed."""
    words = len(synopsis.split())
    return "short" if words <= 4 else "medium" if words <= 7 else "long"


def written_from(source: str) -> bool:
    """True for the three tenths of all sources that rules.py and the settings of fasttext_arm.py
    were written from. They stay out of the experiment, which would else test on rows seen."""
    return hashlib.sha256(source.encode()).digest()[0] < 77


def write(path: Path, rows: list[dict[str, str]]) -> None:
    path.parent.mkdir(exist_ok=True)
    part = path.with_name(path.name + ".part")  # renamed when whole: no reader sees half a file
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    part.replace(path)
    print(f"{path}: {len(rows)} packages of {len({row['source'] for row in rows})} sources")


def main() -> None:
    rows: dict[str, dict[str, str]] = {}
    try:
        for fields in stanzas():
            section = fields.get("Section", "").rpartition("/")[2]  # contrib/net is net
            package, synopsis = fields.get("Package", ""), fields.get("Description", "")
            if section in SECTIONS and package and synopsis and package not in rows:
                rows[package] = {
                    "package": package,
                    "source": fields.get("Source", package).split(" ")[0],  # "name (version)"
                    "synopsis": synopsis,
                    "priority": fields.get("Priority", "optional"),
                    "length": length(synopsis),
                    "section": section,
                }
    except (OSError, subprocess.CalledProcessError) as error:
        sys.exit(f"export.py: apt-cache dumpavail failed: {error}")
    if len(rows) < 1000:  # an installed system alone knows a few hundred packages
        sys.exit(f"export.py: apt knows only {len(rows)} packages of these sections; "
                 "run apt-get update")
    ordered = [rows[package] for package in sorted(rows)]
    write(DATA / "packages.csv", [row for row in ordered if not written_from(row["source"])])
    write(DATA / "written_from.csv", [row for row in ordered if written_from(row["source"])])


if __name__ == "__main__":
    main()
