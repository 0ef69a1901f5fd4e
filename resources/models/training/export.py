"""Writes the encoder as ONNX (opset 13), and clips with their embeddings to compare another runtime with.

    python3 export.py CHECKPOINT.pt OUT.onnx [REFERENCE_FOLDER]

The reference folder gets frames.npy (n, 98, 40) and embedding.npy (n, 128), both float32.
"""

import sys
from pathlib import Path

import numpy as np
import torch

from features import BANDS, log_mel
from train import load_encoder

FRAMES = 98


def main(checkpoint, out, reference=None):
    model = load_encoder(checkpoint)
    torch.onnx.export(
        model, torch.zeros(2, FRAMES, BANDS), out, opset_version=13, input_names=["frames"], output_names=["embedding"],
        dynamic_axes={"frames": {0: "batch"}, "embedding": {0: "batch"}}, do_constant_folding=True,
    )
    print(Path(out).stat().st_size, "bytes")
    if reference:
        rng = np.random.default_rng(3)
        noise = rng.standard_normal((8, 16000)).astype(np.float32)
        fade = np.exp(-np.linspace(0, 1, 16000) * np.arange(8)[:, None]).astype(np.float32)
        frames = np.stack([log_mel(clip) for clip in noise * fade * 0.2])
        frames[7] = np.log(np.float32(1e-6))  # digital silence
        with torch.no_grad():
            embedding = model(torch.from_numpy(frames)).numpy()
        folder = Path(reference)
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "frames.npy", frames)
        np.save(folder / "embedding.npy", embedding)


if __name__ == "__main__":
    main(*sys.argv[1:])
