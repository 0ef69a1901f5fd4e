"""Lets every voice of one synthesiser say its share of words.tsv and caches the log-mel frames.

    python3 synthesise.py espeak|flite|festival WORDS.tsv OUT.npz [SHARD/SHARDS]

OUT.npz: frames (total, 40) float16; start, length: where a rendition lies in frames; word: its row of
words.tsv; voice: index into voices (names). Which voice says a word, how fast and how high is drawn from a
seed made of the word's number, so that shards are independent and a run can be repeated.
"""

import pickle
import random
import re
import subprocess
import sys
import tempfile
from itertools import groupby
from multiprocessing import Process
from pathlib import Path

import numpy as np
from scipy.signal import resample

from espeak import Espeak
from features import RATE, log_mel, read_wave, trim
from spelling import ACCENTS, cmu_phones, spell

VARIANTS = """Alex Alicia Andrea Andy Annie Denis Diogo Gene Gene2 Henrique Hugo Jacky Lee Marco Michael Nguyen Storm
adam antonio aunty belinda benjamin boris caleb croak david ed edward edward2 f1 f2 f3 f4 f5 grandma grandpa iven
iven2 iven3 iven4 john kaukovalta klatt klatt2 klatt3 klatt4 linda m1 m2 m3 m4 m5 m6 m7 m8 marcelo max michel miguel
mike norbert pablo paul pedro quincy rob robert sandro shelby steph steph2 steph3 travis victor whisper zac""".split()
DIALECTS = {
    "en-us": "en-us en-us en-029 en-gb-scotland en-gb-x-rp en-gb-x-gbclan en-us-nyc".split(),
    "fr": "fr fr-be fr-ch".split(), "es": "es es-419".split(), "pt-br": "pt-br pt-br pt".split(),
}
NATIVE_ESPEAK, ACCENTED_ESPEAK, FLITE, FESTIVAL = 7, 4, 3, 5
FLITE_VOICES = {"kal16": 105, "awb": 120, "rms": 95, "slt": 170}
ENCODING = {"cs": "iso-8859-2", "hi": "utf-8"}  # of the text that festival's voices of a language read; else Latin-1
FESTIVAL_VOICES = {  # festival's voice: the language it is spelled in; "cmu" takes phones
    "czech_dita": "cs", "czech_krb": "cs", "czech_machac": "cs", "czech_ph": "cs", "suo_fi_lj_diphone": "fi",
    "hy_fi_mv_diphone": "fi", "lp_diphone": "it", "pc_diphone": "it", "hindi_NSK_diphone": "hi",
    "upc_ca_ona_hts": "ca", "ked_diphone": "cmu",
}


class Cache:
    """Collects renditions: warps the rate a little (pitch and formants together), trims, levels, pads, log-mel."""

    def __init__(self):
        self.frames, self.words, self.voices = [], [], []

    def add(self, samples, rate, word, voice, rng):
        warp = rng.uniform(0.87, 1.17)
        length = int(len(samples) * RATE / rate * warp)
        if length < 1600 or length > 60000 or not np.abs(samples).max() > 0:
            return
        padded = np.concatenate([samples, np.zeros(-len(samples) % 1024, np.float32)])
        samples = trim(resample(padded, int(len(padded) * RATE / rate * warp)).astype(np.float32))
        if len(samples) < 1600 or len(samples) > 1.6 * RATE:
            return
        samples *= 0.5 / np.abs(samples).max()
        silence = np.zeros(480, np.float32)
        self.frames.append(log_mel(np.concatenate([silence, samples, silence])).astype(np.float16))
        self.words.append(word)
        self.voices.append(voice)

    def load(self, path):
        with open(path, "rb") as file:
            frames, words, voices = pickle.load(file)
        self.frames += frames
        self.words += words
        self.voices += voices

    def save(self, out):
        names = sorted(set(self.voices))
        index = {name: i for i, name in enumerate(names)}
        length = np.array([len(frames) for frames in self.frames], np.int32)
        np.savez(
            out, frames=np.concatenate(self.frames), length=length, start=np.cumsum(length) - length,
            word=np.array(self.words, np.int32), voice=np.array([index[v] for v in self.voices], np.int32), voices=names,
        )
        print(len(length), "renditions,", len(names), "voices", flush=True)


