// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once

#include <pocketsphinx.h>
#include <sphinxbase/err.h>
#include <sphinxbase/fe.h>
#include <sphinxbase/feat.h>

/// A decoder for the model in these files, or NULL. The caller frees it with ps_free.
///
/// The front end keeps silence, so that frame numbers are times. The cepstral mean is left to the caller: the model's
/// own feat.params asks for one, and is read after the arguments, so it is taken back here.
static inline ps_decoder_t *oracy_sphinxDecoder(const char *acousticModel, const char *languageModel,
                                                const char *dictionary) {
    cmd_ln_t *arguments =
        cmd_ln_init(NULL, ps_args(), TRUE, "-hmm", acousticModel, "-lm", languageModel, "-dict", dictionary,
                    "-remove_silence", "no", "-bestpath", "yes", NULL);
    if (arguments == NULL) return NULL;
    ps_decoder_t *decoder = ps_init(arguments);
    cmd_ln_free_r(arguments);
    if (decoder != NULL) ps_get_feat(decoder)->cmn = CMN_NONE;
    return decoder;
}

/// Keeps the library from writing its log to standard error.
static inline void oracy_sphinxSilenceLog(void) { err_set_logfp(NULL); }
