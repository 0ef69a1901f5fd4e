#!/usr/bin/env python3
"""Measures the finished sample: decodes every file twice, checks that what was planted can be measured and that
nothing else can be mistaken for it, and how far down a ranking by self-confidence the wrong labels lie.

    python3 resources/sample/tools/check_sample.py
"""

import csv
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np

from features import RATE, decode

ROOT = Path(__file__).resolve().parent.parent


def table(name: str) -> list[dict[str, str]]:
    """Rows of a CSV of the sample."""
    with open(ROOT / name, encoding='utf-8', newline='') as file:
        return list(csv.DictReader(file))


def decibels(value: float) -> float:
    """Level of an amplitude, with a floor of -200 dB."""
    return 20 * np.log10(max(value, 1e-10))


def longest_flat_top(samples: np.ndarray) -> int:
    """Samples in runs of three or more at full scale."""
    full = np.abs(samples) >= 32767 / 32768
    edges = np.flatnonzero(np.diff(np.concatenate([[0], full.view(np.int8), [0]])))
    runs = edges[1::2] - edges[::2]
    return int(runs[runs >= 3].sum())


def measured_kinds(samples: np.ndarray) -> set[str]:
    """Which audio problems a plain measurement sees, with the studio's default thresholds."""
    level, peak = np.sqrt(np.mean(samples**2)), np.abs(samples).max()
    if decibels(peak) < -60:
        return {'silent'}
    found = set()
    if decibels(level) < -45:
        found.add('too-quiet')
    if longest_flat_top(samples) >= 10:
        found.add('clipped')
    edge = max(np.sqrt(np.mean(samples[:320] ** 2)), np.sqrt(np.mean(samples[-320:] ** 2)))
    if decibels(edge / level) > -3:
        found.add('cut-edge')
    if len(samples) < 0.3 * RATE:
        found.add('too-short')
    if len(samples) > 17 * RATE:
        found.add('too-long')
    if abs(samples.mean()) > 0.05:
        found.add('dc-offset')
    return found


def check_audio(planted: dict[str, set[str]]) -> int:
    """Prints what does not agree with the truth file; returns how many files that is."""
    wrong = 0
    levels, lengths = [], []
    for row in table('clips.csv'):
        path = ROOT / row['path']
        samples = decode(path)
        by_ffmpeg = subprocess.run(
            ['ffmpeg', '-v', 'error', '-i', str(path), '-f', 's16le', '-ac', '1', '-'], capture_output=True
        )
        count = len(by_ffmpeg.stdout) // 2
        kinds = planted[row['path']]
        if samples is None or count == 0:
            if 'unreadable' not in kinds or samples is not None or count != 0:
                print(f'{row["path"]}: flac {samples is not None}, ffmpeg {count} samples, planted {kinds}')
                wrong += 1
            continue
        measurable = {'silent', 'too-quiet', 'clipped', 'cut-edge', 'too-short', 'too-long', 'dc-offset'}
        seen = measured_kinds(samples)
        if count != len(samples) or seen != kinds & measurable:
            # DC of a clip also lies at its edges; both findings are right.
            if not ('dc-offset' in kinds and seen - {'cut-edge'} == {'dc-offset'}):
                print(f'{row["path"]}: {count}/{len(samples)} samples, measured {seen}, planted {kinds}')
                wrong += 1
        if not kinds:
            levels.append(decibels(np.sqrt(np.mean(samples**2))))
            lengths.append(len(samples) / RATE)
    low, middle, high = np.percentile(levels, [1, 50, 99])
    span = f'{min(lengths):.2f} to {max(lengths):.2f} s'
    print(f'unplanted clips: RMS {low:.1f} / {middle:.1f} / {high:.1f} dBFS (1, 50, 99 %), {span}')
    return wrong


def check_ranking(name: str, planted: dict[str, set[str]], true_label: dict[str, str]) -> None:
    """Prints accuracy and the share of wrong labels among the 5 % with the least self-confidence."""
    given = {row['path']: row['label'] for row in table('clips.csv')}
    rows = table(f'predictions/{name}.csv')
    confidence = np.array([float(row[f'p_{given[row["path"]]}']) for row in rows])
    mislabelled = np.array([bool(planted[row['path']] & {'label-issue', 'duplicate-conflict'}) for row in rows])
    lowest = np.argsort(confidence)[: round(0.05 * len(rows))]
    as_given = np.mean([row['predicted'] == given[row['path']] for row in rows])
    as_said = np.mean([row['predicted'] == true_label.get(row['path'], given[row['path']]) for row in rows])
    latency = np.median([float(row['latency_ms']) for row in rows])
    print(
        f'{name}: accuracy {as_given:.3f} (labels as given), {as_said:.3f} (word really said), median {latency:.2f} ms; '
        f'{mislabelled[lowest].sum()} of {mislabelled.sum()} wrong labels in the lowest {len(lowest)} by self-confidence'
    )
    recall = defaultdict(list)
    for row in rows:
        recall[given[row['path']]].append(row['predicted'] == given[row['path']])
    print('  recall ' + ', '.join(f'{label} {np.mean(hits):.2f}' for label, hits in sorted(recall.items())))


def main() -> None:
    """Prints everything; exit code 1 when the audio disagrees with the truth file."""
    planted: dict[str, set[str]] = defaultdict(set)
    truth = table('truth.csv')
    for row in truth:
        planted[row['path']].add(row['kind'])
    print(dict(Counter(row['kind'] for row in truth)))
    true_label = {row['path']: row['true_label'] for row in truth if row['true_label']}
    size = sum(file.stat().st_size for file in ROOT.rglob('*') if file.is_file())
    print(f'{size / 1e6:.2f} MB in all')
    for name in ('mfcc-logreg', 'mfcc-mlp'):
        check_ranking(name, planted, true_label)
    wrong = check_audio(planted)
    print(f'{wrong} files disagree with the truth file')
    sys.exit(1 if wrong else 0)


if __name__ == '__main__':
    main()
