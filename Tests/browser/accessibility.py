# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""WCAG 2.2 AA as far as machines can tell: axe on every page in both themes, reflow at 320 px, long words, right to left."""
import json
import re

from axe_playwright_python.sync_playwright import Axe

from harness import ROOT, until

_axe = Axe()


def _pages(run):
    return [
        (run.admin, "/", "Hello, Ada"), (run.admin, "/courses", "Clinical communication"), (run.admin, run.course, "Sam Lee"),
        (run.admin, run.question, "Released"), (run.admin, run.response, "Measured by"), (run.admin, "/users", "Sam Lee"),
        (run.admin, "/marking", "Open appeals"), (run.admin, run.marking, "What the machine found"),
        (run.admin, f"{run.course}/dashboard", "Sam Lee"), (run.admin, f"{run.course}/items", "Items"), (run.admin, f"{run.course}/agreement", "Nothing to compare yet"),
        (run.admin, f"{run.course}/dashboard?group=English", "Nothing to show of this group"),
        (run.admin, f"{run.course}/fairness", "All together"), (run.admin, f"{run.question}/standard", "decided"),
        (run.admin, "/institution", "Groups for the fairness report"), (run.admin, "/institution/feedback", "Sentences of feedback"), (run.student, "/progress", "Attempts"),
        (run.admin, run.rubric, "Criteria and levels"), (run.admin, "/me", "This one"), (run.admin, "/docs", "Submit a recording"), (run.student, "/", "Hello, Sam"),
        (run.student, run.question, "Start recording"), (run.student, "/transcribe", "Your earlier transcriptions"),
        (run.student, run.silence, "This counts as no answer"), (run.guest, "/login", "Welcome back"), (run.guest, "/setup", "Already set up"),
    ]


def axe_on_every_page(run):
    """axe finds nothing on any page, light or dark, and every page fits 320 pixels"""
    run.guest = run.person()
    faults = []
    for page, path, sign in _pages(run):
        run.open(page, path)
        page.get_by_text(sign).first.wait_for()
        if path != "/docs":
            page.evaluate("() => document.querySelectorAll('details').forEach((details) => { details.open = true; })")
        until(page, "document.querySelector('main h1') && !document.querySelector('[aria-busy=true], .skeleton')")
        for theme in ("light", "dark"):
            page.emulate_media(color_scheme=theme)
            # Only colours differ between the themes.
            options = {"resultTypes": ["violations"]} | ({"runOnly": ["color-contrast"]} if theme == "dark" else {})
            for violation in _axe.run(page, options=options).response["violations"]:
                nodes = [(node["target"], node["failureSummary"][:300]) for node in violation["nodes"][:3]]
                faults.append(f"{path} {theme}: {violation['id']} {nodes}")
            run.picture(page, f"axe-{_name(path)}-{theme}")
        page.set_viewport_size({"width": 320, "height": 640})
        width = page.evaluate("document.documentElement.scrollWidth")
        if width > 320:
            faults.append(f"{path}: {width} pixels wide at 320")
        run.picture(page, f"narrow-{_name(path)}")
        faults += [f"{path}: {small}" for small in page.evaluate(_SMALL_TARGETS)]
        page.set_viewport_size({"width": 1280, "height": 900})
        page.emulate_media(color_scheme="light")
    assert not faults, "\n".join(faults)


# WCAG 2.2, 2.5.8: 24 by 24 pixels, except for links within a sentence and what the browser draws itself.
_SMALL_TARGETS = """() => [...document.querySelectorAll("button, select, input:not([type=file]), summary, [role=button]")]
    .filter((element) => element.checkVisibility() && !element.closest(".visually-hidden"))
    .map((element) => [element, element.getBoundingClientRect()])
    .filter(([element, box]) => box.width > 0 && (box.height < 23.5 || box.width < 23.5) && element.type !== "checkbox")
    .map(([element, box]) => `${element.outerHTML.slice(0, 80)} is ${box.width} × ${box.height}`)"""


def editor_and_dialogs(run):
    """axe finds nothing in the editor, the menu and the dialogs"""
    page, faults = run.student, []

    def check(what):
        faults.extend(f"{what}: {violation['id']} {violation['nodes'][0]['target']}" for violation in _axe.run(page).response["violations"])

    run.open(page, run.response)
    page.get_by_role("button", name="Correct").click()
    page.get_by_role("textbox", name="Line").first.wait_for()
    check("editor")
    page.get_by_role("button", name="Cancel").click()
    page.get_by_role("button", name="Keyboard shortcuts").click()
    page.get_by_role("dialog").wait_for()
    check("shortcuts")
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Menu of").click()
    page.get_by_label("Appearance").wait_for()
    check("menu")
    assert not faults, "\n".join(faults)


def axe_is_not_vacuous(run):
    """axe does find what is wrong: a button without a name"""
    page = run.guest
    run.open(page, "/login")
    page.get_by_role("button", name="Sign in").wait_for()
    page.evaluate("() => document.querySelector('main').append(document.createElement('button'))")
    assert "button-name" in {violation["id"] for violation in _axe.run(page).response["violations"]}


def long_words_and_right_to_left(run):
    """pages with messages half as long again, written from right to left, still fit 320 pixels"""
    english = json.loads((ROOT / "web" / "messages" / "en.json").read_text())
    stretch = lambda text: text + " " + re.sub(r"\{\w+\}", "", text)[: len(text) // 2].strip()
    longer = {key: stretch(value) if isinstance(value, str) else {form: stretch(text) for form, text in value.items()}
              for key, value in english.items()}
    faults = []
    for page, path, _ in _pages(run):
        page.route("**/messages/en.json", lambda route: route.fulfill(json=longer))
        page.set_viewport_size({"width": 320, "height": 640})
        run.open(page, path)
        page.locator("main h1").wait_for()
        until(page, "document.querySelector('main h1') && !document.querySelector('[aria-busy=true], .skeleton')")
        for direction in ("ltr", "rtl"):
            page.evaluate("(direction) => { document.documentElement.dir = direction; }", direction)
            width = page.evaluate("document.documentElement.scrollWidth")
            if width > 320:
                faults.append(f"{path} {direction}: {width} pixels wide at 320")
        run.picture(page, f"long-{_name(path)}")
        page.unroute("**/messages/en.json")
        page.set_viewport_size({"width": 1280, "height": 900})
    assert not faults, "\n".join(faults)


def _name(path):
    return re.sub(r"/[0-9a-f-]{36}", "-one", path).strip("/") or "home"
