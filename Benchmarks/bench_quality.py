# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Measures what poor audio does: word errors, signal-to-noise estimates and confidences, and words where nobody speaks.

    scripts/bench quality
    .venv/bin/python Benchmarks/bench_quality.py [--manifest LIST.jsonl] [--model NAME|DIR] [--quick]
        [--engine whisper|pocketsphinx]

Recordings are the 60 held-out sentences of the speech fixture (Tests/Fixtures/whisper/speech), spoken by espeak-ng, for
the fixture; and, for PocketSphinx, the recordings of the Debian package pocketsphinx-testdata (a read book, cards).
--manifest takes recordings of one's own instead, a line {"audio": PATH, "text": REFERENCE, "language": CODE} each, and
--model the Whisper model to hear them with; they should be clean, since their own noise counts as speech. With --engine
one engine is measured, and the other's figures stay as they are in the results.

Each recording gets 0.8 s of background before and after it and is made worse in one way at a time:
- noise at 20, 10, 5 and 0 dB: white, pink (equal power in each octave), babble (eight espeak-ng voices at once);
- codec: Opus at 16 kbit/s, MP3 at 32 kbit/s, after 16 kHz;
- tempo 0.8, 0.9, 1.1 and 1.2 at the same pitch (FFmpeg's atempo).
The true ratio compares the mean power of the clean speech's active frames (within 35 dB of its loud ones, pauses of less
than 0.2 s included, after ITU-T P.56) with the mean power of the noise.

For the Whisper model a curve is fitted that makes confidences of its words' probabilities (docs/recognition.md): on every
other recording, without babble, whose words were said by somebody too. What it is worth is told on the other recordings.

Results: Benchmarks/Results/quality.json, and plots quality-*.svg beside it. The same on every run but for the time.
"""

import argparse
import json
import math
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import unicodedata
import wave

import numpy as np

import measuring
import plots

RATE = 16_000
MARGIN = 0.8
FIXTURE = pathlib.Path(measuring.ROOT) / "Tests/Fixtures/whisper/speech"
REAL = pathlib.Path("/usr/share/pocketsphinx/test/data")
NOISES = ["white", "pink", "babble"]
RATIOS = [20, 10, 5, 0]
TEMPOS = [0.8, 0.9, 1.1, 1.2]
CODECS = {"opus_16k": ("ogg", ["-c:a", "libopus", "-b:a", "16k"]), "mp3_32k": ("mp3", ["-c:a", "libmp3lame", "-b:a", "32k"])}


def build():
    """Builds the product for release and gives its path."""
    base = ["swift", "build", "-c", "release", "--package-path", measuring.ROOT]
    for product in ("oracy", "oracy-decode"):
        subprocess.run(base + ["--product", product], check=True, stdout=subprocess.DEVNULL)
    return os.path.join(run(base + ["--show-bin-path"], text=True).strip(), "oracy")


# Sound

def run(command, **options):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options).stdout


def read(path, *filters):
    """Any sound file as 16 kHz mono float32."""
    raw = run(["ffmpeg", "-v", "error", "-i", str(path), *filters, "-ac", "1", "-ar", str(RATE), "-f", "f32le", "-"])
    return np.frombuffer(raw, np.float32)


def write(path, samples):
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(samples, -1, 1) * 32767).round().astype("<i2").tobytes())


def coloured(rng, count, exponent):
    """Noise whose power falls with frequency to the power of `exponent`: 0 white, 1 pink; from 20 Hz on."""
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= np.where(frequency >= 20, np.maximum(frequency, 20) ** (-exponent / 2), 0)
    return np.fft.irfft(spectrum, count)


def babble(folder):
    """Eight voices that read the fixture's sentences at once, over and over."""
    voices = ["en+m2", "en+f2", "de+m4", "de+f3", "es+m5", "es+f4", "en-us+m7", "en+f5"]
    texts = [s["text"] for s in sentences()]
    mixture = np.zeros(40 * RATE)
    for number, voice in enumerate(voices):
        path = folder / f"babble-{number}.wav"
        text = " ".join(texts[number::len(voices)] * 2)
        run(["espeak-ng", "-v", voice, "-s", str(150 + 5 * number), "-w", str(path), text])
        samples = np.resize(read(path), len(mixture))
        mixture += np.roll(samples / math.sqrt(np.mean(samples ** 2)), 7000 * number)
    return mixture


