# `make run` serves Oracy, `make test` tests it; both install what is missing. See README.md.
.PHONY: run test check demo demo-languages bench build

run: build
	@scripts/install-models
	@.build/release/oracy models pull whisper-base || echo "Going on with PocketSphinx, which writes English only." >&2
	@[ ! -f .models/drug-names.tsv ] || export ORACY_DRUG_NAMES="$$PWD/.models/drug-names.tsv"; \
		exec .build/release/oracy serve

build:
	@scripts/bootstrap
	@swift build -c release --product oracy
	@swift build -c release --product oracy-decode

test:
	@scripts/test

check:
	@scripts/check

demo: build
	@exec .build/release/oracy demo

# With the small model of the tests, which knows some words of three languages, in a folder that goes away.
demo-languages: build
	@home=$$(mktemp -d); trap 'rm -rf "$$home"' EXIT; \
		.build/release/oracy demo --course languages --home "$$home" --model Tests/Fixtures/whisper/speech/

bench:
	@scripts/bench
