# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""Many spoken answers transcribed together: `oracy transcribe` with all files, and faster-whisper's batched pipeline.

Both get the same weights, files, threads, beams and language, keep the first text whatever it is (no fallback), write
no timestamps of the model's own and exactly so many tokens for each answer; with these weights no text ends by itself.
Each answer is a window of its own, filled up to 30 s, and eight windows are decoded together. Oracy runs a process of
`oracy-decode` for each file, its detector of speech, and gives every word a time and a confidence. faster-whisper gets
all answers as one recording with the place of each answer given, because it batches within a recording only: so it
needs no detector, and mixes no answers. It is measured with times of words and without.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

import measuring

BATCH = 8


def peak_memory_mb():
    with open("/proc/self/status") as status:
        for line in status:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024 / 1e6
    raise SystemExit("this system does not tell how much memory a process had")


def faster_whisper(order):
    """Transcribes in this process; the seconds begin when the model is loaded."""
    start = time.perf_counter()
    import numpy
    from faster_whisper import BatchedInferencePipeline, WhisperModel
    from faster_whisper.audio import decode_audio

    model = WhisperModel(
        f"{order['checkpoint']}/ctranslate2", device="cpu", compute_type=order["compute"],
        cpu_threads=order["threads"], local_files_only=True)
    pipeline = BatchedInferencePipeline(model)
    loaded = time.perf_counter()
    parts = [decode_audio(path) for path in order["files"]]
    ends = numpy.cumsum([len(part) for part in parts]) / 16000
    places = [{"start": end - len(part) / 16000, "end": end} for part, end in zip(parts, ends)]
    # CTranslate2 writes half of what it is allowed with the four of the prompt, less one; `check` counts the tokens.
    limit = 2 * (order["tokens"] + 1) - 4
    segments, _ = pipeline.transcribe(
        numpy.concatenate(parts), language="en", beam_size=order["beams"], temperature=0.0,
        without_timestamps=True, word_timestamps=order["words"], suppress_tokens=[], suppress_blank=False,
        max_new_tokens=limit, clip_timestamps=places, batch_size=BATCH)
    segments = list(segments)
    end = time.perf_counter()
    return {
        "seconds": end - loaded, "loading_seconds": loaded - start, "peak_memory_mb": peak_memory_mb(),
        "texts": len(segments), "tokens": sorted({len(segment.tokens) for segment in segments}),
        "words": sum(len(segment.words or []) for segment in segments),
    }


def peer(order):
    """The same in a process of its own."""
    start = time.perf_counter()
    shown = subprocess.run(
        [sys.executable, "-m", "speech.answers"], input=json.dumps(order), check=True, capture_output=True, text=True,
        cwd=measuring.HERE, env=os.environ | {"OMP_NUM_THREADS": str(order["threads"])}).stdout
    return json.loads(shown) | {"process_seconds": time.perf_counter() - start}


def ours(program, order, silence):
    """`oracy transcribe` of all files; loading is what it takes for a recording in which nobody speaks."""
    with tempfile.TemporaryDirectory() as home:
        def transcribe(files):
            start = time.perf_counter()
            output = pathlib.Path(home) / "output"
            with open(output, "wb") as place:
                process = subprocess.Popen(
                    [program, "transcribe", "--model", order["checkpoint"], "--precision", order["precision"],
                     "--threads", str(order["threads"]), "--jobs", str(2 * BATCH), "--beam", str(order["beams"]),
                     "--no-fallback", "--no-timestamps", "--max-new-tokens", str(order["tokens"]),
                     "--ignore-end-of-text", "--language", "en", "--engine", "whisper", "--format", "verbose_json",
                     "--home", home, *files],
                    stdout=place, stderr=subprocess.PIPE)
                messages = process.stderr.read().decode()
                _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode != 0:
                raise SystemExit(f"oracy transcribe failed:\n{messages}")
            # The most of oracy or of one oracy-decode, whichever had more.
            return time.perf_counter() - start, usage.ru_maxrss * 1024 / 1e6, output.read_text(encoding="utf-8")

        loading, _, _ = transcribe([str(silence)])
        seconds, peak, output = transcribe(order["files"])
    texts = [json.loads(line) for line in output.splitlines()]
    counts = {sum(len(segment["tokens"]) for segment in text["segments"]) for text in texts}
    return {
        "seconds": seconds - loading, "loading_seconds": loading, "process_seconds": seconds, "peak_memory_mb": peak,
        "texts": len(texts), "tokens": sorted(counts),
        "words": sum(len(segment["words"]) for text in texts for segment in text["segments"]),
    }


def check(name, result, files, tokens):
    """A side that does less than the other is not faster."""
    if result["texts"] != len(files) or result["tokens"] != [tokens]:
        raise SystemExit(f"{name} wrote {result['texts']} texts of {result['tokens']} tokens; "
                         f"{len(files)} of {tokens} were asked for")


if __name__ == "__main__":
    print(json.dumps(faster_whisper(json.load(sys.stdin))))
