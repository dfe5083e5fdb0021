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

/// Opens a listening TCP socket on a numeric IPv4 or IPv6 address, non-blocking and close-on-exec. Port 0 lets the
/// system choose. Returns the descriptor, or -1 and sets errno (EINVAL for what is no numeric address).
int oracy_listen(const char *_Nonnull address, uint16_t port, int backlog);

/// The port that a listening socket is bound to, or -1.
int oracy_localPort(int listener);

/// The size of a buffer for a numeric address with its final NUL.
#define ORACY_ADDRESS_SIZE 64

/// accept4(2) with SOCK_NONBLOCK | SOCK_CLOEXEC, then TCP_NODELAY. Writes the peer's numeric address (IPv4 form for
/// mapped addresses). Returns -1 and sets errno on failure.
int oracy_acceptPeer(int listener, char *_Nonnull address);

/// Raises the soft limit of open files to `wanted`, or as far as the hard limit allows.
void oracy_raiseFileLimit(uint64_t wanted);

/// renameat2(2) with RENAME_EXCHANGE: each of two paths gets what the other had, at once. Returns -1 and sets errno on
/// failure (EINVAL where the file system can't do it).
int oracy_exchange(const char *_Nonnull path, const char *_Nonnull other);
