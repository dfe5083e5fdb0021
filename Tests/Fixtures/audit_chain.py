# This file is part of Oracy.
# SPDX-License-Identifier: Apache-2.0
# Copyright the Oracy authors
"""Computes the audit log's hash chain independently of the server; prints the head that AuditTests expects."""

import hashlib
import struct


def link(previous, sequence, time, fields):
    data = previous + struct.pack(">Qq", sequence, time)
    for field in fields:
        if field is None:
            data += b"\xff" * 8
        else:
            encoded = field.encode("utf-8")
            data += struct.pack(">Q", len(encoded)) + encoded
    return hashlib.sha256(data).digest()


if __name__ == "__main__":
    # Fields: tenant, actor, session, address, action, object, before_hash, after_hash.
    head = bytes(32)
    head = link(head, 1, 1000, ["default", None, None, None, "login", "user/é", None, None])
    head = link(head, 2, 2000, ["t", "a", "s", "10.0.0.0/24", "x", "", "b", "c"])
    print(head.hex())
