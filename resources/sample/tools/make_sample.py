#!/usr/bin/env python3
"""Makes the sample dataset: says every word in every voice, records it, plants mistakes, writes files and tables.

A development tool; nobody needs it to use the sample. Repeatable: all choices come from fixed seeds, so that the
same synthesiser versions give the same bytes (only `latency_ms` in the predictions is measured afresh).

    python3 resources/sample/tools/make_sample.py [--audio-only]
"""

import argparse
import csv
import hashlib
import shutil
import subprocess
import sys
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

NEEDED = {'espeak-ng': 'espeak-ng', 'flite': 'flite', 'text2wave': 'festival', 'flac': 'flac'}
PACKAGES = 'espeak-ng flite festival festvox-kdlpc16k flac python3-numpy python3-scipy python3-sklearn'


def require_tools() -> None:
    """Ends with one sentence that says what is missing and how to get it."""
    missing = [package for program, package in NEEDED.items() if shutil.which(program) is None]
    for module in ('numpy', 'scipy', 'sklearn'):
        try:
            __import__(module)
        except ImportError:
            missing.append(f'python3-{module}')
    if not Path('/usr/share/festival/voices/english/ked_diphone').exists():
        missing.append('festvox-kdlpc16k')
    if missing:
        sys.exit(
            f'The sample cannot be made because {", ".join(missing)} is missing; nothing was changed. '
            f'On Debian: apt-get install {PACKAGES}'
        )


require_tools()

import numpy as np  # noqa: E402
from scipy.io import wavfile  # noqa: E402

import effects  # noqa: E402
from prompts import ANNOTATORS, PROMPTS, WRONG_TRANSCRIPTS  # noqa: E402
from voices import RATE, VOICES, say  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
SEED = 59185
WORDS = ['yes', 'no', 'up', 'down', 'left', 'right', 'on', 'off', 'stop', 'go', 'bed', 'bird']
TAKES = 2
MISLABELLED = 24
# Pairs that people really confuse; the remaining wrong labels are drawn at random.
CONFUSED = [('bed', 'bird'), ('bird', 'bed')] * 2 + [('off', 'up'), ('on', 'down'), ('go', 'no')]


@dataclass
class Clip:
    """One recording on its way into the dataset. `word` is what is said, `label` the folder it goes to."""

    word: str
    label: str
    voice: int
    samples: np.ndarray
    encoding: str = 'flac'
    split: str = ''
    plants: list[tuple[str, str]] = field(default_factory=list)
    original: 'Clip | None' = None
    path: str = ''


def generator(*key: object) -> np.random.Generator:
    """A generator of its own for each key, so that a change in one place moves nothing elsewhere."""
    return np.random.default_rng([SEED, zlib.crc32(' '.join(map(str, key)).encode())])


def spoken(index: int, text: str, take: int, seconds: float | None) -> np.ndarray:
    """`text` in the voice with that index, recorded at the voice's place."""
    voice, rng = VOICES[index], generator('take', index, text, take)
    speech = say(voice, text, rng.uniform(0.9, 1.2))
    speech = effects.tape_speed(speech, int(rng.integers(-5, 6)))
    if seconds is not None and len(speech) > 0.82 * RATE:
        speech = effects.tape_speed(speech, round(100 * len(speech) / (0.82 * RATE)) - 100)
    return effects.record(speech, voice.device, [SEED, index], rng, seconds)


def record_words() -> list[Clip]:
    """Every word in every voice, twice; one clip in eight is a little shorter than a second."""
    jobs = [(word, index, take) for word in WORDS for index in range(len(VOICES)) for take in range(TAKES)]

    def one(job: tuple[str, int, int]) -> Clip:
        word, index, take = job
        rng = generator('length', *job)
        seconds = round(rng.uniform(0.86, 0.98), 3) if rng.random() < 1 / 8 else 1.0
        return Clip(word, word, index, spoken(index, word, take, seconds), split=VOICES[index].split)

    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, jobs))


