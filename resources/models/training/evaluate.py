"""Leave-speaker-out 15-NN label purity of an encoder on recorded datasets, and the baseline it has to beat.

    python3 evaluate.py CHECKPOINT.pt DATASETS_FOLDER [SAMPLE_FOLDER]

Purity: for each clip the share of its 15 nearest neighbours (cosine), clips of its own speaker left out, that
carry its label; the mean over clips. Nothing here is ever trained on.
"""

import csv
import subprocess
import sys
from pathlib import Path

import numpy as np

from features import BANDS, FLOOR, HOP, RATE, WINDOW, log_mel, read_wave, to_16k

FRAMES = 98
SECOND = RATE  # samples of a window: (16000 - 400) / 160 + 1 = 98 frames


def window(samples):
    """The one second given to the encoder: the loudest second of a longer clip, a shorter clip in the middle.

    The loudest second is the one with the greatest sum of squares; it may start at every hop, or where it ends with
    the clip. A shorter clip gets zeros on both sides (the odd one behind).
    """
    missing = SECOND - len(samples)
    if missing >= 0:
        return np.pad(samples, (missing // 2, missing - missing // 2))
    total = np.concatenate([[0], np.cumsum(samples.astype(np.float64) ** 2)])
    starts = np.append(np.arange(0, -missing + 1, HOP), -missing)
    first = starts[np.argmax(total[starts + SECOND] - total[starts])]
    return samples[first : first + SECOND]


def purity(vectors, labels, speakers, k=15):
    """Leave-speaker-out k-NN label purity of vectors (n, d); rows need not be normalised."""
    vectors = vectors / (np.linalg.norm(vectors, axis=1, keepdims=True) + 1e-12)
    labels, speakers = np.asarray(labels), np.asarray(speakers)
    shares = []
    for first in range(0, len(vectors), 500):
        rows = slice(first, first + 500)
        similarity = vectors[rows] @ vectors.T
        similarity[speakers[rows, None] == speakers[None]] = -np.inf
        nearest = np.argpartition(-similarity, k, axis=1)[:, :k]
        shares.append((labels[nearest] == labels[rows, None]).mean(1))
    return float(np.concatenate(shares).mean())


def recorded(folder, sample=None):
    """Datasets by name: (log-mel frames (n, 98, 40), labels, speakers)."""
    sets = {}
    folder = Path(folder)
    arabic = sorted((folder / "arabic-commands/dataset").glob("*/*.wav"))
    sets["arabic"] = [(p, p.parent.name, p.name.split("_")[0]) for p in arabic]
    fsdd = sorted((folder / "fsdd/recordings").glob("*.wav"))
    sets["fsdd"] = [(p, p.name.split("_")[0], p.name.split("_")[1]) for p in fsdd]
    loaded = {}
    for name, clips in sets.items():
        frames = [log_mel(window(to_16k(*read_wave(path)))) for path, _, _ in clips]
        loaded[name] = (np.stack(frames), [c[1] for c in clips], [c[2] for c in clips])
    if sample:
        loaded["sample"] = _sample(Path(sample))
    return loaded


def _sample(folder):
    """Words of the sample dataset, decoded by flac (its unreadable file left out), its planted faults left in."""
    frames, labels, speakers = [], [], []
    with open(folder / "clips.csv", encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if not row["label"]:
                continue
            path = folder / row["path"]
            data = path.read_bytes()
            if path.suffix == ".flac":
                data = subprocess.run(["flac", "-dcs", path], capture_output=True).stdout
            if len(data) > 1000:
                frames.append(log_mel(window(to_16k(*read_wave(data)))))
                labels.append(row["label"])
                speakers.append(row["speaker"])
    return np.stack(frames), labels, speakers


def baseline(frames):
    """A plain MFCC trajectory: 13 cepstra of the louder span of each clip at 16 points, standardised."""
    from scipy.fft import dct

    rows = []
    for clip in frames:
        level = clip.mean(1)
        loud = np.flatnonzero(level > level.max() - 5)
        span = clip[loud[0] : loud[-1] + 1]
        cepstra = dct(span, axis=1, norm="ortho")[:, :13]
        at = np.linspace(0, len(cepstra) - 1, 16)
        rows.append(np.stack([np.interp(at, np.arange(len(cepstra)), c) for c in cepstra.T]).ravel())
    rows = np.array(rows)
    return (rows - rows.mean(0)) / (rows.std(0) + 1e-9)


def main(checkpoint, datasets, sample=None):
    from train import load_encoder, embed

    model = load_encoder(checkpoint)
    for name, (frames, labels, speakers) in recorded(datasets, sample).items():
        vectors = embed(model, frames)
        print(f"{name}: encoder {purity(vectors, labels, speakers):.3f}", end=", ")
        print(f"MFCC trajectory {purity(baseline(frames), labels, speakers):.3f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
