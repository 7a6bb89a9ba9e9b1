#!/usr/bin/env python3
"""What HTTP calls through the host cost beside a bare loop over libcurl, against one server on the loopback.

At 0 ms the calls per second of both, in turn, so that what else the machine does hits both alike: the ratio of the
medians. With a delay, the share of the ideal (in flight / delay) and the CPU of the client. A figure counts from the
first call, connecting and the search for the limit included.
"""
import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile


class Server:
    def __init__(self, programs: pathlib.Path, delay_ms: int, certificate: pathlib.Path | None):
        command = [programs / "http_server", str(delay_ms)] + ([str(certificate)] if certificate else [])
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        scheme = "https" if certificate else "http"
        self.url = f"{scheme}://127.0.0.1:{self.process.stdout.readline().strip()}/"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.communicate()  # its input ends, and it with it


def client(command: list, calls: int) -> dict:
    out = subprocess.run([str(word) for word in command], check=True, capture_output=True, text=True, timeout=600)
    seconds, cpu, failed, *memory = (float(word) for word in out.stdout.split())
    return {"per_second": calls / seconds, "cpu_us": cpu / calls * 1e6, "failed": int(failed),
            "memory_mb": memory[0] if memory else 0}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--build", required=True, type=pathlib.Path, help="a build folder: build/release")
    parser.add_argument("--delay", type=int, default=0, help="ms that each answer takes")
    parser.add_argument("--in-flight", default="64,256,1024")
    parser.add_argument("--calls", type=int, default=40_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--http", choices=("1", "2"), default="1")
    args = parser.parse_args()
    programs = args.build / "bin"
    with tempfile.TemporaryDirectory() as folder:
        certificate = pathlib.Path(folder) / "certificate.pem" if args.http == "2" else None
        trust = [certificate] if certificate else []
        with Server(programs, args.delay, certificate) as server:
            for width in (int(word) for word in args.in_flight.split(",")):
                bare, ours = [], []
                for _ in range(args.runs):
                    bare.append(client([programs / "http_bare", server.url, args.calls, width, *trust], args.calls))
                    ours.append(client([programs / "http_calls", args.build / "lib/itera/itera_http.so", server.url,
                                        args.calls, width, *trust], args.calls))
                if sum(run["failed"] for run in ours):
                    sys.exit(f"{sum(run['failed'] for run in ours)} calls failed")
                middle = {name: {key: statistics.median(run[key] for run in runs) for key in runs[0]}
                          for name, runs in (("bare", bare), ("ours", ours))}
                ideal = f", {middle['ours']['per_second'] * args.delay / 1000 / width:.1%} of ideal (bare " \
                        f"{middle['bare']['per_second'] * args.delay / 1000 / width:.1%})" if args.delay else ""
                print(f"HTTP/{args.http}, {args.delay} ms, {width} in flight: {middle['ours']['per_second']:,.0f} calls/s, "
                      f"{middle['ours']['per_second'] / middle['bare']['per_second']:.2f} of the bare loop's "
                      f"{middle['bare']['per_second']:,.0f}{ideal}; CPU a call {middle['ours']['cpu_us']:.0f} us (bare "
                      f"{middle['bare']['cpu_us']:.0f}); peak {middle['ours']['memory_mb']:.0f} MB; bare failed "
                      f"{sum(run['failed'] for run in bare)}", flush=True)


if __name__ == "__main__":
    main()
