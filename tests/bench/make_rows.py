#!/usr/bin/env python3
"""Makes what the benchmark of whole runs works on: rows, two recordings of outputs and the experiment over them.

usage: make_rows.py FOLDER CELLS

The split gives 3 of 10 rows to train, which no arm answers, so CELLS cells take CELLS / 1.4 rows. The same
numbers give the same bytes, on every machine.
"""
import pathlib
import sys

CLASSES = "abcdefghijkl"

SPEC = """experiment bench {
  question   "Do the new outputs hit the label more often?"
  hypothesis "They do, by three points in a hundred."
  rows from csv { path = "rows.csv" }
  origin production
  row { key id  input text  expected answer }
  split { seed 1 }
  baseline old using recorded { ref "a:1" deterministic path = "old.jsonl" }
  arm new from old { deterministic path = "new.jsonl" }
  metric accuracy using exact
  trials 3
  failure wrong weight 1 "another label"
  ship when effect >= 5pp
  report using markdown
}
"""


def wrong(row: int, per_thousand: int, salt: int) -> bool:
    """Knuth's multiplicative hash: no run of rows is right or wrong as a whole."""
    return ((row + salt) * 2654435761 % 2**32) * 1000 >> 32 < per_thousand


def recorded(row: int, output: str) -> str:
    """Three trials, which the check of a declared determinism asks for on its rows; all others run one."""
    return f'{{"key": "{row}", "outputs": ["{output}", "{output}", "{output}"]}}\n'


def main() -> None:
    folder, cells = pathlib.Path(sys.argv[1]), int(sys.argv[2])
    rows = (cells * 10 + 13) // 14
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "rows.csv").open("w") as table, (folder / "old.jsonl").open("w") as old, (
        folder / "new.jsonl"
    ).open("w") as new:
        table.write("id,text,answer\n")
        for row in range(rows):
            right = CLASSES[row * 7 % 12]
            other = CLASSES[(row * 7 + 1) % 12]
            table.write(f"{row},text number {row} that is of some length,{right}\n")
            old.write(recorded(row, other if wrong(row, 230, 0) else right))
            new.write(recorded(row, other if wrong(row, 200, 7) else right))
    (folder / "bench.itera").write_text(SPEC)


if __name__ == "__main__":
    if len(sys.argv) != 3 or not sys.argv[2].isdigit():
        sys.exit(__doc__)
    main()
