# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Turns the spoken corpus into batches: windows of one or several sentences with silence, noise and gain."""

import json

import numpy as np
import torch
from tokenizers import Tokenizer
from whisper.audio import mel_filters

import sentences
from tokenizer import LANGUAGES

RATE, STEP = 16_000, 0.02
IGNORED = -100


class Vocabulary:
    """Whisper's tokens by name, and words as tokens."""

    def __init__(self, folder):
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        for name in "endoftext startoftranscript transcribe startofprev nospeech notimestamps".split():
            setattr(self, name, self.tokenizer.token_to_id(f"<|{name}|>"))
        self.language = {code: self.tokenizer.token_to_id(f"<|{code}|>") for code in LANGUAGES}
        self.zero = self.tokenizer.token_to_id("<|0.00|>")
        self.size = self.tokenizer.get_vocab_size()
        self.cache = {}

    def word(self, word):
        """The tokens of a word with its space, and how much of the word each is ("." is none of it)."""
        if word not in self.cache:
            encoding = self.tokenizer.encode(" " + word)
            sizes = [len(t.lstrip("Ġ")) if any(c.isalnum() for c in sentences_of(t)) else 0 for t in encoding.tokens]
            self.cache[word] = encoding.ids, sizes
        return self.cache[word]


def sentences_of(token):
    """A token's characters without those of byte-level BPE that stand for a space and for the first byte of "¿"."""
    return token.replace("Ġ", "").replace("Â", "")


class Corpus:
    """The clips of a set, with what is said in them as numbers."""

    def __init__(self, folder, name, vocabulary):
        self.audio = np.load(f"{folder}/{name}.npy", mmap_mode="r")
        with open(f"{folder}/{name}.json") as file:
            self.notes = json.load(file)
        with open(f"{folder}/train.json") as file:
            notes = json.load(file)
        self.phones = {p: i + 1 for i, p in enumerate(sorted({p for n in notes for p, _ in n["phones"]
                                                              if not p.startswith("_")}))}
        self.words = {w: i + 1 for i, w in enumerate(sorted({n["language"] + w for n in notes
                                                            for w in sentences.words(n["text"])}))}
        self.vocabulary = vocabulary
        self.by_voice = {}
        for index, note in enumerate(self.notes):
            self.by_voice.setdefault(note["voice"], []).append(index)


