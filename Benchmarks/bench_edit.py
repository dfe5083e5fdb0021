# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Measures how soon an edited answer is analysed: the whole way of PUT /responses/{id}/transcript on a real server.

The answer has 750 words in some 55 sentences, as in five minutes of speech, and its question an expected answer and six key points. The reply
to an edit comes when the new version is stored and measured (all measures, names, tone, closeness to the expected answer, key points).
Timed are
- the first edit after the start, which loads the models;
- edits of one word in one sentence, as a person makes them;
- edits that replace every sentence, as a peer: what an edit costs if nothing is remembered;
- edits of one word where the models of names, tone and sentence vectors are not installed.

    scripts/bench edit                       the models of ORACY_BENCH_HOME (~/.local/share/oracy)
    ORACY_BENCH_EDITS=60 scripts/bench edit  how many edits are timed

ORACY_BENCH_PROGRAM names a program that is built already.
"""

import http.client
import json
import os
import pathlib
import random
import re
import statistics
import subprocess
import tempfile
import time
import uuid

import bench_text
import measuring

EDITS = int(os.environ.get("ORACY_BENCH_EDITS", "60"))
WORDS = 750
HOME = pathlib.Path(os.environ.get("ORACY_BENCH_HOME", "~/.local/share/oracy")).expanduser()
CLIP = pathlib.Path(measuring.ROOT) / "Tests/Fixtures/whisper/speech/clips/en-02.wav"
EXPECTED = ("Ibuprofen is not suitable because the patient takes warfarin, which raises the risk of bleeding. I would recommend "
            "paracetamol, one gram up to four times a day, ask about allergies and other medicines, and refer her to the "
            "doctor if the pain lasts longer than three days.")
KEY_POINTS = ("No ibuprofen with warfarin: risk of bleeding", "Paracetamol 1 g up to four times a day", "Ask about allergies",
              "Ask about other medicines", "Refer to the doctor if the pain lasts longer than three days", "Do not drink alcohol with it")


class Server:
    """A server of its own in an empty folder, with or without models."""

    def __init__(self, program, folder, models):
        self.port = measuring.free_port()
        for name in ("models", "drug-names.tsv") if models else ():
            if (HOME / name).exists():
                os.symlink(HOME / name, folder / name)
        self.log = open(folder / "log", "wb")
        self.process = subprocess.Popen(
            [program, "serve", "--listen", f"127.0.0.1:{self.port}", "--home", str(folder)], stdout=self.log, stderr=self.log)
        measuring.wait_for_port(self.port)
        link = None
        for _ in range(500):
            link = re.search(r"/setup\?token=(\S+)", (folder / "log").read_text())
            if link:
                break
            time.sleep(0.02)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.token = None
        self.token = self.call("POST", "/auth/setup", {
            "token": link.group(1), "name": "Bench", "email": "bench@example.org", "password": "correct horse battery 42",
        })[1]["access_token"]

    def call(self, method, path, body=None, headers=None):
        headers = dict(headers or {})
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        self.connection.request(method, "/api/v1" + path, body, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"bench: {method} {path}: {answer.status} {content[:300]!r}")
        return answer.headers, json.loads(content)

    def answer(self):
        """A recorded answer to a question, transcribed."""
        course = self.call("POST", "/courses", {"name": "Bench", "language": "en"})[1]["id"]
        question = self.call("POST", "/questions", {
            "course_id": course, "title": "Advice", "prompt": "What do you advise?", "expected_answer": EXPECTED,
            "key_points": [{"id": f"point-{number}", "label": label} for number, label in enumerate(KEY_POINTS)],
            "language": "en", "time_limit": 300})[1]["id"]
        boundary = uuid.uuid4().hex
        parts = "".join(f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
                        for name, value in (("question_id", question), ("language", "en")))
        body = (parts + f'--{boundary}\r\nContent-Disposition: form-data; name="audio"; filename="a.wav"\r\n'
                "Content-Type: audio/wav\r\n\r\n").encode() + CLIP.read_bytes() + f"\r\n--{boundary}--\r\n".encode()
        answer = self.call("POST", "/responses", body, {
            "Content-Type": f"multipart/form-data; boundary={boundary}", "Idempotency-Key": uuid.uuid4().hex})[1]["id"]
        for _ in range(1200):
            if self.call("GET", f"/responses/{answer}")[1]["status"] in ("analysed", "unscorable"):
                return answer
            time.sleep(0.1)
        raise SystemExit("bench: the recording was not transcribed")

    def edit(self, answer, tag, text):
        """The milliseconds of an edit, and the new entity tag."""
        begun = time.perf_counter()
        headers, _ = self.call("PUT", f"/responses/{answer}/transcript", {"text": text}, {"If-Match": tag})
        return (time.perf_counter() - begun) * 1000, headers["ETag"]


def sentences(rng):
    found, words = [], 0
    while words < WORDS:
        found.append(bench_text.sentence(rng))
        words += len(found[-1].split())
    return found


def changed(rng, text):
    """One word of one sentence is another one."""
    text = list(text)
    place = rng.randrange(len(text))
    words = text[place].split()
    words[rng.randrange(len(words) - 1)] = rng.choice(["paracetamol", "warfarin", "tablet", "morning", "doctor"]) + str(rng.random())[2:5]
    text[place] = " ".join(words)
    return text


def summary(times):
    ordered = sorted(times)
    return {
        "edits": len(times), "median_ms": statistics.median(times), "p95_ms": ordered[max(0, -(-95 * len(times) // 100) - 1)],
        "max_ms": ordered[-1]}


def measure(program, models):
    rng = random.Random(1)
    with tempfile.TemporaryDirectory() as folder:
        server = Server(program, pathlib.Path(folder), models)
        try:
            answer = server.answer()
            text = sentences(rng)
            tag = server.call("GET", f"/responses/{answer}/transcript")[0]["ETag"]
            first, tag = server.edit(answer, tag, " ".join(text))
            one, everything = [], []
            for number in range(EDITS):
                text = changed(rng, text)
                spent, tag = server.edit(answer, tag, " ".join(text))
                one.append(spent)
                if models and number % 4 == 3:
                    text = sentences(rng)
                    spent, tag = server.edit(answer, tag, " ".join(text))
                    everything.append(spent)
            analysis = server.call("GET", f"/responses/{answer}/analysis")[1]
            return {
                "first_ms": first, "one_word": summary(one), "everything": summary(everything) if everything else None,
                "engine": analysis["engine"], "sentences": len(text)}
        finally:
            measuring.stop(server.process)


def main():
    program = os.environ.get("ORACY_BENCH_PROGRAM") or measuring.build("oracy", measuring.ROOT)
    machine = measuring.machine()
    results = {"with models": measure(program, True), "without models": measure(program, False)}
    print(f"{'':34} {'median':>9} {'p95':>9} {'max':>9}  ms")
    for name, result in results.items():
        for part in ("one_word", "everything"):
            if result[part]:
                row = result[part]
                print(f"{name + ', ' + part.replace('_', ' '):34} {row['median_ms']:9.1f} {row['p95_ms']:9.1f} {row['max_ms']:9.1f}")
        print(f"{name + ', the first edit':34} {result['first_ms']:9.1f}    {result['engine']}")
    measuring.save("edit", {"machine": machine, "words": WORDS, "results": results})


if __name__ == "__main__":
    main()
