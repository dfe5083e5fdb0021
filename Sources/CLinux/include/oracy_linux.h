// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Linux calls that Swift's Glibc module hides (GNU extensions) or can't import (macros, variadic functions).
// The implementation defines _GNU_SOURCE; this header must not, or its view of libc would differ from Swift's.
#pragma once

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/types.h>

/// Names the calling thread (at most 15 bytes are kept), so that tools such as top and gdb show what it does.
void oracy_setThreadName(const char *_Nonnull name);

/// open(2) with a mode; the original is variadic. Returns -1 and sets errno on failure.
int oracy_open(const char *_Nonnull path, int flags, mode_t mode);

/// accept4(2) with SOCK_NONBLOCK | SOCK_CLOEXEC and no peer address. Returns -1 and sets errno on failure.
int oracy_accept(int listener);
