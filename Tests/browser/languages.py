# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Answers in another language than the question asks for, with the small Whisper that knows three languages."""
import pathlib

from axe_playwright_python.sync_playwright import Axe

from harness import ROOT, Server
from journey import PASSWORD

MODEL = ROOT / "Tests" / "Fixtures" / "whisper" / "speech"


def _ask(page, method, path, body):
    """Sends a request as the person of the page."""
    answer = page.evaluate("""([method, path, body]) => fetch(`/api/v1${path}`, {
        method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
    }).then(async (answer) => ({ ok: answer.ok, body: await answer.json() }))""", [method, path, body])
    assert answer["ok"], answer
    return answer["body"]


def school(run):
    """an educator asks a question in English on a server that hears three languages"""
    folder = pathlib.Path(run.folder) / "languages"
    folder.mkdir()
    server = Server(folder, model=MODEL)
    run.stack.callback(server.stop)
    origin = server.link.split("/setup")[0]
    run.languages = {"origin": origin, "educator": run.person(), "student": run.person()}
    page = run.languages["educator"]
    page.goto(server.link)
    page.get_by_label("Name").fill("Ada Okafor")
    page.get_by_label("E-mail address").fill("ada@school.org")
    page.get_by_label("Choose a password").fill(PASSWORD)
    page.get_by_role("button", name="Create administrator").click()
    page.get_by_role("heading", name="Hello, Ada Okafor").wait_for()
    course = _ask(page, "POST", "/courses", {"name": "Clinical communication", "language": "en"})["id"]
    question = _ask(page, "POST", "/questions", {
        "course_id": course, "title": "How often", "prompt": "How often do you take it?", "expected_answer": "Take six spoons every day.",
        "language": "en", "key_points": [{"id": "dose", "label": "Take six spoons every day"}, {"id": "water", "label": "Drink much water"}]})["id"]
    _ask(page, "POST", "/users", {"role": "student", "name": "Sam Lee", "email": "sam@school.org", "password": PASSWORD})
    _ask(page, "POST", f"/courses/{course}/members", {"email": "sam@school.org", "part": "student"})
    run.languages["question"] = f"{origin}/questions/{question}"


def wrong_language(run):
    """a student who answers in Spanish is told so plainly, sees the words, and is asked to record again"""
    page = run.languages["student"]
    page.goto(f"{run.languages['origin']}/login")
    page.get_by_label("E-mail address").fill("sam@school.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Hello, Sam Lee").wait_for()
    page.goto(run.languages["question"])
    page.get_by_text("Upload an audio file instead").click()
    page.locator("input[type=file]").set_input_files(MODEL / "clips" / "es-02.wav")
    page.get_by_role("button", name="Submit this file").click()
    page.wait_for_url("**/responses/*")
    obstacle = page.locator(".obstacle")
    obstacle.wait_for(timeout=60_000)
    text = obstacle.inner_text()
    assert "Can’t be measured" in text and "sounds like Spanish" in text and "no answer, not as a bad one" in text, text
    obstacle.get_by_role("link", name="Record again").wait_for()
    assert page.locator("oracy-transcript").inner_text().endswith("La madre bebe té mañana."), page.locator("oracy-transcript").inner_text()
    assert page.locator(".transcript-text").get_attribute("lang") == "es"
    assert "Spanish" in page.locator("#language").inner_text()
    assert not page.locator("oracy-key-points li").count() and not page.locator("#accept").count()
    run.languages["response"] = page.evaluate("location.pathname")
    run.picture(page, "wrong-language")


def in_the_queue(run):
    """the educator finds it in the queue with the reason, hears what was said, and may accept it"""
    page = run.languages["educator"]
    page.goto(f"{run.languages['origin']}/marking")
    page.get_by_role("navigation", name="How far the marking has come").get_by_role("link", name="Not measured").click()
    row = page.get_by_role("row", name="Sam Lee")
    row.get_by_text("Another language").wait_for()
    run.picture(page, "queue-wrong-language")
    row.get_by_role("link", name="Sam Lee").click()
    page.locator(".obstacle", has_text="sounds like Spanish").wait_for()
    page.locator("oracy-transcript", has_text="La madre bebe té mañana.").wait_for()
    page.goto(run.languages["origin"] + run.languages["response"])
    page.get_by_role("button", name="Accept as it is").click()
    page.get_by_text("Ready").first.wait_for()
    page.locator("oracy-key-points li.key-point").first.wait_for(timeout=20_000)


def tried(run):
    """the bench tells an educator the same of an answer that is only tried, and axe finds nothing there"""
    page = run.languages["educator"]
    page.goto(run.languages["question"])
    page.get_by_text("Try it", exact=True).click()
    bench, tried = page.locator("#try"), page.locator("#tried")
    bench.get_by_text("Or try a recording").click()
    for clip, sign in (("es-02", ".obstacle"), ("en-02", "li.key-point[data-state=covered]")):
        bench.locator("oracy-file-drop input[type=file]").set_input_files(MODEL / "clips" / f"{clip}.wav")
        bench.get_by_role("button", name="Try").last.click()
        tried.locator(sign).wait_for(timeout=60_000)
        run.picture(page, f"try-{clip}")
        violations = Axe().run(page).response["violations"]
        assert not violations, [(violation["id"], violation["nodes"][0]["target"]) for violation in violations]
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        page.set_viewport_size({"width": 1280, "height": 900})
        bench.get_by_role("button", name="Choose another file").click()
    assert not tried.locator(".obstacle").count()
    assert tried.locator("li.key-point[data-state=missing]").count() == 1
    tried.locator("li.key-point .quote").first.wait_for()
