// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#define _GNU_SOURCE 1
#include "oracy_linux.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

void oracy_setThreadName(const char *name) { (void)prctl(PR_SET_NAME, name, 0, 0, 0); }

int oracy_open(const char *path, int flags, mode_t mode) { return open(path, flags, mode); }

int oracy_accept(int listener) { return accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC); }

int oracy_listen(const char *address, uint16_t port, int backlog) {
  union {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
  } name;
  memset(&name, 0, sizeof name);
  socklen_t size;
  if (inet_pton(AF_INET, address, &name.v4.sin_addr) == 1) {
    name.v4.sin_family = AF_INET;
    name.v4.sin_port = htons(port);
    size = sizeof name.v4;
  } else if (inet_pton(AF_INET6, address, &name.v6.sin6_addr) == 1) {
    name.v6.sin6_family = AF_INET6;
    name.v6.sin6_port = htons(port);
    size = sizeof name.v6;
  } else {
    errno = EINVAL;
    return -1;
  }
  int listener = socket(name.any.sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return -1;
  int on = 1;
  if (setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 || bind(listener, &name.any, size) != 0 ||
      listen(listener, backlog) != 0) {
    int reason = errno;
    close(listener);
    errno = reason;
    return -1;
  }
  return listener;
}

int oracy_localPort(int listener) {
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  if (getsockname(listener, (struct sockaddr *)&name, &size) != 0) return -1;
  if (name.ss_family == AF_INET) return ntohs(((struct sockaddr_in *)&name)->sin_port);
  return ntohs(((struct sockaddr_in6 *)&name)->sin6_port);
}

int oracy_acceptPeer(int listener, char *address) {
  struct sockaddr_storage name;
  socklen_t size = sizeof name;
  int peer = accept4(listener, (struct sockaddr *)&name, &size, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (peer < 0) return -1;
  address[0] = 0;
  if (name.ss_family == AF_INET) {
    inet_ntop(AF_INET, &((struct sockaddr_in *)&name)->sin_addr, address, ORACY_ADDRESS_SIZE);
  } else if (name.ss_family == AF_INET6) {
    const struct in6_addr *v6 = &((struct sockaddr_in6 *)&name)->sin6_addr;
    if (IN6_IS_ADDR_V4MAPPED(v6)) {
      inet_ntop(AF_INET, &v6->s6_addr[12], address, ORACY_ADDRESS_SIZE);
    } else {
      inet_ntop(AF_INET6, v6, address, ORACY_ADDRESS_SIZE);
    }
  }
  int on = 1;
  (void)setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return peer;
}

void oracy_raiseFileLimit(uint64_t wanted) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
  (void)setrlimit(RLIMIT_NOFILE, &limit);
}

int oracy_exchange(const char *path, const char *other) {
  return renameat2(AT_FDCWD, path, AT_FDCWD, other, RENAME_EXCHANGE);
}
