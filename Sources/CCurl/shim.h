// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

// libcurl's options and informations are set and read by variadic functions, which Swift can't import. The type checks
// of its header are macros that expect literal options.
#pragma once

#define CURL_DISABLE_TYPECHECK 1
#include <curl/curl.h>

/// What receives a part of a response; returns how many bytes it took, anything else ends the transfer.
typedef size_t (*OracyCurlReceiver)(char *_Nullable bytes, size_t one, size_t count, void *_Nullable context);

/// What is asked about once a second whether to go on; anything but 0 ends the transfer.
typedef int (*OracyCurlWatcher)(
    void *_Nullable context, curl_off_t total, curl_off_t now, curl_off_t sendTotal, curl_off_t sendNow);

static inline CURLcode oracy_curlSetNumber(CURL *_Nonnull handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

/// The text is copied.
static inline CURLcode oracy_curlSetText(CURL *_Nonnull handle, CURLoption option, const char *_Nonnull text) {
    return curl_easy_setopt(handle, option, text);
}

/// The list must live until the transfer has ended.
static inline CURLcode oracy_curlSetHeaders(CURL *_Nonnull handle, struct curl_slist *_Nullable list) {
    return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, list);
}

/// The buffer, of CURL_ERROR_SIZE bytes, must live as long as the handle.
static inline CURLcode oracy_curlSetErrorBuffer(CURL *_Nonnull handle, char *_Nonnull buffer) {
    return curl_easy_setopt(handle, CURLOPT_ERRORBUFFER, buffer);
}

static inline CURLcode oracy_curlSetCallbacks(
    CURL *_Nonnull handle, OracyCurlReceiver body, OracyCurlReceiver header, OracyCurlWatcher watcher,
    void *_Nullable context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, body);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, header);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFOFUNCTION, watcher);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_XFERINFODATA, context);
    if (code == CURLE_OK) code = curl_easy_setopt(handle, CURLOPT_NOPROGRESS, 0L);
    return code;
}

/// Where a redirection leads, as an absolute URL that lives until the next transfer; null without one.
static inline const char *_Nullable oracy_curlRedirect(CURL *_Nonnull handle) {
    char *url = NULL;
    return curl_easy_getinfo(handle, CURLINFO_REDIRECT_URL, &url) == CURLE_OK ? url : NULL;
}

/// Whether the last transfer had a connection: the peer's address is known.
static inline int oracy_curlWasConnected(CURL *_Nonnull handle) {
    char *address = NULL;
    return curl_easy_getinfo(handle, CURLINFO_PRIMARY_IP, &address) == CURLE_OK && address && address[0];
}
