// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Synchronization

/// Shows progress on the stream for messages; safe to call from any thread.
final class ProgressReporter: Sendable {
    /// How progress is shown.
    enum Mode: String, Sendable, CaseIterable {
        /// A bar on a terminal, nothing elsewhere.
        case auto
        /// A line every ten seconds.
        case plain
        /// Nothing.
        case none
    }

    private struct State {
        var line: ProgressLine
        var shownAt: Double?
        var isShown = false
    }

    private let terminal: Terminal
    private let style: TextStyle
    private let showsBar: Bool
    private let interval: Double?
    private let start = ContinuousClock.now
    private let state: Mutex<State>

    init(_ mode: Mode, unit: String, total: Int, terminal: Terminal = .messages) {
        self.terminal = terminal
        style = terminal.style
        showsBar = mode == .auto && terminal.isTerminal
        interval = showsBar ? 0.1 : mode == .plain ? 10 : nil
        state = Mutex(State(line: ProgressLine(unit: unit, total: total)))
        if showsBar { update { _ in } }
    }

    /// Says how many pieces there are, once that is known.
    func setTotal(_ total: Int) { update { $0.total = total } }

    /// Counts pieces that are done.
    func advance(by count: Int = 1, failed: Bool = false) {
        update { line in
            line.done += count
            if failed { line.failed += 1 }
        }
    }

    /// Says how far a single piece has come.
    func set(done: Int, of total: Int) {
        update { line in
            line.done = done
            line.total = total
        }
    }

    /// Writes a message above the bar.
    func note(_ text: String) { aside { terminal.note(text) } }

    /// Takes the bar away while something else is written, which may be on the same terminal.
    func aside(_ write: () throws -> Void) rethrows {
        try state.withLock { state in
            if state.isShown { try? terminal.write("\r\u{1B}[K") }
            try write()
            if state.isShown { show(&state, now: elapsed) }
        }
    }

    /// Takes the bar away.
    func finish() {
        state.withLock { state in
            if state.isShown { try? terminal.write("\r\u{1B}[K") }
            state.isShown = false
            state.shownAt = .infinity
        }
    }

    private var elapsed: Double {
        let time = (ContinuousClock.now - start).components
        return Double(time.seconds) + Double(time.attoseconds) * 1e-18
    }

    private func update(_ change: (inout ProgressLine) -> Void) {
        guard let interval else { return }
        state.withLock { state in
            change(&state.line)
            let now = elapsed
            let last = state.shownAt ?? (showsBar ? -.infinity : 0)
            if now - last >= interval { show(&state, now: now) }
        }
    }

    private func show(_ state: inout State, now: Double) {
        state.shownAt = now
        if showsBar {
            state.isShown = true
            try? terminal.write("\r" + state.line.bar(after: now, columns: terminal.columns, style: style) + "\u{1B}[K")
        } else {
            terminal.note("oracy: " + state.line.plain(after: now))
        }
    }
}
