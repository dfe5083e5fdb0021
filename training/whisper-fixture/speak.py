# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Speech by espeak-ng's library, with the times of its words and phones (espeak-ng's speak_lib.h, version 1.51)."""

import ctypes

import numpy as np

RATE = 16_000
_SYNCHRONOUS, _PHONEME_EVENTS = 2, 1
_UTF8 = 1
_END, _WORD, _PHONEME = 0, 1, 7
_SPEED, _PITCH = 1, 3


class _Identity(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int), ("unique", ctypes.c_uint), ("text_position", ctypes.c_int), ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int), ("sample", ctypes.c_int), ("user", ctypes.c_void_p), ("id", _Identity)]


_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Speaker:
    """One espeak-ng; the library holds its state globally, so a process has one."""

    def __init__(self):
        self.library = ctypes.CDLL("libespeak-ng.so.1")
        self.rate = self.library.espeak_Initialize(_SYNCHRONOUS, 0, None, _PHONEME_EVENTS)
        self.callback = _Callback(self._receive)  # kept, or it would be freed while the library calls it
        self.library.espeak_SetSynthCallback(self.callback)
        self.voice = None

    def _receive(self, samples, count, events):
        if samples and count > 0:
            self.parts.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != 0:
            event = events[index]
            index += 1
            if event.type == _WORD:
                self.words.append((event.text_position, event.length, event.audio_position / 1000))
            elif event.type == _PHONEME:
                self.phones.append((event.id.string.decode("utf-8", "replace"), event.audio_position / 1000))
        return 0

    def speak(self, text, voice, speed, pitch):
        """Samples at 16 kHz (float32), the start of every word, and [(phone, start)], in seconds.

        The start is None for the second word of a pair that espeak-ng speaks as one ("in the").
        """
        if voice != self.voice:
            if self.library.espeak_SetVoiceByName(voice.encode()) != 0:
                raise ValueError(f"espeak-ng has no voice {voice}")
            self.voice = voice
        self.library.espeak_SetParameter(_SPEED, int(speed), 0)
        self.library.espeak_SetParameter(_PITCH, int(pitch), 0)
        self.parts, self.words, self.phones = [], [], []
        data = text.encode() + b"\0"
        self.library.espeak_Synth(data, len(data), 0, 1, 0, _UTF8, None, None)
        samples = np.concatenate(self.parts).astype(np.float32) / 32768
        starts, position = {}, 1
        for place, _, time in self.words:
            starts.setdefault(place, time)
        times = []
        for word in text.split(" "):
            times.append(starts.get(position))
            position += len(word) + 1
        return resample(samples, self.rate), times, self.phones


def resample(samples, rate):
    """To 16 kHz, by Fourier transform."""
    step = rate // np.gcd(rate, RATE)
    padded = np.pad(samples, (0, -len(samples) % step))
    length = len(padded) * RATE // rate
    spectrum = np.fft.rfft(padded)[: length // 2 + 1]
    return (np.fft.irfft(spectrum, length) * (length / len(padded))).astype(np.float32)