class Batches:
    """Draws batches without end."""

    def __init__(self, corpus, seconds, size, seed, shifted=False):
        self.corpus, self.seconds, self.size, self.shifted = corpus, seconds, size, shifted
        self.rng = np.random.default_rng(seed)
        self.noises = [coloured(self.rng, 40 * RATE, power) for power in (0, 1, 2) for _ in range(2)]
        self.filters = mel_filters("cpu", 80)
        self.window = torch.hann_window(400)

    def __iter__(self):
        while True:
            yield self.batch()

    def batch(self):
        offset = 0
        if self.shifted and self.rng.random() < 0.5:
            offset = int(self.rng.integers(0, 1500 - round(self.seconds / STEP)))
        drawn = [self.window_of(offset) for _ in range(self.size)]
        waves, phones, words, tokens, targets, spans = zip(*drawn)
        length = max(len(t) for t in tokens)
        positions = round(self.seconds / STEP)
        guide = np.zeros((self.size, length, 2), np.int64)
        ids = np.full((self.size, length), self.corpus.vocabulary.endoftext)
        goal = np.full((self.size, length), IGNORED)
        for row, (t, g, s) in enumerate(zip(tokens, targets, spans)):
            ids[row, : len(t)], goal[row, : len(g)] = t, g
            for column, span in enumerate(s):
                if span is not None:
                    first = min(max(round(span[0] / STEP), 0), positions - 1)
                    guide[row, column] = first, min(max(round(span[1] / STEP), first + 1), positions)
        mel = masked(log_mel(torch.from_numpy(np.stack(waves)), self.filters, self.window), self.rng)
        return {"mel": mel, "offset": offset, "phones": torch.from_numpy(np.stack(phones)),
                "words": torch.from_numpy(np.stack(words)), "tokens": torch.from_numpy(ids),
                "targets": torch.from_numpy(goal), "guide": torch.from_numpy(guide)}

    def window_of(self, offset):
        """One window: samples, labels of its positions, tokens, targets, and where each target is heard."""
        rng, corpus, total = self.rng, self.corpus, round(self.seconds * RATE)
        wave = np.zeros(total, np.float32)
        phones, words = (np.zeros(round(self.seconds / STEP), np.int64) for _ in range(2))
        if rng.random() < 0.06:
            return self.empty(wave), phones, words, *self.silence()
        first = int(rng.integers(len(corpus.notes)))
        note = corpus.notes[first]
        pool = corpus.by_voice[note["voice"]]
        stretch = float(rng.uniform(0.9, 1.1)) if rng.random() < 0.5 else 1.0
        wanted = 1 + int(rng.random() < 0.45) if self.seconds < 10 else int(rng.choice([1, 2, 3, 4, 6, 9]))
        at = float(rng.choice([0, rng.uniform(0, 0.6), rng.uniform(0, 1.2)]))
        spoken, cut = [], None
        for number in range(wanted):
            index = first if number == 0 else int(rng.choice(pool))
            note = corpus.notes[index]
            samples = corpus.audio[note["offset"] : note["offset"] + note["count"]].astype(np.float32) / 32768
            if stretch != 1:
                samples = np.interp(np.arange(0, len(samples) - 1, stretch), np.arange(len(samples)), samples)
            start = round(at * RATE)
            if start + len(samples) > total:
                if number > 0 and self.seconds > 10 and start < total - RATE // 2:
                    wave[start:] += samples[: total - start]
                    cut = at + note["begin"] / stretch
                    self.label(phones, words, note, at, stretch)
                break
            wave[start : start + len(samples)] += samples
            self.label(phones, words, note, at, stretch)
            spoken.append((note, at))
            at += len(samples) / RATE + float(rng.uniform(0.1, 1.0))
        end = min(total, round(at * RATE)) if rng.random() < 0.8 else total
        self.disturb(wave, end)
        return wave, phones, words, *self.written(spoken, cut, stretch, offset)

    def label(self, phones, words, note, at, stretch):
        times = [t for _, t in note["phones"]] + [note["end"]]
        for (phone, start), end in zip(note["phones"], times[1:]):
            first, last = round((at + start / stretch) / STEP), round((at + min(end, note["end"]) / stretch) / STEP)
            phones[first:last] = self.corpus.phones.get(phone, 0)
        for word, start, end in zip(sentences.words(note["text"]), note["starts"], note["ends"]):
            first, last = round((at + start / stretch) / STEP), round((at + end / stretch) / STEP)
            words[first:last] = self.corpus.words.get(note["language"] + word, 0)

    def disturb(self, wave, end):
        """Noise of 10 to 40 dB below the speech up to `end`, and a gain."""
        rng, level = self.rng, np.sqrt(np.mean(wave[wave != 0] ** 2))
        if rng.random() > 0.15 and end > 0:
            noise = self.noises[int(rng.integers(len(self.noises)))]
            start = int(rng.integers(len(noise) - end + 1))
            wave[:end] += noise[start : start + end] * (level * 10 ** (-rng.uniform(10, 40) / 20))
        wave *= rng.uniform(0.05, 1.0)

    def empty(self, wave):
        """Silence, noise, hum, tones or clicks."""
        rng, total = self.rng, len(wave)
        kind = int(rng.integers(5))
        end = total if rng.random() < 0.5 else int(rng.integers(RATE // 2, total))
        time = np.arange(end) / RATE
        if kind in (1, 2):
            noise = self.noises[int(rng.integers(len(self.noises)))]
            start = int(rng.integers(len(noise) - end + 1))
            wave[:end] = noise[start : start + end] * 0.1
        elif kind == 3:
            base = rng.choice([50, 60, rng.uniform(80, 900)])
            for harmonic in range(1, int(rng.integers(2, 7))):
                wave[:end] += 0.1 * rng.random() * np.sin(2 * np.pi * base * harmonic * time)
            if rng.random() < 0.5:
                note = round(rng.uniform(0.15, 0.6) * RATE)
                for start in range(0, end, note):
                    piece = time[start : start + note]
                    pitch = rng.uniform(150, 900)
                    wave[start : start + len(piece)] = (
                        sum(np.sin(2 * np.pi * pitch * k * piece) / k for k in (1, 2, 3)) * 0.1
                        * np.exp(-3 * (piece - piece[0])))
        elif kind == 4:
            for _ in range(int(rng.integers(1, 12))):
                place = int(rng.integers(end))
                click = rng.normal(size=min(int(rng.integers(20, 300)), total - place))
                wave[place : place + len(click)] += click * np.exp(-np.arange(len(click)) / 40)
            wave[:end] += self.noises[0][:end] * 0.001
        wave *= rng.uniform(0.02, 1.0)
        return wave

    def silence(self):
        v, code = self.corpus.vocabulary, str(self.rng.choice(LANGUAGES))
        tokens = [v.startoftranscript, v.language[code], v.transcribe]
        targets = [v.nospeech, IGNORED, IGNORED]
        if self.rng.random() < 0.5:
            tokens, targets = tokens + [v.notimestamps], targets + [v.endoftext]
        else:
            tokens, targets = tokens + [v.zero], [v.nospeech, IGNORED, v.zero, v.endoftext]
        return tokens, targets, [None] * len(tokens)

    def written(self, spoken, cut, stretch, offset):
        """What the decoder reads, what it should write, and where that is heard."""
        v, rng = self.corpus.vocabulary, self.rng
        stamped = rng.random() < 0.6
        note = spoken[0][0]
        tokens, targets, spans = [], [], []
        if rng.random() < 0.15:
            others = self.corpus.by_voice[note["voice"]]
            previous = " ".join(self.corpus.notes[int(rng.choice(others))]["text"] for _ in range(int(rng.integers(1, 4))))
            tokens = [v.startofprev] + [t for word in previous.split(" ") for t in v.word(word)[0]]
            targets = [IGNORED] * len(tokens)
            spans = [None] * len(tokens)
        tokens += [v.startoftranscript, v.language[note["language"]], v.transcribe]
        targets += [v.language[note["language"]], v.transcribe]
        spans += [None, None]
        if not stamped:
            tokens.append(v.notimestamps)
            targets.append(IGNORED)
            spans.append(None)
        written, heard = [], []

        def stamp(time, limit=1500):
            index = min(max(round(time / STEP), 0) + offset, limit)
            written.append(v.zero + index)
            heard.append((time - 0.06, time + 0.06))

        last = 0
        for number, (note, at) in enumerate(spoken):
            begin, last = at + note["begin"] / stretch, at + note["end"] / stretch
            if stamped:
                stamp(begin, 50 if number == 0 and offset == 0 else 1500)
            for word, start, end in zip(note["text"].split(" "), note["starts"], note["ends"]):
                ids, sizes = v.word(word)
                start, end, done = at + start / stretch, at + end / stretch, 0
                for token, size in zip(ids, sizes):
                    written.append(token)
                    if size:
                        span = (start + (end - start) * done / sum(sizes), start + (end - start) * (done + size) / sum(sizes))
                    else:
                        span = (start - 0.02, start + 0.02) if done == 0 else (end, end + 0.16)
                    heard.append(span)
                    done += size
            if stamped:
                stamp(last)
        if stamped and cut is not None:
            stamp(cut)
        written.append(v.endoftext)
        heard.append((last, last + 0.3))
        if cut is not None and not stamped:  # what is cut off has no text without timestamps: say nothing about the end
            written[-1] = IGNORED
            heard[-1] = None
        return tokens + written[:-1], targets + written, spans + heard


def coloured(rng, count, power):
    """Noise whose power falls with frequency to the given power, of level 1."""
    spectrum = np.fft.rfft(rng.normal(size=count))
    spectrum *= np.maximum(np.arange(len(spectrum)) * (RATE / count), 30.0) ** (-power / 2)
    noise = np.fft.irfft(spectrum, count)
    return (noise / noise.std()).astype(np.float32)


def log_mel(waves, filters, window):
    """Whisper's log-mel spectrogram of a batch of windows (openai-whisper, audio.py)."""
    power = torch.view_as_real(torch.stft(waves, 400, 160, window=window, return_complex=True)[..., :-1]).square().sum(-1)
    mel = (filters @ power).clamp(min=1e-10).log10()
    return (torch.maximum(mel, mel.amax((1, 2), keepdim=True) - 8) + 4) / 4


def masked(mel, rng):
    """A few frames and bands hidden in half of the windows (SpecAugment, Park et al. 2019, but little)."""
    for row in range(len(mel)):
        if rng.random() < 0.5:
            band, frame = int(rng.integers(74)), int(rng.integers(mel.shape[2] - 8))
            mel[row, band : band + int(rng.integers(1, 7))] = mel[row].mean()
            mel[row, :, frame : frame + int(rng.integers(1, 6))] = mel[row].mean()
    return mel
