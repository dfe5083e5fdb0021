// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Analysis
import Assessment
import Audio
import Auth
public import Domain
import HTTP
import JSON
import Jobs
import Storage
import Threads

/// A server, wired together: the one place where all rooms meet.
///
/// ```swift
/// let application = try await Application(configuration)
/// try await application.run()
/// ```
public final class Application: Sendable {
    let services: Services
    let gatekeeper: Gatekeeper
    let router: Router
    let routeTable: [Route]
    private let server: HTTPServer?

    /// Opens the database and the folders, migrates, and binds the address; nothing is served yet.
    ///
    /// - Throws: `StorageError`, ``RecordingStoreError``, ``ConfigurationError`` or `HTTPServerError`, each with a
    ///   message that says what to do.
    public init(_ configuration: ServerConfiguration, log: Log? = nil, clock: WallClock = .system) async throws {
        let log = log ?? Log(configuration.log)
        try Home.prepare(configuration.home)
        let database = try await Home.openDatabase(configuration)
        let recordings = try RecordingStore(root: "\(configuration.home)/recordings")
        let speech = SpeechPipeline(configuration)
        let measuring = try AnswerMeasuring(configuration, database: database, clock: clock)
        let events = ResponseEvents()
        let metrics = Metrics()

        let pipeline = AnswerPipeline(
            database: database, recordings: recordings, speech: speech, measuring: measuring, events: events,
            metrics: metrics, log: log, clock: clock)
        var jobConfiguration = JobRunner.Configuration()
        jobConfiguration.workers = configuration.workers
        let jobs = JobRunner(
            database: database, clock: clock, configuration: jobConfiguration,
            handlers: [AnswerPipeline.kind: pipeline.handler])

        var auth = AuthConfiguration()
        auth.passwordCost = PasswordCost(
            iterations: configuration.passwords.operations, memoryKiB: configuration.passwords.memoryBytes >> 10)
        let authenticator = try await Authenticator(database: database, configuration: auth, clock: clock)
        services = Services(
            configuration: configuration, database: database, authenticator: authenticator, recordings: recordings,
            decoded: DecodedRecordings(decoder: speech.decoder, store: recordings), speech: speech,
            measuring: measuring, feedback: try FeedbackTemplates(configuration), events: events, jobs: jobs,
            trials: TranscriptionAdmission(limit: max(1, configuration.workers)), metrics: metrics, log: log,
            clock: clock)
        gatekeeper = Gatekeeper(authenticator: authenticator, origins: [configuration.origin])
        routeTable = Self.routes(services, gatekeeper)
        router = Self.router(routeTable, services, gatekeeper)
        server = try configuration.role == .worker ? nil : Self.bind(configuration, router, metrics, log)
        Gauges(services: services).register()
    }

    /// Where the server listens; the port is the real one also when 0 was asked for. Nil for a worker.
    public var address: String? { server.map { "http://\($0.localAddress)" } }

    /// A one-time link that makes the first administrator; nil when there is one.
    public func setupLink() async throws -> String? {
        let chosen = services.configuration.setupToken
        guard let server, let token = try await services.authenticator.setupToken(chosen) else { return nil }
        let origin = services.configuration.publicOrigin?.text ?? "http://\(server.localAddress)"
        // Whoever chose the token knows it, and output ends up in logs.
        return chosen == nil ? "\(origin)/setup?token=\(token)" : "\(origin)/setup"
    }

    /// Serves and works until ``shutdown()``; then ends in order: no new connections, no new jobs, what runs is
    /// finished or put back, the database is closed.
    public func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            if let server {
                group.addTask { await server.run() }
                group.addTask { [events = services.events] in try? await events.run() }
            }
            if services.configuration.role != .api {
                group.addTask { [jobs = services.jobs] in try await jobs.run() }
            }
            group.addTask { [services] in await Janitor(services: services).run() }
            defer { group.cancelAll() }
            try await group.next()
        }
        await services.database.close()
    }

    /// Begins to stop; ``run()`` returns when everything has ended.
    public func shutdown() {
        services.log.info("stopping")
        services.events.close()
        server?.shutdown()
        services.jobs.shutdown()
    }

    private static func routes(_ services: Services, _ gatekeeper: Gatekeeper) -> [Route] {
        AuthRoutes(services: services, gatekeeper: gatekeeper).routes
            + UserRoutes(services: services).routes
            + APITokenRoutes(services: services).routes
            + CourseRoutes(services: services).routes
            + QuestionRoutes(services: services).routes
            + TrialRoutes(services: services).routes
            + ResponseRoutes(services: services).routes
            + TranscriptRoutes(services: services).routes
            + AnalysisRoutes(services: services).routes
            + RecordingRoutes(services: services).routes
            + NoticeRoutes(services: services).routes
            + RescoringRoutes(services: services).routes
            + RubricRoutes(services: services).routes
            + MarkRoutes(services: services).routes
            + AppealRoutes(services: services).routes
            + InsightRoutes(services: services).routes
            + ProgressRoutes(services: services).routes
            + StandardRoutes(services: services).routes
            + InstitutionRoutes(services: services).routes + FeedbackTemplateRoutes(services: services).routes
            + OpenAIRoutes(services: services).routes
            + OperationsRoutes(services: services).routes
            + PageRoutes().routes
    }

    private static func router(_ routes: [Route], _ services: Services, _ gatekeeper: Gatekeeper) -> Router {
        var router = Router { error, request in
            let problem = ErrorResponse.problem(for: error)
            if problem.status.code >= 500, problem.code != HTTPError.connectionClosed.code {
                services.log.error(
                    "request failed",
                    [
                        "request_id": .string(request.id), "code": .string(problem.code),
                        "error": .string("\(error)"),
                    ])
            }
            return OpenAIError.covers(request.path)
                ? OpenAIError.response(problem) : .problem(problem, requestID: request.id)
        }
        for route in routes {
            router.add(route.method, route.pattern) { request in try await gatekeeper.admit(request, to: route) }
        }
        return router
    }

    private static func bind(
        _ configuration: ServerConfiguration, _ router: Router, _ metrics: Metrics, _ log: Log
    ) throws -> HTTPServer {
        var limits = HTTPLimits()
        limits.headerTime = .seconds(configuration.limits.headSeconds)
        limits.bodyIdleTime = .seconds(configuration.limits.bodyIdleSeconds)
        limits.keepAliveTime = .seconds(configuration.limits.keepAliveSeconds)
        limits.connections = configuration.limits.connections
        limits.connectionsPerAddress = configuration.limits.connectionsPerAddress
        let http = HTTPServerConfiguration(
            address: configuration.listen.host, port: configuration.listen.port, limits: limits,
            trustedProxies: configuration.trustedProxies.addresses)
        return try HTTPServer(
            configuration: http,
            observer: { exchange in AccessLog.record(exchange, metrics: metrics, log: log) },
            handler: { request in
                var response = await router.respond(to: request)
                SecurityHeaders.apply(to: &response)
                response.headers.set("X-Request-Id", request.id)
                return response
            })
    }
}
