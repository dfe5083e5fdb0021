// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// A JSON document or a part of one (RFC 8259).
///
/// Integers and other numbers are kept apart, so that a claim such as `exp` can be demanded as an integer, and
/// members keep the order they were written in, so that output is the same on every run.
///
/// ```swift
/// let value = try JSONValue(parsing: Array(#"{"limit": 20}"#.utf8))
/// value["limit"]?.integer  // 20
/// ```
public enum JSONValue: Sendable, Hashable {
    /// The literal `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number written without fraction or exponent that fits in 64 bits.
    case integer(Int64)
    /// Any other number; always finite.
    case number(Double)
    /// A string of Unicode scalars.
    case string(String)
    /// A list of values.
    case array([JSONValue])
    /// Named values.
    case object(JSONObject)

    /// The member of an object, or nil when this is no object or has no such member.
    public subscript(_ key: String) -> JSONValue? {
        guard case .object(let object) = self else { return nil }
        return object[key]
    }

    /// The string, or nil when this is something else.
    public var string: String? {
        guard case .string(let value) = self else { return nil }
        return value
    }

    /// The integer, or nil when this is something else (1.0 is no integer).
    public var integer: Int64? {
        guard case .integer(let value) = self else { return nil }
        return value
    }

    /// The number as floating point, integers included.
    public var double: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .number(let value): value
        default: nil
        }
    }

    /// The truth value, or nil when this is something else.
    public var bool: Bool? {
        guard case .bool(let value) = self else { return nil }
        return value
    }

    /// The elements, or nil when this is no array.
    public var array: [JSONValue]? {
        guard case .array(let value) = self else { return nil }
        return value
    }

    /// The members, or nil when this is no object.
    public var object: JSONObject? {
        guard case .object(let value) = self else { return nil }
        return value
    }

    /// Whether this is the literal `null`.
    public var isNull: Bool { self == .null }
}

/// The members of a JSON object in the order they were written; names are unique.
public struct JSONObject: Sendable, Hashable {
    /// One name and its value.
    public struct Member: Sendable, Hashable {
        /// The member's name.
        public var key: String
        /// The member's value.
        public var value: JSONValue
    }

    /// The members in order.
    public private(set) var members: [Member]

    /// Creates an object without members.
    public init() { members = [] }

    init(unique members: [Member]) { self.members = members }

    /// The names in order.
    public var keys: [String] { members.map(\.key) }

    /// The value of a name. Setting appends a new member or replaces the old value in place; nil removes it.
    ///
    /// - Complexity: O(members): objects in our APIs are small.
    public subscript(_ key: String) -> JSONValue? {
        get { members.first { $0.key == key }?.value }
        set {
            let index = members.firstIndex { $0.key == key }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (let index?, nil): members.remove(at: index)
            case (nil, nil): break
            }
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    /// Creates an object from a literal; a repeated name keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init()
        members.reserveCapacity(elements.count)
        for (key, value) in elements { self[key] = value }
    }
}

/// A type with a fixed JSON form.
public protocol JSONRepresentable {
    /// The value's JSON form.
    var json: JSONValue { get }
}

extension JSONValue: JSONRepresentable {
    /// Itself.
    public var json: JSONValue { self }

    /// A string, or `null` for nil.
    public static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

    /// A number, or `null` for nil and for values JSON can't express (NaN, infinities).
    public static func optional(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number(value)
    }

    /// An integer, or `null` for nil.
    public static func optional(_ value: Int?) -> JSONValue { value.map { .integer(Int64($0)) } ?? .null }

    /// The JSON form, or `null` for nil.
    public static func optional(_ value: (any JSONRepresentable)?) -> JSONValue { value?.json ?? .null }

    /// An array of JSON forms.
    public static func list(_ values: some Sequence<some JSONRepresentable>) -> JSONValue {
        .array(values.map(\.json))
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Creates a string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Creates an integer.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Creates a number.
    public init(floatLiteral value: Double) { self = .number(value) }
    /// Creates a truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Creates an array.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Creates an object; a repeated name keeps its last value.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        var object = JSONObject()
        for (key, value) in elements { object[key] = value }
        self = .object(object)
    }
    /// Creates `null`.
    public init(nilLiteral: ()) { self = .null }
}
