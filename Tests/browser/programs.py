# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Programs of others that speak to the server, unchanged, with a token that a person has made for them."""
import openai


def _client(run, key=None):
    page = run.admin
    make = """async () => (await (await fetch('/api/v1/me/tokens', { method: 'POST',
        headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ name: 'Client', days: 1 }) })).json()).token"""
    return openai.OpenAI(base_url=f"{run.origin}/v1", api_key=key or page.evaluate(make), max_retries=0, timeout=60)


def openai_transcribes(run):
    """OpenAI's Python client has speech written down in every form, and streamed"""
    client = _client(run)
    models = [model.id for model in client.models.list()]
    assert models, "no models"
    with open(run.speech, "rb") as file:
        plain = client.audio.transcriptions.create(model="whisper-1", file=file)
    assert len(plain.text.split()) > 8, plain
    audio = run.speech.read_bytes()
    create = client.audio.transcriptions.create
    verbose = create(model=models[0], file=audio, response_format="verbose_json", timestamp_granularities=["word", "segment"])
    assert verbose.text == plain.text and verbose.duration > 3
    assert [word.word for word in verbose.words] == plain.text.split()
    assert verbose.segments[0].end <= verbose.duration + 0.1
    assert create(model="whisper-1", file=audio, response_format="text").strip() == plain.text
    assert create(model="whisper-1", file=audio, response_format="srt").startswith("1\n00:00:0")
    assert create(model="whisper-1", file=audio, response_format="vtt").startswith("WEBVTT")
    spelt = create(model="whisper-1", file=audio, response_format="json", include=["logprobs"])
    assert len(spelt.logprobs) == len(plain.text.split()) and spelt.logprobs[0].logprob <= 0
    events = list(create(model="whisper-1", file=audio, stream=True))
    assert events[-1].type == "transcript.text.done" and events[-1].text == plain.text
    assert "".join(event.delta for event in events[:-1]) == plain.text
    assert plain.model_hash and events[-1].model == plain.model, plain


def openai_tells_what_it_knows(run):
    """OpenAI's Python client sends keywords, a prompt, languages and how to cut, and gets what people must know"""
    client = _client(run)
    create = client.audio.transcriptions.create
    audio = run.speech.read_bytes()
    engine = run.admin.evaluate("async () => (await (await fetch('/api/v1/engines')).json()).items[0]")
    plain = create(model="whisper-1", file=audio)
    told = create(
        model="gpt-4o-transcribe", file=audio, language="EN", keywords=["ibuprofen", "warfarin"], prompt="The patient asked.",
        temperature=0, chunking_strategy={"type": "server_vad", "threshold": 0.5, "prefix_padding_ms": 300})
    assert told.text and [language.code for language in told.languages] == ["en"], told
    assert getattr(told, "notice", None) == engine["notice"], told
    assert create(model="whisper-1", file=audio, languages=["en", "de"], chunking_strategy="auto").text == plain.text
    raw = client.audio.transcriptions.with_raw_response.create(model="whisper-1", file=audio, response_format="text")
    assert raw.headers.get("oracy-notice") == engine["notice"], dict(raw.headers)
    crowded = create(model="whisper-1", file=audio, keywords=[f"term{number}" for number in range(300)])
    assert any("keywords" in warning for warning in crowded.warnings), crowded
    events = list(create(model="whisper-1", file=audio, stream=True, include=["logprobs"]))
    tokens = [entry.token for event in events[:-1] for entry in event.logprobs]
    assert "".join(tokens).split() == plain.text.split(), tokens


def openai_translates(run):
    """OpenAI's Python client has speech translated where a model can, and is told where none can"""
    client = _client(run)
    engines = run.admin.evaluate("async () => (await (await fetch('/api/v1/engines')).json()).items")
    create = client.audio.translations.create
    audio = run.speech.read_bytes()
    if any(engine["translates"] for engine in engines):
        verbose = create(model="whisper-1", file=audio, response_format="verbose_json")
        assert verbose.language == "english" and verbose.segments, verbose
        assert create(model="whisper-1", file=audio).text == verbose.text
        assert create(model="whisper-1", file=audio, response_format="text").strip() == verbose.text
        assert create(model="whisper-1", file=audio, response_format="srt").startswith("1\n00:00:0")
        assert create(model="whisper-1", file=audio, response_format="vtt").startswith("WEBVTT")
    else:
        try:
            create(model="whisper-1", file=audio)
        except openai.BadRequestError as error:
            assert error.code == "unsupported" and "translate" in error.message, error
        else:
            raise AssertionError("a model that can't translate has translated")


def openai_reports_errors(run):
    """OpenAI's Python client understands what the server refuses"""
    client = _client(run)
    for wanted, fields in [
        (openai.NotFoundError, {"model": "gpt-9", "file": run.speech.read_bytes()}),
        (openai.BadRequestError, {"model": "whisper-1", "file": b"no audio at all"}),
        (openai.BadRequestError, {"model": "whisper-1", "file": run.speech.read_bytes(), "response_format": "diarized_json"}),
        (openai.BadRequestError, {"model": "whisper-1", "file": run.speech.read_bytes(), "languages": ["!!"]}),
        (openai.BadRequestError, {"model": "whisper-1", "file": run.speech.read_bytes(), "chunking_strategy": {"type": "x"}}),
    ]:
        try:
            client.audio.transcriptions.create(**fields)
        except wanted as error:
            assert error.code and error.message and error.param, error
        else:
            raise AssertionError(f"{wanted.__name__} expected")
    try:
        _client(run, key="oracy_wrong").models.list()
    except openai.AuthenticationError:
        pass
    else:
        raise AssertionError("a wrong key was accepted")
