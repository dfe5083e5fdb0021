// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#pragma once
#include <stddef.h>

/// One file of the web pages, held in the program's read-only data.
typedef struct {
    /// The URL path it is served under: "/" for the page shell, "/openapi.json", or "/assets/<bundle>/<name>".
    const char *path;
    /// The value of its Content-Type header.
    const char *contentType;
    /// The content; not NUL-terminated.
    const unsigned char *bytes;
    /// The number of bytes.
    size_t size;
    /// SHA-256 of the content, 64 lower-case hexadecimal digits; serves as its ETag.
    const char *hash;
} OracyAsset;

/// The first of all files, ordered by path.
const OracyAsset *oracy_assetList(void);

/// The number of files.
size_t oracy_assetCount(void);

/// The name of this set of files in asset paths: 16 hexadecimal digits that change whenever any file does.
const char *oracy_assetBundleHash(void);
