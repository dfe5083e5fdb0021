# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors

"""What the benchmark programs share: building, machine facts, results."""

import datetime
import importlib.metadata
import json
import os
import platform
import socket
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)


def build(product, package=HERE):
    """Builds a program of a package (the Benchmarks' by default) for release and gives its path."""
    base = ["swift", "build", "-c", "release", "--package-path", package]
    subprocess.run(base + ["--product", product], check=True, stdout=subprocess.DEVNULL)
    shown = subprocess.run(base + ["--show-bin-path"], check=True, capture_output=True, text=True)
    return os.path.join(shown.stdout.strip(), product)


def machine(*packages):
    """Facts without which a figure means nothing; with the versions of peers from PyPI."""
    model = "unknown"
    with open("/proc/cpuinfo") as info:
        for line in info:
            if line.startswith("model name"):
                model = line.split(":", 1)[1].strip()
                break
    commit = subprocess.run(
        ["git", "-C", ROOT, "describe", "--always", "--dirty"], capture_output=True, text=True
    ).stdout.strip()
    return {
        "cpu": model,
        "cores": os.cpu_count(),
        "kernel": platform.release(),
        "commit": commit,
        "time": datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds"),
        "load_average_before": os.getloadavg(),
        **{package: importlib.metadata.version(package) for package in packages},
    }


def save(part, result):
    """Writes a result to Benchmarks/Results and says where."""
    result["machine"]["load_average_after"] = os.getloadavg()
    folder = os.path.join(HERE, "Results")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, f"{part}.json")
    with open(path, "w") as file:
        json.dump(result, file, indent=2)
        file.write("\n")
    print(f"written to {os.path.relpath(path, ROOT)}")


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for_port(port, seconds=20):
    """Waits until somebody listens."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.02)
    raise SystemExit(f"nothing listens on port {port}")


def stop(process):
    """Ends a program that was started here."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
