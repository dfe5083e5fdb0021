# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Measures how soon figures over many answers are there: each report of docs/insight.md on a real server, as JSON, with
20,000 answers in one course.

They are answers of 500 students to 10 questions of 8 key points each, with transcripts, 60 measures, entities, tone and
assessments, written into the database while no server runs. Half of them are marked by one of four markers, a fifth of
those by two, and every tenth transcript is corrected.

    scripts/bench insight
    ORACY_BENCH_ANSWERS=100000 scripts/bench insight

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
STUDENTS, QUESTIONS, MARKERS = 500, 10, 4
KEY_POINTS = [f"point-{index}" for index in range(8)]
CRITERIA = ["content", "structure", "delivery"]
ROUNDS = 9
GOAL = 300
LEVELS = [{"score": score, "label": str(score)} for score in range(4)]
STATES = [("covered", 1.0), ("partial", 0.5), ("missing", 0.0), ("contradicted", 0.0), ("uncertain", 0.5)]
SHOWN = ["flesch_re", "words_per_sentence", "speech_rate_wpm", "filled_pause_per_min", "mattr50", "word_count", "mean_conf"]
MEASURES = SHOWN + [f"other_{index}" for index in range(60 - len(SHOWN))]
KINDS = ["PERSON", "ORG", "PLACE", "DATE", "QUANTITY", "DRUG", "DOSE"]


def insert(database, table, **values):
    columns = ", ".join(f'"{name}"' for name in values)
    database.execute(f"INSERT INTO {table} ({columns}) VALUES ({', '.join('?' * len(values))})", list(values.values()))


