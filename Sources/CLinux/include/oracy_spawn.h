// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// Starting another program with nothing inherited but three descriptors.
#pragma once

#include <sys/types.h>

/// pipe2(2) with O_CLOEXEC. Returns -1 and sets errno on failure.
int oracy_pipe(int descriptors[_Nonnull 2]);

/// Starts a program in a process group of its own, with default signal actions, no blocked signals and only the three
/// given descriptors, as 0, 1 and 2.
///
/// Each of the three must be 3 or more. Without an `environment` it is empty; without a `folder` it is ours. Returns 0
/// and the process in `child`, else the error number.
int oracy_spawn(
    pid_t *_Nonnull child, const char *_Nonnull path, char *_Nullable const *_Nonnull arguments,
    char *_Nullable const *_Nullable environment, const char *_Nullable folder, int input, int output, int errors);
