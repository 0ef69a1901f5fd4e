"""Log-mel frames, the one input of the encoder, and the helpers that read sound.

Convention ("htk" of the studio's front ends): 16 kHz, samples in [-1, 1], periodic Hann window of 400,
hop 160, FFT 512, power spectrum, 40 triangles of height 1 equally spaced on the HTK mel scale from 20 to
7600 Hz, ln(x + 1e-6), no padding.
"""

import io
import wave

import numpy as np
from scipy.signal import resample_poly

RATE = 16000
WINDOW = 400
HOP = 160
FFT = 512
BANDS = 40
FLOOR = 1e-6


def mel_filters():
    """Weights (40, 257) of the HTK filter bank."""
    mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    hz = lambda m: 700 * (10 ** (m / 2595) - 1)
    edges = hz(np.linspace(mel(20.0), mel(7600.0), BANDS + 2))
    bins = np.arange(FFT // 2 + 1) * RATE / FFT
    rise = (bins[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    fall = (edges[2:, None] - bins[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.maximum(0, np.minimum(rise, fall)).astype(np.float32)


FILTERS = mel_filters()
HANN = (0.5 - 0.5 * np.cos(2 * np.pi * np.arange(WINDOW) / WINDOW)).astype(np.float32)


def log_mel(samples):
    """Log-mel frames (n, 40) float32 of 16 kHz samples; no frame when there are fewer than 400 samples."""
    count = (len(samples) - WINDOW) // HOP + 1
    if count < 1:
        return np.zeros((0, BANDS), np.float32)
    frames = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[:: HOP][:count]
    power = np.abs(np.fft.rfft(frames * HANN, FFT)) ** 2
    return np.log(power.astype(np.float32) @ FILTERS.T + FLOOR)


def read_wave(source):
    """Samples (float32, first channel) and rate of a 16-bit PCM WAV given as a path or as bytes."""
    with wave.open(io.BytesIO(source) if isinstance(source, bytes) else str(source)) as file:
        data = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        return data[:: file.getnchannels()].astype(np.float32) / 32768, file.getframerate()


def to_16k(samples, rate):
    """Samples at 16 kHz by a polyphase filter."""
    if rate == RATE or len(samples) == 0:
        return samples
    common = np.gcd(rate, RATE)
    return resample_poly(samples, RATE // common, rate // common).astype(np.float32)


def trim(samples, below_peak_db=45.0):
    """The part of a synthesised word between its first and last 10 ms louder than the peak minus 45 dB."""
    count = len(samples) // HOP
    if count == 0:
        return samples
    energy = (samples[: count * HOP].reshape(count, HOP) ** 2).mean(1)
    loud = np.flatnonzero(energy > energy.max() * 10 ** (-below_peak_db / 10))
    return samples[loud[0] * HOP : (loud[-1] + 1) * HOP] if len(loud) else samples[:0]
