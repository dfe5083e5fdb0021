// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once

#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sphinxbase/fe.h>
#include <sphinxbase/feat.h>

/// The library's default arguments with these files, or NULL. The caller frees them with cmd_ln_free_r.
static inline cmd_ln_t *oracy_sphinxArguments(const char *acousticModel, const char *languageModel,
                                              const char *dictionary) {
    return cmd_ln_init(NULL, ps_args(), TRUE, "-hmm", acousticModel, "-lm", languageModel, "-dict", dictionary, NULL);
}

/// Keeps the library from writing its log to standard error.
static inline void oracy_sphinxSilenceLog(void) { err_set_logfp(NULL); }
