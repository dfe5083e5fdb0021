# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""A school's first day: set-up, course, question, student, spoken answer, correction, transcription."""
import json
import re

from harness import until

PASSWORD = "several words make it strong"
EXPECTED_ANSWER = "Ask about allergies and other medicines, because this tablet can raise the risk of bleeding."
OTHER_ANSWER = "Ask which blood thinner is taken, and offer paracetamol instead."


def set_up(run):
    """the one-time link creates the first administrator"""
    page = run.admin
    page.goto(run.link)
    page.get_by_label("Name").fill("Ada Okafor")
    page.get_by_label("E-mail address").fill("ada@school.org")
    page.get_by_label("Choose a password").fill("short")
    page.get_by_role("button", name="Create administrator").click()
    page.get_by_text("At least 12 characters, please.").wait_for()
    page.get_by_label("Choose a password").fill(PASSWORD)
    run.picture(page, "setup")
    page.get_by_role("button", name="Create administrator").click()
    page.get_by_role("heading", name="Hello, Ada Okafor").wait_for()
    assert not page.evaluate("document.cookie"), "the session must be out of reach of scripts"


def sign_in(run):
    """a wrong password is refused in words and the right one leads to the page that was asked for"""
    page = run.admin
    page.get_by_role("button", name="Menu of Ada Okafor").click()
    page.get_by_role("button", name="Sign out", exact=True).click()
    page.wait_for_url("**/login")
    run.open(page, "/courses")
    page.wait_for_url("**/login?next=%2Fcourses")
    page.get_by_label("E-mail address").fill("ada@school.org")
    page.get_by_label("Password", exact=True).fill("not this one at all")
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("The e-mail address or the password is wrong.").wait_for()
    run.picture(page, "login")
    page.get_by_role("button", name="Show password").click()
    field = page.get_by_label("Password", exact=True)
    assert field.get_attribute("type") == "text"
    field.fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Courses").wait_for()


def course(run):
    """an educator creates a course, a question and a student's account"""
    page = run.admin
    page.get_by_label("Name of the course").fill("Clinical communication")
    page.get_by_label("Language of new questions").select_option("en")
    page.get_by_role("button", name="Create course").click()
    page.get_by_role("heading", name="Clinical communication").wait_for()
    page.get_by_text("Create an account for a new student").click()
    form = page.locator("details", has_text="Create an account for a new student")
    form.get_by_label("Name").fill("Sam Lee")
    form.get_by_label("E-mail address").fill("sam@school.org")
    form.get_by_label("First password").fill(PASSWORD)
    form.get_by_role("button", name="Create and add").click()
    page.get_by_role("cell", name="Sam Lee", exact=True).wait_for()
    page.get_by_label("Short title").fill("Before you recommend a tablet")
    page.get_by_label("Question", exact=True).fill("A customer asks for a strong pain killer. What do you ask first, and why?")
    page.get_by_label("Scenario").fill("Mrs Ott, 70, has a sore back.")
    page.get_by_role("button", name="Add a fact").click()
    page.get_by_label("What is asked").fill("Which medicines does she take?")
    page.get_by_label("What the student is told").fill("Warfarin, every evening.")
    page.get_by_role("textbox", name="Expected answer").fill(EXPECTED_ANSWER)
    page.get_by_role("button", name="Add another good answer").click()
    page.get_by_role("textbox", name="Expected answer 2").fill(OTHER_ANSWER)
    page.get_by_role("button", name="Add another good answer").click()
    page.get_by_role("button", name="Remove this answer").last.click()
    page.get_by_label("Words for the speech recogniser").fill("lumbago")
    page.get_by_label("Longest answer").fill("60")
    run.picture(page, "course")
    page.get_by_role("button", name="Create question").click()
    page.get_by_role("heading", name="Before you recommend a tablet").wait_for()
    page.get_by_text(EXPECTED_ANSWER).wait_for()
    page.get_by_text(OTHER_ANSWER).wait_for()
    assert page.locator("#vocabulary").inner_text().startswith("lumbago")
    run.question = page.evaluate("location.pathname")
    run.course = page.get_by_role("link", name="Clinical communication").get_attribute("href")


def rename(run):
    """a course is renamed, and people find it by its new name"""
    page = run.admin
    run.open(page, run.course)
    page.get_by_text("Change the course").click()
    form = page.locator("details", has_text="Change the course")
    assert form.get_by_label("Language of new questions").input_value() == "en"
    form.get_by_label("Name of the course").fill("Clinical communication, spring")
    form.get_by_role("button", name="Save").click()
    page.get_by_role("heading", name="Clinical communication, spring").wait_for()
    assert page.evaluate("path => fetch('/api/v1' + path).then((a) => a.json()).then((c) => c.language)", run.course) == "en"


