# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Marking: an educator marks an answer with the keyboard and releases it; the student reads it and appeals."""
from harness import until


def queue_and_rubric(run):
    """the queue leads to an answer, and its question gets the standard rubric"""
    page = run.admin
    run.open(page, "/marking")
    page.get_by_role("heading", name="Marking", exact=True).wait_for()
    run.picture(page, "marking")
    page.locator(f"a[href='/marking/{run.response.rsplit('/', 1)[1]}']").click()
    page.get_by_role("heading", name="Mark the answer of Sam Lee").wait_for()
    page.get_by_text("This question has no rubric yet.").wait_for()
    page.get_by_role("button", name="Use this rubric").click()
    page.get_by_role("group", name="Content").wait_for()
    page.get_by_text("is shown when your mark is final").wait_for()
    assert page.locator("#revealed").count() == 0
    run.picture(page, "mark")


def with_the_keyboard(run):
    """digits choose levels and go on, a comment takes the moment of the recording, and a draft is kept"""
    page = run.admin
    page.get_by_role("group", name="Content").get_by_role("radio").first.focus()
    for digit in "3342":
        page.keyboard.press(digit)
    focused = "document.activeElement.closest('fieldset')?.querySelector('legend')?.textContent"
    assert page.evaluate(focused) == "Global rating", page.evaluate(focused)
    chosen = page.eval_on_selector_all("fieldset.levels input:checked", "inputs => inputs.map((input) => input.value)")
    assert chosen == ["2", "2", "3", "1"], chosen
    page.evaluate("document.querySelector('oracy-player').seek(2)")
    page.keyboard.press("Alt+KeyC")
    page.keyboard.type("Good: allergies first.")
    page.get_by_role("button", name="Add at this moment").press("Enter")
    page.locator(".comments li", has_text="0:02").get_by_text("Good: allergies first.").wait_for()
    page.get_by_role("button", name="Save as draft").press("Enter")
    page.get_by_text("Your draft is saved.").first.wait_for()
    page.reload()
    page.locator(".comments li", has_text="Good: allergies first.").wait_for()


def finish(run):
    """a mark lacks nothing when it is final, and then shows what the machine found"""
    page = run.admin
    page.get_by_role("button", name="Finish the mark").press("Enter")
    page.locator("fieldset.levels .field-error:visible", has_text="is required").wait_for()
    assert page.evaluate("document.activeElement.closest('fieldset').querySelector('legend').textContent") == "Global rating"
    page.keyboard.press("4")
    page.get_by_role("button", name="Finish the mark").press("Enter")
    page.locator("#revealed").get_by_text("What the machine found").wait_for()
    if page.locator("#reason-wanted").count():  # the machine may be far away
        page.locator("#reason-wanted").get_by_role("textbox", name="Reason").fill("Heard again: it is all there.")
        page.get_by_role("button", name="Save the reason").press("Enter")
        page.locator("#reason-wanted").wait_for(state="detached")
    run.marking = page.evaluate("location.pathname")
    run.picture(page, "mark-final")


def release(run):
    """the grade is released, and the student sees it with the comment and can appeal it once"""
    page, student = run.admin, run.student
    page.get_by_role("button", name="Release the grade").click()
    page.get_by_text("Released:").wait_for()
    run.open(student, run.response)
    grade = student.locator("#grade")
    grade.get_by_role("heading", name="Your grade").wait_for()
    grade.get_by_text("Good: allergies first.").wait_for()
    grade.get_by_role("button", name="Play from 0:02").click()
    until(student, "document.querySelector('oracy-player').position >= 2")
    grade.get_by_text("Appeal this grade").click()
    grade.get_by_label("What should be looked at again").fill("I did name the other medicines.")
    grade.get_by_role("button", name="Send the appeal").click()
    grade.get_by_text("Your appeal is open.").wait_for()
    run.picture(student, "grade")
    run.open(page, "/marking")
    page.get_by_text("I did name the other medicines.").wait_for()


def rubric(run):
    """a rubric is written by keyboard: a criterion more, a level more, from cell to cell with Alt and the arrows"""
    page = run.admin
    run.open(page, run.question)
    page.get_by_text("How answers are marked").click()
    page.get_by_role("link", name="Edit the rubric").click()
    page.get_by_role("heading", name="Standard rubric").wait_for()
    page.get_by_role("button", name="Add a level").press("Enter")
    focused = "document.activeElement.getAttribute('aria-label')"
    assert page.evaluate(focused) == "Content, level with 4 points", page.evaluate(focused)
    page.keyboard.type("outstanding")
    page.get_by_role("button", name="Add a criterion").press("Enter")
    assert page.evaluate(focused) == "Criterion 5", page.evaluate(focused)
    page.keyboard.type("Empathy")
    page.keyboard.press("Alt+ArrowRight")
    assert page.evaluate("document.activeElement.value") == "missing"
    page.keyboard.press("Alt+ArrowUp")
    assert page.evaluate(focused) == "Language, level with 0 points", page.evaluate(focused)
    page.get_by_role("button", name="Move Criterion 5 up").press("Enter")
    run.picture(page, "rubric")
    page.get_by_role("button", name="Save").press("Enter")
    page.get_by_text("The rubric is saved (version 2).").wait_for()
    page.reload()
    page.get_by_role("textbox", name="Criterion 4").wait_for()
    assert page.get_by_role("textbox", name="Criterion 4").input_value() == "Empathy"
    assert page.get_by_role("textbox", name="Content, level with 4 points").input_value() == "outstanding"
    assert page.get_by_role("textbox", name="Reasoning, level with 4 points").input_value() == ""
    run.rubric = page.evaluate("location.pathname")


def news(run):
    """the student finds the release among the news, and it is gone when it was read"""
    page = run.student
    run.open(page, "/")
    page.locator("#notices").get_by_text("is released").wait_for()
    page.get_by_role("button", name="I have read this").click()
    page.reload()
    page.get_by_role("heading", name="Hello, Sam").wait_for()
    assert page.locator("#notices").count() == 0


def what_if(run):
    """what other weights would change is shown before anything changes, and answers of other wordings are left out"""
    page = run.admin
    run.open(page, run.question)
    page.get_by_role("button", name="Edit question").click()
    page.get_by_role("button", name="Add a key point").click()
    page.get_by_role("textbox", name="Statement", exact=True).fill("Ask about other medicines")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("What if they counted otherwise").click()
    page.get_by_label("Ask about other medicines: Weight").fill("5")
    page.get_by_role("button", name="Show what would change").click()
    page.get_by_text("1 answer keeps its score: it was assessed by other wordings.").wait_for()
    assert page.get_by_role("button", name="Apply to all answers").count() == 0
    run.picture(page, "what-if")
