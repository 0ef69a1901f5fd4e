"""Changes log-mel clips as speakers, rooms, microphones and noises would, a batch at a time.

Everything acts on mel power: warps are resampling of the time-frequency plane, a room is a decaying sum of
earlier frames, noise adds power, equalisation multiplies it. That is coarse, but costs little next to a training
step and makes another clip of every rendition in every epoch.
"""

import math

import torch
import torch.nn.functional as F

from features import BANDS, FLOOR

FRAMES = 98
LOG_FLOOR = math.log(FLOOR)
SOURCE_FRAMES = 168  # a cached word has at most 1.6 s + 60 ms


def uniform(n, low, high, *shape):
    return torch.empty(n, *shape).uniform_(low, high)


def chance(n, p):
    return torch.rand(n) < p


def warp(clips, lengths, strength):
    """Stretches, shifts and warps clips (n, SOURCE_FRAMES, 40) into (n, 98, 40).

    Tempo varies from 0.65 to 1.45 and within the word; frequencies scale by 0.84 to 1.19 as vocal tracts of
    different length do, in hertz, with a little extra bending.
    """
    n = len(clips)
    spoken = lengths.float() - 4  # 2 to 3 frames at either end are silence
    duration = (spoken * torch.exp(strength * uniform(n, -0.43, 0.37))).clamp(18, 96)
    room = FRAMES - duration
    first = torch.where(chance(n, 0.6), room * uniform(n, 0.2, 0.8), room * uniform(n, -0.05, 1.05))
    at = (torch.arange(FRAMES).float()[None] - first[:, None]) / duration[:, None]  # 0 to 1 inside the word
    bend = sum(
        strength * uniform(n, -a, a)[:, None] * torch.sin(math.pi * k * at.clamp(0, 1)) for k, a in ((1, 0.09), (2, 0.05), (3, 0.03))
    )
    source = 2 + (at + bend) * spoken[:, None]
    inside = (at > -0.04) & (at < 1.04)
    time = source / (SOURCE_FRAMES - 1) * 2 - 1

    edges = torch.linspace(math.log1p(20 / 700), math.log1p(7600 / 700), BANDS + 2)[1:-1]
    hertz = 700 * torch.expm1(edges)
    factor = torch.exp(strength * uniform(n, -0.17, 0.17))[:, None]
    mel = torch.log1p(hertz[None] * factor / 700)
    band = (mel - edges[0]) / (edges[1] - edges[0])
    band = band + uniform(n, -0.7, 0.7)[:, None] * torch.sin(torch.arange(BANDS) / BANDS * 2 * math.pi)[None]
    freq = band / (BANDS - 1) * 2 - 1
    grid = torch.stack([freq[:, None].expand(-1, FRAMES, -1), time[:, :, None].expand(-1, -1, BANDS)], 3)
    out = F.grid_sample(clips[:, None], grid, padding_mode="border", align_corners=True)[:, 0]
    return torch.where(inside[:, :, None], out, torch.full_like(out, LOG_FLOOR))


def smooth_noise(n, times, bands):
    """Gaussian fields (n, 98, 40) of unit variance with the given number of independent values per axis."""
    coarse = torch.randn(n, 1, times, bands)
    return F.interpolate(coarse, (FRAMES, BANDS), mode="bicubic", align_corners=True)[:, 0]


def colour(x, amount):
    """Formant strength, breathiness and microphone: blur or sharpen over bands, jitter, a smooth response."""
    n = len(x)
    padded = F.pad(x, (2, 2), mode="replicate")
    blurred = (padded[..., :-4] + 2 * padded[..., 1:-3] + 3 * x + 2 * padded[..., 3:-1] + padded[..., 4:]) / 9
    x = x + uniform(n, -0.9, 0.35)[:, None, None] * (x - blurred)
    jitter = amount * uniform(n, 0, 1)[:, None, None]
    x = x + jitter * (0.55 * smooth_noise(n, 98, 40) + 0.45 * smooth_noise(n, 14, 10))
    bands = torch.linspace(0, 1, BANDS)[None]
    curve = uniform(n, -4, 4)[:, None] * (bands - 0.5)
    for k in range(1, 5):
        curve = curve + uniform(n, -1.3, 1.3)[:, None] * torch.cos(math.pi * k * bands + uniform(n, 0, 6.28)[:, None])
    top = torch.where(chance(n, 0.3), uniform(n, 0.66, 1), torch.full((n,), 2.0))
    low = torch.where(chance(n, 0.3), uniform(n, 0.02, 0.14), torch.full((n,), -1.0))
    curve = curve - 120 * (bands - top[:, None]).clamp(0, 0.09) - 60 * (low[:, None] - bands).clamp(0, 0.1)
    return x + amount * curve[:, None]