def token(run):
    """a token for a program is shown once, works, and is refused when it has been ended"""
    page = run.admin
    run.open(page, "/me")
    page.get_by_text("No API tokens").wait_for()
    page.locator("summary", has_text="Make a token").click()
    page.get_by_label("What it is for").fill("Transcription script")
    page.get_by_role("button", name="Make a token").click()
    field = page.get_by_label("API token", exact=True)
    field.wait_for()
    text = field.input_value()
    assert text.startswith("oracy_"), text
    page.get_by_role("cell", name="Transcription script", exact=True).wait_for()
    run.picture(page, "tokens")
    ask = "token => fetch('/api/v1/limits', { credentials: 'omit', headers: { Authorization: `Bearer ${token}` } }).then((a) => a.status)"
    assert page.evaluate(ask, text) == 200
    page.get_by_role("button", name="End “Transcription script”").click()
    page.get_by_role("dialog").get_by_role("button", name="End").click()
    page.get_by_text("No API tokens").wait_for()
    assert page.evaluate(ask, text) == 401


def student(run):
    """a student sees the question but not the expected answer"""
    page = run.student
    run.open(page, "/login")
    page.get_by_label("E-mail address").fill("sam@school.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Not answered yet").wait_for()
    run.picture(page, "home-student")
    page.get_by_role("link", name="Before you recommend a tablet").click()
    page.get_by_role("button", name="Start recording").wait_for()
    page.get_by_text("Mrs Ott, 70, has a sore back.").wait_for()
    assert "Warfarin" not in page.content()
    page.get_by_role("button", name="Which medicines does she take?").click()
    page.get_by_text("Warfarin, every evening.").wait_for()
    assert EXPECTED_ANSWER not in page.content()
    assert "expected_answer" not in page.evaluate("path => fetch('/api/v1' + path).then((a) => a.text())", run.question)


def record(run):
    """a spoken answer is recorded, played back and submitted, and its transcript and measures appear"""
    page = run.student
    page.get_by_role("button", name="Start recording").click()
    page.get_by_text("Level is good").wait_for()
    run.picture(page, "recording")
    until(page, "document.querySelector('.recorder-time').textContent >= '0:07'")
    page.get_by_role("button", name="Stop").click()
    page.locator("oracy-recorder").get_by_text("You recorded 0:07").wait_for()
    until(page, "document.querySelector('oracy-recorder audio').duration > 5 && document.querySelector('oracy-recorder audio').duration < 9")
    run.picture(page, "recorded")
    page.get_by_role("button", name="Submit recording").click()
    page.wait_for_url("**/responses/*")
    run.response = page.evaluate("location.pathname")
    page.locator("oracy-transcript .word").first.wait_for(timeout=60_000)
    words = page.locator("oracy-transcript .word").all_inner_texts()
    assert len(words) >= 8, words
    assert page.locator("oracy-measures [data-key=speech_rate_wpm] .measure-value").inner_text() != "–"
    page.locator("oracy-measures [data-key=tfidf_cosine]").wait_for()
    page.get_by_text("it is not a mark").first.wait_for()
    until(page, "document.querySelector('oracy-player audio').duration > 5")
    run.picture(page, "response")


def seek(run):
    """a click on a word plays from it, and the word that is heard is marked"""
    page = run.student
    word = page.locator("oracy-transcript [data-word='4']")
    start = _words(page)[4]["start"]
    word.click()
    until(page, f"document.querySelector('oracy-player audio').currentTime >= {start - 0.01}")
    until(page, "Number(document.querySelector('oracy-transcript').dataset.current) >= 4 && CSS.highlights.has('playing')")
    at = page.evaluate("document.querySelector('oracy-player audio').currentTime")
    assert at < start + 4, f"played from {at}, the word starts at {start}"


def keys(run):
    """the player and the transcript work from the keyboard, and the shortcuts can be switched off"""
    page = run.student
    audio = "document.querySelector('oracy-player audio')"
    page.evaluate(f"() => {{ {audio}.pause(); {audio}.currentTime = 0; }}")
    page.keyboard.press("Alt+k")
    until(page, f"!{audio}.paused")
    page.keyboard.press("Alt+k")
    until(page, f"{audio}.paused")
    page.keyboard.press("Alt+l")
    until(page, f"{audio}.currentTime >= 3")
    page.locator("oracy-transcript [data-word][tabindex='0']").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    second = _words(page)[1]["start"]
    until(page, f"{audio}.currentTime >= {second - 0.01} && {audio}.currentTime < {second + 3}")
    page.keyboard.press("Alt+k")
    page.keyboard.press("?")
    page.get_by_label("Use keyboard shortcuts").uncheck()
    page.get_by_role("button", name="Close").click()
    until(page, f"{audio}.paused")
    page.keyboard.press("Alt+k")
    page.keyboard.press("?")
    assert page.evaluate(f"{audio}.paused") and not page.locator("dialog").count()
    page.evaluate("localStorage.removeItem('oracy.shortcuts')")


