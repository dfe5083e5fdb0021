# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""A server of its own, a browser with a fake microphone, and the running of tests."""
import contextlib
import inspect
import os
import pathlib
import queue
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time
import traceback

from playwright.sync_api import Page, sync_playwright

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SHOTS = os.environ.get("ORACY_SHOTS")
SPEECH = "I would first ask about allergies and other medicines, because this tablet can raise the risk of bleeding."

# What browsers log for answers that a test provokes on purpose: a wrong password, an expired session, a missing page.
EXPECTED = re.compile(r"Failed to load resource: (the server responded with a status of (401|403|404|412|422)|net::ERR_INTERNET_DISCONNECTED)")


class Server:
    """The real program on a free port with a folder of its own; a model's folder makes it use that."""

    def __init__(self, folder: pathlib.Path, model: pathlib.Path | None = None):
        program = os.environ.get("ORACY_PROGRAM") or str(ROOT / ".build" / "debug" / "oracy")
        self.process = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0", "--home", str(folder / "home")],
            env=os.environ | ({"ORACY_MODEL": str(model)} if model else {}), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
        self.lines: list[str] = []
        found: queue.Queue[str | None] = queue.Queue()

        def read():
            for line in self.process.stdout:
                self.lines.append(line)
                if link := re.search(r"https?://[^\s\"]+/setup\?token=[^\s\"]+", line):
                    found.put(link[0])
            found.put(None)

        threading.Thread(target=read, daemon=True).start()
        self.link = found.get(timeout=60)
        if self.link is None:
            raise SystemExit(f"{program} serve ended without a set-up link:\n{''.join(self.lines)}")

    def stop(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()  # it must be gone before its folder is removed


class Run:
    """One run of all tests, with what they share: the browser, the people's pages, and what they made so far."""

    def __init__(self, link: str | None):
        self.link = link
        self.passed = self.failed = 0
        self.complaints: list[str] = []
        self.stack = contextlib.ExitStack()
        self.page: Page | None = None
        self.question = self.response = self.marking = self.rubric = None  # paths of pages that several tests open

    def __enter__(self):
        # Whoever ends the run early has its server ended and its folder removed too.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
        self.folder = pathlib.Path(self.stack.enter_context(tempfile.TemporaryDirectory(prefix="oracy-browser-")))
        if self.link is None:
            server = Server(self.folder)
            self.stack.callback(server.stop)
            self.link = server.link
        self.origin = self.link.split("/setup")[0]
        self.speech = self.folder / "speech.wav"
        microphone = self.folder / "microphone.wav"
        subprocess.run(["espeak-ng", "-s", "150", "-w", self.speech, SPEECH], check=True)
        # The fake microphone's file runs from the moment the device opens, which is before recording begins.
        subprocess.run(
            ["ffmpeg", "-v", "error", "-i", self.speech, "-af", "adelay=1500:all=1,apad=pad_dur=1", "-ar", "48000", microphone],
            check=True)
        playwright = self.stack.enter_context(sync_playwright())
        self.browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=[
            "--no-sandbox", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
            f"--use-file-for-fake-audio-capture={microphone}%noloop"])
        self.stack.callback(self.browser.close)
        self.admin = self.person()
        self.student = self.person()
        return self

    def __exit__(self, *error):
        return self.stack.__exit__(*error)

    def person(self) -> Page:
        """A browser of somebody's own; everything that its console says is kept."""
        context = self.browser.new_context(
            viewport={"width": 1280, "height": 900}, locale="en-GB", reduced_motion="reduce", accept_downloads=True)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.on("console", lambda message: message.type in ("error", "warning") and self.complain(page, message.text))
        page.on("pageerror", lambda error: self.complain(page, str(error)))
        page.on("dialog", lambda dialog: dialog.accept())  # leaving a page that still records
        return page

    def complain(self, page: Page, text: str):
        if not EXPECTED.search(text):
            self.complaints.append(f"{page.url}: {text}")

    def no_complaints(self, _):
        assert not self.complaints, "\n".join(self.complaints)

    def all(self, module, chained: bool = False) -> bool:
        """Runs the module's functions in order; their documentation is their name. A failure breaks a chain."""
        tests = [function for name, function in inspect.getmembers(module, inspect.isfunction)
                 if function.__module__ == module.__name__ and not name.startswith("_")]
        for function in sorted(tests, key=lambda function: function.__code__.co_firstlineno):
            if not self.test(inspect.getdoc(function).splitlines()[0], function) and chained:
                print("        The tests after this one go on from it, so they were not run.")
                return False
        return True

    def test(self, name: str, function) -> bool:
        start = time.monotonic()
        try:
            function(self)
        except Exception as error:  # noqa: BLE001 – whatever it is, the other tests go on
            self.failed += 1
            print(f"FAILED  {name}", flush=True)
            print("        " + self.account(error).replace("\n", "\n        "), flush=True)
            for who, page in (("admin", self.admin), ("student", self.student)):
                with contextlib.suppress(Exception):
                    self.picture(page, f"failed-{who}")
                    print(f"        {who} is at {page.url}: {page.locator('main').inner_text()[:300]!r} {page.get_by_role('alert').all_inner_texts()}", flush=True)
            return False
        self.passed += 1
        print(f"passed  {name} ({time.monotonic() - start:.1f} s)", flush=True)
        return True

    @staticmethod
    def account(error: Exception) -> str:
        """The lines of our own that led to an error, and its first lines."""
        own = [f"{frame.name}:{frame.lineno}: {frame.line}" for frame in traceback.extract_tb(error.__traceback__)
               if pathlib.Path(frame.filename).parent == pathlib.Path(__file__).parent][1:]
        return "\n".join(own + str(error).splitlines()[:12])

    def report(self) -> int:
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0

    def open(self, page: Page, path: str):
        page.goto(self.origin + path)

    def picture(self, page: Page, name: str):
        if SHOTS:
            pathlib.Path(SHOTS).mkdir(parents=True, exist_ok=True)
            page.screenshot(path=f"{SHOTS}/{name}.png", full_page=True)


def until(page: Page, condition: str):
    """Waits for a condition in JavaScript; Playwright's own wait needs eval, which the pages' policy forbids."""
    page.evaluate("""() => new Promise((resolve, reject) => {
        const end = performance.now() + 10000;
        const holds = () => { try { return CONDITION; } catch { return false; } };  // what it asks about may come later
        const look = () => {
            if (holds()) resolve();
            else if (performance.now() > end) reject(new Error("still not so: " + HERE));
            else setTimeout(look, 20);
        };
        look();
    })""".replace("CONDITION", condition).replace("HERE", repr(condition)))
