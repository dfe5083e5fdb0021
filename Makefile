# `make run` serves Oracy, `make test` tests it; both install what is missing. See README.md.
.PHONY: run test check demo bench build

run: build
	@.build/release/oracy models verify silero-vad >/dev/null 2>&1 || [ ! -d .build/silero-vad ] || \
		.build/release/oracy models import .build/silero-vad --name silero-vad --licence mit || true
	@.build/release/oracy models pull whisper-base || echo "Going on with PocketSphinx, which writes English only." >&2
	@exec .build/release/oracy serve

build:
	@scripts/bootstrap
	@swift build -c release --product oracy
	@swift build -c release --product oracy-decode

test:
	@scripts/test

check:
	@scripts/check

demo: build
	@exec .build/release/oracy demo --serve

bench:
	@scripts/bench
