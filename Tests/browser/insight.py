# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Figures: an educator reads the dashboard and its files, sets a pass mark; the student sees their own way."""


def dashboard(run):
    """the dashboard counts the answer, and its file has the numbers of the screen"""
    page = run.admin
    run.open(page, run.course)
    page.get_by_role("link", name="Figures of this course").click()
    page.get_by_role("heading", name="Dashboard: Clinical communication").wait_for()
    run.dashboard = page.evaluate("location.pathname")
    row = page.locator("tr", has_text="Sam Lee").first
    row.wait_for()
    with page.expect_download() as found:
        page.locator("a[href*='table=students']").click()
    lines = found.value.path().read_text().splitlines()
    names = lines[0].split(",")
    cells = dict(zip(names, next(line for line in lines if "Sam Lee" in line).split(",")))
    assert row.locator("[data-label='Answers']").inner_text() == cells["answers"], cells
    score = row.locator("[data-label='Mean score']").inner_text()
    assert score == ("–" if not cells["score"] else f"{round(float(cells['score']), 2):g}"), (score, cells)
    run.picture(page, "dashboard")


def days(run):
    """the dashboard looks at some days only, and says beside the field what is wrong with them"""
    page = run.admin
    run.open(page, run.dashboard)
    page.get_by_label("From").fill("2020-02-02")
    page.get_by_label("To").fill("2020-02-01")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Must not be before the first day.").wait_for()
    page.get_by_label("To").fill("2020-02-03")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Nothing to count yet").wait_for()
    assert page.get_by_label("From").input_value() == "2020-02-02"
    page.get_by_label("To").fill("2099-12-31")
    page.get_by_role("button", name="Show", exact=True).click()
    page.locator("tr", has_text="Sam Lee").first.wait_for()
    assert "from=2020-02-02" in page.locator("a[href*='table=students']").get_attribute("href")


def the_other_figures(run):
    """items, agreement and fairness open from the dashboard"""
    page = run.admin
    for link, heading in (("Items", "Items: "), ("Agreement", "Agreement: "), ("Fairness", "Fairness: ")):
        page.get_by_label("Figures of the course").get_by_role("link", name=link).click()
        page.get_by_role("heading", name=heading).wait_for()
        run.picture(page, f"figures-{link.lower()}")
    page.get_by_text("Nobody is asked for a group").wait_for()


def pass_mark(run):
    """a pass mark is set on the question's page of its own"""
    page = run.admin
    run.open(page, run.question)
    page.get_by_role("link", name="Pass mark").click()
    page.get_by_label("Another pass mark").fill("60")
    page.get_by_role("button", name="Set", exact=True).click()
    page.get_by_text("60% · decided").wait_for()
    for name in ("Pass mark (CSV)", "Mean estimates (CSV)", "Judges (CSV)"):
        with page.expect_download():
            page.get_by_role("link", name=name).click()
    run.picture(page, "standard")


def progress(run):
    """the student follows their own attempts"""
    run.open(run.student, "/progress")
    run.student.get_by_role("heading", name="Your progress").wait_for()
    run.student.get_by_role("cell").first.wait_for()
    run.picture(run.student, "progress")


def institution(run):
    """an administrator compares courses and chooses what people may declare"""
    page = run.admin
    run.open(page, "/institution")
    page.get_by_role("cell", name="Clinical communication").first.wait_for()
    page.get_by_label("What they are groups by").fill("First language")
    page.get_by_label("Groups", exact=True).fill("English\nAnother")
    page.locator("#groups").get_by_role("button", name="Save").click()
    page.get_by_text("Nobody has declared a group").wait_for()
    run.open(run.student, "/me")
    run.student.get_by_label("First language").select_option("English")
    run.student.locator("section", has=run.student.get_by_label("First language")).get_by_role("button", name="Save").click()
    run.student.get_by_text("Saved.").wait_for()
    run.picture(page, "institution")
    page.get_by_role("link", name="Sentences of feedback").click()
    page.get_by_label("missing (optional)", exact=True).fill("Next time, mention {nothing}.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("there is no placeholder {nothing}").wait_for()
    page.get_by_label("missing (optional)", exact=True).fill("Next time, mention {key_point}.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The sentences are saved and used from now on.").wait_for()
    run.picture(page, "templates")


def group(run):
    """of a group with too few in it the dashboard shows nothing, whatever is asked for"""
    page = run.admin
    run.open(page, run.dashboard)
    page.get_by_label("First language").select_option("English")
    page.get_by_label("From").fill("2020-02-02")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Must be the first day of a month where a group is chosen.").wait_for()
    page.get_by_label("From").fill("2020-02-01")
    page.get_by_role("button", name="Show", exact=True).click()
    page.get_by_text("Nothing to show of this group").wait_for()
    assert "Sam Lee" not in page.locator("main").inner_text()
    run.picture(page, "dashboard-group")
