"""The few calls of libespeak-ng the data needs, through ctypes: a process per word would cost 20 times more."""

import ctypes

import numpy as np

_SYNCHRONOUS = 2
_UTF8 = 1
_IPA = 2
_RATE, _PITCH, _RANGE = 1, 3, 4


class Espeak:
    def __init__(self):
        self._lib = ctypes.CDLL("libespeak-ng.so.1")
        self._lib.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self.rate = self._lib.espeak_Initialize(_SYNCHRONOUS, 0, None, 0)
        self._chunks = []

        @ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
        def receive(samples, count, _events):
            if samples and count > 0:
                self._chunks.append(ctypes.string_at(samples, 2 * count))
            return 0

        self._receive = receive  # the library keeps only the pointer
        self._lib.espeak_SetSynthCallback(receive)

    def set_voice(self, name):
        if self._lib.espeak_SetVoiceByName(name.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {name}")

    def ipa(self, text):
        pointer = ctypes.c_char_p(text.encode())
        return self._lib.espeak_TextToPhonemes(ctypes.byref(pointer), _UTF8, _IPA).decode()

    def say(self, text, words_per_minute, pitch, pitch_range):
        """Samples (float32 at self.rate) of a text; pitch and range 0-99."""
        for parameter, value in ((_RATE, words_per_minute), (_PITCH, pitch), (_RANGE, pitch_range)):
            self._lib.espeak_SetParameter(parameter, int(value), 0)
        self._chunks.clear()
        data = text.encode()
        self._lib.espeak_Synth(data, len(data) + 1, 0, 0, 0, _UTF8, None, None)
        return np.frombuffer(b"".join(self._chunks), np.int16).astype(np.float32) / 32768