def music(seconds):
    """Chords of plucked strings, four a bar, with a bass."""
    chords = [(220, 277.2, 329.6), (146.8, 220, 293.7), (164.8, 246.9, 329.6), (110, 220, 277.2)]
    t = np.arange(int(0.5 * RATE)) / RATE
    beats = []
    for beat in range(int(seconds * 2)):
        notes = chords[beat // 4 % 4]
        tone = sum(np.sin(2 * np.pi * k * f * t) / k * np.exp(-t * 4) for f in notes for k in (1, 2, 3, 4))
        beats.append(tone + 1.5 * np.sin(np.pi * notes[0] * t) * np.exp(-t * 6))
    return np.concatenate(beats) * 0.08


def clicks(rng, seconds):
    samples = np.zeros(int(seconds * RATE))
    for start in rng.integers(0, len(samples) - 100, int(3 * seconds)):
        samples[start : start + 60] += 0.7 * rng.standard_normal(60) * np.exp(-np.arange(60) / 15)
    return samples


def speechless(seconds=60):
    rng = np.random.default_rng(60)
    count = int(seconds * RATE)
    t = np.arange(count) / RATE
    hum = sum(a * np.sin(2 * np.pi * 50 * k * t) for k, a in ((1, 0.2), (3, 0.08), (5, 0.04), (8, 0.02)))
    return {"silence": np.zeros(count), "hum": hum, "white noise": 0.05 * rng.standard_normal(count),
            "pink noise": 0.3 * coloured(rng, count, 1), "clicks": clicks(rng, seconds), "music": music(seconds)}


def active_power(samples):
    """Mean power of the frames of 20 ms that are speech."""
    frames = samples[: len(samples) // 320 * 320].reshape(-1, 320)
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    loud = np.flatnonzero(power > np.quantile(power, 0.95) * 10 ** -3.5)
    active = np.zeros(len(power), bool)
    for one, next in zip(loud, np.append(loud[1:], loud[-1])):
        active[one : (next if next - one < 10 else one) + 1] = True
    return power[active].mean()


# Sentences

def sentences():
    with open(FIXTURE / "sentences.json") as file:
        return json.load(file)["sentences"]


def fixture_clips(folder):
    clips = []
    for sentence in sentences():
        command = list(sentence["command"])
        command[command.index("-w") + 1] = path = str(folder / f"{sentence['id']}.wav")
        run(command)
        clips.append({"id": sentence["id"], "text": sentence["text"], "language": sentence["language"],
                      "samples": read(path)})
    return clips


def real_clips():
    """A read book and playing cards, with transcripts."""
    clips = []
    for name in ("librivox/transcription", "cards/cards.transcription"):
        for line in open(REAL / name):
            text, clip = re.fullmatch(r"(?:<s> )?(.*?)(?: </s>)? \((.*)\)", line.strip()).groups()
            path = (REAL / name).with_name(f"{clip}.wav")
            if path.exists():
                clips.append({"id": clip[-4:], "text": text, "language": "en", "samples": read(path)})
    return clips


def own_clips(path):
    folder = os.path.dirname(os.path.abspath(path))
    items = [json.loads(line) for line in open(path) if line.strip()]
    return [{"id": str(n), "text": item["text"], "language": item.get("language"),
             "samples": read(os.path.join(folder, item["audio"]))} for n, item in enumerate(items)]


def conditions(clip, noises, folder, rng, quick):
    """(condition, kind, file, true ratio or None) for each way to spoil a clip."""
    speech = clip["samples"]
    margin = np.zeros(int(MARGIN * RATE), np.float32)
    clean = np.concatenate([margin, speech, margin])
    power = active_power(speech)

    def path(name, extension="wav"):
        return folder / f"{clip['id']}.{name}.{extension}"

    # A room is never quieter than this: 45 dB below the speech.
    room = math.sqrt(power * 10 ** -4.5) * rng.standard_normal(len(clean))
    write(path("clean"), clean + room)
    yield "clean", "clean", path("clean"), 45
    for name in NOISES:
        start = rng.integers(0, len(noises[name]) - len(clean))
        noise = noises[name][start : start + len(clean)]
        noise = noise / math.sqrt(np.mean(noise ** 2))
        for ratio in RATIOS[1::2] if quick else RATIOS:
            mixture = clean + math.sqrt(power * 10 ** (-ratio / 10)) * noise
            write(path(f"{name}{ratio}"), mixture / max(1, np.abs(mixture).max() / 0.98))
            yield f"{name} {ratio} dB", name, path(f"{name}{ratio}"), ratio
    if quick:
        return
    for name, (extension, options) in CODECS.items():
        run(["ffmpeg", "-v", "error", "-y", "-i", str(path("clean")), *options, str(path(name, extension))])
        yield name, "codec", path(name, extension), None
    for tempo in TEMPOS:
        write(path(f"tempo{tempo}"), read(path("clean"), "-af", f"atempo={tempo}"))
        yield f"tempo {tempo}", "tempo", path(f"tempo{tempo}"), None


# Words

def words(text):
    text = unicodedata.normalize("NFC", text.lower())
    return re.sub(r"[^\w' ]+", " ", text).split()


def align(reference, heard):
    """Word errors, and which of the heard words are right, on a path of fewest errors."""
    rows = [list(range(len(heard) + 1))]
    for i, want in enumerate(reference, 1):
        row = [i]
        for j, got in enumerate(heard, 1):
            row.append(min(row[-1] + 1, rows[-1][j] + 1, rows[-1][j - 1] + (want != got)))
        rows.append(row)
    i, j, right = len(reference), len(heard), [False] * len(heard)
    while i and j:
        if rows[i][j] == rows[i - 1][j - 1] + (reference[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            right[j] = reference[i] == heard[j]
        elif rows[i][j] == rows[i][j - 1] + 1:
            j -= 1
        else:
            i -= 1
    return rows[-1][-1], right


def transcribe(program, items, folder, options):
    """One result for each item, and how long all took."""
    listed, results = folder / "list.jsonl", folder / "results.jsonl"
    results.unlink(missing_ok=True)
    with open(listed, "w") as file:
        for item in items:
            line = {"id": item["id"], "audio": str(item["path"])}
            file.write(json.dumps(line | ({"language": item["given"]} if item.get("given") else {})) + "\n")
    start = time.monotonic()
    subprocess.run([program, "transcribe", "--manifest", listed, "--output", results, "--progress", "none",
                    "--format", "verbose_json", *options], check=True)
    taken = time.monotonic() - start
    found = {}
    for line in open(results):
        result = json.loads(line)
        found[result["id"]] = result
        if "error" in result:
            raise SystemExit(f"{result['id']}: {result['error']['message']}")
    return found, taken


def fitted(words):
    """The curve for `oracy_confidence`, fitted to the words of every other clip, and its worth on the other clips.

    A logistic regression by Newton's method on the log odds of a word's probability, the window's mean logarithm and the
    estimated signal-to-noise ratio; limits as in ConfidenceCalibration.
    """
    words = [w for w in words if w["kind"] != "babble" and w["probability"] is not None]
    if len(words) < 200:
        return None
    clips = {clip: number % 2 for number, clip in enumerate(sorted({w["clip"] for w in words}))}
    probability = np.clip([w["probability"] for w in words], 0.005, 0.998)
    snr = np.clip([25 if w["snr"] is None else w["snr"] for w in words], -5, 25)
    average = np.clip([w["avg_logprob"] for w in words], -10, 0)
    inputs = np.stack([np.ones(len(words)), np.log(probability / (1 - probability)), average, snr], axis=1)
    right = np.array([w["right"] for w in words], float)
    training = np.array([clips[w["clip"]] == 0 for w in words])
    if right[training].min() == right[training].max():
        return None
    weights = np.zeros(4)
    x, y = inputs[training], right[training]
    for _ in range(50):
        p = 1 / (1 + np.exp(-x @ weights))
        weights -= np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + 1e-6 * np.eye(4), x.T @ (p - y))
    after = 1 / (1 + np.exp(-inputs @ weights))
    test = [n for n in range(len(words)) if not training[n]]
    return {"oracy_confidence": dict(zip(("intercept", "log_odds", "avg_logprob", "snr_db"), weights.round(3).tolist())),
            "before": calibration([(words[n]["probability"], words[n]["right"]) for n in test]),
            "after": calibration([(float(after[n]), words[n]["right"]) for n in test])}


def calibration(pairs, bins=10):
    """Reliability in bins of equal width, expected calibration error (Guo et al. 2017), Brier score and ROC area."""
    pairs = sorted(pairs)
    rows, error = [], 0.0
    for number in range(bins):
        inside = [p for p in pairs if number / bins <= p[0] < (number + 1) / bins or (number == bins - 1 and p[0] == 1)]
        if not inside:
            continue
        confidence, right = statistics.mean(p[0] for p in inside), statistics.mean(p[1] for p in inside)
        rows.append({"from": number / bins, "words": len(inside), "confidence": confidence, "right": right})
        error += abs(confidence - right) * len(inside) / len(pairs)
    hits, misses, area, index = sum(p[1] for p in pairs), sum(not p[1] for p in pairs), 0.0, 0
    below = 0
    while index < len(pairs):  # equal confidences count half
        same = [p for p in pairs[index:] if p[0] == pairs[index][0]]
        wrong = sum(not p[1] for p in same)
        area += sum(p[1] for p in same) * (below + wrong / 2)
        below += wrong
        index += len(same)
    return {"words": len(pairs), "right": hits / len(pairs), "expected_calibration_error": error,
            "brier": statistics.mean((c - r) ** 2 for c, r in pairs),
            "roc_area": area / (hits * misses) if hits and misses else None, "bins": rows}


def measure(program, clips, noises, folder, options, quick, given):
    """Figures for each condition, in order, and all words' confidences."""
    rng = np.random.default_rng(2026)
    items = []
    for clip in clips:
        for condition, kind, path, ratio in conditions(clip, noises, folder, rng, quick):
            items.append({"id": f"{clip['id']}/{condition}", "path": path, "clip": clip, "condition": condition,
                          "kind": kind, "ratio": ratio, "given": clip["language"] if given else None})
    results, taken = transcribe(program, items, folder, options)
    table, pairs, told = {}, [], []
    for item in items:
        row = table.setdefault(item["condition"], {
            "kind": item["kind"], "true_snr_db": item["ratio"], "clips": 0, "words": 0, "errors": 0, "heard": 0,
            "languages_right": 0, "confidences": [], "snr_errors": []})
        result = results[item["id"]]
        said, found = words(item["clip"]["text"]), words(result["text"])
        errors, right = align(said, found)
        row["clips"] += 1
        row["words"] += len(said)
        row["errors"] += errors
        row["heard"] += len(found)
        row["languages_right"] += (result["language"] or "").split("-")[0] == item["clip"]["language"]
        timed = [w | {"avg_logprob": s.get("avg_logprob")} for s in result["segments"] for w in s["words"]]
        spelt = [words(w["word"]) for w in timed]
        if [w for ws in spelt for w in ws] == found:
            place = 0
            for word, parts in zip(timed, spelt):
                if parts and word["confidence"] is not None:
                    pair = (word["confidence"], all(right[place : place + len(parts)]))
                    pairs.append(pair)
                    told.append({"clip": item["clip"]["id"], "kind": item["kind"], "confidence": pair[0],
                                 "right": pair[1], "probability": word.get("probability"),
                                 "avg_logprob": word["avg_logprob"], "snr": result["quality"]["snr_db"]})
                    row["confidences"].append(pair)
                place += len(parts)
        estimate = result["quality"]["snr_db"]
        if item["ratio"] is not None and estimate is not None:
            row["snr_errors"].append(estimate - item["ratio"])
    for row in table.values():
        heard, errors = row.pop("confidences"), row.pop("snr_errors")
        row["wer"] = row["errors"] / row["words"]
        row["mean_confidence"] = statistics.mean(c for c, _ in heard) if heard else None
        row["words_right"] = statistics.mean(r for _, r in heard) if heard else None
        if row["true_snr_db"] is not None:
            row["snr_clips"] = len(errors)
            row["snr_error_mean"] = statistics.mean(errors) if errors else None
            row["snr_error_median"] = statistics.median(errors) if errors else None
            row["snr_within_3_db"] = statistics.mean(abs(e) <= 3 for e in errors) if errors else None
    alone = [w for w in told if w["kind"] != "babble"]
    result = {"seconds": taken, "conditions": table, "calibration": calibration(pairs),
              "calibration_without_babble": calibration([(w["confidence"], w["right"]) for w in alone])}
    if all(w["probability"] is not None for w in alone):
        result["uncalibrated_without_babble"] = calibration([(w["probability"], w["right"]) for w in alone])
    if curve := fitted(told):
        result["fitted"] = curve
    return result


def show(name, result):
    print(f"\n{name}: {result['seconds']:.0f} s")
    print(f"{'':14}{'WER %':>8}{'language':>10}{'confid.':>9}{'right':>7}{'SNR error, dB':>15}{'in 3 dB %':>11}")
    for condition, row in result["conditions"].items():
        line = f"{condition:14}{100 * row['wer']:8.1f}{row['languages_right']:5} of{row['clips']:3}"
        line += f"{row['mean_confidence']:9.2f}{row['words_right']:7.2f}" if row["mean_confidence"] else " " * 16
        if row.get("snr_clips"):
            line += f"{row['snr_error_mean']:15.1f}{100 * row['snr_within_3_db']:8.0f} of{row['snr_clips']:3}"
        print(line)
    curve = result.get("fitted", {})
    for label, c in (("confidence", result["calibration"]),
                     ("  without babble", result["calibration_without_babble"]),
                     ("  the model's own, without babble", result.get("uncalibrated_without_babble")),
                     ("  the model's own, second half", curve.get("before")),
                     ("  fitted to the first half, second half", curve.get("after"))):
        if c:
            print(f"{label}: {c['words']} words, expected calibration error {c['expected_calibration_error']:.3f}, "
                  f"Brier {c['brier']:.3f}, ROC area {c['roc_area'] or float('nan'):.2f}")
    if curve:
        print(f'  for generation_config.json: "oracy_confidence": {json.dumps(curve["oracy_confidence"])}')


def draw(results):
    folder = pathlib.Path(measuring.HERE) / "Results"
    folder.mkdir(exist_ok=True)
    curves, estimates = {}, {}
    for name, result in results.items():
        table = result["conditions"]
        for noise in NOISES:
            rows = [row for row in table.values() if row["kind"] in (noise,)]
            curves[f"{name}, {noise}"] = [(r["true_snr_db"], min(120, 100 * r["wer"])) for r in rows]
            estimates[f"{name}, {noise}"] = [(r["true_snr_db"], r["true_snr_db"] + r["snr_error_mean"]) for r in rows
                                             if r["snr_clips"]]
    plots.lines(folder / "quality-errors.svg", "Word errors by noise", "signal-to-noise ratio, dB", "word error rate, %",
                curves, (0, 20), (0, 100))
    plots.lines(folder / "quality-snr.svg", "Estimated ratio", "true ratio, dB", "estimate, dB (mean)", estimates,
                (-2, 22), (-2, 22), diagonal=True)
    reliability, by_ratio = {}, {}
    for name, result in results.items():
        for label, key in ((name, "calibration_without_babble"), (f"{name}, its own", "uncalibrated_without_babble")):
            if key in result:
                label += f" (ECE {result[key]['expected_calibration_error']:.2f})"
                reliability[label] = [(b["confidence"], b["right"]) for b in result[key]["bins"] if b["words"] >= 10]
        for label, key in ((f"{name}, confidence", "mean_confidence"), (f"{name}, words right", "words_right")):
            rows = [row for row in result["conditions"].values() if row["kind"] in ("white", "pink") and row[key]]
            ratios = sorted({row["true_snr_db"] for row in rows})
            by_ratio[label] = [(ratio, statistics.mean(row[key] for row in rows if row["true_snr_db"] == ratio))
                               for ratio in ratios]
    plots.lines(folder / "quality-confidence.svg", "Reliability of word confidences, without babble",
                "confidence (mean of a bin)", "share of words that are right", reliability, (0, 1), (0, 1), diagonal=True)
    plots.lines(folder / "quality-confidence-snr.svg", "Confidences by noise (white and pink)",
                "signal-to-noise ratio, dB", "mean confidence, share right", by_ratio, (0, 20), (0, 1))


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--manifest", help="recordings of one's own, one JSON object a line")
    parser.add_argument("--model", default=str(FIXTURE), help="the Whisper model (the speech fixture)")
    parser.add_argument("--quick", action="store_true", help="clean, 10 and 0 dB only")
    parser.add_argument("--engine", choices=["whisper", "pocketsphinx"], help="one of the two only")
    parser.add_argument("--program", help="an oracy that was built already")
    arguments = parser.parse_args()
    program = arguments.program or build()
    machine = measuring.machine()
    rng = np.random.default_rng(7)
    results = {}
    sphinx = ["--engine", "pocketsphinx"]
    whisper = ["--model", arguments.model]
    with tempfile.TemporaryDirectory() as name, tempfile.TemporaryDirectory() as home:
        folder = pathlib.Path(name)
        noises = {"white": rng.standard_normal(40 * RATE), "pink": coloured(rng, 40 * RATE, 1), "babble": babble(folder)}
        if arguments.manifest:
            clips = own_clips(arguments.manifest)
            sets = [("model", clips, whisper, False),
                    ("PocketSphinx", [c for c in clips if (c["language"] or "en").startswith("en")], sphinx, True)]
        else:
            sets = [("fixture", fixture_clips(folder), whisper, False),
                    ("PocketSphinx", real_clips(), sphinx, True)]
        wanted = {None: sets, "whisper": sets[:1], "pocketsphinx": sets[1:]}[arguments.engine]
        sets = [entry for entry in wanted if entry[1]]
        for name, clips, options, given in sets:
            results[name] = measure(program, clips, noises, folder, [*options, "--home", home], arguments.quick, given)
            show(name, results[name])
        print("\nwords in a minute without speech")
        empty = speechless()
        for kind, samples in empty.items():
            write(folder / f"{kind}.wav", samples)
        items = [{"id": kind, "path": folder / f"{kind}.wav"} for kind in empty]
        without = {}
        for name, _, options, _ in sets:
            found, _ = transcribe(program, items, folder, [*options, "--home", home])
            without[name] = {kind: len(words(result["text"])) for kind, result in found.items()}
            print(f"{name:14}", ", ".join(f"{kind} {count}" for kind, count in without[name].items()))
    if arguments.engine:
        earlier = pathlib.Path(measuring.HERE) / "Results/quality.json"
        if earlier.exists():
            before = json.loads(earlier.read_text())
            results = before["engines"] | results
            without = before["words_without_speech"] | without
    draw(results)
    measuring.save("quality", {"machine": machine, "arguments": vars(arguments), "engines": results,
                               "words_without_speech": without})


if __name__ == "__main__":
    main()
