// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// Which part of a list to read.
///
/// Lists are read by cursor, not by offset: a page is found by index however far down it is, and rows that appear
/// meanwhile neither repeat nor hide others.
public struct PageRequest: Sendable, Hashable {
    /// The largest page that is served.
    public static let maximumLimit = 200

    /// How many items at most; between 1 and ``maximumLimit``.
    public let limit: Int
    /// The ``Page/next`` of the page before, or nil for the first page.
    public let after: String?

    /// The bound of a list with the newest first, in a form that an index can begin at: ids are hexadecimal, so every
    /// id is below "g".
    var below: String { after ?? "g" }

    /// The bound of a list with the oldest first.
    var above: String { after ?? "" }

    /// Creates a request; a limit outside the bounds is brought to the nearest bound.
    public init(limit: Int = 50, after: String? = nil) {
        self.limit = min(max(limit, 1), Self.maximumLimit)
        self.after = after
    }
}

/// A part of a list.
public struct Page<Item: Sendable>: Sendable {
    /// The items in the list's order.
    public var items: [Item]
    /// Pass it as ``PageRequest/after`` to read on; nil at the end of the list.
    public var next: String?

    /// Creates a page.
    public init(items: [Item], next: String?) {
        self.items = items
        self.next = next
    }

    /// Makes a page from one row more than was asked for: that one only shows that there is more.
    init(probing items: [Item], _ request: PageRequest, cursor: (Item) -> String) {
        self.items = Array(items.prefix(request.limit))
        next = items.count > request.limit ? self.items.last.map(cursor) : nil
    }

    /// The same page with each item changed.
    public func map<Other>(_ transform: (Item) throws -> Other) rethrows -> Page<Other> {
        Page<Other>(items: try items.map(transform), next: next)
    }
}
