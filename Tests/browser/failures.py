# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""What people see when something goes wrong."""
import subprocess

from harness import until
from journey import PASSWORD


def no_audio(run):
    """a file that is no audio is refused in words, and another can be chosen"""
    page = run.student
    notes = run.folder / "notes.wav"
    notes.write_text("These are notes and no sound. " * 40)
    run.open(page, "/transcribe")
    page.locator("input[type=file]").set_input_files(notes)
    page.get_by_role("button", name="Submit this file").click()
    page.get_by_role("alert").get_by_text("Not sent. This is not an audio file").wait_for()
    assert not page.get_by_role("button", name="Try again").count(), "trying again can't help"
    run.picture(page, "no-audio")


def empty_file(run):
    """an empty file is refused before it is sent"""
    page = run.student
    empty = run.folder / "empty.wav"
    empty.write_bytes(b"")
    run.open(page, "/transcribe")
    page.locator("input[type=file]").set_input_files(empty)
    page.get_by_text("This file is empty.").wait_for()


def silence(run):
    """silence is no answer and no zero: the page says what to do"""
    page = run.student
    quiet = run.folder / "silence.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "anullsrc=r=16000:cl=mono", "-t", "3", quiet], check=True)
    run.open(page, "/transcribe")
    page.locator("input[type=file]").set_input_files(quiet)
    page.get_by_role("button", name="Submit this file").click()
    page.wait_for_url("**/responses/*")
    page.get_by_text("This counts as no answer, not as a bad one.").wait_for()
    page.get_by_role("link", name="Record again").wait_for()
    run.silence = page.evaluate("location.pathname")
    run.picture(page, "silence")


def session_ended(run):
    """when the session ends, the password is asked for over the page and the request is repeated"""
    page = run.admin
    run.open(page, run.course)
    page.get_by_text("Add someone who has an account").click()
    form = page.locator("details", has_text="Add someone who has an account")
    form.get_by_label("E-mail address").fill("nobody@school.org")
    page.context.clear_cookies()
    form.get_by_role("button", name="Add to the course").click()
    dialog = page.get_by_role("dialog", name="Please sign in again")
    dialog.get_by_label("Password", exact=True).fill(PASSWORD)
    run.picture(page, "session-ended")
    dialog.get_by_role("button", name="Sign in").click()
    form.get_by_role("alert").wait_for()
    assert "address" in form.get_by_role("alert").inner_text()
    assert form.get_by_label("E-mail address").input_value() == "nobody@school.org"


def not_found(run):
    """what is not there, or not for this person, is said in words"""
    run.open(run.admin, "/courses/01900000-0000-7000-8000-000000000000")
    run.admin.get_by_text("There is nothing here").wait_for()
    run.open(run.student, "/users")
    run.student.get_by_text("This page is not for your account").wait_for()


def offline(run):
    """without a network a banner says so, and an upload can be tried again when it is back"""
    page = run.student
    run.open(page, "/transcribe")
    page.locator("input[type=file]").set_input_files(run.speech)
    page.context.set_offline(True)
    try:
        page.get_by_text("No network.").wait_for()
        page.get_by_role("button", name="Submit this file").click()
        page.get_by_text("Not sent.").wait_for()
        run.picture(page, "offline")
    finally:
        page.context.set_offline(False)
    page.get_by_role("button", name="Try again").click()
    page.wait_for_url("**/responses/*")
    page.locator("oracy-transcript .word").first.wait_for(timeout=60_000)


def microphone_refused(run):
    """a refused or missing microphone is explained, with uploading as the way out"""
    page = run.student
    run.open(page, run.question)
    for error, title in (("NotAllowedError", "The microphone is blocked"), ("NotFoundError", "No microphone found"),
                         ("NotReadableError", "The microphone can’t be opened")):
        page.evaluate("""(name) => {
            navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("", name));
        }""", error)
        page.get_by_role("button", name="Start recording").or_(page.get_by_role("button", name="Try again")).click()
        page.get_by_text(title).wait_for()
        page.get_by_text("upload the file").wait_for()
    run.picture(page, "microphone-refused")


def time_limit(run):
    """recording stops by itself at the limit and keeps what was said"""
    page = run.student
    run.open(page, run.question)
    page.get_by_role("button", name="Start recording").wait_for()
    page.evaluate("""() => document.querySelector("oracy-recorder").configure(
        { owner: "nobody", scope: "limit", limit: 1.5, fields: {} })""")
    page.get_by_role("button", name="Start recording").click()
    page.get_by_text("The time is up.").wait_for()
    until(page, "document.querySelector('oracy-recorder audio').duration > 1")
