#!/bin/sh
# two_compilers.sh SOURCE ITERA BUILD CLANG: builds itera with CLANG in BUILD, runs the first experiment of `itera init`
# and one with recorded, noisy outputs by both programs, and compares every record byte by byte. Left out are
# times, and the digests that cover a plugin's library, which is another file.
set -eu
source=$1 itera=$2 build=$3 clang=$4

launcher=
command -v ccache > /dev/null && launcher=-DCMAKE_CXX_COMPILER_LAUNCHER=ccache
cmake -S "$source" -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DCMAKE_CXX_FLAGS_RELEASE=-O2 \
  -DCMAKE_CXX_COMPILER="$clang" $launcher > /dev/null
cmake --build "$build" -j2 --target itera_all itera > "$build/two_compilers.log" 2>&1 || { tail -40 "$build/two_compilers.log"; exit 1; }

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for by in gcc clang; do
  program=$itera
  [ $by = clang ] && program=$build/bin/itera
  mkdir -p "$work/$by/demo" "$work/$by/recorded"
  (cd "$work/$by/demo" && "$program" init > /dev/null && "$program" run experiment.itera --out exp > /dev/null 2> ../demo.err) || true
  (
    cd "$work/$by/recorded"
    python3 - <<'PYTHON'
import json, random
random.seed(11)
rows = [(f"k{i:04}", f"request tok{i * 7 + 13:05}q", "ent" if i * 7 % 10 < 7 else "smb", "abc"[i // 10 % 3]) for i in range(600)]
with open("rows.csv", "w") as out:
    out.write("id,text,tier,answer\n")
    for row in rows:
        out.write(",".join(row) + "\n")
for arm, share in (("old", .62), ("new", .7), ("third", .66)):
    with open(arm + ".jsonl", "w") as out:
        for key, _, _, answer in rows:
            out.write(json.dumps({"key": key, "outputs": [answer if random.random() < share else "wrong" for _ in range(3)], "cost_usd": .0007}) + "\n")
with open("x.itera", "w") as out:
    out.write('''experiment recorded {
  question   "Do the new rules sort better?"
  hypothesis "They know more words."
  rows from csv { path = "rows.csv" }
  origin generated from "a generator"
  row { key id  input text  expected answer  slice tier }
  split { stratify tier, answer  seed 20260412 }
  baseline old using recorded { ref "rules.py:1"  path = "old.jsonl" }
  arm new from old "more words" { path = "new.jsonl" }
  arm third from old "other words" { path = "third.jsonl" }
  metric accuracy using exact
  failure wrong weight 1 "another answer"
  ship when effect >= 3pp
        and every tier >= -5pp by interval
  report using markdown
}
''')
PYTHON
    "$program" run x.itera --out exp > /dev/null 2> ../recorded.err || true
  )
done

python3 - "$work" <<'PYTHON'
import json, pathlib, re, sys

work = pathlib.Path(sys.argv[1])
HEX = re.compile(r"\b[0-9a-f]{64}\b")

# Digests that a library's digest flows into; those of rows and records are compared.
COVERS_PLUGINS = {"digests", "plan_digest", "frame_digest", "arm_digest", "digest_of_plan", "prev", "digest", "pass"}

def bodies(value):
    if isinstance(value, dict):
        return {k: bodies(v) for k, v in value.items() if k != "meta" and k not in COVERS_PLUGINS}
    return [bodies(v) for v in value] if isinstance(value, list) else value

def read(by, experiment):
    folder = work / by / experiment / "exp"
    if not (folder / "data.json").exists():
        sys.exit(f"{by} did not conclude {experiment}: " + (work / by / (experiment + ".err")).read_text())
    out = {"rows.jsonl": [bodies(json.loads(line)) for line in (folder / "rows.jsonl").open()],
           "data.json": bodies(json.loads((folder / "data.json").read_text())),
           "conclusion.md": [HEX.sub("(digest)", line) for line in (folder / "conclusion.md").open()
                             if not line.startswith("Latency of ")]}
    ledger = [json.loads(line) for line in (folder / "ledger.jsonl").open()]
    out["digests"] = [e["body"].get(k) for e in ledger for k in ("data_digest", "records_digest", "digests") if k in e["body"]]
    return out

failed = False
for experiment in ("demo", "recorded"):
    gcc, clang = read("gcc", experiment), read("clang", experiment)
    for name in gcc:
        same = json.dumps(gcc[name]) == json.dumps(clang[name])
        print(experiment, name, "the same" if same else "DIFFERS")
        if not same:
            failed = True
            a, b = (json.dumps(x[name], indent=1).splitlines() for x in (gcc, clang))
            for x, y in [(x, y) for x, y in zip(a, b) if x != y][:10]:
                print("  gcc  ", x, "\n  clang", y)
sys.exit(failed)
PYTHON
