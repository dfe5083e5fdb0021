// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import HTTP
import JSON
import Statistics

/// How a report is asked for: as JSON, or one of its tables as CSV.
struct ReportFormat {
    /// Whether CSV is wanted: the path ends in `.csv`, `?format=csv`, or `Accept` prefers it.
    let isCSV: Bool
    /// The table that is wanted; nil for the main one.
    let table: String?

    /// - Throws: ``HTTPError`` 422 for an unknown format.
    init(_ request: HTTPRequest) throws {
        switch request.query["format"] {
        case nil: isCSV = request.path.hasSuffix(".csv") || Self.prefersCSV(request.headers["accept"])
        case "json": isCSV = false
        case "csv": isCSV = true
        default: throw HTTPError.invalidField("format", "must be one of json, csv")
        }
        table = request.query["table"]
    }

    /// Whether an `Accept` header names `text/csv` and no JSON; quality values are of no use between two forms.
    static func prefersCSV(_ accept: String?) -> Bool {
        guard let accept = accept?.lowercased() else { return false }
        return accept.contains("text/csv") && !accept.contains("application/json")
    }

    /// A report in this form.
    ///
    /// - Parameters:
    ///   - report: The report.
    ///   - context: What the JSON says before the figures.
    ///   - name: What a downloaded file is called, without its ending.
    /// - Throws: ``HTTPError`` 422 when there is no such table.
    func response(_ report: some StatisticsReport, context: JSONObject = [:], name: String) throws -> HTTPResponse {
        var response: HTTPResponse
        if isCSV {
            let tables = report.tables
            guard let chosen = table == nil ? tables.first : tables.first(where: { $0.name == table }) else {
                let names = tables.map(\.name).joined(separator: ", ")
                throw HTTPError.invalidField("table", "must be one of \(names)")
            }
            response = .text(chosen.csv, contentType: "text/csv; charset=utf-8; header=present")
            response.headers["Content-Disposition"] = "attachment; filename=\"\(name)-\(chosen.name).csv\""
        } else {
            var object = context
            for member in report.json.object?.members ?? [] { object[member.key] = member.value }
            response = .json(.object(object))
        }
        response.headers["Vary"] = "Accept"
        return response
    }
}

extension Route {
    /// A report, at its path and at the same with `.csv`.
    static func report(
        _ pattern: String, _ handle: @escaping @Sendable (HTTPRequest, Auth.Actor) async throws -> HTTPResponse
    ) -> [Route] {
        [.account(.get, pattern, handle), .account(.get, pattern + ".csv", handle)]
    }
}
