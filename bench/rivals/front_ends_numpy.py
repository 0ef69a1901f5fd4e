"""Log-mel and MFCC of one-second clips with NumPy and SciPy on one thread: the rival of bench/front-ends.ts, and its
judge, by writing what it finds for the first clip.

Usage: front_ends_numpy.py log-mel|mfcc CLIPS.npy SECONDS OUT.npy   (clips: N x 16000 float32)
Prints one JSON document: clips a second.
"""
import json
import os
import sys
import time

for library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{library}_NUM_THREADS"] = "1"

import numpy as np  # noqa: E402
import scipy  # noqa: E402
import scipy.fft  # noqa: E402

kind, clips_file, seconds, out_file = sys.argv[1:5]
clips = np.load(clips_file)


def mel(hz):
    return 2595 * np.log10(1 + np.asarray(hz) / 700)


edges = 700 * (10 ** (np.linspace(mel(20), mel(7600), 42) / 2595) - 1)
bins = np.arange(257) * 16000 / 512
lower, centre, upper = edges[:-2, None], edges[1:-1, None], edges[2:, None]
filters = np.maximum(0, np.minimum((bins - lower) / (centre - lower), (upper - bins) / (upper - centre))).T
window = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(400) / 400)


def features(clip, dtype):
    frames = np.lib.stride_tricks.sliding_window_view(clip, 400)[::160] * window.astype(dtype)
    spectrum = scipy.fft.rfft(frames, 512)
    power = spectrum.real**2 + spectrum.imag**2
    rows = np.log(power @ filters.astype(dtype) + dtype(1e-6))
    return rows if kind == "log-mel" else scipy.fft.dct(rows, axis=1, norm="ortho")[:, :13]


np.save(out_file, features(clips[0].astype(np.float64), np.float64).astype(np.float32))
start = time.perf_counter()
done = 0
while time.perf_counter() - start < float(seconds):
    for clip in clips:
        features(clip, np.float32)
    done += len(clips)
rate = done / (time.perf_counter() - start)
json.dump({"clipsPerSecond": rate, "version": f"NumPy {np.__version__}, SciPy {scipy.__version__}"}, sys.stdout)
