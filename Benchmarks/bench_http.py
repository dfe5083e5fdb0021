# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""Requests per second of a small JSON reply: ours, nginx (one worker, `return 200`), FastAPI on uvicorn.

All servers and the load generator (wrk, one thread) share the machine. Rounds are interleaved, each server is started
anew for each of its turns, and the median over the rounds is reported: read the ratios, not the absolute figures.
Set ORACY_BENCH_ROUNDS (3) and ORACY_BENCH_SECONDS (5) to change how long it takes.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request

import measuring

ROUNDS = int(os.environ.get("ORACY_BENCH_ROUNDS", "3"))
SECONDS = int(os.environ.get("ORACY_BENCH_SECONDS", "5"))
CONNECTIONS = (64, 512)
REPLY = '{"id":"0190a1b2-0000-7000-8000-000000000000","status":"transcribed","words":120}'

NGINX = """
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/error.log crit;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 1000000000;
    server {{
        listen 127.0.0.1:{port} backlog=4096;
        location = /json {{ default_type application/json; return 200 '{reply}'; }}
    }}
}}
"""

FASTAPI = """
from fastapi import FastAPI
app = FastAPI()
reply = {reply}
@app.get("/json")
async def answer():
    return reply
"""


def ours(loops):
    def start(port, folder):
        return [program, str(port), str(loops), os.path.join(folder, "upload")], folder

    return start


def nginx(port, folder):
    with open(os.path.join(folder, "nginx.conf"), "w") as file:
        file.write(NGINX.format(folder=folder, port=port, reply=REPLY))
    return ["/usr/sbin/nginx", "-p", folder, "-c", "nginx.conf"], folder


def fastapi(port, folder):
    with open(os.path.join(folder, "app.py"), "w") as file:
        file.write(FASTAPI.format(reply=repr(json.loads(REPLY))))
    return [
        sys.executable, "-m", "uvicorn", "app:app", "--port", str(port), "--no-access-log", "--log-level", "error",
        "--loop", "uvloop", "--http", "httptools", "--backlog", "4096",
    ], folder


def load(port, connections, seconds):
    shown = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency",
         f"http://127.0.0.1:{port}/json"],
        check=True, capture_output=True, text=True,
    ).stdout
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", shown).groups()
    return {
        "requests_per_second": float(re.search(r"Requests/sec:\s+([\d.]+)", shown).group(1)),
        "p99_ms": float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit],
        "errors": re.findall(r"(Socket errors:.*|Non-2xx.*)", shown),
    }


def turn(start, connections):
    with tempfile.TemporaryDirectory() as folder:
        # nginx's worker is another user.
        os.chmod(folder, 0o755)
        port = measuring.free_port()
        command, where = start(port, folder)
        process = subprocess.Popen(command, cwd=where)
        try:
            measuring.wait_for_port(port)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as answer:
                body = answer.read()
                assert json.loads(body) == json.loads(REPLY), body
                header = len(str(answer.headers).replace("\n", "\r\n"))
            load(port, connections, 1)
            result = load(port, connections, SECONDS)
            result["reply_bytes"] = header + len(body)
            return result
        finally:
            measuring.stop(process)


program = measuring.build("http-bench-server")
servers = {"oracy, 1 loop": ours(1), "oracy, 2 loops": ours(2), "nginx, 1 worker": nginx, "FastAPI, uvicorn": fastapi}
facts = measuring.machine()
turns = {(name, count): [] for name in servers for count in CONNECTIONS}
for number in range(ROUNDS):
    names = list(servers)
    names = names[number % len(names):] + names[:number % len(names)]
    for count in CONNECTIONS:
        for name in names:
            turns[name, count].append(turn(servers[name], count))

rows = []
for (name, count), results in turns.items():
    rate = [result["requests_per_second"] for result in results]
    rows.append({
        "server": name,
        "connections": count,
        "requests_per_second": statistics.median(rate),
        "requests_per_second_range": [min(rate), max(rate)],
        "p99_ms": statistics.median(result["p99_ms"] for result in results),
        "reply_bytes": results[0]["reply_bytes"],
        "errors": [error for result in results for error in result["errors"]],
    })
by_key = {(row["server"], row["connections"]): row["requests_per_second"] for row in rows}
for row in rows:
    for peer, label in (("nginx, 1 worker", "of_nginx"), ("FastAPI, uvicorn", "of_fastapi")):
        row[label] = row["requests_per_second"] / by_key[peer, row["connections"]]

print(f"{'server':18} {'conns':>5} {'req/s':>9} {'p99 ms':>8} {'x nginx':>8} {'x FastAPI':>9}  errors")
for row in sorted(rows, key=lambda row: row["connections"]):
    print(
        f"{row['server']:18} {row['connections']:5} {row['requests_per_second']:9.0f} {row['p99_ms']:8.2f} "
        f"{row['of_nginx']:8.2f} {row['of_fastapi']:9.2f}  {'; '.join(row['errors'])}"
    )
measuring.save("http", {
    "machine": facts,
    "load_generator": f"wrk, 1 thread, {SECONDS} s after 1 s of warming up, on the same machine",
    "rounds": ROUNDS,
    "rows": rows,
})
