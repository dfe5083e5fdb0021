// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

public import Assessment
import CAssets
import JSON

extension FeedbackTemplates {
    /// The sentences of the pages' message catalogues, with those of the configuration's file in their place.
    ///
    /// - Throws: ``ConfigurationError`` with the file and what is wrong in it.
    public init(_ configuration: ServerConfiguration) throws {
        let catalogues = try FeedbackTemplates(catalogues: Self.embedded())
        guard let path = configuration.feedbackTemplates else {
            self = catalogues
            return
        }
        do {
            guard let bytes = try WholeFile.read(path, limit: 1 << 20) else {
                throw FeedbackTemplateError("there is no such file")
            }
            self = try catalogues.replacing(parsing: bytes)
        } catch let error as FeedbackTemplateError {
            throw ConfigurationError(problems: [.init(place: "feedback_templates", message: "\(path): \(error)")])
        } catch let error as FileAccessError {
            throw ConfigurationError(problems: [.init(place: "feedback_templates", message: error.message)])
        }
    }

    /// The message catalogues that are part of the program, by language.
    private static func embedded() -> [String: JSONValue] {
        var catalogues: [String: JSONValue] = [:]
        for entry in UnsafeBufferPointer(start: oracy_assetList(), count: oracy_assetCount()) {
            guard let path = entry.path.map({ String(cString: $0) }), path.contains("/messages/"),
                path.hasSuffix(".json"),
                let name = path.split(separator: "/").last?.dropLast(5)
            else { continue }
            let bytes = Array(UnsafeBufferPointer(start: entry.bytes, count: entry.size))
            catalogues[String(name)] = try? JSONValue(parsing: bytes)
        }
        return catalogues
    }
}
