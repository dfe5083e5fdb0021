# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Files that need no browser: the catalogues of messages and the description of the API."""
import json
import re

from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from harness import ROOT

WEB = ROOT / "web"
# English has these from the server, which describes its own measures.
FROM_THE_SERVER = ("measure.", "explanation.", "unit.")
FOR_THE_SERVER = ("feedback.rule.",)  # the server writes these sentences, with the school's own in their place


def every_language_has_the_same_messages(run):
    """every language has the same messages with the same parameters"""
    english = json.loads((WEB / "messages" / "en.json").read_text())
    for path in sorted((WEB / "messages").glob("*.json")):
        other = json.loads(path.read_text())
        extra = {key for key in other.keys() - english.keys() if not key.startswith(FROM_THE_SERVER)}
        assert english.keys() <= other.keys(), f"{path.name} lacks {sorted(english.keys() - other.keys())}"
        assert not extra, f"{path.name} has {sorted(extra)}, which English has not"
        for key, message in english.items():
            assert _parameters(message) == _parameters(other[key]), f"{path.name}: {key} has other parameters"


def every_message_is_used_and_exists(run):
    """every message that the pages use exists, and every one that exists is used"""
    english = json.loads((WEB / "messages" / "en.json").read_text())
    code = "".join(path.read_text() for path in WEB.rglob("*.js"))
    used = set(re.findall(r'\bt\(\s*"([^"]+)"', code))
    assert used <= english.keys(), f"missing: {sorted(used - english.keys())}"
    begun = tuple(set(re.findall(r'\b(?:t|translated)\(\x60([a-z_]+\.[a-z_]*)\$\{', code)))
    assert begun
    idle = [key for key in english if f'"{key}"' not in code and not key.startswith(begun + FOR_THE_SERVER)]
    assert not idle, f"nobody uses {idle}"


def the_api_is_described_in_valid_openapi(run):
    """the description of the API is valid OpenAPI 3.1, and its examples fit its schemas"""
    api = json.loads((WEB / "openapi.json").read_text())
    validate(api)
    for path, item in api["paths"].items():
        for method, operation in item.items():
            if method == "parameters":
                continue
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for content in (part for body in bodies for part in body.get("content", {}).values()):
                if "example" not in content:
                    continue
                schema = {"components": api["components"], **content["schema"]}
                faults = [fault.message for fault in Draft202012Validator(schema).iter_errors(content["example"])]
                assert not faults, f"{method} {path}: {faults}"


def _parameters(message):
    return set(re.findall(r"\{\w+\}", json.dumps(message)))
