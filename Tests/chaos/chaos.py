#!/usr/bin/env python3
# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Kills the real server at random moments under upload load, then looks for every answer it had acknowledged.

The promise: an answer that was acknowledged (202) is never lost, and is neither stored nor worked on twice. Clients
here do what good clients do: a request that got no answer is sent again with the same Idempotency-Key.

With --control the server runs with a safeguard switched off (debug builds only); then answers must be found missing,
or this test could not have found them missing without the control either.

Only the standard library is used. Exit status: 0 the promise held (or the control was caught), 1 it did not.
"""

import argparse
import collections
import hashlib
import http.client
import json
import os
import pathlib
import random
import re
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import tempfile
import threading
import time
import uuid

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Fixtures"))
import audit_chain  # noqa: E402

PASSWORD = "correct horse battery staple 42"
EMAIL = "chaos@example.org"


class Server:
    """The server process, started again after each kill."""

    def __init__(self, binary, home, control):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.command = [binary, "serve", "--listen", f"127.0.0.1:{self.port}", "--home", str(home)]
        self.environment = dict(
            os.environ,
            ORACY_WORKERS="2",
            SWIFT_BACKTRACE="enable=no",
        )
        if control:
            self.environment["ORACY_MUTANT"] = "acknowledge-before-commit"
        self.log = open(home / "server.log", "ab")
        self.process = None
        self.starts = []

    def start(self):
        begun = time.monotonic()
        self.process = subprocess.Popen(self.command, stdout=self.log, stderr=self.log, env=self.environment)
        while time.monotonic() - begun < 60:
            if self.process.poll() is not None:
                raise SystemExit(f"chaos: the server ended with status {self.process.returncode}, see {self.log.name}")
            try:
                if self.request("GET", "/readyz")[0] == 200:
                    self.starts.append(time.monotonic() - begun)
                    return
            except OSError:
                pass
            time.sleep(0.02)
        raise SystemExit("chaos: the server did not become ready within 60 s")

    @property
    def setup_token(self):
        """The token of the set-up link that the server prints on its first run."""
        printed = pathlib.Path(self.log.name).read_text()
        return re.search(r"/setup\?token=(\S+)", printed).group(1)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=40)
        except subprocess.TimeoutExpired:
            self.kill()
            return None

    def request(self, method, path, body=None, headers=None, timeout=15):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read(), response.headers
        except http.client.HTTPException as error:
            raise OSError(str(error)) from error
        finally:
            connection.close()


class Client:
    """A person who is logged in, and logs in again when the session is gone."""

    def __init__(self, server):
        self.server = server
        self.token = None
        self.lock = threading.Lock()

    def set_up(self):
        body = {"token": self.server.setup_token, "name": "Chaos", "email": EMAIL, "password": PASSWORD}
        status, answer, _ = self.server.request("POST", "/api/v1/auth/setup", *as_json(body))
        if status != 201:
            raise SystemExit(f"chaos: the set-up failed: {status} {answer[:300]!r}")
        self.token = json.loads(answer)["access_token"]

    def log_in(self, old):
        with self.lock:
            if self.token != old:
                return
            status, answer, _ = self.server.request(
                "POST", "/api/v1/auth/login", *as_json({"email": EMAIL, "password": PASSWORD}))
            if status == 200:
                self.token = json.loads(answer)["access_token"]

    def request(self, method, path, body=None, headers=None, timeout=15):
        for _ in range(3):
            token = self.token
            sent = dict(headers or {}, Authorization=f"Bearer {token}")
            status, answer, fields = self.server.request(method, path, body, sent, timeout)
            if status != 401:
                return status, answer, fields
            self.log_in(token)
        return status, answer, fields


def as_json(value):
    return json.dumps(value).encode(), {"Content-Type": "application/json"}


class Recordings:
    """Short spoken recordings, every one different from all others."""

    RATE = 16000

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.lock = threading.Lock()
        self.speech = [self.spoken(word) for word in ("yes", "no", "warfarin", "one tablet")]

    def spoken(self, text):
        wav = subprocess.run(
            ["espeak-ng", "--stdout", "-v", "en-us", text], check=True, capture_output=True).stdout
        start = wav.index(b"data") + 8
        (rate,) = struct.unpack_from("<I", wav, 24)
        samples = struct.unpack(f"<{(len(wav) - start) // 2}h", wav[start:start + (len(wav) - start) // 2 * 2])
        return rate, samples

    def make(self):
        with self.lock:
            rate, samples = self.random.choice(self.speech)
            noise = [self.random.randint(-40, 40) for _ in range(rate // 4)]
        data = struct.pack(f"<{len(samples) + len(noise)}h", *samples, *noise)
        head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 36 + len(data), b"WAVEfmt ", 16, 1, 1, rate, rate * 2, 2, 16,
                           b"data", len(data))
        return head + data


class Load:
    """Uploads from several threads; remembers what was acknowledged."""

    def __init__(self, client, recordings, threads, pace):
        self.client = client
        self.recordings = recordings
        self.pace = pace
        self.stopping = threading.Event()
        self.lock = threading.Lock()
        self.acknowledged = {}
        self.repeated = 0
        self.refused = collections.Counter()
        self.threads = [threading.Thread(target=self.run, daemon=True) for _ in range(threads)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join()

    def run(self):
        while not self.stopping.is_set():
            self.upload()
            self.stopping.wait(random.random() * 2 * self.pace)

    def upload(self):
        audio = self.recordings.make()
        boundary = uuid.uuid4().hex
        body = (
            f"--{boundary}\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nen\r\n"
            f"--{boundary}\r\nContent-Disposition: form-data; name=\"audio\"; filename=\"a.wav\"\r\n"
            f"Content-Type: audio/wav\r\n\r\n").encode() + audio + f"\r\n--{boundary}--\r\n".encode()
        headers = {
            "Content-Type": f"multipart/form-data; boundary={boundary}",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        # The same request with the same key until there is an answer, however often the server dies meanwhile.
        attempts = 0
        while True:
            attempts += 1
            try:
                status, answer, _ = self.client.request("POST", "/api/v1/responses", body, headers)
            except OSError:
                time.sleep(0.1)
                continue
            if status == 202:
                with self.lock:
                    self.acknowledged[json.loads(answer)["id"]] = hashlib.sha256(audio).hexdigest()
                    self.repeated += attempts > 1
                return
            with self.lock:
                self.refused[status] += 1
            if status not in (409, 429, 500, 503):
                return
            time.sleep(0.2)


def drain(client, load, limit):
    """Waits until all acknowledged answers have been worked on; those given up after crashes are retried once."""
    retried = set()
    final = {}
    deadline = time.monotonic() + limit
    while time.monotonic() < deadline:
        for id in load.acknowledged:
            if id in final:
                continue
            status, answer, _ = client.request("GET", f"/api/v1/responses/{id}")
            if status == 404:
                final[id] = "lost"
                continue
            state = json.loads(answer)["status"]
            if state == "failed" and id not in retried:
                client.request("POST", f"/api/v1/responses/{id}/retry")
                retried.add(id)
            elif state in ("analysed", "unscorable", "failed"):
                final[id] = state
        if len(final) == len(load.acknowledged):
            break
        time.sleep(0.5)
    return final, len(retried)


def examine(client, load, final):
    """Re-reads every acknowledged answer through the API and compares its sound; gives the ids of the missing ones."""
    lost = []
    for id, digest in load.acknowledged.items():
        if final.get(id) == "lost":
            lost.append(id)
            continue
        status, answer, _ = client.request("GET", f"/api/v1/responses/{id}")
        recording = json.loads(answer)["recording"]["id"] if status == 200 else None
        status, audio, _ = client.request("GET", f"/api/v1/recordings/{recording}/audio") if recording else (404, b"", 0)
        if status != 200 or hashlib.sha256(audio).hexdigest() != digest:
            lost.append(id)
    return lost


def examine_database(home):
    """Looks into the database and the files themselves, once the server has ended."""
    database = sqlite3.connect(f"file:{home / 'oracy.db'}?mode=ro", uri=True)

    def one(statement):
        return database.execute(statement).fetchone()[0]

    problems = []
    twice = one("SELECT count(*) FROM (SELECT sha256 FROM recording GROUP BY sha256 HAVING count(*) > 1)")
    if twice:
        problems.append(f"{twice} answers stored twice")
    repeated = one("SELECT count(*) FROM (SELECT response FROM transcript_version GROUP BY response HAVING count(*) > 1)")
    if repeated:
        problems.append(f"{repeated} answers transcribed twice")
    uneven = one("""SELECT count(*) FROM response r WHERE state = 'analysed' AND (
        (SELECT count(*) FROM transcript_version WHERE response = r.id) <> 1
        OR (SELECT count(*) FROM analysis WHERE response = r.id) <> 1)""")
    if uneven:
        problems.append(f"{uneven} analysed answers without exactly one transcript and one analysis")
    open_jobs = one("SELECT count(*) FROM job WHERE state IN ('ready', 'running')")
    if open_jobs:
        problems.append(f"{open_jobs} jobs not ended")
    if (verdict := one("PRAGMA integrity_check")) != "ok":
        problems.append(f"the file is damaged: {verdict}")
    if dangling := database.execute("PRAGMA foreign_key_check").fetchall():
        problems.append(f"{len(dangling)} references to nothing")
    created = one("SELECT count(*) FROM audit WHERE action = 'response.create'")
    responses = one("SELECT count(*) FROM response")
    if created != responses:
        problems.append(f"{responses} answers but {created} audit entries about them")
    head = bytes(32)
    for row in database.execute("""SELECT sequence, time, tenant, actor, session, address, action, object,
            before_hash, after_hash, hash FROM audit ORDER BY sequence"""):
        head = audit_chain.link(head, row[0], row[1], row[2:10])
        if head != row[10]:
            problems.append(f"the audit log is broken at {row[0]}")
            break
    rows = dict(database.execute("SELECT path, sha256 FROM recording"))
    root = home / "recordings"
    for path, digest in rows.items():
        file = root / path
        if not file.exists() or hashlib.sha256(file.read_bytes()).hexdigest() != digest:
            problems.append(f"the file of a recording is missing or damaged: {path}")
    left = sum(1 for file in root.glob("blobs/*/*") if str(file.relative_to(root)) not in rows)
    left += sum(1 for _ in root.glob("tmp/*"))
    facts = {
        "answers": responses,
        "claims": one("SELECT coalesce(sum(fence), 0) FROM job"),
        "jobs": one("SELECT count(*) FROM job"),
        "unreferenced files": left,
    }
    database.close()
    return problems, facts


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--binary", required=True, help="the oracy program")
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=int.from_bytes(os.urandom(4), "big"))
    parser.add_argument("--threads", type=int, default=6, help="uploads at once")
    parser.add_argument("--pace", type=float, default=0.6, help="mean pause of a thread between uploads, in seconds")
    parser.add_argument("--drain", type=float, default=600, help="seconds to wait for the work at the end")
    parser.add_argument("--control", action="store_true", help="switch a safeguard off; it must be noticed")
    parser.add_argument("--keep", action="store_true", help="keep the server's folder")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    # Whoever ends the run early has its server ended and its folder removed too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    home = pathlib.Path(tempfile.mkdtemp(prefix="oracy-chaos-"))
    server = Server(arguments.binary, home, arguments.control)
    try:
        recordings = Recordings(arguments.seed)
        server.start()
        client = Client(server)
        client.set_up()
        # The set-up itself is not under test: give even a server without safeguards the time to store it.
        time.sleep(1)
        load = Load(client, recordings, arguments.threads, arguments.pace)
        load.start()
        begun = time.monotonic()
        for index in range(arguments.kills):
            time.sleep(chance.uniform(0.2, 3))
            server.kill()
            server.start()
            print(f"\rkill {index + 1} of {arguments.kills}, {len(load.acknowledged)} acknowledged", end="",
                  file=sys.stderr, flush=True)
        seconds = time.monotonic() - begun
        load.stop()
        print(file=sys.stderr)
        # The control only asks whether losses are noticed, and its server is too slow to wait for.
        final, retried = ({}, 0) if arguments.control else drain(client, load, arguments.drain)
        lost = examine(client, load, final)
        status = server.stop()
        problems, facts = examine_database(home)
        if arguments.control:
            problems = []
        elif unfinished := len(load.acknowledged) - len(final):
            problems.append(f"{unfinished} answers not worked on within {arguments.drain:.0f} s")
        if status != 0 and not arguments.control:
            problems.append(f"the server did not end well after SIGTERM (status {status})")
        states = collections.Counter(final.values())
        starts = sorted(server.starts)
        table = [
            ("safeguards", "acknowledges before the commit" if arguments.control else "all on"),
            ("seed", arguments.seed),
            ("kills (SIGKILL)", f"{arguments.kills} in {seconds:.0f} s"),
            ("acknowledged answers", len(load.acknowledged)),
            ("of these acknowledged only to a repeated request", load.repeated),
            ("lost", len(lost)),
            ("stored or worked on twice", sum("twice" in problem for problem in problems)),
            ("ends", ", ".join(f"{state} {count}" for state, count in sorted(states.items())) or "none"),
            ("claims for jobs", f"{facts['claims']} for {facts['jobs']}"),
            ("given up after three crashes, then retried by hand", retried),
            ("files without an answer, left for the janitor", facts["unreferenced files"]),
            ("start to ready", f"median {starts[len(starts) // 2]:.2f} s, worst {starts[-1]:.2f} s"),
            ("other answers of the server",
             ", ".join(f"{status}: {count}" for status, count in sorted(load.refused.items())) or "none"),
        ]
        width = max(len(name) for name, _ in table)
        for name, value in table:
            print(f"{name:<{width}}  {value}")
        for problem in problems:
            print(f"problem: {problem}")
        if arguments.control:
            print("the control was caught" if lost else "THE CONTROL WAS NOT CAUGHT")
            return 0 if lost else 1
        return 1 if lost or problems else 0
    finally:
        if server.process and server.process.poll() is None:
            server.kill()
        server.log.close()
        if arguments.keep:
            print(f"kept: {home}", file=sys.stderr)
        else:
            shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
