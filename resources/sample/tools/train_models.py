#!/usr/bin/env python3
"""Trains two small word models on the sample and writes what they say about clips of speakers they never heard.

`mfcc-logreg` is multinomial logistic regression on MFCC in six parts of the word, `mfcc-mlp` a network with one
hidden layer of 48 on MFCC in eight parts. Both learn from the labels as given, wrong ones included. Twelve folds of two
speakers each; a clip's prediction comes from the model whose training left its speaker out. Writes
predictions/<model>.csv (path, predicted, confidence, p_<label>..., latency_ms). Latency is that of one clip, from
samples to probabilities, measured while predicting.

    python3 resources/sample/tools/train_models.py
"""

import os

os.environ.setdefault('OMP_NUM_THREADS', '1')

import csv  # noqa: E402
import time  # noqa: E402
import warnings  # noqa: E402
from functools import partial  # noqa: E402
from pathlib import Path  # noqa: E402

import numpy as np  # noqa: E402
from scipy.signal import resample_poly  # noqa: E402
from sklearn.exceptions import ConvergenceWarning  # noqa: E402
from sklearn.linear_model import LogisticRegression  # noqa: E402
from sklearn.model_selection import GroupKFold  # noqa: E402
from sklearn.neural_network import MLPClassifier  # noqa: E402
from sklearn.pipeline import make_pipeline  # noqa: E402
from sklearn.preprocessing import StandardScaler  # noqa: E402

from features import decode, mfcc_features  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
FOLDS = 12
# Training clips are also heard played this many percent faster, as if by other throats.
SPEEDS = [0, -14, -9, 9, 14]


def logistic_regression():
    """The smaller model."""
    return make_pipeline(StandardScaler(), LogisticRegression(C=0.02, max_iter=300))


def multilayer_perceptron():
    """The larger model; 60 passes are enough, more would learn the wrong labels by heart."""
    network = MLPClassifier((48,), alpha=3, max_iter=60, random_state=1)
    return make_pipeline(StandardScaler(), network)


MODELS = {
    'mfcc-logreg': (partial(mfcc_features, parts=6), logistic_regression),
    'mfcc-mlp': (partial(mfcc_features, parts=8), multilayer_perceptron),
}


def load() -> tuple[list[str], list[np.ndarray], np.ndarray, np.ndarray]:
    """Paths, samples, given labels and speakers of all labelled clips that can be decoded."""
    with open(ROOT / 'clips.csv', encoding='utf-8', newline='') as file:
        rows = [row for row in csv.DictReader(file) if row['label']]
    decoded = [(row, decode(ROOT / row['path'])) for row in rows]
    kept = [(row, samples) for row, samples in decoded if samples is not None]
    labels = np.array([row['label'] for row, _ in kept])
    speakers = np.array([row['speaker'] for row, _ in kept])
    return [row['path'] for row, _ in kept], [samples for _, samples in kept], labels, speakers


def out_of_sample(features, make_model, audio, labels, speakers) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Class names (K), probabilities (N x K) and latencies in ms (N) by models that did not hear the speaker."""
    classes = np.unique(labels)
    heard = [
        np.array([features(resample_poly(samples, 100, 100 + speed) if speed else samples) for samples in audio])
        for speed in SPEEDS
    ]
    probabilities, latency = np.zeros((len(labels), len(classes))), np.zeros(len(labels))
    for train, test in GroupKFold(FOLDS).split(heard[0], labels, speakers):
        assert not set(speakers[train]) & set(speakers[test])
        model = make_model().fit(np.vstack([h[train] for h in heard]), np.tile(labels[train], len(SPEEDS)))
        model.predict_proba(features(audio[test[0]])[None])
        for clip in test:
            start = time.perf_counter()
            probabilities[clip] = model.predict_proba(features(audio[clip])[None])[0]
            latency[clip] = 1000 * (time.perf_counter() - start)
    return classes, probabilities, latency


def write(name: str, paths: list[str], classes: np.ndarray, probabilities: np.ndarray, latency: np.ndarray) -> None:
    """One row per clip; probabilities with five decimals."""
    folder = ROOT / 'predictions'
    folder.mkdir(exist_ok=True)
    with open(folder / f'{name}.csv', 'w', encoding='utf-8', newline='') as file:
        table = csv.writer(file, lineterminator='\n')
        table.writerow(['path', 'predicted', 'confidence', *(f'p_{label}' for label in classes), 'latency_ms'])
        for path, row, milliseconds in sorted(zip(paths, probabilities, latency), key=lambda item: item[0]):
            best = int(row.argmax())
            shares = [f'{share:.5f}' for share in row]
            table.writerow([path, classes[best], shares[best], *shares, f'{milliseconds:.3f}'])


def main() -> None:
    """Trains and writes both models' predictions, and prints their accuracy against the labels as given."""
    warnings.simplefilter('ignore', ConvergenceWarning)
    paths, audio, labels, speakers = load()
    for name, (features, make_model) in MODELS.items():
        classes, probabilities, latency = out_of_sample(features, make_model, audio, labels, speakers)
        write(name, paths, classes, probabilities, latency)
        correct = classes[probabilities.argmax(axis=1)] == labels
        print(f'{name}: {correct.mean():.1%} of {len(labels)} clips as labelled, {np.median(latency):.2f} ms per clip')


if __name__ == '__main__':
    main()