def plant_labels(free: list[Clip]) -> None:
    """Puts clips into the wrong word's folder; takes them out of `free`."""
    rng = generator('labels')
    pairs = list(CONFUSED)
    while len(pairs) < MISLABELLED:
        true, wrong = rng.choice(WORDS, 2, replace=False)
        pairs.append((str(true), str(wrong)))
    for true, wrong in pairs:
        clip = next(c for c in free if c.word == true)
        free.remove(clip)
        clip.label = wrong
        clip.plants.append(('label-issue', f'says "{true}", lies in "{wrong}"'))


def plant_sound(free: list[Clip]) -> None:
    """Spoils recordings in each of the ways that happen; takes them out of `free`."""

    def take(count: int, kind: str, change, detail: str) -> None:
        for number in range(count):
            clip = free.pop(0)
            rng = generator(kind, number)
            clip.samples = change(clip.samples, rng, number)
            clip.plants.append((kind, detail if '{' not in detail else detail.format(number=number)))

    def silent(samples: np.ndarray, rng: np.random.Generator, number: int) -> np.ndarray:
        floor = effects.decibels(-78) * effects.room_noise(rng, len(samples))
        return np.zeros(len(samples)) if number == 0 else floor

    def second_word(samples: np.ndarray, rng: np.random.Generator, number: int) -> np.ndarray:
        other = spoken(5 + number, WORDS[8 + number], 7, 0.7)
        return np.concatenate([samples[: len(samples) - 2400], other])

    def forgotten(samples: np.ndarray, rng: np.random.Generator, number: int) -> np.ndarray:
        recording = effects.decibels(-74) * effects.room_noise(rng, 18 * RATE)
        recording[: len(samples)] += samples
        return recording

    take(5, 'silent', silent, 'nothing is heard; one of the five is digital zeros')
    take(6, 'clipped', lambda s, r, n: effects.clip_hard(s), 'overdriven by 16 dB, flat tops at full scale')
    take(4, 'cut-edge', lambda s, r, n: effects.cut_start(s), 'starts in the middle of the word')
    take(4, 'cut-edge', lambda s, r, n: effects.cut_end(s), 'ends in the middle of the word')
    take(5, 'too-quiet', lambda s, r, n: effects.too_quiet(s), 'peak at -42 dBFS')
    take(4, 'too-short', lambda s, r, n: effects.fragment(s, 0.16 + 0.02 * n), 'a fragment of less than 0.25 s')
    take(1, 'too-long', forgotten, 'the recording went on for 18 s after the word')
    take(3, 'dc-offset', lambda s, r, n: s * 0.7 + (0.12, -0.15, 0.2)[n], 'mean far from zero')
    take(3, 'low-bandwidth', lambda s, r, n: effects.low_pass(s, 1800), 'nothing above 1.8 kHz')
    take(3, 'low-snr', lambda s, r, n: effects.add_noise(s, r, 5), 'noise 5 dB below the speech')
    take(2, 'two-words', second_word, 'a second word follows')


def plant_copies(clips: list[Clip], free: list[Clip]) -> None:
    """Adds duplicates, near duplicates and duplicates under another label; takes originals out of `free`."""

    def copy(kind: str, detail: str, **changes: object) -> None:
        original = free.pop(0)
        clips.append(replace(original, original=original, path='', plants=[(kind, detail)], **changes))

    copy('duplicate', 'the same file twice')
    copy('duplicate', 'the same file twice')
    copy('duplicate', 'the same samples as WAV', encoding='wav')
    copy('duplicate', 'the same samples, other FLAC settings and a tag', encoding='flac-other')
    # A training speaker's clip under a test speaker's name.
    original = next(c for c in free if c.split == 'train')
    free.remove(original)
    free.insert(0, original)
    stranger = next(i for i, v in enumerate(VOICES) if v.split == 'test')
    copy('duplicate', 'a training clip under the name of a test speaker', voice=stranger, split='test')
    for number in range(3):
        original = free[0]
        noise = effects.room_noise(generator('near', number), len(original.samples))
        louder = 0.8 * original.samples + effects.decibels(-62) * noise
        copy('near-duplicate', 'the same recording, 2 dB quieter, with a little noise', samples=louder)
    for number in range(3):
        word = free[0].word
        other = WORDS[(WORDS.index(word) + 3 + number) % len(WORDS)]
        copy('duplicate-conflict', f'the same samples also lie in "{word}"', label=other)


