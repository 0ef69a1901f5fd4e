"""The encoder: log-mel frames of a second to a unit vector of 128 numbers.

Two channels (level under the clip's peak; the same less each band's speech-weighted mean, which takes the
microphone away), two 2-d convolutions that see formants wherever a vocal tract puts them, then separable
1-d convolutions over time and attentive pooling with several heads, each of which may look at another part of
the word. Normalisation of level, channel and length is part of the graph.
"""

import torch
import torch.nn as nn
import torch.nn.functional as F

from features import BANDS

DIMENSIONS = 128
RANGE_NATS = 9.0  # what lies more than 39 dB under the loudest band counts as silence


class Normalise(nn.Module):
    def forward(self, x):
        peak = x.amax(2, keepdim=True).amax(1, keepdim=True)
        x = F.relu(x - peak + RANGE_NATS)
        weight = x.mean(2, keepdim=True) + 1e-3
        mean = (x * weight).sum(1, keepdim=True) / weight.sum(1, keepdim=True)
        return torch.stack([x / 3 - 1, (x - mean) / 2], 1)


class Block(nn.Module):
    """Depthwise, then pointwise convolution over time, with a residual."""

    def __init__(self, width, kernel):
        super().__init__()
        self.depth = nn.Conv1d(width, width, kernel, padding=kernel // 2, groups=width, bias=False)
        self.point = nn.Conv1d(width, width, 1, bias=False)
        self.norm = nn.BatchNorm1d(width)

    def forward(self, x):
        return F.relu(x + self.norm(self.point(self.depth(x))))


class Encoder(nn.Module):
    def __init__(self, width=192, heads=8, blocks=5):
        super().__init__()
        self.heads = heads
        self.normalise = Normalise()
        self.stem = nn.Sequential(
            nn.Conv2d(2, 16, 5, stride=2, padding=2, bias=False), nn.BatchNorm2d(16), nn.ReLU(),
            nn.Conv2d(16, 32, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(32), nn.ReLU(),
        )
        self.enter = nn.Sequential(nn.Conv1d(32 * BANDS // 4, width, 1, bias=False), nn.BatchNorm1d(width), nn.ReLU())
        self.blocks = nn.Sequential(*[Block(width, 5) for _ in range(blocks)])
        self.attend = nn.Conv1d(width, heads, 1)
        self.value = nn.Conv1d(width, width, 1)
        self.embed = nn.Sequential(nn.Linear(2 * width, DIMENSIONS, bias=False), nn.BatchNorm1d(DIMENSIONS, affine=False))

    def sequence(self, frames):
        """(n, frames, 40) to features (n, width, about frames / 4)."""
        x = self.stem(self.normalise(frames))
        return self.blocks(self.enter(x.transpose(2, 3).flatten(1, 2)))

    def pool(self, x):
        n, width = x.shape[:2]
        weight = torch.softmax(self.attend(x), 2)[:, :, None]
        value = self.value(x).reshape(-1, self.heads, width // self.heads, x.shape[2])
        mean = (value * weight).sum(3)
        deviation = torch.sqrt(((value - mean[..., None]) ** 2 * weight).sum(3) + 1e-4)
        x = self.embed(torch.cat([mean.flatten(1), deviation.flatten(1)], 1))
        return x / torch.sqrt((x * x).sum(1, keepdim=True) + 1e-9)

    def forward(self, frames):
        return self.pool(self.sequence(frames))
