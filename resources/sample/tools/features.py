"""Front end of the two sample models: decoding, speech span, log-mel frames, MFCC, pooling over time."""

import subprocess
from pathlib import Path

import numpy as np
from scipy.fft import dct
from scipy.io import wavfile

RATE = 16000
WINDOW, HOP, POINTS, BANDS = 400, 160, 512, 32


def decode(path: Path) -> np.ndarray | None:
    """Samples in -1..1, or None when the file cannot be read."""
    if path.suffix == '.wav':
        return wavfile.read(path)[1] / 32768
    command = ['flac', '-dcs', '--force-raw-format', '--endian=little', '--sign=signed', str(path)]
    done = subprocess.run(command, capture_output=True)
    if done.returncode != 0 or not done.stdout:
        return None
    return np.frombuffer(done.stdout, '<i2') / 32768


def mel_filters() -> np.ndarray:
    """BANDS x (POINTS/2 + 1) triangles, HTK mel scale, 60 to 7600 Hz, peak 1."""
    mel = np.linspace(2595 * np.log10(1 + 60 / 700), 2595 * np.log10(1 + 7600 / 700), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    frequency = np.fft.rfftfreq(POINTS, 1 / RATE)
    rising = (frequency - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - frequency) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rising, falling))


FILTERS = mel_filters()
HANN = np.hanning(WINDOW + 1)[:-1]


def log_mel(samples: np.ndarray) -> np.ndarray:
    """Frames x BANDS natural-log mel power of the speech span, 0 = near the clip's maximum, not below -11 (48 dB).

    The span is everything between the first and the last frame within 22 dB of the loudest. Level and mean are
    removed, and the floor hides the room, so that the recording place matters less than the word.
    """
    samples = samples - samples.mean()
    if len(samples) < WINDOW:
        samples = np.pad(samples, (0, WINDOW - len(samples)))
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::HOP]
    power = np.abs(np.fft.rfft(frames * HANN, POINTS)) ** 2
    level = 10 * np.log10((frames**2).mean(axis=1) + 1e-12)
    loud = np.flatnonzero(level > level.max() - 22)
    bands = np.log(power[loud[0] : loud[-1] + 1] @ FILTERS.T + 1e-9)
    return np.maximum(bands - np.quantile(bands, 0.98), -11)


def pool(frames: np.ndarray, parts: int) -> np.ndarray:
    """Means over `parts` equal stretches of time, one after another; frames are repeated when there are too few."""
    stretched = np.repeat(frames, parts, axis=0)
    return stretched.reshape(parts, len(frames), -1).mean(axis=1).ravel()


def mfcc_features(samples: np.ndarray, parts: int) -> np.ndarray:
    """13 MFCC (orthonormal DCT-II) in each of `parts` parts of the word, and its length in seconds."""
    frames = log_mel(samples)
    return np.append(pool(dct(frames, axis=1, norm='ortho')[:, :13], parts), len(frames) * HOP / RATE)
