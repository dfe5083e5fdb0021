// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#define _GNU_SOURCE 1
#include "oracy_process.h"

#include <sys/ioctl.h>
#include <unistd.h>

char **oracy_environment(void) { return environ; }

int oracy_terminalColumns(int descriptor) {
    struct winsize size;
    if (ioctl(descriptor, TIOCGWINSZ, &size) != 0) return 0;
    return size.ws_col;
}
