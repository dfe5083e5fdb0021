# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Measures a fixture with openai-whisper's own decoding: `python evaluate.py CORPUS FIXTURE [--heads | --golden]`.

`--heads` only chooses the alignment heads, on the development set; `--golden` only writes sentences.json, golden.json and
the clips. Without either, the fixture is measured on the test set.
"""

import itertools
import json
import pathlib
import statistics
import sys

import numpy as np
import soundfile
import torch
from whisper import DecodingOptions, decode, log_mel_spectrogram, pad_or_trim

import corpus as speech
import reference
import sentences
from batches import coloured
from train import distance

RATE = 16_000
LIMIT = 60
# The held-out sentences of each language, from 1, that golden.json is of.
CLIPPED = (2, 5)


class Clips:
    """The clips of a set as windows of 30 s."""

    def __init__(self, folder, name):
        audio = np.load(f"{folder}/{name}.npy")
        with open(f"{folder}/{name}.json") as file:
            self.notes = json.load(file)
        order = {code: i for i, code in enumerate(sentences.LANGUAGES)}
        self.notes.sort(key=lambda n: order[n["language"]])
        if name == "test":  # in the order of the held-out sentences, so that the sets are those of the recipe
            kept = {c: sentences.held_out(c) for c in order}
            self.notes.sort(key=lambda n: (order[n["language"]], kept[n["language"]].index(n["text"])))
        self.samples = [audio[n["offset"] : n["offset"] + n["count"]] for n in self.notes]

    @torch.no_grad()
    def states(self, model, snr=None):
        """The encoder's states of every clip, with noise of a level below the speech."""
        rng = np.random.default_rng(5)
        for samples in self.samples:
            wave = samples.astype(np.float32) / 32768
            if snr is not None:
                wave = wave + coloured(rng, len(wave) + len(wave) % 2, 1)[: len(wave)] * wave.std() * 10 ** (-snr / 20)
            yield model.embed_audio(log_mel_spectrogram(pad_or_trim(torch.from_numpy(wave.astype(np.float32))))[None])[0]


def interval(values, measure, rounds=2000):
    """A measure of all values and its 95 % interval by bootstrap over clips."""
    rng, values = np.random.default_rng(7), list(values)
    drawn = sorted(measure([values[i] for i in rng.integers(len(values), size=len(values))]) for _ in range(rounds))
    return measure(values), drawn[int(0.025 * rounds)], drawn[int(0.975 * rounds)]


def rate(pairs):
    return sum(e for e, _ in pairs) / sum(n for _, n in pairs)


def start_errors(found, note):
    """|error| of the starts in a clip whose words were all found, where espeak-ng gave the time itself.

    Without the first word: the path through the attention begins at 0 whatever the model does, and so do these clips.
    """
    want = note["text"].split(" ")
    if [w.strip() for w, _, _ in found] != want:
        return []
    return [abs(f[1] - s) for f, s, exact in list(zip(found, note["starts"], note["exact"]))[1:] if exact]


