// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#define _GNU_SOURCE 1
#include "oracy_spawn.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

int oracy_pipe(int descriptors[2]) { return pipe2(descriptors, O_CLOEXEC); }

int oracy_spawn(
    pid_t *child, const char *path, char *const *arguments, char *const *environment, const char *folder, int input,
    int output, int errors) {
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t all, none;
    char *const nothing[] = {NULL};

    if (input < 3 || output < 3 || errors < 3) return EBADF;
    sigfillset(&all);
    sigemptyset(&none);
    int status = posix_spawn_file_actions_init(&actions);
    if (status != 0) return status;
    status = posix_spawnattr_init(&attributes);
    if (status != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return status;
    }
    (void)(
        (status = posix_spawn_file_actions_adddup2(&actions, input, 0)) ||
        (status = posix_spawn_file_actions_adddup2(&actions, output, 1)) ||
        (status = posix_spawn_file_actions_adddup2(&actions, errors, 2)) ||
        (status = posix_spawn_file_actions_addclosefrom_np(&actions, 3)) ||
        (folder && (status = posix_spawn_file_actions_addchdir_np(&actions, folder))) ||
        (status = posix_spawnattr_setflags(
             &attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK)) ||
        (status = posix_spawnattr_setpgroup(&attributes, 0)) ||
        (status = posix_spawnattr_setsigdefault(&attributes, &all)) ||
        (status = posix_spawnattr_setsigmask(&attributes, &none)) ||
        (status = posix_spawn(child, path, &actions, &attributes, arguments, environment ? environment : nothing)));
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return status;
}
