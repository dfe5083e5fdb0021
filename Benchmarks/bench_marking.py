# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Measures how soon the marking queue is there: GET /marking/queue on a real server with 20,000 answers in 10 courses.

The answers are written into the database while no server runs, with transcripts, analyses and assessments; choosing a rubric
for each question then makes the server enter them into the queue. Timed are the first page of all courses and of one, a page
in the middle, and a page of those that are marked.

    scripts/bench marking
    ORACY_BENCH_ANSWERS=100000 scripts/bench marking

ORACY_BENCH_PROGRAM names a program that is built already.
"""

import json
import os
import pathlib
import random
import sqlite3
import tempfile
import time

import measuring
import serving

ANSWERS = int(os.environ.get("ORACY_BENCH_ANSWERS", "20000"))
COURSES = 10
ROUNDS = 40
LEVELS = [{"score": score, "label": str(score)} for score in range(4)]


def fill(path, questions, student, rng):
    """Writes answers with everything that the queue has ever looked at."""
    results = json.dumps([
        {"id": f"k{index}", "state": "covered", "credit": 1, "evidence": None, "tfidf": 0.5, "embedding": 0.5, "confidence": 0.9,
         "flags": []} for index in range(8)])
    base = int(time.time() * 1000) - 10 * ANSWERS
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = OFF")
    for index in range(ANSWERS):
        now = base + 10 * index
        question, version = questions[index % len(questions)]
        response, recording, transcript, analysis = (serving.identifier(rng, now) for _ in range(4))
        state = "marked" if index % 3 == 0 else "analysed"
        database.execute(
            "INSERT INTO recording (id, owner, state, path, size, sha256, duration, created_at) VALUES (?, ?, 'kept', ?, 1, '00', 60, ?)",
            (recording, student, f"aa/{recording}", now))
        database.execute(
            "INSERT INTO response (id, owner, question, question_version, recording, state, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
            (response, student, question, version, recording, state, now))
        database.execute(
            "INSERT INTO transcript_version (id, response, number, origin, engine, language, word_count, text, segments, created_at) "
            "VALUES (?, ?, 1, 'asr', 'whisper/bench', 'en', 0, '', '[]', ?)", (transcript, response, now))
        database.execute(
            "INSERT INTO analysis (id, response, transcript_version, question_version, engine, created_at) VALUES (?, ?, 1, ?, 'bench', ?)",
            (analysis, response, version, now))
        low, width = rng.uniform(0, 0.5), rng.uniform(0, 0.5)
        holds = '["critical_uncertain"]' if index % 20 == 0 else "[]"
        database.execute(
            "INSERT INTO assessment (analysis, key_points, proposed, results, low, point, high, holds) VALUES (?, '[]', 0, ?, ?, ?, ?, ?)",
            (analysis, results, low, low + width / 2, low + width, holds))
        if state == "marked":
            database.execute(
                "INSERT INTO grade (response, score, source, moderation, updated_at) VALUES (?, 0.5, 'marker', ?, ?)",
                (response, int(index % 30 == 0), now))
    database.commit()
    database.close()


def main():
    program = serving.program()
    machine = measuring.machine()
    rng = random.Random(5)
    with tempfile.TemporaryDirectory(prefix="oracy-bench-") as name:
        folder = pathlib.Path(name)
        with serving.Server(program, folder) as server:
            server.set_up()
            student = server.call("POST", "/users", {**serving.ACCOUNT, "email": "student@example.org", "role": "student"})["id"]
            courses, questions, rubrics = [], [], []
            for number in range(COURSES):
                course = server.call("POST", "/courses", {"name": f"Course {number}"})["id"]
                question = server.call("POST", "/questions", {
                    "course_id": course, "title": "Advice", "prompt": "What do you advise?", "expected_answer": "Offer paracetamol."})["id"]
                version = server.call("GET", f"/questions/{question}/versions")["items"][0]["id"]
                rubric = server.call("POST", "/rubrics", {
                    "course_id": course, "title": "Rubric", "criteria": [{"label": "Content", "levels": LEVELS}]})["id"]
                courses.append(course)
                questions.append((question, version))
                rubrics.append(rubric)
        fill(next(folder.glob("*.db")), questions, student, rng)
        with serving.Server(program, folder) as server:
            server.sign_in()
            begun = time.perf_counter()
            for (question, _), rubric in zip(questions, rubrics):
                server.call("PUT", f"/questions/{question}/rubric", {"rubric_id": rubric})
            entering = (time.perf_counter() - begun) / COURSES
            result = {"machine": machine, "answers": ANSWERS, "courses": COURSES, "seconds_to_enter_a_question": round(entering, 3)}
            result["all courses"], page = server.timed("/marking/queue", ROUNDS)
            result["counts"] = page["counts"]
            cursor = page["next"]
            for _ in range(100):
                cursor = server.call("GET", f"/marking/queue?after={cursor}")["next"] or cursor
            result["all courses, page 101"], _ = server.timed(f"/marking/queue?after={cursor}", ROUNDS)
            result["one course"], _ = server.timed(f"/marking/queue?course={courses[0]}", ROUNDS)
            result["marked"], _ = server.timed("/marking/queue?state=marked", ROUNDS)
    for key, value in result.items():
        print(f"{key}: {value}")
    measuring.save("marking", result)


if __name__ == "__main__":
    main()
