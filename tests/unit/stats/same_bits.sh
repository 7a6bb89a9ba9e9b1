#!/usr/bin/env bash
# same_bits.sh SOURCE SCRATCH: the statistics print the same bits from g++ and clang++, with and without optimisation,
# with one thread and with eight, and on a processor without fused multiply-add. Exit code 77: no second compiler.
set -euo pipefail
source=$1
scratch=$2
command -v g++ >/dev/null && command -v clang++ >/dev/null || { echo "g++ and clang++ are needed: skipped"; exit 77; }
mkdir -p "$scratch"
cd "$source"

build() {  # build NAME COMPILER FLAG...
  local name=$1 objects=()
  shift
  for file in tests/unit/stats/determinism.cpp core/stats/*.cpp core/base/rng.cpp; do
    local object="$scratch/$name.$(basename "$file").o"
    ${ITERA_LAUNCHER:-} "$@" -std=c++20 -ffp-contract=off -I. -c "$file" -o "$object"
    objects+=("$object")
  done
  "$1" "${objects[@]}" -pthread -o "$scratch/$name"
}

build gcc g++ -O2
build clang clang++ -O2
build plain g++ -O0
"$scratch/gcc" 1 >"$scratch/expected"
[ "$(wc -l <"$scratch/expected")" -gt 200 ] || { echo "the program printed too little"; exit 1; }
same=0
check() {  # check WHAT COMMAND...
  local what=$1
  shift
  "$@" >"$scratch/actual"
  if cmp -s "$scratch/expected" "$scratch/actual"; then echo "same bits: $what"; else
    echo "other bits: $what"
    diff "$scratch/expected" "$scratch/actual" | head -n 6 || true
    same=1
  fi
}
check "clang++ -O2" "$scratch/clang" 1
check "g++ -O0" "$scratch/plain" 1
check "eight threads" "$scratch/gcc" 8
check "no fused multiply-add" env GLIBC_TUNABLES=glibc.cpu.hwcaps=-AVX2,-FMA,-FMA4 "$scratch/clang" 1
exit $same