def correct(run):
    """a correction is saved as a new version and shows which words and measures it changed"""
    page = run.student
    before = page.locator("oracy-measures [data-key=tfidf_cosine] .measure-value").inner_text()
    page.get_by_role("button", name="Correct").click()
    boxes = page.get_by_role("textbox", name="Line")
    boxes.first.wait_for()
    run.picture(page, "editor")
    boxes.first.fill(f"{EXPECTED_ANSWER} Take one gram every six hours.")
    page.get_by_label("Why you changed it").fill("what I really said")
    page.get_by_role("button", name="Save and measure again").click()
    changes = page.get_by_role("region", name="What your correction changed")
    changes.wait_for()
    changes.locator("ins").first.wait_for()
    row = changes.get_by_role("row", name="Wording similarity")
    row.wait_for()
    after = page.locator("oracy-measures [data-key=tfidf_cosine] .measure-value").inner_text()
    assert after != before and before in row.inner_text() and after in row.inner_text(), (before, after, row.inner_text())
    run.picture(page, "changes")


def findings(run):
    """the page says what the answer names, marks the words on request, and why the tone is not known"""
    page = run.student
    card = page.locator("oracy-findings")
    dose = card.locator("[data-type=DOSE]").get_by_role("button", name="one gram every six hours")
    assert "= 1 g · 4 times a day" in dose.inner_text(), dose.inner_text()
    dose.click()
    assert page.locator("oracy-transcript").get_attribute("data-evidence") == "5"
    card.get_by_text("Tone", exact=True).click()
    card.get_by_text("No model of tone is installed").wait_for()
    card.get_by_text(re.compile("Not everything was looked for: .*No model of names and conditions is installed")).wait_for()
    run.picture(page, "findings")


def tone(run):
    """the tone along the answer is told by signs and words, not by colours alone, and says when it is doubtful"""
    page = run.student
    page.locator("oracy-findings").evaluate("""(findings) => {
      const part = (start_s, end_word, label, score) =>
        ({ start: 0, end: 9, start_word: 0, end_word, start_s, end_s: start_s + 2, label, score });
      const example = document.createElement("oracy-findings");
      example.id = "tone-example";
      findings.after(example);
      example.configure({ entities: [], sentiment: {
        label: "positive", score: 0.31, valid: "low", reason: "There are only 4 words.", model: "tone@1", validated: true,
        unit: "clause", sentences: [part(0, 9, "positive", 0.7), part(2, 6, "neutral", 0), part(4, 12, "negative", -0.6)] } });
    }""")
    example = page.locator("#tone-example")
    bars = example.get_by_role("list", name=re.compile("Tone along the answer, cut at pauses")).get_by_role("button")
    assert [bar.inner_text() for bar in bars.all()] == ["+", "·", "−"], bars.all_inner_texts()
    bars.nth(2).and_(page.get_by_role("button", name="At 0:04: negative")).wait_for()
    example.get_by_text("+0.31").wait_for()
    example.get_by_text("There are only 4 words.").wait_for()
    for meaning in ("positive: warm", "neutral: facts", "negative: displeased"):
        example.get_by_text(meaning).wait_for()
    example.scroll_into_view_if_needed()
    run.picture(page, "tone")
    example.evaluate("(example) => example.remove()")


def history(run):
    """every version is kept, compared and can be restored"""
    page = run.student
    page.get_by_text("Earlier versions").click()
    page.get_by_text("Speech recogniser").wait_for()
    page.get_by_text("what I really said").wait_for()
    page.get_by_role("button", name="What changed").click()
    page.get_by_role("dialog", name="What version 2 changed").locator("ins").first.wait_for()
    page.get_by_role("button", name="Close").last.click()
    page.get_by_role("button", name="Restore").click()
    page.get_by_role("heading", name="Transcript Version 3").wait_for()


def conflict(run):
    """two people who correct at once lose nothing: the later one sees both texts and decides"""
    page, other = run.student, run.admin
    page.get_by_role("button", name="Correct").click()
    page.get_by_role("textbox", name="Line").first.fill("Mine is this sentence about allergies.")
    run.open(other, run.response)
    other.get_by_role("button", name="Correct").click()
    other.get_by_role("textbox", name="Line").first.fill("Theirs is that sentence about medicines.")
    other.get_by_role("button", name="Save and measure again").click()
    other.get_by_text("What your correction changed").wait_for()
    page.get_by_role("button", name="Save and measure again").click()
    dialog = page.get_by_role("dialog", name="Somebody saved before you")
    dialog.get_by_text("Ada Okafor saved version 4").wait_for()
    dialog.get_by_text("Theirs is that sentence about medicines.").first.wait_for()
    run.picture(page, "conflict")
    dialog.get_by_role("button", name="Save mine as the next version").click()
    page.get_by_role("heading", name="Transcript Version 5").wait_for()
    assert "Mine" in page.locator("oracy-transcript").inner_text()


