# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""All browser tests, in the order in which people meet the pages; each goes on from where the one before left off."""
import sys

import accessibility
import documents
import failures
import insight
import journey
import languages
import marking
import programs
import trying
from harness import Run

if __name__ == "__main__":
    run = Run(sys.argv[1] if len(sys.argv) > 1 else None)
    with run:
        run.all(documents)
        if run.all(journey, chained=True):
            run.all(trying)
            run.all(marking, chained=True)
            run.all(insight)
            run.all(languages)
            run.all(programs)
            run.all(failures)
            run.all(accessibility)
        run.test("no page broke the content security policy or logged an error", run.no_complaints)
    sys.exit(run.report())
