# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""A 200 MB upload streamed to disk, and the most memory that the server ever had (VmHWM), in a fresh process each."""

import os
import socket
import statistics
import subprocess
import tempfile
import time

import measuring

SIZE = 200 * 1000 * 1000
BLOCK = os.urandom(1 << 20)


def peak_memory(process):
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            if line.startswith("VmHWM"):
                return int(line.split()[1]) * 1024 / 1e6


def upload(port, chunked):
    with socket.create_connection(("127.0.0.1", port)) as client:
        framing = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {SIZE}"
        client.sendall(f"POST /upload HTTP/1.1\r\nHost: test\r\n{framing}\r\nConnection: close\r\n\r\n".encode())
        rest = SIZE
        while rest:
            block = BLOCK[:rest]
            if chunked:
                client.sendall(f"{len(block):x}\r\n".encode())
            client.sendall(block)
            if chunked:
                client.sendall(b"\r\n")
            rest -= len(block)
        if chunked:
            client.sendall(b"0\r\n\r\n")
        answer = b""
        while more := client.recv(65536):
            answer += more
    assert answer.startswith(b"HTTP/1.1 201") and str(SIZE).encode() in answer, answer


program = measuring.build("http-bench-server")
facts = measuring.machine()
rows = []
for framing in ("length", "chunked"):
    peaks, seconds, idle = [], [], []
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "upload")
            port = measuring.free_port()
            process = subprocess.Popen([program, str(port), "2", path])
            try:
                measuring.wait_for_port(port)
                idle.append(peak_memory(process))
                start = time.monotonic()
                upload(port, framing == "chunked")
                seconds.append(time.monotonic() - start)
                peaks.append(peak_memory(process))
                assert os.path.getsize(path) == SIZE
            finally:
                measuring.stop(process)
    rows.append({
        "framing": framing,
        "megabytes": SIZE / 1e6,
        "peak_memory_mb": max(peaks),
        "memory_at_start_mb": statistics.median(idle),
        "megabytes_per_second": SIZE / 1e6 / statistics.median(seconds),
    })

print(f"{'framing':10} {'MB':>6} {'peak MB':>8} {'at start':>8} {'MB/s':>7}")
for row in rows:
    print(
        f"{row['framing']:10} {row['megabytes']:6.0f} {row['peak_memory_mb']:8.1f} {row['memory_at_start_mb']:8.1f} "
        f"{row['megabytes_per_second']:7.0f}"
    )
measuring.save("upload", {"machine": facts, "rows": rows})
