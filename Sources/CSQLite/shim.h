// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once

#include <sqlite3.h>

/// sqlite3_bind_text with SQLITE_TRANSIENT, a cast Swift can't import: SQLite copies the bytes. A null pointer is the
/// empty text, not NULL.
static inline int oracy_bindText(sqlite3_stmt *_Nonnull statement, int index, const char *_Nullable text, int length) {
    return sqlite3_bind_text(statement, index, text ? text : "", length, SQLITE_TRANSIENT);
}

/// sqlite3_bind_blob with SQLITE_TRANSIENT. A null pointer is the empty blob, not NULL.
static inline int oracy_bindBlob(sqlite3_stmt *_Nonnull statement, int index, const void *_Nullable bytes, int length) {
    if (!bytes || length == 0) return sqlite3_bind_zeroblob(statement, index, 0);
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

/// Switches on what protects a connection from a hostile or damaged file, and off what only old programs need
/// (sqlite3_db_config is variadic). Returns the first result that is not SQLITE_OK.
static inline int oracy_harden(sqlite3 *_Nonnull database) {
    int result = sqlite3_db_config(database, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(database, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(database, SQLITE_DBCONFIG_ENABLE_FKEY, 1, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DML, 0, (int *)0);
    if (result == SQLITE_OK) result = sqlite3_db_config(database, SQLITE_DBCONFIG_DQS_DDL, 0, (int *)0);
    return result;
}