def choose_heads(model, get_tokenizer, dev):
    """The (layer, head) pairs by median error of the word starts on the development set, given the right text."""
    layers, heads = model.dims.n_text_layer, model.dims.n_text_head
    mels, single = list(dev.states(model)), {}

    def error(chosen):
        reference.set_alignment_heads(model, chosen)
        errors = []
        for note, mel in list(zip(dev.notes, mels))[::4]:
            tokens = get_tokenizer(language=note["language"])
            found = reference.word_times(model, tokens.encode(" " + note["text"]), mel, note["count"] // 160, tokens)
            errors += start_errors(found, note)
        return statistics.median(errors) if errors else 9.0, float(np.mean(errors)) if errors else 9.0

    for pair in itertools.product(range(layers), range(heads)):
        single[pair] = error([pair])
    ranked = sorted(single, key=single.get)
    print("heads", {p: f"{single[p][0]:.3f} {single[p][1]:.3f}" for p in ranked})
    best = min((ranked[:n] for n in (1, 2, 3)), key=lambda c: error(c)[::-1])
    reference.set_alignment_heads(model, best)
    return sorted([list(p) for p in best])


def run(model, get_tokenizer, clips, mels):
    """One result for each clip."""
    results = []
    for note, mel in zip(clips.notes, mels):
        plain = decode(model, mel, DecodingOptions(fp16=False, task="transcribe", without_timestamps=True,
                                                   suppress_tokens="", language=None, sample_len=LIMIT))
        tokens = get_tokenizer(language=note["language"])
        stamped = decode(model, mel, DecodingOptions(fp16=False, language=note["language"], suppress_tokens="",
                                                     sample_len=LIMIT))
        found = reference.word_times(
            model, [t for t in stamped.tokens if t < tokens.eot], mel, note["count"] // 160, tokens)
        results.append((note, plain, stamped, found))
    return results


def words_wrong(note, text):
    want = sentences.words(note["text"])
    return distance(want, sentences.words(text)), len(want)


def report(results, tokenizer):
    out = {}
    groups = {"all": results, **{c: [r for r in results if r[0]["language"] == c] for c in sentences.LANGUAGES}}
    for name, group in groups.items():
        out[name] = {
            "clips": len(group), "words": sum(len(n["starts"]) for n, *_ in group),
            "wer": interval([words_wrong(n, p.text) for n, p, _, _ in group], rate),
            "wer_timestamps": interval([words_wrong(n, s.text) for n, _, s, _ in group], rate),
            "language": interval([p.language == n["language"] for n, p, *_ in group], lambda v: float(np.mean(v)))}
        errors = [start_errors(f, n) for n, _, _, f in group]
        flat = [e for es in errors for e in es]
        if flat:
            middle = lambda v: statistics.median([e for es in v for e in es] or [9.0])
            out[name] |= {"starts": len(flat), "start_error_median": interval(errors, middle),
                          "start_error_mean": float(np.mean(flat)), "start_error_p90": float(np.quantile(flat, 0.9))}
        stamps = [[(t - tokenizer.timestamp_begin) * 0.02 for t in s.tokens if t >= tokenizer.timestamp_begin]
                  for _, _, s, _ in group]
        ends = [abs(t[-1] - n["end"]) for t, (n, *_) in zip(stamps, group) if len(t) > 1]
        begins = [abs(t[0] - n["begin"]) for t, (n, *_) in zip(stamps, group) if t]
        out[name] |= {"segment_begin_error_median": statistics.median(begins or [9.0]),
                      "segment_end_error_median": statistics.median(ends or [9.0]), "segment_ends": len(ends)}
    return out


def shown(value):
    if isinstance(value, tuple):
        return f"{value[0]:.3f} [{value[1]:.3f}, {value[2]:.3f}]"
    return f"{value:.3f}" if isinstance(value, float) else str(value)


def emptiness(model):
    """What the model makes of 20 windows without speech."""
    from batches import Batches
    maker = Batches.__new__(Batches)
    maker.rng = np.random.default_rng(11)
    maker.noises = [coloured(maker.rng, 40 * RATE, power) for power in (0, 1, 2)]
    probabilities, words = [], 0
    for _ in range(20):
        mel = log_mel_spectrogram(torch.from_numpy(maker.empty(np.zeros(30 * RATE, np.float32))))
        result = decode(model, mel, DecodingOptions(fp16=False, language="en", suppress_tokens="", sample_len=LIMIT))
        probabilities.append(result.no_speech_prob)
        skipped = result.no_speech_prob > 0.6 and result.avg_logprob < -1
        words += 0 if skipped else len(result.text.split())
    return {"no_speech_prob_min": min(probabilities), "words": words}


def together(model, clips, count=5):
    """Windows of several sentences each, with half a second between them: errors and the starts of their segments."""
    wrong, total, starts, segments = 0, 0, [], 0
    for first in range(0, len(clips.notes), count):
        wave, begins, text = [np.zeros(RATE // 4, np.float32)], [], []
        for note, samples in zip(clips.notes[first : first + count], clips.samples[first : first + count]):
            begins.append(sum(map(len, wave)) / RATE + note["begin"])
            wave += [samples.astype(np.float32) / 32768, np.zeros(RATE // 2, np.float32)]
            text.append(note["text"])
        result = decode(model, log_mel_spectrogram(pad_or_trim(torch.from_numpy(np.concatenate(wave)))), DecodingOptions(
            fp16=False, language=clips.notes[first]["language"], suppress_tokens="", sample_len=200))
        want = sentences.words(" ".join(text))
        wrong, total = wrong + distance(want, sentences.words(result.text)), total + len(want)
        zero = model.dims.n_vocab - 1501
        found = [(t - zero) * 0.02 for before, t in zip([0] + result.tokens, result.tokens)
                 if t >= zero and (before >= zero or before == 0)]
        segments += len(found) == len(begins)
        if len(found) == len(begins):
            starts += [abs(a - b) for a, b in zip(found, begins)]
    return {"windows": len(clips.notes) // count, "words": total, "wer": wrong / total, "segments_right": segments,
            "segment_start_error_median": statistics.median(starts or [9.0])}


def golden(fixture, model, get_tokenizer, clips):
    folder = pathlib.Path(fixture)
    (folder / "clips").mkdir(exist_ok=True)
    listed, chosen = [], Clips.__new__(Clips)
    chosen.notes, chosen.samples, names = [], [], []
    numbers = {code: 0 for code in sentences.LANGUAGES}
    for note, samples in zip(clips.notes, clips.samples):
        code = note["language"]
        numbers[code] += 1
        name = f"{code}-{numbers[code]:02}"
        listed.append({
            "id": name, "language": code, "text": note["text"], "voice": note["voice"], "speed": note["speed"],
            "pitch": note["pitch"], "command": speech.command(note, name + ".wav"), "end": note["end"],
            "words": [{"text": w, "start": s, "exact": e}
                      for w, s, e in zip(note["text"].split(" "), note["starts"], note["exact"])]})
        if numbers[code] in CLIPPED:
            soundfile.write(folder / "clips" / f"{name}.wav", samples, RATE, subtype="PCM_16")
            chosen.notes.append(note)
            chosen.samples.append(samples)
            names.append(name)
    expected = []
    states = list(chosen.states(model))
    for name, state, (note, plain, stamped, found) in zip(names, states, run(model, get_tokenizer, chosen, states)):
        _, languages = model.detect_language(state, get_tokenizer(language=note["language"]))
        expected.append({
            "clip": f"clips/{name}.wav", "language": note["language"], "text": plain.text, "tokens": plain.tokens,
            "average_log_probability": plain.avg_logprob, "tokens_with_timestamps": stamped.tokens,
            "no_speech_probability": stamped.no_speech_prob,
            "language_probabilities": {c: languages[c] for c in sentences.LANGUAGES},
            "words": [{"text": w, "start": round(s, 3), "end": round(e, 3)} for w, s, e in found]})
    about = "Spoken by espeak-ng 1.51. A start that is not exact is that of a word spoken as one with the one before."
    write(folder / "sentences.json", about, "sentences", listed)
    about = "openai-whisper 20250625, float32, greedy, in a window of 30 s; see training/whisper-fixture/evaluate.py."
    write(folder / "golden.json", about, "clips", expected)


def write(path, about, name, items):
    lines = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in items)
    path.write_text(f'{{"about": {json.dumps(about)}, "{name}": [\n{lines}\n]}}\n')


def main(folder, fixture, *flags):
    torch.set_num_threads(1)
    model, get_tokenizer = reference.load(fixture)
    if "--heads" in flags:
        heads = choose_heads(model, get_tokenizer, Clips(folder, "dev"))
        path = pathlib.Path(fixture) / "generation_config.json"
        settings = json.loads(path.read_text())
        settings["alignment_heads"] = heads
        path.write_text(json.dumps(settings, indent=2) + "\n")
        print("chosen", heads)
        return
    clips = Clips(folder, "test")
    if "--golden" in flags:
        golden(fixture, model, get_tokenizer, clips)
        return
    results = run(model, get_tokenizer, clips, clips.states(model))
    for note, plain, _, _ in results:
        if words_wrong(note, plain.text)[0] or plain.language != note["language"]:
            print("wrong:", note["text"], "->", plain.language, plain.text)
    for name, values in report(results, get_tokenizer()).items():
        print(name, {k: shown(v) for k, v in values.items()}, flush=True)
    print("several sentences in a window", {k: shown(v) for k, v in together(model, clips).items()}, flush=True)
    print("without speech", emptiness(model), flush=True)
    for snr in (20, 10):
        pairs, right = [], 0
        for note, state in zip(clips.notes, clips.states(model, snr)):
            result = decode(model, state, DecodingOptions(fp16=False, without_timestamps=True, suppress_tokens="",
                                                          language=None, sample_len=LIMIT))
            pairs.append(words_wrong(note, result.text))
            right += result.language == note["language"]
        print(snr, "dB: wer", shown(interval(pairs, rate)), "languages right", right, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
