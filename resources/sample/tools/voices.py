"""The synthetic speakers: who they are, and how a Debian speech synthesiser says a text in their voice.

Owns the table of voices and the calls of espeak-ng, flite and festival. No effects, no files of the dataset.
"""

import hashlib
import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from math import gcd

import numpy as np
from scipy.io import wavfile
from scipy.signal import resample_poly

RATE = 16000


@dataclass(frozen=True)
class Voice:
    """One speaker.

    `engine` and `name` select the synthesiser's voice, `pitch` is espeak-ng's 0..99. A `warp` in percent raises
    pitch and formants together, which makes another speaker of a voice that has no variants.
    """

    engine: str
    name: str
    gender: str
    accent: str
    locale: str
    device: str
    split: str
    pitch: int = 50
    warp: int = 0

    @property
    def speaker(self) -> str:
        """Eight hex digits whose Speech Commands hash falls into the voice's split."""
        for salt in range(1000):
            key = f'earmark sample {self.engine} {self.name} {self.warp} {salt}'
            digest = hashlib.sha256(key.encode()).hexdigest()[:8]
            if which_set(f'{digest}_nohash_0.wav') == self.split:
                return digest
        raise RuntimeError(f'no speaker id found for {self.name}')


US, GB, SCOTLAND = 'American', 'English', 'Scottish'

# gmw/en is the British voice; the alias en-gb ignores variants in 1.51, so that every `en-gb+x` sounds alike.
VOICES = [
    Voice('flite', 'slt', 'female', US, 'en-US', 'headset', 'train'),
    Voice('flite', 'slt', 'female', US, 'en-US', 'laptop', 'test', warp=-10),
    Voice('flite', 'rms', 'male', US, 'en-US', 'laptop', 'train'),
    Voice('flite', 'rms', 'male', US, 'en-US', 'headset', 'train', warp=14),
    Voice('flite', 'awb', 'male', SCOTLAND, 'en-GB', 'headset', 'validation'),
    Voice('flite', 'awb', 'male', SCOTLAND, 'en-GB', 'laptop', 'train', warp=12),
    Voice('flite', 'kal16', 'male', US, 'en-US', 'across the room', 'train'),
    Voice('flite', 'kal16', 'male', US, 'en-US', 'headset', 'train', warp=13),
    Voice('festival', 'ked_diphone', 'male', US, 'en-US', 'laptop', 'train'),
    Voice('festival', 'ked_diphone', 'male', US, 'en-US', 'headset', 'test', warp=-9),
    Voice('espeak-ng', 'en-us+f1', 'female', US, 'en-US', 'headset', 'train', pitch=55),
    Voice('espeak-ng', 'en-us+f2', 'female', US, 'en-US', 'laptop', 'validation'),
    Voice('espeak-ng', 'gmw/en+f3', 'female', GB, 'en-GB', 'across the room', 'train', pitch=45),
    Voice('espeak-ng', 'en-us+f4', 'female', US, 'en-US', 'laptop', 'train', pitch=60),
    Voice('espeak-ng', 'en-gb-x-rp+f5', 'female', GB, 'en-GB', 'headset', 'test', pitch=52),
    Voice('espeak-ng', 'en-us+Annie', 'female', US, 'en-US', 'laptop', 'train', pitch=45),
    Voice('espeak-ng', 'gmw/en+linda', 'female', GB, 'en-GB', 'laptop', 'train'),
    Voice('espeak-ng', 'en-us+Andrea', 'female', US, 'en-US', 'headset', 'train', pitch=48),
    Voice('espeak-ng', 'en-us+m1', 'male', US, 'en-US', 'across the room', 'train'),
    Voice('espeak-ng', 'gmw/en+m3', 'male', GB, 'en-GB', 'headset', 'train', pitch=42),
    Voice('espeak-ng', 'en-gb-scotland+m4', 'male', SCOTLAND, 'en-GB', 'laptop', 'test', pitch=48),
    Voice('espeak-ng', 'en-gb-x-rp+m5', 'male', GB, 'en-GB', 'headset', 'validation', pitch=40),
    Voice('espeak-ng', 'en-029+m6', 'male', 'Caribbean', 'en-029', 'across the room', 'train'),
    Voice('espeak-ng', 'en-us+john', 'male', US, 'en-US', 'headset', 'train', pitch=44),
]


def which_set(file_name: str, validation_percent: float = 10, testing_percent: float = 10) -> str:
    """Split of a Speech Commands file name: SHA-1 of the part before `_nohash_`, modulo 2^27, as a percentage."""
    most = 2**27 - 1
    base = re.sub(r'_nohash_.*$', '', file_name)
    share = (int(hashlib.sha1(base.encode()).hexdigest(), 16) % (most + 1)) * (100.0 / most)
    if share < validation_percent:
        return 'validation'
    return 'test' if share < validation_percent + testing_percent else 'train'


def _command(voice: Voice, text: str, path: str, tempo: float) -> tuple[list[str], str | None]:
    """Command line and standard input that make `voice` say `text` into `path`; tempo 1 is the usual speed."""
    if voice.engine == 'espeak-ng':
        words_per_minute = str(round(155 * tempo))
        return ['espeak-ng', '-v', voice.name, '-s', words_per_minute, '-p', str(voice.pitch), '-w', path, text], None
    # Warping shortens by the same factor; the synthesiser speaks slower by as much.
    stretch = f'{(1 + voice.warp / 100) / tempo:.3f}'
    if voice.engine == 'flite':
        return ['flite', '-voice', voice.name, '--setf', f'duration_stretch={stretch}', '-t', text, '-o', path], None
    scheme = f"(begin (voice_{voice.name}) (Parameter.set 'Duration_Stretch {stretch}))"
    return ['text2wave', '-eval', scheme, '-o', path], text


def say(voice: Voice, text: str, tempo: float) -> np.ndarray:
    """Speech as float64 samples at 16 kHz, peak 1, without the silence the synthesiser puts around it."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'said.wav')
        command, standard_input = _command(voice, text, path, tempo)
        done = subprocess.run(command, input=standard_input, capture_output=True, text=True)
        if done.returncode != 0 or not os.path.exists(path):
            raise SystemExit(f'{voice.engine} could not say "{text}" as {voice.name}: {done.stderr.strip()}')
        rate, samples = wavfile.read(path)
    samples = samples.astype(np.float64)
    if rate != RATE:
        common = gcd(RATE, rate)
        samples = resample_poly(samples, RATE // common, rate // common)
    if voice.warp:
        samples = resample_poly(samples, 100, 100 + voice.warp)
    peak = np.abs(samples).max(initial=0)
    if peak == 0:
        raise SystemExit(f'{voice.engine} said nothing for "{text}" as {voice.name}.')
    samples /= peak
    loud = np.flatnonzero(np.abs(samples) > 0.01)
    return samples[loud[0] : loud[-1] + 1]