def with_espeak(rows, cache):
    jobs = []
    for number, language, text, tokens in rows:
        rng = random.Random(f"espeak {number}")
        native = 0 if language == "pan" else NATIVE_ESPEAK
        for variant in rng.sample(VARIANTS, NATIVE_ESPEAK + ACCENTED_ESPEAK):
            if native > 0:
                spoken, spelled, native = rng.choice(DIALECTS.get(language, [language])), text, native - 1
            else:
                spoken = rng.choice(ACCENTS)
                spelled = spell(tokens, spoken)
            jobs.append((f"{spoken}+{variant}", spelled, number))
    jobs.sort(key=lambda job: job[0].split("+")[1])
    for _variant, group in groupby(jobs, key=lambda job: job[0].split("+")[1]):
        # espeak-ng crashes now and then after many changes of voice: a child per variant keeps the damage small
        # and makes it visible.
        with tempfile.TemporaryDirectory() as folder:
            child = Process(target=_espeak_variant, args=(sorted(group), f"{folder}/part"))
            child.start()
            child.join()
            if child.exitcode == 0:
                cache.load(f"{folder}/part")
            else:
                print(_variant, "crashed:", child.exitcode, flush=True)


def _espeak_variant(jobs, out):
    cache, espeak, current = Cache(), Espeak(), None
    for voice, text, number in jobs:
        if voice != current:
            espeak.set_voice(voice)
            current = voice
        rng = random.Random(f"{voice} {number}")
        samples = espeak.say(text, rng.uniform(105, 250), rng.uniform(5, 95), rng.uniform(20, 95))
        if len(samples):
            cache.add(samples, espeak.rate, number, "espeak " + voice.split("+")[1], rng)
    with open(out, "wb") as file:
        pickle.dump((cache.frames, cache.words, cache.voices), file)


def with_flite(rows, cache):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/a.wav"
        for number, language, text, tokens in rows:
            rng = random.Random(f"flite {number}")
            for voice in rng.sample(sorted(FLITE_VOICES), FLITE):
                said = ["-t", text] if language == "en-us" else ["-p", cmu_phones(tokens)]
                pitch = FLITE_VOICES[voice] * rng.uniform(0.8, 1.3)
                command = ["flite", "-voice", voice, "--setf", f"duration_stretch={rng.uniform(0.75, 1.4):.2f}"]
                command += ["--setf", f"int_f0_target_mean={pitch:.0f}", *said, path]
                if subprocess.run(command, capture_output=True).returncode == 0:
                    cache.add(*read_wave(path), number, "flite " + voice, rng)


# Festival pads words with up to two seconds of recorded pause, which no level separates from speech: the words'
# own times come from the segments, between the end of the first pause and the start of the last one.
_SAY = """
(define (say utterance number path)
  (let ((u (utt.synth utterance)))
    (utt.save.wave u path 'riff)
    (let ((segments (utt.relation.items u 'Segment)))
      (format t "said %d %f %f\\n" number (item.feat (car segments) 'end)
        (item.feat (cadr (reverse segments)) 'end)))))
"""


def with_festival(rows, cache, batch=400):
    jobs = {voice: [] for voice in FESTIVAL_VOICES}
    for number, language, text, tokens in rows:
        rng = random.Random(f"festival {number}")
        for voice in rng.sample(sorted(FESTIVAL_VOICES), FESTIVAL):
            spelled = FESTIVAL_VOICES[voice]
            if spelled == "cmu":
                utterance = f"(Utterance Phones ({cmu_phones(tokens)}))"
            else:
                said = text if language == spelled else spell(tokens, spelled)
                utterance = f'(Utterance Text "{said}")'
            jobs[voice].append((number, utterance, rng.uniform(0.75, 1.35)))
    for voice, work in jobs.items():
        for first in range(0, len(work), batch):
            with tempfile.TemporaryDirectory() as folder:
                script = [f"(voice_{voice})", _SAY]
                for number, utterance, stretch in work[first : first + batch]:
                    script.append(f"(Parameter.set 'Duration_Stretch {stretch:.2f})")
                    script.append(f'(unwind-protect (say {utterance} {number} "{folder}/{number}.wav") nil)')
                encoding = ENCODING.get(FESTIVAL_VOICES[voice], "latin-1")
                Path(folder, "batch.scm").write_bytes("\n".join(script).encode(encoding, "ignore"))
                said = subprocess.run(["festival", "-b", f"{folder}/batch.scm"], capture_output=True, text=True)
                for number, begin, end in re.findall(r"^said (\d+) ([\d.]+) ([\d.]+)$", said.stdout, re.M):
                    samples, rate = read_wave(f"{folder}/{number}.wav")
                    samples = samples[int(float(begin) * rate) : int(float(end) * rate)]
                    cache.add(samples, rate, int(number), "festival " + voice, random.Random(f"{voice} {number}"))
        print(voice, len(cache.words), flush=True)


def main(engine, words, out, shard="0/1"):
    part, parts = map(int, shard.split("/"))
    rows = []
    for line in Path(words).read_text(encoding="utf-8").splitlines():
        number, language, text, tokens = line.split("\t")
        if int(number) % parts == part:
            rows.append((int(number), language, text, tokens.split()))
    cache = Cache()
    {"espeak": with_espeak, "flite": with_flite, "festival": with_festival}[engine](rows, cache)
    cache.save(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
