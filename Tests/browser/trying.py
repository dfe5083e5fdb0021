# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""The try-it bench of a question: an educator types, speaks or uploads an answer and sees the states at once."""
from harness import until
from journey import EXPECTED_ANSWER

STATES = ["covered", "in part", "missing", "contradicted", "uncertain"]


def _bench(run):
    page = run.admin
    run.open(page, run.question)
    page.locator("#try > summary").press("Enter")
    return page, page.locator("#try"), page.locator("#tried")


def _answers(page):
    ask = "id => fetch(`/api/v1/responses?question_id=${id}`).then((a) => a.json()).then((list) => list.items.length)"
    return page.evaluate(ask, page.evaluate("location.pathname.split('/').pop()"))


def by_typing(run):
    """a typed answer shows what becomes of each key point"""
    page, bench, tried = _bench(run)
    bench.get_by_label("An answer").fill(EXPECTED_ANSWER)
    bench.get_by_role("heading", name="Type it").locator("..").get_by_role("button", name="Try").press("Enter")
    tried.locator("li.key-point[data-state=covered]").first.wait_for()
    assert not tried.locator("oracy-transcript").count()


def by_voice(run):
    """a spoken answer shows its words, the states and their evidence, which plays, and nothing of it is stored"""
    page, bench, tried = _bench(run)
    before = _answers(page)
    recorder = bench.locator("oracy-recorder")
    recorder.get_by_role("button", name="Start recording").press("Enter")
    recorder.get_by_text("Level is good").wait_for()
    until(page, "document.querySelector('#try .recorder-time').textContent >= '0:07'")
    page.keyboard.press("Enter")  # "Stop" has the focus
    recorder.get_by_text("You recorded 0:07").wait_for()
    assert "Kept safely" not in recorder.inner_text()
    page.keyboard.press("Enter")  # and then "Try"
    words = tried.locator("oracy-transcript .word")
    words.first.wait_for(timeout=60_000)
    assert words.count() >= 8, words.all_inner_texts()
    tried.get_by_text("a fallback for practice, never a basis for marks").wait_for()
    points = tried.locator("li.key-point")
    assert points.count() >= 1 and all(state in STATES for state in points.locator(".badge.state").all_inner_texts())
    run.picture(page, "try-voice")
    assert recorder.get_attribute("data-state") == "stopped", "the same recording may be tried again"

    audio = "document.querySelector('#try oracy-recorder audio')"
    page.evaluate(f"{audio}.pause()")
    words.nth(4).click()
    until(page, f"!{audio}.paused && {audio}.currentTime > 0.5 && document.querySelector('#tried oracy-transcript').dataset.current >= 4")
    page.evaluate(f"{audio}.pause()")
    quote = tried.locator("li.key-point .quote").first
    if quote.count():  # what the fallback recogniser hears may cover nothing
        quote.press("Enter")
        until(page, f"!{audio}.paused && document.querySelector('#tried oracy-transcript').dataset.evidence > 0")
        page.evaluate(f"{audio}.pause()")

    assert _answers(page) == before
    kept = "new Promise((give) => { const open = indexedDB.open('oracy-recordings'); open.onsuccess = () => give([...open.result.objectStoreNames].length); })"
    assert page.evaluate(f"indexedDB.databases().then((all) => all.some(({{ name }}) => name === 'oracy-recordings') ? {kept} : 0)") == 0, \
        "a trial is not kept in the browser either"


def a_draft(run):
    """the same recording is tried against key points that are being written, before they are saved"""
    page, tried = run.admin, run.admin.locator("#tried")
    page.get_by_role("button", name="Edit question").click()
    page.get_by_text("tried as it stands in the form above").wait_for()
    page.get_by_role("button", name="Add a key point").click()
    page.get_by_label("Statement").first.fill("Wash the hands with soap")
    page.locator("#try oracy-recorder").get_by_role("button", name="Try").press("Enter")
    tried.locator("li.key-point", has_text="Wash the hands with soap").wait_for(timeout=60_000)
    assert tried.locator("li.key-point").count() == 1 and tried.locator("oracy-transcript").count() == 1
    page.get_by_role("button", name="Cancel").first.click()
    assert page.get_by_text("tried as it stands in the form above").is_hidden()
    saved = page.evaluate("fetch('/api/v1' + location.pathname).then((a) => a.json()).then((question) => question.key_points.length)")
    assert saved == 0, "a trial changes nothing"


def a_file(run):
    """a recording is chosen from a file, and one that can't be used is refused in words"""
    page, bench, tried = _bench(run)
    bench.get_by_text("Or try a recording").press("Enter")
    drop = bench.locator("oracy-file-drop")
    bad = run.folder / "notes.wav"
    bad.write_text("These are no sounds.")
    drop.locator("input[type=file]").set_input_files(bad)
    page.keyboard.press("Enter")  # "Try" has the focus
    drop.get_by_role("alert").get_by_text("Not sent.").wait_for()
    run.picture(page, "try-refused")
    drop.get_by_role("button", name="Cancel").press("Enter")
    drop.get_by_role("button", name="Choose another file").press("Enter")
    drop.locator("input[type=file]").set_input_files(run.speech)
    page.keyboard.press("Enter")
    tried.locator("oracy-transcript .word").first.wait_for(timeout=60_000)
    tried.locator("li.key-point").first.wait_for()
