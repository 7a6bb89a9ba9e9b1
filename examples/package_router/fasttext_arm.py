#!/usr/bin/env python3
"""The arm: files a Debian package into a section by a classifier trained with Debian's fasttext.

Usage: python3 fasttext_arm.py prepare [--word-ngrams N]   trains on the rows of standard input
       python3 fasttext_arm.py predict                     JSON lines in and out, as rules.py
Both use the folder that ITERA_PREPARED names: prepare leaves one file there, the model.
"""
import argparse
import json
import os
import random
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

MODEL = "model.bin"
LABEL = "__label__"
# Chosen on data/written_from.csv alone, on 1,200 rows against the rest; parts of words (-minn,
# -maxn) did not help. One thread and a fixed seed: the same rows give the same bytes. The buckets
# hold the n-grams, if there are any: 50,000 keep the model under 20 MB.
SETTINGS = {"-dim": 30, "-epoch": 50, "-lr": 1, "-minCount": 1, "-bucket": 50000,
            "-minn": 0, "-maxn": 0, "-thread": 1, "-seed": 20, "-verbose": 0}


def fail(message: str) -> NoReturn:
    sys.exit(f"fasttext_arm.py: {message}")


def folder() -> Path:
    if not (path := os.environ.get("ITERA_PREPARED")):
        fail("the environment variable ITERA_PREPARED must name the folder of the model")
    return Path(path)


def words(row: dict[str, str]) -> str:
    """One line of words. Those of the name stand in it twice, plain and marked: "mail" means the
    same in both, but a name with "python" in it says something else than a synopsis with it."""
    name = re.findall(r"[a-z]+", row["package"].lower())
    text = re.findall(r"[a-z0-9+#]+", row["synopsis"].lower())
    return " ".join([f"pkg_{token}" for token in name] + name + text)


def prepare(word_ngrams: int) -> None:
    where = folder()
    where.mkdir(parents=True, exist_ok=True)
    rows = sorted((json.loads(line) for line in sys.stdin), key=lambda row: row["key"])
    if not rows:
        fail("no training rows on standard input")
    random.Random(20).shuffle(rows)  # training depends on the order: mixed, and always the same
    text = where / "train.txt"
    text.write_text("".join(f"{LABEL}{row['expected']} {words(row['input'])}\n" for row in rows))
    settings = [str(part) for item in SETTINGS.items() for part in item]
    command = ["fasttext", "supervised", "-input", text.name, "-output", "model",
               "-wordNgrams", str(word_ngrams), *settings]
    try:
        subprocess.run(command, cwd=where, check=True, stdin=subprocess.DEVNULL, stdout=sys.stderr)
    except (OSError, subprocess.CalledProcessError) as error:
        fail(f"training failed (apt-get install fasttext?): {error}")
    finally:
        text.unlink()
        (where / "model.vec").unlink(missing_ok=True)


def predict() -> None:
    model = folder() / MODEL
    if not model.is_file():
        fail(f"no model at {model}: run prepare first")
    try:
        child = subprocess.Popen(["fasttext", "predict-prob", str(model), "-", "1"], text=True,
                                 stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    except OSError as error:
        fail(f"cannot start fasttext: {error}")
    for line in sys.stdin:
        request = json.loads(line)
        try:
            child.stdin.write(words(request["input"]) + "\n")
            child.stdin.flush()
        except BrokenPipeError:
            fail(f"fasttext ended with status {child.wait()}")
        answer = ""
        while not answer.startswith(LABEL):  # anything else that it prints is no answer
            if not (answer := child.stdout.readline()):
                fail(f"fasttext ended with status {child.wait()}")
        section = answer.split()[0].removeprefix(LABEL)
        print(json.dumps({"id": request["id"], "output": section}), flush=True)
    child.stdin.close()
    child.wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    modes = parser.add_subparsers(dest="mode", required=True)
    modes.add_parser("prepare").add_argument("--word-ngrams", type=int, default=1)
    modes.add_parser("predict")
    options = parser.parse_args()
    if options.mode == "prepare":
        prepare(options.word_ngrams)
    else:
        predict()