def fill(path, course, questions, people, rng):
    """Writes answers with everything that reports look at."""
    students, markers = people
    span = [0, 10, 0, 2]
    database = sqlite3.connect(path)
    database.execute("PRAGMA foreign_keys = OFF")
    rubric_version = database.execute("SELECT id FROM rubric_version").fetchone()[0]
    base = int(time.time() * 1000) - 10 * ANSWERS
    for index in range(ANSWERS):
        now = base + 10 * index
        owner = students[index % STUDENTS]
        question, version = questions[(index // STUDENTS) % QUESTIONS]
        ability = random.Random(owner).random()
        response, recording, analysis = (serving.identifier(rng, now) for _ in range(3))
        is_marked = index % 2 == 0
        insert(database, "recording", id=recording, owner=owner, state="kept", path=f"aa/{recording}", size=1, sha256="00",
               duration=60, created_at=now)
        insert(database, "response", id=response, owner=owner, question=question, question_version=version,
               recording=recording, state="marked" if is_marked else "analysed", created_at=now)
        versions = [("asr", None, None)] + ([("human", markers[0], rng.uniform(0, 0.3))] if index % 10 == 0 else [])
        for number, (origin, author, rate) in enumerate(versions, 1):
            if number > 1:
                analysis = serving.identifier(rng, now + 1)
            insert(database, "transcript_version", id=serving.identifier(rng, now), response=response, number=number,
                   origin=origin, author=author, word_error_rate=rate, engine=None if author else "whisper/bench", language="en",
                   word_count=100, text="word " * 100, segments="[]", created_at=now)
            entities = [{"type": rng.choice(KINDS), "text": "it", "span": span} for _ in range(rng.randrange(6))]
            findings = {"entities": entities, "tone": {"score": rng.uniform(-1, 1), "sentences": []}, "sentences": ["x" * 2_000]}
            insert(database, "analysis", id=analysis, response=response, transcript_version=number, question_version=version,
                   engine="bench", findings=json.dumps(findings), created_at=now)
            figures = {}
            # A twentieth says too little to be measured, and a tenth too little for the vocabulary's measure.
            few = rng.random()
            for position, key in enumerate(MEASURES):
                value = None if few < 0.05 or few < 0.15 and key == "mattr50" else rng.gauss(60, 15)
                if key in SHOWN:
                    figures[key] = value
                insert(database, "measure", analysis=analysis, position=position, key=key, value=value, unit="1",
                       valid="na" if value is None else "ok", reason="too short" if value is None else None, evidence="[]")
            found = {"sentiment": findings["tone"]["score"], "entities": len(entities)}
            for kind in {entity["type"] for entity in entities}:
                found[f"entities_{kind.lower()}"] = sum(entity["type"] == kind for entity in entities)
            for key, value in found.items():
                insert(database, "finding_figure", analysis=analysis, key=key, value=value)
            figures.update(found)
            results, earned, outcomes = [], 0, ""
            for key_point in KEY_POINTS:
                state, credit = STATES[0] if rng.random() < ability else rng.choice(STATES)
                earned += credit / len(KEY_POINTS)
                start = rng.randrange(60_000) if state != "missing" else None
                end = start + 1_000 if start is not None else None
                letter = "x" if state == "contradicted" else state[0]
                outcomes += f"{letter},{credit},{'' if start is None else start},{'' if end is None else end},{len(key_point)}:{key_point}"
                insert(database, "key_point_state", analysis=analysis, key_point=key_point, state=state, credit=credit,
                       start=start, end=end)
                results.append({"id": key_point, "state": state, "credit": credit, "evidence": None, "tfidf": 0.5,
                                "embedding": 0.5, "confidence": 0.9, "flags": []})
            insert(database, "assessment", analysis=analysis, key_points="[]", proposed=0, results=json.dumps(results),
                   low=max(0, earned - 0.1), point=earned, high=min(1, earned + 0.1), holds="[]")
            recognised = earned if number == 1 else recognised
        facts = {"grade": None, "grade_source": None, "moderation": None}
        if is_marked:
            scores = []
            for marker in rng.sample(markers, 2 if index % 10 == 0 else 1):
                levels = {key: min(3, max(0, round(3 * earned + rng.gauss(0, 0.6)))) for key in CRITERIA}
                scores.append(sum(levels.values()) / 9)
                insert(database, "mark", id=serving.identifier(rng, now), response=response, rubric_version=rubric_version,
                       marker=marker, kind="marker", state="final", levels=json.dumps(levels),
                       global_rating=min(3, max(0, round(3 * earned + rng.gauss(0, 0.5)))), comments="[]", score=scores[-1],
                       version=1, created_at=now, updated_at=now)
            insert(database, "grade", response=response, score=sum(scores) / len(scores), source="marker",
                   moderation=int(max(scores) - min(scores) > 0.4), updated_at=now)
            facts = {"grade": sum(scores) / len(scores), "grade_source": "marker",
                     "moderation": int(max(scores) - min(scores) > 0.4)}
        # What the server would note with the answer (migration 13).
        insert(database, "answer_fact", course=course, response=response, question=question, owner=owner, created_at=now,
               state="marked" if is_marked else "analysed", unscorable=0, withheld=0, analysis=analysis,
               low=max(0, earned - 0.1), point=earned, high=min(1, earned + 0.1), holds="[]",
               word_error_rate=rate, corrected_words=None if rate is None else 100, recognised_score=recognised,
               corrected_score=None if rate is None else earned, key_points=outcomes, **facts, **figures)
    for number, student in enumerate(students):
        database.execute('UPDATE "user" SET declared_group = ? WHERE id = ?', ("AB"[number % 2], student))
    database.commit()
    database.close()


def people(path, course, role, count, rng):
    """Accounts in the course, written into the database: making a password for each would take a minute."""
    now = int(time.time() * 1000)
    database = sqlite3.connect(path)
    made = [serving.identifier(rng, now) for _ in range(count)]
    for number, user in enumerate(made):
        insert(database, '"user"', id=user, name=f"{role.title()} {number}", email=f"{role}{number}@example.org", role=role,
               created_at=now)
        insert(database, "membership", course=course, user=user, part=role, created_at=now)
    database.commit()
    database.close()
    return made


def prepare(program, folder, rng):
    """Fills the database of a server that then runs no more.

    Returns the paths to read, by what they give.
    """
    with serving.Server(program, folder) as server:
        server.set_up()
        course = server.call("POST", "/courses", {"name": "Course"})["id"]
        rubric = server.call("POST", "/rubrics", {
            "course_id": course, "title": "Rubric", "global_scale": LEVELS,
            "criteria": [{"id": key, "label": key.title(), "levels": LEVELS} for key in CRITERIA]})
        questions = []
        for number in range(QUESTIONS):
            question = server.call("POST", "/questions", {
                "course_id": course, "title": f"Question {number}", "prompt": "What do you advise?",
                "expected_answer": "Offer paracetamol.", "language": "en",
                "key_points": [{"id": key, "label": key, "phrases": ["paracetamol"]} for key in KEY_POINTS]})["id"]
            server.call("PUT", f"/questions/{question}/rubric", {"rubric_id": rubric["id"], "second_marker_share": 0})
            questions.append((question, server.call("GET", f"/questions/{question}/versions")["items"][0]["id"]))
        server.call("PUT", "/groups", {"attribute": "Group", "choices": ["A", "B"]})
    path = next(folder.glob("*.db"))
    students = people(path, course, "student", STUDENTS, rng)
    markers = people(path, course, "educator", MARKERS, rng)
    fill(path, course, questions, (students, markers), rng)
    with sqlite3.connect(path) as database:
        middle = database.execute("SELECT id FROM response ORDER BY id LIMIT 1 OFFSET ?", (ANSWERS // 2,)).fetchone()[0]
    one = questions[0][0]
    return {
        "dashboard": f"/courses/{course}/dashboard",
        "dashboard of a question": f"/courses/{course}/dashboard?question_id={one}",
        "answers, first page": f"/courses/{course}/answers",
        "answers, a page in the middle": f"/courses/{course}/answers?after={middle}",
        "answers, all as a file": f"/courses/{course}/answers.csv",
        "items: questions": f"/courses/{course}/items",
        "items: key points": f"/courses/{course}/items?question_id={one}",
        "items: criteria": f"/courses/{course}/items?question_id={one}&by=criteria",
        "agreement": f"/courses/{course}/agreement",
        "agreement on a question": f"/courses/{course}/agreement?question_id={one}",
        "fairness": f"/courses/{course}/fairness",
        "progress of a student": f"/courses/{course}/students/{students[0]}/progress",
        "standard setting": f"/questions/{one}/standard",
        "institution": "/institution/report",
        "fairness in the institution": "/institution/fairness",
    }


def main():
    program = serving.program()
    machine = measuring.machine()
    with tempfile.TemporaryDirectory(prefix="oracy-bench-") as name:
        folder = pathlib.Path(name)
        reports = prepare(program, folder, random.Random(5))
        size = round(next(folder.glob("*.db")).stat().st_size / 1e6)
        result = {"machine": machine, "answers": ANSWERS, "goal_ms": GOAL, "database_mb": size}
        with serving.Server(program, folder) as server:
            server.sign_in()
            for report, path in reports.items():
                result[report], _ = server.timed(path, ROUNDS)
    for key, value in result.items():
        is_slow = isinstance(value, dict) and value.get("median_ms", 0) > GOAL
        print(f"{key}: {value}" + ("   above the goal" if is_slow else ""))
    measuring.save("insight", result)


if __name__ == "__main__":
    main()
