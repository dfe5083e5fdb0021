// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Domain
import HTTP
import JSON

/// One line and two metrics for every request. Paths appear as route patterns: ids are kept, everything else is not.
enum AccessLog {
    static func record(_ exchange: HTTPExchange, metrics: Metrics, log: Log) {
        let method = exchange.method?.rawValue ?? "-"
        let route = exchange.route ?? "-"
        let labels = [("method", method), ("route", route), ("code", String(exchange.status.code))]
        metrics.count("oracy_http_requests_total", "Requests answered.", labels: labels)
        metrics.observe(
            "oracy_http_request_duration_seconds", "Time from a request's header to the end of its response.",
            labels: [("route", route)], bounds: Metrics.requestBounds, exchange.duration.seconds)
        log.debug(
            "request",
            [
                "request_id": .optional(exchange.requestID), "method": .string(method), "route": .string(route),
                "status": .integer(Int64(exchange.status.code)), "bytes": .integer(Int64(exchange.bytesSent)),
                "ms": .number((exchange.duration.seconds * 1e5).rounded() / 100),
                "complete": .bool(exchange.isComplete),
            ])
    }
}
