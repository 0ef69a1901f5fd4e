"""Trains the encoder on cached renditions for a given time.

    python3 train.py CACHE_FOLDER WORDS.tsv OUT.pt MINUTES [FROM.pt] [--watch DATASETS.pickle]

Batches hold 40 words in four renditions each, two by espeak-ng and two by voices recorded from people. Loss: a
supervised contrastive term that draws renditions of a word together (Khosla et al. 2020), and a term that draws
each rendition to what a small network makes of the word's sounds, against the sounds of 600 other words (after He,
Wang and Livescu 2017, "Multi-view recurrent neural acoustic word embeddings"). The second network is thrown away;
because it shares sounds between words, the encoder learns what generalises to words it never heard.

Every twentieth word is held out; its purity over voices, with purity on the watched datasets, is printed but
changes nothing: the learning rate follows the clock and the last weights (averaged over steps) are kept.
"""

import argparse
import math
import pickle
import time
from pathlib import Path

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

from augment import SOURCE_FRAMES, augment, plain
from evaluate import purity
from features import BANDS
from model import DIMENSIONS, Encoder

LOG_SILENCE = -13.8
WORDS_PER_BATCH, NEGATIVES = 40, 600
TEMPERATURE = 0.1
PEAK_RATE, WEIGHT_DECAY = 3e-3, 0.02
HELD_OUT_EVERY = 20


class Renditions:
    def __init__(self, folder):
        parts = [np.load(path) for path in sorted(Path(folder).glob("*.npz"))]
        self.frames, start, length, word, voice, self.voices = [], [], [], [], [], []
        for index, part in enumerate(parts):
            self.frames.append(part["frames"])
            start.append(np.stack([np.full(len(part["start"]), index), part["start"]], 1))
            length.append(part["length"])
            word.append(part["word"])
            voice.append(part["voice"] + len(self.voices))
            self.voices += list(part["voices"])
        self.start, self.length = np.concatenate(start), np.concatenate(length)
        self.word, self.voice = np.concatenate(word), np.concatenate(voice)
        self.recorded = np.array([not name.startswith("espeak") for name in self.voices])[self.voice]

    def clips(self, indices):
        out = np.full((len(indices), SOURCE_FRAMES, BANDS), LOG_SILENCE, np.float32)
        for row, index in enumerate(indices):
            part, first = self.start[index]
            count = min(self.length[index], SOURCE_FRAMES)
            out[row, :count] = self.frames[part][first : first + count]
        return torch.from_numpy(out), torch.from_numpy(self.length[indices].clip(max=SOURCE_FRAMES)).long()


class Sounds(nn.Module):
    """Unit vectors (n, 128) of words from their sounds: an embedding per token and a recurrent layer both ways."""

    def __init__(self, path, longest=12, width=96):
        super().__init__()
        rows = [line.split("\t")[3].split() for line in Path(path).read_text(encoding="utf-8").splitlines()]
        names = sorted({token for row in rows for token in row})
        tokens = torch.zeros(len(rows), longest, dtype=torch.long)
        for index, row in enumerate(rows):
            tokens[index, : len(row)] = torch.tensor([names.index(token) + 1 for token in row])
        self.register_buffer("tokens", tokens, persistent=False)
        self.embed = nn.Embedding(len(names) + 1, 48)
        self.recur = nn.GRU(48, width, batch_first=True, bidirectional=True)
        self.out = nn.Linear(4 * width, DIMENSIONS)

    def forward(self, words):
        tokens = self.tokens[words]
        there = (tokens > 0).float()[..., None]
        states, _ = self.recur(self.embed(tokens))
        states = states * there
        mean = states.sum(1) / there.sum(1)
        peak = (states - 2 * (1 - there)).amax(1)
        return F.normalize(self.out(torch.cat([mean, peak], 1)))


def contrast(vectors, word, proxies, proxy_word):
    """The two terms of the loss for unit vectors (n, d) of words (n,), and the share nearest to the right proxy."""
    n = len(vectors)
    itself = torch.eye(n, dtype=torch.bool)
    similarity = (vectors @ vectors.T / TEMPERATURE).masked_fill(itself, -1e4)
    same = (word[:, None] == word[None]) & ~itself
    log_prob = similarity - similarity.logsumexp(1, keepdim=True)
    between = -(log_prob * same).sum(1) / same.sum(1)
    logits = vectors @ proxies.T / TEMPERATURE * 1.6
    target = (word[:, None] == proxy_word[None]).float().argmax(1)
    return between.mean(), F.cross_entropy(logits, target), (logits.argmax(1) == target).float().mean()


