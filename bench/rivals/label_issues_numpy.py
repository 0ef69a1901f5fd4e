"""Confident learning in plain NumPy, written from its published definition (Northcutt, Jiang, Chuang, JAIR 2021,
and FORMATS 9): the same-machine reference for bench/label-issues.ts. Sorts whole classes per pair of labels, as
published implementations do.

Usage: label_issues_numpy.py LABELS.npy PROBS.npy [METHOD] [--repeat R]
Prints one JSON document: seconds of each repeat, thresholds, joint, flagged rows and their ranking.
"""
import json
import sys
import time

import numpy as np

CLOSE = 1e-6


def round_keeping_sum(values):
    rounded = values.round()
    wanted = values.sum().round()
    while abs(rounded.sum() - wanted) > 1e-6:
        gap = np.round(wanted - rounded.sum())
        step = 1 if gap > 0 else -1
        order = np.argsort(values - rounded)[::-step]
        for i in order[: min(int(abs(gap)), len(values))]:
            rounded[i] += step
    return rounded.astype(int)


def thresholds_of(labels, probs):
    k = probs.shape[1]
    means = [probs[labels == c, c].mean() if (labels == c).any() else 2.0 for c in range(k)]
    return np.clip(means, 2 * CLOSE, None)


def joint_of(labels, probs, thresholds):
    k = probs.shape[1]
    confident = probs >= thresholds - CLOSE
    number = confident.sum(axis=1)
    guess = np.where(number > 1, probs.argmax(axis=1), confident.argmax(axis=1))
    some = number > 0
    joint = np.zeros((k, k), dtype=int)
    np.add.at(joint, (guess[some], labels[some]), 1)  # [true, given]
    np.fill_diagonal(joint, np.clip(joint.diagonal(), 1, None))
    counts = np.bincount(labels, minlength=k)
    scaled = joint / joint.sum(axis=0) * counts
    scaled = (scaled / max(scaled.sum(), 1e-100) * counts.sum()).T
    off_diagonal = np.flatnonzero(some)[guess[some] != labels[some]]
    return np.array([round_keeping_sum(row) for row in scaled]), off_diagonal


def prune_counts(joint, min_examples):
    diagonal = joint.diagonal()
    kept = np.maximum(diagonal, min_examples)
    others = np.maximum(np.count_nonzero(joint, axis=1) - 1.0, 1.0)
    counts = joint - ((kept - diagonal) / others)[:, None]
    counts[counts < 0] = 0
    np.fill_diagonal(counts, kept)
    return counts.astype(int)


def prune_by_class(labels, probs, counts, min_examples):
    flagged = np.zeros(len(labels), dtype=bool)
    for given in range(probs.shape[1]):
        rows = np.flatnonzero(labels == given)
        number = len(rows) - counts[given, given]
        if len(rows) > max(min_examples, 1) and number >= 1:
            flagged[rows[np.argsort(probs[rows, given])[:number]]] = True
    return flagged


def prune_by_noise_rate(labels, probs, counts, min_examples):
    flagged = np.zeros(len(labels), dtype=bool)
    for given in range(probs.shape[1]):
        rows = np.flatnonzero(labels == given)
        if len(rows) <= max(min_examples, 1):
            continue
        own = probs[rows]
        for other in range(probs.shape[1]):
            if other != given and counts[given, other] > 0:
                margin = own[:, other] - own[:, given]
                flagged[rows[np.argsort(-margin)[: counts[given, other]]]] = True
    return flagged


def find_issues(labels, probs, method="prune_by_noise_rate", min_examples=1):
    thresholds = thresholds_of(labels, probs)
    joint, off_diagonal = joint_of(labels, probs, thresholds)
    counts = prune_counts(joint, min_examples)
    if method == "prune_by_noise_rate":
        flagged = prune_by_noise_rate(labels, probs, counts, min_examples)
    elif method == "prune_by_class":
        flagged = prune_by_class(labels, probs, counts, min_examples)
    elif method == "both":
        flagged = prune_by_noise_rate(labels, probs, counts, min_examples)
        flagged &= prune_by_class(labels, probs, counts, min_examples)
    elif method == "confident_learning":
        flagged = np.zeros(len(labels), dtype=bool)
        flagged[off_diagonal] = True
    elif method == "predicted_neq_given":
        flagged = probs.argmax(axis=1) != labels
    else:
        raise SystemExit(f"unknown method {method}")
    raised = probs.copy()
    raised[np.arange(len(labels)), labels] += CLOSE
    flagged[raised.argmax(axis=1) == labels] = False
    issues = np.flatnonzero(flagged)
    ranked = issues[np.argsort(probs[issues, labels[issues]])]
    return thresholds, joint, issues, ranked


def main():
    arguments = sys.argv[1:]
    repeat = 1
    if "--repeat" in arguments:
        at = arguments.index("--repeat")
        repeat = int(arguments[at + 1])
        del arguments[at : at + 2]
    labels = np.load(arguments[0]).astype(np.int64)
    probs = np.load(arguments[1]).astype(np.float64)
    method = arguments[2] if len(arguments) > 2 else "prune_by_noise_rate"
    seconds = []
    for _ in range(repeat):
        start = time.perf_counter()
        thresholds, joint, issues, ranked = find_issues(labels, probs, method)
        seconds.append(time.perf_counter() - start)
    json.dump(
        {
            "seconds": seconds,
            "thresholds": thresholds.tolist(),
            "confidentJoint": joint.tolist(),
            "issues": issues.tolist(),
            "ranked": ranked.tolist(),
        },
        sys.stdout,
    )


if __name__ == "__main__":
    main()
