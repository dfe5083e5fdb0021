// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/log.h>
#include <libavutil/opt.h>
#include <libswresample/swresample.h>

// FFmpeg's error numbers are macros that Swift can't import.

static inline int oracy_avErrorEndOfFile(void) { return AVERROR_EOF; }
static inline int oracy_avErrorTryAgain(void) { return AVERROR(EAGAIN); }
static inline int oracy_avErrorInputOutput(void) { return AVERROR(EIO); }
static inline int oracy_avErrorNoMemory(void) { return AVERROR(ENOMEM); }
static inline int oracy_avErrorNotPermitted(void) { return AVERROR(EPERM); }
