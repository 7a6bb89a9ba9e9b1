#!/bin/sh
# Fuzzes the reading of specs for SECONDS (60): bytes to text, tree, meaning and rendered problems. What it finds is
# printed whole, so that a log is enough to reproduce it; its place is then tests/fuzz/found.
# usage: tests/fuzz/run.sh [SECONDS]
set -eu
cd "$(dirname "$0")/../.."
cmake --preset fuzz >build-fuzz.log 2>&1 || { tail -n 20 build-fuzz.log; exit 1; }
cmake --build --preset fuzz >build-fuzz.log 2>&1 || { grep -E 'error|FAILED|undefined' build-fuzz.log | head -n 40; exit 1; }
rm -f build-fuzz.log

out=build/fuzz/run
rm -rf "$out/goldens" "$out/found"
mkdir -p "$out/corpus" "$out/goldens" "$out/found"
cp tests/golden/dsl/*.itera "$out/goldens"
code=0
build/fuzz/bin/itera_fuzz -max_total_time="${1:-60}" -timeout=5 -rss_limit_mb=2048 -max_len=65536 -verbosity=1 \
  -dict=tests/fuzz/spec.dict -artifact_prefix="$out/found/" -print_final_stats=1 -reload=0 \
  "$out/corpus" "$out/goldens" tests/fuzz/seeds tests/fuzz/found >"$out/log" 2>&1 || code=$?
for file in "$out"/found/*; do
  [ -e "$file" ] || continue
  code=1
  grep -vE '^#[0-9]' "$out/log" | tail -n 60
  echo "found: $file"
  base64 "$file"
done
[ $code = 0 ] || tail -n 5 "$out/log"
grep -E '^(stat::number_of_executed_units|stat::average_exec_per_sec|stat::peak_rss_mb)' "$out/log" || true
grep -oE 'cov: [0-9]+ ft: [0-9]+ corp: [0-9]+' "$out/log" | tail -n 1
exit $code
