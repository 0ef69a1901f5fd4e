"""Reads every WAV file of a folder with scipy.io.wavfile and keeps nothing: the bare scan that an import is held against."""

import json
import os
import sys
import time

import scipy
from scipy.io import wavfile

start = time.perf_counter()
files = 0
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".wav"):
            wavfile.read(os.path.join(folder, name))
            files += 1
seconds = time.perf_counter() - start
print(json.dumps({"seconds": seconds, "files": files, "version": scipy.__version__}))
