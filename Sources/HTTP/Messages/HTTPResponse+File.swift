// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

extension HTTPResponse {
    /// A file, honouring `If-None-Match`, `Range` and `If-Range` (RFC 9110 §13, §14).
    ///
    /// - Parameters:
    ///   - path: The file's path, made by the server and never from what a client sent.
    ///   - request: The request to answer.
    ///   - contentType: The type that the server knows the file to have.
    ///   - entityTag: A strong validator in double quotes; made from the file's identity, size and time unless given.
    ///   - headers: Further fields, such as `Cache-Control` and `Content-Disposition`.
    /// - Throws: ``HTTPError`` with status 404 when there is no such file.
    public static func file(
        _ path: String, for request: HTTPRequest, contentType: String, entityTag: String? = nil,
        headers: HTTPHeaders = HTTPHeaders()
    ) async throws -> HTTPResponse {
        let file = try await FileContent.open(path)
        return ranged(
            request, size: file.size, contentType: contentType, entityTag: entityTag ?? file.entityTag,
            headers: headers
        ) { ResponseBody.file(file, range: $0) }
    }

    /// Bytes that are there already, honouring `If-None-Match`, `Range` and `If-Range` (RFC 9110 §13, §14).
    ///
    /// - Parameters:
    ///   - bytes: The whole representation.
    ///   - request: The request to answer.
    ///   - contentType: The type of the bytes.
    ///   - entityTag: A strong validator in double quotes.
    ///   - headers: Further fields, such as `Cache-Control`.
    public static func bytes(
        _ bytes: [UInt8], for request: HTTPRequest, contentType: String, entityTag: String,
        headers: HTTPHeaders = HTTPHeaders()
    ) -> HTTPResponse {
        ranged(request, size: bytes.count, contentType: contentType, entityTag: entityTag, headers: headers) { range in
            .bytes(range.count == bytes.count ? bytes : Array(bytes[range]))
        }
    }

    private static func ranged(
        _ request: HTTPRequest, size: Int, contentType: String, entityTag: String, headers: HTTPHeaders,
        body: (Range<Int>) -> ResponseBody
    ) -> HTTPResponse {
        var response = HTTPResponse(headers: headers)
        response.headers["ETag"] = entityTag
        response.headers["Accept-Ranges"] = "bytes"
        if request.matches(entityTag) {
            response.status = .notModified
            return response
        }
        let isFresh = request.headers["If-Range"].map { $0 == entityTag } ?? true
        let answer = isFresh && request.method == .get ? ByteRange.answer(request.headers["Range"], size: size) : .whole
        switch answer {
        case .whole: response.body = body(0..<size)
        case .part(let range):
            response.status = .partialContent
            response.headers["Content-Range"] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(size)"
            response.body = body(range)
        case .unsatisfiable:
            var refusal = problem(
                HTTPError(
                    .rangeNotSatisfiable, code: "range_not_satisfiable",
                    detail: "The range asked for lies outside the \(size) bytes that there are."),
                requestID: request.id)
            refusal.headers["Content-Range"] = "bytes */\(size)"
            return refusal
        }
        response.headers["Content-Type"] = contentType
        return response
    }
}

extension HTTPRequest {
    /// Whether `If-None-Match` names the entity tag (weak comparison, RFC 9110 §13.1.2) or is `*`.
    public func matches(_ entityTag: String) -> Bool {
        headers.all("If-None-Match").contains { line in
            line.utf8.split(separator: UInt8(ascii: ",")).contains { candidate in
                var candidate = candidate.drop { $0 == ASCII.space || $0 == ASCII.tab }
                while let last = candidate.last, last == ASCII.space || last == ASCII.tab { candidate.removeLast() }
                if candidate.starts(with: "W/".utf8) { candidate = candidate.dropFirst(2) }
                return candidate.elementsEqual("*".utf8) || candidate.elementsEqual(entityTag.utf8)
            }
        }
    }
}