def reverberate(power, strength):
    """Adds an exponentially decaying tail (reverberation time 0.08 to 0.9 s) to 60% of the clips."""
    n = len(power)
    decay = 13.8 / (uniform(n, 0.08, 0.9) * 100)  # nats of power per frame
    lag = (torch.arange(FRAMES)[:, None] - torch.arange(FRAMES)[None]).float()
    tail = torch.exp(-decay[:, None, None] * lag.clamp(min=0)) * (lag > 0)
    share = torch.where(chance(n, 0.6 * strength), torch.exp(uniform(n, -4, 0.3)), torch.zeros(n)) * (1 - torch.exp(-decay))
    return power + torch.bmm(tail * share[:, None, None], power) * torch.exp(0.5 * torch.randn_like(power))


def add_noise(power, strength):
    """Stationary or slowly changing noise of any colour, and babble made of other clips of the batch."""
    n = len(power)
    level = power.mean(2).topk(20, 1).values.mean(1)[:, None, None]
    shape = 2.0 * smooth_noise(n, 2, 5)[:, :1] + uniform(n, 0, 1)[:, None, None] * smooth_noise(n, 8, 3)
    noise = torch.exp(shape + uniform(n, -3, 3)[:, None, None] * torch.linspace(0.5, -0.5, BANDS) + 0.45 * torch.randn_like(power))
    noise = noise / noise.mean((1, 2), keepdim=True)
    snr_db = torch.where(chance(n, 0.5 * strength), uniform(n, 2, 25), uniform(n, 25, 60))
    power = power + noise * level * (10 ** (-snr_db / 10))[:, None, None]
    talk = sum(torch.roll(power[torch.randperm(n)], int(torch.randint(FRAMES, ())), 1) for _ in range(4))
    talk = talk / talk.mean((1, 2), keepdim=True).clamp(min=1e-9)
    snr_db = torch.where(chance(n, 0.25 * strength), uniform(n, 4, 25), torch.full((n,), 90.0))
    return power + talk * level * (10 ** (-snr_db / 10))[:, None, None]


def mask(x):
    """SpecAugment: up to two spans of time and one of frequency are set to the clip's mean."""
    n = len(x)
    mean = x.mean((1, 2), keepdim=True)
    for size, axis, p in ((9, 1, 0.5), (9, 1, 0.3), (6, 2, 0.5)):
        length = x.shape[axis]
        begin = uniform(n, 0, length)[:, None]
        span = uniform(n, 0, size)[:, None] * chance(n, p)[:, None]
        index = torch.arange(length)[None]
        hidden = (index >= begin) & (index < begin + span)
        x = torch.where(hidden[:, :, None] if axis == 1 else hidden[:, None], mean, x)
    return x


def augment(clips, lengths, strength=1.0):
    """Random log-mel windows (n, 98, 40) of cached clips (n, SOURCE_FRAMES, 40) with their lengths in frames.

    Strength 0 to 1 scales the changes, so that training can begin with easier clips.
    """
    x = colour(warp(clips, lengths, strength), strength)
    power = reverberate(torch.exp(x), strength)
    power = add_noise(power, strength) if torch.rand(()) < 0.9 else power
    gain = torch.exp(uniform(len(clips), -5, 2))[:, None, None]
    x = torch.log(power * gain + FLOOR)
    return mask(x) if torch.rand(()) < strength else x


def plain(clips, lengths):
    """The middle second of the cached clips, unchanged: what held-out words are judged on."""
    n = len(clips)
    index = torch.arange(FRAMES)[None] + ((lengths - FRAMES) // 2)[:, None]
    valid = (index >= 0) & (index < lengths[:, None])
    picked = clips[torch.arange(n)[:, None], index.clamp(0, SOURCE_FRAMES - 1)]
    return torch.where(valid[:, :, None], picked, torch.full_like(picked, LOG_FLOOR))