def plant_leak(clips: list[Clip]) -> None:
    """Lists six clips of a training speaker as testing clips."""
    speaker = next(i for i, v in enumerate(VOICES) if v.name.endswith('+f4'))
    own = [c for c in clips if c.voice == speaker and not c.plants]
    for clip in own[:: len(own) // 6][:6]:
        clip.split = 'test'
        clip.plants.append(('speaker-in-two-splits', 'listed for testing, the speaker is a training speaker'))


def name_files(clips: list[Clip]) -> None:
    """Numbers the takes of a speaker within a folder in an order that gives nothing away, except for copies."""
    order = sorted(clips, key=lambda c: (c.original is not None, generator('n', c.word, c.label, c.voice).random()))
    used: dict[tuple[str, int], int] = {}
    for clip in order:
        key = (clip.label, clip.voice)
        number = used.get(key, 0)
        used[key] = number + 1
        suffix = 'wav' if clip.encoding == 'wav' else 'flac'
        clip.path = f'{clip.label}/{VOICES[clip.voice].speaker}_nohash_{number}.{suffix}'


def write_flac(path: Path, samples: np.ndarray, *options: str) -> None:
    """16-bit mono FLAC, as small as the encoder can make it unless `options` say otherwise.

    The encoder writes the file itself: into a pipe it could not fill in length and MD5 afterwards.
    """
    command = ['flac', '-s', '-f', *(options or ('-8', '-e', '-p')), '--no-padding', '--no-seektable']
    command += ['--force-raw-format', '--endian=little', '--sign=signed', '--channels=1', '--bps=16']
    command += [f'--sample-rate={RATE}', '-o', str(path), '-']
    subprocess.run(command, input=samples.tobytes(), capture_output=True, check=True)


def write_audio(path: Path, recording: np.ndarray, encoding: str = 'flac') -> None:
    """Writes one recording; `flac-other` is another way to write the same samples."""
    path.parent.mkdir(parents=True, exist_ok=True)
    samples = effects.to_int16(recording)
    if encoding == 'wav':
        wavfile.write(path, RATE, samples)
    elif encoding == 'flac-other':
        write_flac(path, samples, '-0', '--blocksize=1152', '--tag=COMMENT=second copy')
    else:
        write_flac(path, samples)


def record_sentences() -> list[dict[str, str]]:
    """Says each sentence in three training voices, one per annotator; returns the manifest rows."""
    training = [i for i, v in enumerate(VOICES) if v.split == 'train']

    def one(job: tuple[int, int]) -> dict[str, str]:
        number, column = job
        said, kind, *transcripts = PROMPTS[number]
        annotator = ANNOTATORS[column]
        voice = training[(number * 3 + column) % len(training)]
        path = f'sentences/{VOICES[voice].speaker}_{number + 1:02d}.flac'
        write_audio(ROOT / path, spoken(voice, said, 0, None))
        transcript = WRONG_TRANSCRIPTS.get((number, annotator), transcripts[column])
        row = manifest_row(path, voice, 'train') | {'transcript': transcript, 'source': annotator}
        return row | {'prompt': f'p{number + 1:02d}'} | {'_kind': kind, '_said': said, '_wrong': '1' if (number, annotator) in WRONG_TRANSCRIPTS else ''}

    jobs = [(number, column) for number in range(len(PROMPTS)) for column in range(len(ANNOTATORS))]
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(one, jobs))


COLUMNS = 'path label transcript split speaker gender accent locale device prompt source'.split()


def manifest_row(path: str, voice: int, split: str) -> dict[str, str]:
    """What the manifest says of any clip of a voice."""
    v = VOICES[voice]
    who = {'speaker': v.speaker, 'gender': v.gender, 'accent': v.accent, 'locale': v.locale, 'device': v.device}
    return {'path': path, 'split': split} | who