def educator(run):
    """the educator finds the answer with its headline numbers in the question's list"""
    page = run.admin
    run.open(page, run.question)
    row = page.get_by_role("row", name="Sam Lee")
    row.get_by_text("Ready").wait_for()
    # Nearly all of the text was written anew by hand, so that nothing is said of its pace.
    figures = [cell.inner_text() for cell in row.get_by_role("cell").all()]
    assert any(character.isdigit() for character in "".join(figures[2:])), figures
    run.picture(page, "question-educator")


def edit_question(run):
    """changing an answered question makes a new version"""
    page = run.admin
    page.get_by_role("button", name="Edit question").click()
    page.get_by_text("There is 1 answer to this question").wait_for()
    page.get_by_label("Short title").fill("Before recommending a tablet")
    assert page.get_by_role("textbox", name="Expected answer 2").input_value() == OTHER_ANSWER
    assert page.get_by_label("What the student is told").input_value() == "Warfarin, every evening."
    page.get_by_role("button", name="Propose from the expected answer").click()
    page.locator(".key-point-editor").get_by_label("Statement").first.wait_for()
    run.picture(page, "question-editor")
    page.locator(".key-points-field").get_by_role("button", name="Remove").first.wait_for()
    for _ in range(page.locator(".key-points-field").get_by_role("button", name="Remove").count()):
        page.locator(".key-points-field").get_by_role("button", name="Remove").first.click()
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Version 2").wait_for()
    page.get_by_role("heading", name="Before recommending a tablet").wait_for()


def transcribe_file(run):
    """a file is transcribed with its language, engine and exports"""
    page = run.student
    run.open(page, "/transcribe")
    page.get_by_label("Spoken language").select_option("en")
    page.get_by_text("writes down").first.wait_for()
    page.locator("input[type=file]").set_input_files(run.speech)
    run.picture(page, "transcribe")
    page.get_by_role("button", name="Submit this file").click()
    page.wait_for_url("**/responses/*")
    run.free = page.evaluate("location.pathname")
    page.locator("oracy-transcript .word").first.wait_for(timeout=60_000)
    assert "English" in page.locator("#language").inner_text()
    for kind, mark in (("txt", ""), ("srt", "-->"), ("vtt", "WEBVTT"), ("json", '"words"')):
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        text = download.value.path().read_text()
        assert len(text) > 20 and mark in text, (kind, text[:80])
    run.open(page, "/transcribe")
    page.get_by_role("table", name="Your earlier transcriptions").get_by_role("link").first.wait_for()


def transcribe_microphone(run):
    """speech from the microphone is transcribed; a reload while recording loses nothing"""
    page = run.student
    page.get_by_role("button", name="Start recording").click()
    until(page, "document.querySelector('.recorder-time').textContent >= '0:05'")
    page.reload()
    page.get_by_text("A recording was not sent.").wait_for()
    run.picture(page, "unsent")
    page.get_by_role("button", name="Submit it").click()
    page.wait_for_url("**/responses/*")
    page.locator("oracy-transcript .word").first.wait_for(timeout=60_000)
    run.open(page, "/transcribe")
    page.get_by_role("button", name="Start recording").wait_for()
    page.get_by_role("table").wait_for()
    assert not page.get_by_text("A recording was not sent.").count(), "what the server has must not be offered again"


def delete(run):
    """a transcription of one's own can be deleted"""
    page = run.student
    run.open(page, run.free)
    page.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    page.wait_for_url("**/transcribe")
    run.open(page, run.free)
    page.get_by_text("There is nothing here").wait_for()


def spanish(run):
    """the pages speak the language that somebody chooses, on every device"""
    page = run.student
    run.open(page, "/")
    page.get_by_role("button", name="Menu of").click()
    page.get_by_label("Language", exact=True).select_option("es")
    page.get_by_role("heading", name="Hola, Sam Lee").wait_for()
    assert page.evaluate("document.documentElement.lang") == "es"
    run.open(page, run.response)
    page.get_by_text("Velocidad del habla").first.wait_for(state="attached")
    page.get_by_role("button", name="Menú de").click()
    page.get_by_label("Idioma", exact=True).select_option("en")
    page.get_by_role("button", name="Menu of").wait_for()


def _words(page):
    transcript = json.loads(page.evaluate(
        "() => fetch('/api/v1' + location.pathname + '/transcript').then((answer) => answer.text())"))
    return [word for segment in transcript["segments"] for word in segment["words"]]
