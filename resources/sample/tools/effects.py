"""What happens to speech between mouth and file: level, room, noise, and the ways in which a recording goes wrong.

Pure numpy on float64 samples at 16 kHz in -1..1; every random choice comes from the generator it is given.
"""

import numpy as np
from scipy.signal import butter, fftconvolve, resample_poly, sosfiltfilt

RATE = 16000

# Reverberation time in seconds, wet share, speech level and noise below speech in dB, of each recording place.
PLACES = {
    'headset': (0.12, 0.10, -23.0, 44.0),
    'laptop': (0.25, 0.25, -26.0, 33.0),
    'across the room': (0.40, 0.45, -29.0, 25.0),
}


def decibels(ratio_db: float) -> float:
    """Amplitude ratio of a level difference in dB."""
    return 10 ** (ratio_db / 20)


def rms(samples: np.ndarray) -> float:
    """Root mean square; 0 for no samples."""
    return float(np.sqrt(np.mean(samples**2))) if len(samples) else 0.0


def speech_rms(samples: np.ndarray) -> float:
    """RMS over the 20 ms frames that lie within 25 dB of the loudest."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    power = (frames**2).mean(axis=1)
    return float(np.sqrt(power[power > power.max() * 10**-2.5].mean()))


def room_noise(rng: np.random.Generator, count: int, hum: float = 0.0) -> np.ndarray:
    """Noise of RMS 1 that falls by about 4.5 dB per octave, as in a quiet room, with a mains hum of 50 Hz if asked."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.maximum(np.fft.rfftfreq(count, 1 / RATE), 60.0)
    noise = np.fft.irfft(spectrum * frequency**-0.75, count)
    noise /= rms(noise)
    if hum > 0:
        time = np.arange(count) / RATE
        tones = sum(np.sin(2 * np.pi * 50 * k * time + rng.uniform(0, 6.3)) / k for k in (1, 2, 3, 5))
        noise = noise + hum * tones / rms(tones)
        noise /= rms(noise)
    return noise


def reverberate(speech: np.ndarray, rng: np.random.Generator, seconds: float, wet: float) -> np.ndarray:
    """Speech with a decaying noise tail (60 dB in `seconds`) after a few discrete early reflections."""
    count = int(seconds * RATE)
    tail = rng.standard_normal(count) * 10 ** (-3 * np.arange(count) / count)
    tail[: int(0.004 * RATE)] = 0
    tail *= 1 / np.sqrt((tail**2).sum())
    response = wet * tail
    response[0] = 1
    for delay in rng.uniform(0.004, 0.02, 3):
        response[int(delay * RATE)] += wet * rng.uniform(0.3, 0.7)
    return fftconvolve(speech, response)


def tape_speed(speech: np.ndarray, percent: int) -> np.ndarray:
    """Played `percent` % faster: shorter and higher, as another throat would be."""
    return resample_poly(speech, 100, 100 + percent)


def record(
    speech: np.ndarray, device: str, seed: list[int], take: np.random.Generator, seconds: float | None
) -> np.ndarray:
    """One recording of `speech` in the place `device`.

    `seed` fixes the room (one per speaker), `take` everything that changes from take to take. With `seconds` the
    recording has that length and the speech lies somewhere inside; without, it has margins of 0.1 to 0.25 s.
    """
    decay, wet, level_db, snr_db = PLACES[device]
    wet_speech = reverberate(speech, np.random.default_rng(seed), decay, wet)
    wet_speech *= decibels(level_db + take.uniform(-2, 2)) / speech_rms(wet_speech)
    if seconds is None:
        before, after = (int(take.uniform(0.10, 0.25) * RATE) for _ in range(2))
        count = before + len(speech) + after
    else:
        count = round(seconds * RATE)
        room = max(count - len(speech) - 2 * 800, 0)
        before = 800 + int(room * take.uniform(0.2, 0.7))
    recording = np.zeros(count)
    part = wet_speech[: count - before]
    recording[before : before + len(part)] = part
    fade = np.ones(count)
    fade[-480:] = np.linspace(1, 0, 480)
    recording *= fade
    noise_level = speech_rms(wet_speech) * decibels(-snr_db + take.uniform(-3, 3))
    recording += noise_level * room_noise(take, count, hum=0.4 if device == 'laptop' else 0.0)
    highest = np.abs(recording).max()
    return recording * min(1.0, 0.85 / highest)


def loudest_frame(recording: np.ndarray, width: int = 320) -> int:
    """First sample of the loudest stretch of `width` samples."""
    return int(np.convolve(recording**2, np.ones(width), 'valid').argmax())


def clip_hard(recording: np.ndarray) -> np.ndarray:
    """Overdriven: the top 16 dB of the waveform lie at full scale."""
    return np.clip(recording / np.abs(recording).max() * decibels(16), -1, 1)


def cut_start(recording: np.ndarray) -> np.ndarray:
    """Starts in the middle of the loudest sound; the length stays, silence fills the end."""
    start = loudest_frame(recording)
    rest = recording[start:]
    floor = recording[-1600:]
    return np.concatenate([rest, np.resize(floor, start)])


def cut_end(recording: np.ndarray) -> np.ndarray:
    """Ends in the middle of the loudest sound; the length stays, the room's noise fills the start."""
    end = loudest_frame(recording) + 320
    floor = recording[:600]
    return np.concatenate([np.resize(floor, len(recording) - end), recording[:end]])


def too_quiet(recording: np.ndarray) -> np.ndarray:
    """Peak at -42 dBFS."""
    return recording / np.abs(recording).max() * decibels(-42)


def fragment(recording: np.ndarray, seconds: float) -> np.ndarray:
    """A faded piece of the word, too short to be understood."""
    count = int(seconds * RATE)
    start = max(0, min(loudest_frame(recording) - count // 2, len(recording) - count))
    window = np.ones(count)
    ramp = int(0.03 * RATE)
    window[:ramp] = np.linspace(0, 1, ramp) ** 2
    window[-ramp:] = window[:ramp][::-1]
    return recording[start : start + count] * window


def add_noise(recording: np.ndarray, rng: np.random.Generator, snr_db: float) -> np.ndarray:
    """Room noise at `snr_db` below the recording's RMS."""
    noisy = recording + rms(recording) * decibels(-snr_db) * room_noise(rng, len(recording))
    return noisy * min(1.0, 0.85 / np.abs(noisy).max())


def low_pass(recording: np.ndarray, hertz: float) -> np.ndarray:
    """Nothing above `hertz`, as from a narrow-band line."""
    return sosfiltfilt(butter(10, hertz, fs=RATE, output='sos'), recording)


def to_int16(recording: np.ndarray) -> np.ndarray:
    """16-bit samples; full scale is 32767."""
    return np.clip(np.round(recording * 32767), -32768, 32767).astype('<i2')
