// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The fields of a message's header: ordered, with names compared without regard to case (RFC 9110 §5).
///
/// Nothing that could split a message ever gets in: a value's control characters become spaces, and a field whose
/// name is no token is refused.
///
/// ```swift
/// var headers: HTTPHeaders = ["Content-Type": "text/plain"]
/// headers.append("Set-Cookie", "a=1")
/// headers["content-type"]  // "text/plain"
/// ```
public struct HTTPHeaders: Sendable, Hashable {
    /// One field line.
    public struct Field: Sendable, Hashable {
        /// The name as it was written.
        public let name: String
        /// The value without the white space around it.
        public let value: String
    }

    /// The field lines in order.
    public private(set) var fields: [Field]

    /// Creates a header without fields.
    public init() { fields = [] }

    init(checked fields: [Field]) { self.fields = fields }

    /// The first value of a field. Setting replaces all values; nil removes them.
    public subscript(name: String) -> String? {
        get { fields.first { Self.areSame($0.name, name) }?.value }
        set {
            if let newValue { set(name, newValue) } else { remove(name) }
        }
    }

    /// All values of a field, in order.
    public func all(_ name: String) -> [String] {
        fields.compactMap { Self.areSame($0.name, name) ? $0.value : nil }
    }

    /// Whether the field is there.
    public func contains(_ name: String) -> Bool { fields.contains { Self.areSame($0.name, name) } }

    /// Adds a field line after the others.
    ///
    /// - Returns: Whether it was added: false when the name is no token.
    @discardableResult
    public mutating func append(_ name: String, _ value: String) -> Bool {
        guard Self.isToken(name) else { return false }
        fields.append(Field(name: name, value: Self.sanitized(value)))
        return true
    }

    /// Replaces all values of a field by one, in the place of the first.
    ///
    /// - Returns: Whether it was set: false when the name is no token.
    @discardableResult
    public mutating func set(_ name: String, _ value: String) -> Bool {
        guard let first = fields.firstIndex(where: { Self.areSame($0.name, name) }) else { return append(name, value) }
        fields[first] = Field(name: fields[first].name, value: Self.sanitized(value))
        var index = fields.count - 1
        while index > first {
            if Self.areSame(fields[index].name, name) { fields.remove(at: index) }
            index -= 1
        }
        return true
    }

    /// Removes all values of a field.
    public mutating func remove(_ name: String) {
        fields.removeAll { Self.areSame($0.name, name) }
    }

    /// Adds the fields of another header after these.
    public mutating func append(contentsOf other: HTTPHeaders) {
        fields.append(contentsOf: other.fields)
    }

    /// Whether two field names are the same without regard to ASCII case.
    static func areSame(_ first: String, _ second: String) -> Bool {
        let first = first.utf8
        let second = second.utf8
        guard first.count == second.count else { return false }
        var other = second.makeIterator()
        for byte in first {
            guard let match = other.next(), ASCII.lowercased(byte) == ASCII.lowercased(match) else { return false }
        }
        return true
    }

    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.allSatisfy(ASCII.isToken)
    }

    /// The value with control characters as spaces and without white space around it.
    private static func sanitized(_ value: String) -> String {
        let bytes = value.utf8
        let isClean =
            bytes.allSatisfy { !ASCII.isControl($0) || $0 == ASCII.tab }
            && !bytes.first.isWhiteSpace && !bytes.last.isWhiteSpace
        if isClean { return value }
        var clean = bytes.map { ASCII.isControl($0) ? ASCII.space : $0 }[...]
        while clean.first == ASCII.space { clean.removeFirst() }
        while clean.last == ASCII.space { clean.removeLast() }
        return String(decoding: clean, as: UTF8.self)
    }
}

extension Optional<UInt8> {
    fileprivate var isWhiteSpace: Bool { self == ASCII.space || self == ASCII.tab }
}

extension HTTPHeaders: ExpressibleByDictionaryLiteral {
    /// Creates a header from a literal; a repeated name adds a line.
    public init(dictionaryLiteral elements: (String, String)...) {
        self.init()
        fields.reserveCapacity(elements.count)
        for (name, value) in elements { append(name, value) }
    }
}
