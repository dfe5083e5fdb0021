// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// What a command needs to know of its process and terminal, and Swift's Glibc module hides (globals, variadic ioctl).
#pragma once

/// The environment, `NAME=value` strings ended by a null pointer. Read it before starting threads that change it.
char *_Nullable *_Nonnull oracy_environment(void);

/// The width of the terminal behind the descriptor in columns; 0 when it is no terminal or does not say.
int oracy_terminalColumns(int descriptor);