def write_table(name: str, columns: list[str], rows: list[dict[str, str]]) -> None:
    """CSV with LF line ends, sorted by path so that a rebuild can be compared."""
    with open(ROOT / name, 'w', encoding='utf-8', newline='') as file:
        table = csv.DictWriter(file, columns, restval='', extrasaction='ignore', lineterminator='\n')
        table.writeheader()
        table.writerows(sorted(rows, key=lambda row: row['path']))


def clear() -> None:
    """Removes what an earlier run made, and nothing else."""
    for folder in [*WORDS, 'sentences', '_background_noise_']:
        shutil.rmtree(ROOT / folder, ignore_errors=True)
    for name in ('clips.csv', 'truth.csv', 'validation_list.txt', 'testing_list.txt'):
        (ROOT / name).unlink(missing_ok=True)


def truth_rows(clips: list[Clip], sentences: list[dict[str, str]]) -> list[dict[str, str]]:
    """One row per planted mistake; a clip may have two."""
    rows = []
    for clip in clips:
        for kind, detail in clip.plants:
            other = clip.original.path if clip.original else ''
            row = {'path': clip.path, 'kind': kind, 'detail': detail}
            rows.append(row | {'true_label': clip.word, 'other_path': other})
    for row in sentences:
        if row['_wrong']:
            detail = f'written down: "{row["transcript"]}"; said: "{row["_said"]}"'
            rows.append({'path': row['path'], 'kind': 'wrong-transcript', 'detail': detail})
        else:
            detail = f'{row["_kind"]}: one of several ways in which {row["prompt"]} was written down'
            rows.append({'path': row['path'], 'kind': 'transcript-convention', 'detail': detail})
    return rows


def main() -> None:
    """Builds the whole sample in place."""
    arguments = argparse.ArgumentParser(description='Makes the sample dataset.')
    arguments.add_argument('--audio-only', action='store_true', help='do not train the two models afterwards')
    options = arguments.parse_args()
    clear()
    clips = record_words()
    heard = {hashlib.sha256(c.samples.tobytes()).hexdigest() for c in clips}
    assert len(heard) == len(clips), 'Two voices sound alike: a synthesiser ignored a variant.'

    free = [c for c in clips if not VOICES[c.voice].name.endswith('+f4')]
    generator('choice').shuffle(free)
    plant_labels(free)
    broken = next(c for c in free if c.word == 'go' and c.split == 'train')
    free.remove(broken)
    broken.plants.append(('unreadable', 'cut off after 300 bytes, before the first frame is complete'))
    plant_sound(free)
    plant_copies(clips, free)
    plant_leak(clips)
    name_files(clips)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda c: write_audio(ROOT / c.path, c.samples, c.encoding), clips))
    (ROOT / broken.path).write_bytes((ROOT / broken.path).read_bytes()[:300])
    sentences = record_sentences()
    for name, hum in (('quiet_room', 0.0), ('mains_hum', 0.8)):
        noise = effects.decibels(-50) * effects.room_noise(generator(name), 8 * RATE, hum)
        write_audio(ROOT / '_background_noise_' / f'{name}.flac', noise)

    rows = [manifest_row(c.path, c.voice, c.split) | {'label': c.label} for c in clips]
    write_table('clips.csv', COLUMNS, rows + sentences)
    write_table('truth.csv', ['path', 'kind', 'detail', 'true_label', 'other_path'], truth_rows(clips, sentences))
    for name, split in (('validation_list.txt', 'validation'), ('testing_list.txt', 'test')):
        listed = sorted(c.path for c in clips if c.split == split)
        (ROOT / name).write_text('\n'.join(listed) + '\n', encoding='utf-8')
    print(f'{len(clips)} word clips, {len(sentences)} sentences, {len(VOICES)} voices.')
    if not options.audio_only:
        import train_models

        train_models.main()


if __name__ == '__main__':
    main()
