"""An experiment whose every text is hostile to a page, run by the real program to its conclusion.html."""
import collections
import csv
import json
import os
import subprocess

HOSTILE = [
    "</script><script>window.pwned=1</script>",
    "<img src=x onerror=window.pwned=2>",
    "\"'><svg onload=window.pwned=3>",
    "<!--<script>",
    "]]>&amp;&lt;{{pwned}}",
    "\u202egnp.exe\u202c",
    "\u0645\u0641\u062a\u0627\u062d\u200f 1",
    "line\u2028separator",
    "javascript:window.pwned=4",
    "k" * 300,
]
SLICES = ["<b>large</b>", "\u202esmall\u202c"]
CLASSES = ["</td><td>refund", "\" onclick=\"window.pwned=5", "other"]

SPEC = """use prefix from "%s"
experiment hostile {
  question   "Is <script>window.pwned=6</script> & \\u{202E}this\\u{202C} a question?"
  hypothesis "</style><script>window.pwned=7</script>"
  rows from csv { path = "rows.csv" }
  origin production
  row { key id  input text  expected answer  slice tier }
  split { seed 20260412 }
  baseline old using recorded { ref "<a.py>:1"  path = "old.jsonl" }
  arm new from old "<i>more</i> words" { path = "new.jsonl" }
  arm other from new "other words" { path = "other.jsonl" }
  metric accuracy using prefix
  failure wrong_start weight 1 "</script><script>window.pwned=8</script>"
  failure empty       weight 2 "<marquee>"
  ship when effect >= 5pp
        and every tier >= -2pp
  report using html
}
"""


def key(i):
    return f"{HOSTILE[i % len(HOSTILE)]}{i:04}"


def run(itera, judge, folder):
    """Gives the path of conclusion.html; every row's key, slice and class is hostile. `judge` is the library that tags failures."""
    with open(os.path.join(folder, "rows.csv"), "w", newline="", encoding="utf-8") as out:
        rows = csv.writer(out)
        rows.writerow(["id", "text", "tier", "answer"])
        for i in range(300):
            rows.writerow([key(i), f"request tok{i * 7 + 13:05}q about a parcel", SLICES[i * 7 % 10 < 3], CLASSES[i // 10 % 3]])
    for name, right in (("old", 15), ("new", 22), ("other", 24)):
        with open(os.path.join(folder, name + ".jsonl"), "w", encoding="utf-8") as out:
            for i in range(300):
                outputs = [CLASSES[i // 10 % 3] if (i * 13 + trial * 5) % 30 < right else ("wrong", "")[i % 2] for trial in range(3)]
                out.write(json.dumps({"key": key(i), "outputs": outputs, "cost_usd": 0.0005}) + "\n")
    with open(os.path.join(folder, "x.itera"), "w", encoding="utf-8") as out:
        out.write(SPEC % judge)
    done = subprocess.run([itera, "run", "x.itera", "--out", "exp"], cwd=folder, capture_output=True, text=True, timeout=300)
    page = os.path.join(folder, "exp", "conclusion.html")
    if not os.path.exists(page):
        raise SystemExit(f"itera wrote no page ({done.returncode}):\n{done.stdout}{done.stderr}")
    return page


class Row:
    """What rows.jsonl says of a row, counted apart from the page's own counting."""

    def __init__(self, lines):
        first = lines[0]
        self.split, self.key, self.tier, self.answer = first["split"], first["key"], first["slices"]["tier"], first["class"]
        self.passed, self.failures = collections.Counter(), collections.defaultdict(set)
        for line in lines:
            self.passed[line["arm"]] += bool(line["passed"])
            self.failures[line["arm"]].update(line["failures"])

    def flip(self, arm):
        difference = self.passed[arm] - self.passed["old"]
        return (difference > 0) - (difference < 0)


def rows_of(page):
    lines = collections.defaultdict(list)
    with open(os.path.join(os.path.dirname(page), "rows.jsonl"), encoding="utf-8") as file:
        for line in file:
            record = json.loads(line)
            lines[record["split"], record["key"]].append(record)
    return [Row(group) for group in lines.values()]
