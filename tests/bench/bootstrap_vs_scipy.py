#!/usr/bin/env python3
"""A bootstrap of 300 rows of three trials, here and in scipy (Debian: python3-scipy).

    python3 tests/bench/bootstrap_vs_scipy.py build/release/bin/itera_bench

Both answer the same question, the 95% interval of the mean difference; scipy draws 10,000 resamples, itera either
draws as many or computes the distribution that they estimate. Times are CPU milliseconds, the best of several.
"""
import json
import subprocess
import sys
import time

import numpy
import scipy
import scipy.stats

REPEATS = 7
rows = numpy.array([{0: 3, 1: -1, 2: 1, 3: 2}.get(i % 20, 0) for i in range(300)]) / 3


def scipy_ms(method):
    best, interval = float("inf"), None
    for repeat in range(REPEATS):
        begin = time.process_time()
        result = scipy.stats.bootstrap((rows,), numpy.mean, n_resamples=10000, method=method, random_state=repeat)
        best = min(best, time.process_time() - begin)
        interval = result.confidence_interval
    return best * 1e3, interval


def itera_ms():
    out = subprocess.run([sys.argv[1], "--benchmark_filter=bootstrap", "--benchmark_format=json",
                          f"--benchmark_repetitions={REPEATS}"], check=True, capture_output=True, text=True).stdout
    best = {}
    for run in json.loads(out)["benchmarks"]:
        if run.get("run_type") == "iteration":
            name = run["name"].split("/")[0]
            best[name] = min(best.get(name, float("inf")), run["cpu_time"] / 1e3)  # reported in microseconds
    return best


print(f"scipy {scipy.__version__}, numpy {numpy.__version__}")
reference = {}
for method in ("percentile", "BCa"):
    reference[method], interval = scipy_ms(method)
    print(f"scipy {method:10} {reference[method]:10.3f} ms   [{interval.low:.4f}, {interval.high:.4f}]")
for name, ms in itera_ms().items():
    print(f"itera {name:20} {ms:10.3f} ms   x{reference['percentile'] / ms:.0f} of scipy's percentile, "
          f"x{reference['BCa'] / ms:.0f} of its BCa")
