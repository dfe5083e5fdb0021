# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""What benchmarks share that fill a server's database while it does not run, and time its answers after that."""

import http.client
import json
import os
import re
import signal
import statistics
import subprocess
import sys
import time
import uuid

import measuring

ACCOUNT = {"name": "Bench", "email": "bench@example.org", "password": "correct horse battery 42"}


def program():
    """The server's program: one that is built already and named by ORACY_BENCH_PROGRAM, else one built now."""
    return os.environ.get("ORACY_BENCH_PROGRAM") or measuring.build("oracy", measuring.ROOT)


class Server:
    """A server on a folder that stays. A program that is asked to end, ends it and removes its folder."""

    def __init__(self, program, folder):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.folder = folder
        self.port = measuring.free_port()
        self.log = open(folder / "log", "wb")
        self.process = subprocess.Popen(
            [program, "serve", "--listen", f"127.0.0.1:{self.port}", "--home", str(folder)], stdout=self.log, stderr=self.log)
        measuring.wait_for_port(self.port)
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        self.token = None

    def set_up(self):
        """Makes the first account, an administrator's, and signs in."""
        link = None
        while link is None:
            link = re.search(r"/setup\?token=(\S+)", (self.folder / "log").read_text())
            time.sleep(0.02)
        self.token = self.call("POST", "/auth/setup", {"token": link.group(1), **ACCOUNT})["access_token"]

    def sign_in(self):
        """Signs in as that administrator."""
        self.token = self.call("POST", "/auth/login", ACCOUNT)["access_token"]

    def call(self, method, path, body=None):
        """What the API answers: a document, or the text of a file."""
        headers = {"Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        self.connection.request(method, "/api/v1" + path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"bench: {method} {path}: {answer.status} {content[:300]!r}")
        is_json = answer.headers["Content-Type"].startswith("application/json")
        return json.loads(content) if is_json else content.decode()

    def timed(self, path, rounds):
        """How long a GET takes, in milliseconds, and the last answer; the first call, which warms up, does not count."""
        page = self.call("GET", path)
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            page = self.call("GET", path)
            times.append((time.perf_counter() - begun) * 1000)
        times.sort()
        p95 = times[min(len(times) - 1, int(0.95 * len(times)))]
        return {"median_ms": round(statistics.median(times), 1), "p95_ms": round(p95, 1)}, page

    def stop(self):
        self.connection.close()
        measuring.stop(self.process)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.stop()


def identifier(rng, milliseconds):
    """A UUID of version 7."""
    text = f"{milliseconds:012x}7{rng.getrandbits(12):03x}{0x8000 | rng.getrandbits(14):04x}{rng.getrandbits(48):012x}"
    return str(uuid.UUID(text))