def load_encoder(path):
    model = Encoder()
    model.load_state_dict(torch.load(path)["model"])
    return model.eval()


def embed(model, frames, batch=200):
    model.eval()
    with torch.no_grad():
        return torch.cat([model(torch.as_tensor(frames[i : i + batch]).float()) for i in range(0, len(frames), batch)]).numpy()


def held_out_purity(model, data, indices):
    """Purity of held-out words, each voice being a speaker; a word has fewer than 15 renditions by other voices
    than the 15 neighbours, so that 1 cannot be reached."""
    clips, lengths = data.clips(indices)
    return purity(embed(model, plain(clips, lengths)), data.word[indices], data.voice[indices], k=8)


def renditions_by_word(data, held):
    """For each word trained on, its renditions by espeak-ng and by recorded voices."""
    order = np.argsort(data.word, kind="stable")
    groups = np.split(order, np.flatnonzero(np.diff(data.word[order])) + 1)
    pairs = {}
    for group in groups:
        pair = [group[~data.recorded[group]], group[data.recorded[group]]]
        if not held[group[0]] and min(map(len, pair)) >= 2:
            pairs[int(data.word[group[0]])] = pair
    return pairs


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("cache")
    parser.add_argument("words")
    parser.add_argument("out")
    parser.add_argument("minutes", type=float)
    parser.add_argument("start", nargs="?")
    parser.add_argument("--watch")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--rate", type=float, default=PEAK_RATE)
    options = parser.parse_args()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = np.random.default_rng(options.seed)
    data, sounds = Renditions(options.cache), Sounds(options.words)
    watched = pickle.loads(Path(options.watch).read_bytes()) if options.watch else {}
    held = data.word % HELD_OUT_EVERY == 0
    check = rng.choice(np.flatnonzero(held), 2500, replace=False)
    by_word = renditions_by_word(data, held)
    trained = np.array(sorted(by_word))
    print(len(data.word), "renditions;", len(trained), "words trained on", flush=True)

    model = Encoder()
    if options.start:
        saved = torch.load(options.start)
        model.load_state_dict(saved["trained"])
        sounds.load_state_dict(saved["sounds"])
    parameters = [*model.parameters(), *sounds.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=options.rate, weight_decay=WEIGHT_DECAY, betas=(0.9, 0.98))
    average = Encoder()
    average.load_state_dict(model.state_dict())
    began, step, losses, next_check = time.time(), 0, [], 0.0
    while True:
        done = (time.time() - began) / 60 / options.minutes
        if done >= next_check or done >= 1:
            figures = {"held-out": held_out_purity(average, data, check)}
            figures.update({name: purity(embed(average, frames), *rest) for name, (frames, *rest) in watched.items()})
            loss = np.mean(losses or [[0, 0, 0]], 0)
            print(f"{done:.2f} step {step} between {loss[0]:.3f} sounds {loss[1]:.3f} right {loss[2]:.3f}",
                  *[f"{name} {value:.3f}" for name, value in figures.items()], flush=True)
            torch.save({"model": average.state_dict(), "trained": model.state_dict(), "sounds": sounds.state_dict()}, options.out)
            losses, next_check = [], next_check + 0.1
        if done >= 1:
            return
        rate = options.rate * min(1, step / 100) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-5
        for group in optimiser.param_groups:
            group["lr"] = rate
        chosen = rng.choice(trained, WORDS_PER_BATCH + NEGATIVES, replace=False)
        indices = np.concatenate([rng.choice(pool, 2) for w in chosen[:WORDS_PER_BATCH] for pool in by_word[w]])
        strength = 1.0 if options.start else min(1.0, 0.3 + 2 * done)
        frames = augment(*data.clips(indices), strength)
        model.train()
        proxy_word = torch.from_numpy(chosen).long()
        word = torch.from_numpy(data.word[indices]).long()
        between, to_sounds, right = contrast(model(frames), word, sounds(proxy_word), proxy_word)
        optimiser.zero_grad()
        (between + to_sounds).backward()
        nn.utils.clip_grad_norm_(parameters, 5.0)
        optimiser.step()
        losses.append([between.item(), to_sounds.item(), right.item()])
        step += 1
        decay = min(0.997, step / (step + 20))
        with torch.no_grad():
            for mean, value in zip(average.state_dict().values(), model.state_dict().values()):
                mean.copy_(mean * decay + value * (1 - decay) if mean.is_floating_point() else value)


if __name__ == "__main__":
    main()
