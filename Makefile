# `make run` serves Oracy, `make test` tests it; both install what is missing. See README.md.
.PHONY: run test check demo bench build

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
	@exec .build/release/oracy demo --serve

bench:
	@scripts/bench
