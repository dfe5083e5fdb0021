// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import JSON

/// A configuration with the source of each value.
public struct LoadedConfiguration: Sendable {
    /// The values.
    public let configuration: ServerConfiguration
    /// Where each setting that is not a default comes from, by key.
    public let origins: [String: ConfigurationOrigin]
    /// What looks wrong and was ignored.
    public let warnings: [ConfigurationError.Problem]
    /// The file that was read, if any.
    public let file: String?

    /// Where the value of a setting comes from.
    public func origin(of key: String) -> ConfigurationOrigin { origins[key] ?? .default }

    /// All values as a configuration file, each with its source as a comment. Secrets are masked.
    ///
    /// Reading it again gives the same values, once masked ones are filled in.
    public var text: String {
        var rows: [(line: String, origin: String)] = []
        var table: Substring = ""
        for setting in Setting.all {
            let parts = setting.key.split(separator: ".")
            if parts.count > 1, parts[0] != table {
                table = parts[0]
                rows.append(("", ""))
                rows.append(("[\(table)]", ""))
            }
            let name = parts.last ?? ""
            guard let value = shown(setting) else {
                rows.append(("# \(name) =", "not set"))
                continue
            }
            rows.append(("\(name) = \(value.tomlText)", origin(of: setting.key).description))
        }
        let width = min(60, rows.map(\.line.count).max() ?? 0)
        return rows.map { line, origin in
            let padding = String(repeating: " ", count: max(0, width - line.count))
            return origin.isEmpty ? line : "\(line)\(padding)  # \(origin)"
        }.joined(separator: "\n")
    }

    /// All values with their sources: `{"listen": {"value": "127.0.0.1:8080", "source": "default"}, ...}`.
    public var json: JSONValue {
        var object = JSONObject()
        for setting in Setting.all {
            var member = JSONObject()
            member["value"] = shown(setting)?.json ?? .null
            member["source"] = .string(origin(of: setting.key).description)
            object[setting.key] = .object(member)
        }
        return .object(object)
    }

    private func shown(_ setting: Setting) -> TOMLDocument.Value? {
        guard let value = setting.current(configuration) else { return nil }
        return setting.isSecret ? .string("********") : value
    }
}

extension TOMLDocument.Value {
    /// The value as it stands in a file.
    var tomlText: String {
        switch self {
        case .string(let text): JSONValue.string(text).text
        case .integer(let value): String(value)
        case .boolean(let value): String(value)
        case .array(let values): "[" + values.map(\.tomlText).joined(separator: ", ") + "]"
        }
    }

    /// The value in JSON.
    var json: JSONValue {
        switch self {
        case .string(let text): .string(text)
        case .integer(let value): .integer(value)
        case .boolean(let value): .bool(value)
        case .array(let values): .array(values.map(\.json))
        }
    }
}
