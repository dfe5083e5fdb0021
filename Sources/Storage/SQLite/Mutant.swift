// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

#if DEBUG
    import Glibc

    /// Safeguards that the crash tests switch off, to prove that they would notice. Debug builds only.
    enum Mutant {
        /// Reports a transaction before it is durable, as a server would whose disk is slow and whose author was in a
        /// hurry.
        static let acknowledgesBeforeCommit =
            getenv("ORACY_MUTANT").map { String(cString: $0) }
            == "acknowledge-before-commit"
    }
#endif
