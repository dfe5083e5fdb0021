// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#define _GNU_SOURCE 1
#include "oracy_linux.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/socket.h>

void oracy_setThreadName(const char *name) { (void)prctl(PR_SET_NAME, name, 0, 0, 0); }

int oracy_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

int oracy_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }
