#!/usr/bin/env python3
"""Writes vectors.json: what the published definitions of the text judges give, from the definitions alone.

Each function below restates one published definition in Python; nothing is taken from itera. Texts are drawn with a
fixed seed, from pieces that are hard on purpose. Run it again (python3 generate.py): the file must not change.

token_f1   normalize_answer and f1_score of SQuAD's evaluate-v1.1.py (Rajpurkar et al. 2016, arXiv 1606.05250;
           https://rajpurkar.github.io/SQuAD-explorer/); two texts without a word: 1, as in evaluate-v2.0.py.
rouge_l    tokenize.py without a stemmer, and _score_lcs of rouge_scorer.py (google-research/rouge; Lin 2004).
edit       Levenshtein 1966 by its recursive definition, with memory; 1 - distance / longer length.
set_match  |A and B| / |A or B| (Jaccard), precision, recall, F1 of sets; zero divisions are 0 (scikit-learn).
numeric    pytest.approx(expected, rel, abs): |value - expected| <= max(rel * |expected|, abs).
"""
import collections
import functools
import json
import pathlib
import random
import re
import string
import sys
import unicodedata

draw = random.Random(20261123)


def squad_words(text):
    text = "".join(c for c in text.lower() if c not in set(string.punctuation))
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def token_f1(answer, expected):
    a, e = squad_words(answer), squad_words(expected)
    if not a and not e:
        return 1.0
    common = sum((collections.Counter(a) & collections.Counter(e)).values())
    if common == 0:
        return 0.0
    precision, recall = common / len(a), common / len(e)
    return 2 * precision * recall / (precision + recall)


def rouge_words(text):
    return [w for w in re.split(r"\s+", re.sub(r"[^a-z0-9]+", " ", text.lower())) if w]


def rouge_l(answer, expected):
    a, e = rouge_words(answer), rouge_words(expected)
    if not a or not e:
        return 0.0
    table = [[0] * (len(a) + 1) for _ in range(len(e) + 1)]
    for i in range(1, len(e) + 1):
        for j in range(1, len(a) + 1):
            same = e[i - 1] == a[j - 1]
            table[i][j] = table[i - 1][j - 1] + 1 if same else max(table[i - 1][j], table[i][j - 1])
    precision, recall = table[-1][-1] / len(a), table[-1][-1] / len(e)
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def edit(answer, expected):
    @functools.lru_cache(maxsize=None)
    def distance(i, j):
        if i == 0 or j == 0:
            return i + j
        return min(distance(i - 1, j) + 1, distance(i, j - 1) + 1,
                   distance(i - 1, j - 1) + (answer[i - 1] != expected[j - 1]))

    longer = max(len(answer), len(expected))
    return 1 - distance(len(answer), len(expected)) / longer if longer else 1.0


def members(text):
    return {" ".join(part.split()) for part in text.split(",")} - {""}


def set_scores(answer, expected):
    a, e = members(answer), members(expected)
    if not a and not e:
        return dict.fromkeys(("equal", "jaccard", "precision", "recall", "f1"), 1.0)
    both = len(a & e)
    return {"equal": float(a == e), "jaccard": both / len(a | e), "precision": both / len(a) if a else 0.0,
            "recall": both / len(e) if e else 0.0, "f1": 2 * both / (len(a) + len(e))}


WORDS = ["the", "The", "a", "an", "quick", "brown", "fox", "jumps", "over", "dog", "o'clock", "U.S.", "3.5", "mid-2026",
         "THE", "and/or", "re_use", "\u00c4rger", "stra\u00dfe", "\u4e2d\u6587", "na\u00efve", "e\u0301", "a\u0301", "\u2161",
         "\u00bd", "\u0130stanbul", "\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2", "K\u212a", "\u20ac5", "\ufb01n",
         "\u0645\u0631\u062d\u0628\u0627", "\U0001f600", "\u2026", "x\u200by"]
GAPS = [" ", " ", " ", "  ", "\n", "\t", "\u00a0", "\u2003", ", ", ". ", "-", "\u3000", "\x1f"]


def sentence(most):
    return "".join(draw.choice(WORDS) + draw.choice(GAPS) for _ in range(draw.randrange(most)))


def changed(text):
    words = text.split(" ")
    for _ in range(draw.randrange(4)):
        at = draw.randrange(len(words) + 1)
        words[at:at + draw.randrange(2)] = [draw.choice(WORDS)] if draw.random() < 0.7 else []
    return " ".join(words)


def pairs(count):
    fixed = [("", ""), ("", "word"), ("word", ""), ("the", "a"), ("...", "!"), ("the", "word"), ("\u4e2d\u6587", "\u4e2d\u6587")]
    return fixed + [(s, changed(s)) for s in (sentence(9) for _ in range(count))]


def numeric():
    out = []
    for _ in range(60):
        expected = round(draw.uniform(-1000, 1000), draw.randrange(4))
        value = round(expected + draw.choice([0, draw.uniform(-2, 2), draw.uniform(-40, 40)]), draw.randrange(6))
        rel, absolute = draw.choice([0, 0.001, 0.05]), draw.choice([0, 0.25, 1.5])
        near = abs(value - expected) <= max(rel * abs(expected), absolute)
        out.append({"answer": repr(value), "expected": repr(expected), "relative": rel, "absolute": absolute,
                    "score": float(near)})
    return out


def graded(score, count=60):
    out = []
    for answer, expected in pairs(count):
        for nfkc in (False, True):
            a, e = (unicodedata.normalize("NFKC", t) if nfkc else t for t in (answer, expected))
            out.append({"answer": answer, "expected": expected, "unicode": nfkc, "score": score(a, e)})
    return out


def sets():
    out = []
    for _ in range(40):
        answer, expected = (",".join(draw.choice(["a", "b", " c", "d  d", "e ", ""]) for _ in range(draw.randrange(5)))
                            for _ in range(2))
        out.append({"answer": answer, "expected": expected, "scores": set_scores(answer, expected)})
    return out


vectors = {"token_f1": graded(token_f1), "rouge_l": graded(rouge_l), "edit_similarity": graded(edit), "set_match": sets(),
           "numeric": numeric()}
text = "{\n" + ",\n".join(
    json.dumps(name) + ": [\n" + ",\n".join("  " + json.dumps(v) for v in values) + "\n]"
    for name, values in vectors.items()) + "\n}\n"
path = pathlib.Path(__file__).with_name("vectors.json")
if "--check" in sys.argv:
    sys.exit(0 if path.read_text() == text else "vectors.json is not what this script writes")
path.write_text(text)
