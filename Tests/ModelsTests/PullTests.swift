// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import Synchronization
import TestModels
import TestPrograms
import Testing

@testable import Models

/// A store in a temporary folder and a hub to fill it from.
struct PullFixture {
    let folder: TemporaryFolder
    let hub: TestHub
    let store: ModelStore
    let log = EventLog()

    final class EventLog: Sendable {
        let events = Mutex<[PullEvent]>([])
        let pauses = Mutex<[Duration]>([])
    }

    init(weights: [UInt8] = TestFiles.weights(5000)) throws {
        folder = try TemporaryFolder()
        hub = try TestHub()
        store = ModelStore(folder: folder.path("models"))
        hub.set("openai/whisper-tiny", .init(files: TestFiles.whisper(weights: weights), large: ["model.safetensors"]))
    }

    func configuration(_ change: (inout HubConfiguration) -> Void = { _ in }) throws -> HubConfiguration {
        var configuration = HubConfiguration(hub: try #require(HubAddress(hub.address)))
        configuration.pause = { [log] duration, _ in log.pauses.withLock { $0.append(duration) } }
        change(&configuration)
        return configuration
    }

    @discardableResult
    func pull(
        _ name: String = "whisper-tiny", again: Bool = false, _ change: (inout HubConfiguration) -> Void = { _ in }
    ) async throws -> PullOutcome {
        try await store.pull(PullRequest(name, again: again), from: configuration(change)) { [log] event in
            log.events.withLock { $0.append(event) }
        }
    }

    /// The error of a pull that fails.
    func failure(
        _ name: String = "whisper-tiny", again: Bool = false, _ change: (inout HubConfiguration) -> Void = { _ in }
    ) async throws -> ModelError {
        let error = await #expect(throws: ModelError.self) { try await pull(name, again: again, change) }
        return try #require(error)
    }

    /// Whether neither a model nor a part of one is left.
    func isEmpty() throws -> Bool {
        guard FileManager.default.fileExists(atPath: store.folder) else { return true }
        return try folder.everything(below: "models").filter { !$0.hasSuffix(".incoming") }.isEmpty
    }
}

@Suite("Pulling models")
struct PullTests {
    @Test func `pulls the files of a model and no others`() async throws {
        let fixture = try PullFixture()
        let model = try await fixture.pull().model
        let files = try fixture.folder.everything(below: "models")
        #expect(
            files == ["whisper-tiny"] + (TestFiles.wanted + ["oracy-model.json"]).sorted().map { "whisper-tiny/\($0)" })
        #expect(try fixture.store.open("whisper-tiny") == model)
        #expect(model.manifest.licence == "apache-2.0" && model.task == .transcription)
        #expect(model.manifest.languages.count == 99)
        #expect(
            model.manifest.source
                == .hub(
                    address: fixture.hub.address, repository: "openai/whisper-tiny",
                    revision: "0123456789abcdef0123456789abcdef01234567"))
        for file in model.manifest.files {
            let bytes = [UInt8](try Data(contentsOf: URL(filePath: "\(model.folder)/\(file.path)")))
            #expect(file.sha256 == TestFiles.sha256(bytes) && file.size == bytes.count)
            #expect(file.evidence == (file.path.text == "model.safetensors" ? .statedSHA256 : .statedGitBlob))
        }
        #expect(try await fixture.store.verify("whisper-tiny").isSound)
    }

    @Test func `announces licence and size first and then counts every byte`() async throws {
        let fixture = try PullFixture()
        let model = try await fixture.pull().model
        let events = fixture.log.events.withLock { $0 }
        guard case .planned(let plan) = events.first else { throw ProgramError("no plan") }
        #expect(plan.licence == "apache-2.0" && plan.bytes == model.manifest.totalSize && plan.bytesHere == 0)
        #expect(events.last == .progress(bytes: plan.bytes, of: plan.bytes))
        let counts = events.dropFirst().compactMap { if case .progress(let bytes, _) = $0 { bytes } else { nil } }
        #expect(counts == counts.sorted())
    }

    @Test func `asks no hub for what is there already`() async throws {
        let fixture = try PullFixture()
        let model = try await fixture.pull().model
        fixture.hub.forget()
        #expect(try await fixture.pull() == .present(model))
        #expect(fixture.hub.paths.isEmpty)
    }

    @Test func `follows a list over several pages of the mirror`() async throws {
        let fixture = try PullFixture()
        fixture.hub.setPageSize(2)
        try await fixture.pull()
        #expect(fixture.hub.paths.filter { $0.contains("/tree/") }.count == 5)
    }

    @Test func `goes on after a connection that breaks`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/copies/", .breakOff(after: 7000), .breakOff(after: 6000))
        try await fixture.pull()
        #expect(fixture.hub.values(of: "Range", where: "/copies/") == [nil, "bytes=7000-", "bytes=13000-"])
        let tags = fixture.hub.values(of: "If-Range", where: "/copies/")
        #expect(tags[0] == nil && tags[1]?.hasSuffix("-1\"") == true && tags[2] == tags[1])
        #expect(try await fixture.store.verify("whisper-tiny").isSound)
    }

    @Test func `starts again when the file has another tag`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/copies/", .breakOff(after: 7000))
        let hub = fixture.hub
        try await fixture.pull { $0.pause = { _, _ in hub.renewTags() } }
        #expect(fixture.hub.values(of: "Range", where: "/copies/") == [nil, "bytes=7000-"])
        #expect(try await fixture.store.verify("whisper-tiny").isSound)
    }

    @Test func `resumes in another run and takes only what is missing`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/copies/", .breakOff(after: 9000))
        let error = try await fixture.failure { $0.retries = 0 }
        #expect(error.code == .unreachable && error.message.contains("goes on later where it stopped"))
        #expect(throws: ModelError.self) { try fixture.store.open("whisper-tiny") }
        let unfinished = try fixture.store.contents().unfinished
        #expect(unfinished.map(\.name.text) == ["whisper-tiny"] && (unfinished.first?.bytes ?? 0) > 9000)
        fixture.hub.forget()
        try await fixture.pull()
        #expect(fixture.hub.values(of: "Range", where: "/copies/") == ["bytes=9000-"])
        #expect(!fixture.hub.paths.contains { $0.hasSuffix("/config.json") })
        #expect(try await fixture.store.verify("whisper-tiny").isSound)
        #expect(try fixture.store.contents().unfinished.isEmpty)
    }

    @Test func `does not trust what an earlier run has left`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/copies/", .breakOff(after: 9000))
        _ = try await fixture.failure { $0.retries = 0 }
        let part = "\(fixture.store.incoming)/whisper-tiny/model.safetensors"
        try Data(repeating: 7, count: 9000).write(to: URL(filePath: part))
        try await fixture.pull()
        #expect(try await fixture.store.verify("whisper-tiny").isSound)
        let ranges = fixture.hub.values(of: "Range", where: "/copies/")
        #expect(ranges == [nil, "bytes=9000-", nil])
    }

    @Test func `starts again when the hub has nothing to go on with`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/copies/", .breakOff(after: 9000), .status(416))
        try await fixture.pull()
        #expect(fixture.hub.values(of: "Range", where: "/copies/") == [nil, "bytes=9000-", nil])
        #expect(try await fixture.store.verify("whisper-tiny").isSound)
    }

    @Test(arguments: [500, 502, 503, 429])
    func `tries again when the hub is busy`(status: Int) async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/revision/", .status(status))
        fixture.hub.fail("/resolve/", .status(status, field: ("Retry-After", "7")), .status(status))
        try await fixture.pull()
        #expect(fixture.log.pauses.withLock { $0 } == [.seconds(1), .seconds(7), .seconds(2)])
    }

    @Test func `gives up when the hub stays busy or asks for too long a wait`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/tree/", .status(500), .status(500), .status(500), .status(500), .status(500))
        #expect(try await fixture.failure().code == .serverFailed)
        #expect(fixture.log.pauses.withLock { $0 } == [.seconds(1), .seconds(2), .seconds(4), .seconds(8)])
        fixture.hub.fail("/tree/", .status(429, field: ("Retry-After", "3600")))
        let error = try await fixture.failure()
        #expect(error.code == .serverFailed && error.message.contains("too much to do (429)"))
        #expect(try fixture.isEmpty())
    }

    @Test func `notices a transfer that stands still`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/tree/", .silence)
        let error = try await fixture.failure {
            $0.stallTime = .seconds(1)
            $0.retries = 0
        }
        #expect(error.code == .unreachable)
        #expect(try fixture.isEmpty())
    }

    @Test func `stops at once when the task is cancelled`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/copies/", .silence)
        let (log, hub) = (fixture.log, fixture.hub)
        let task = Task { try await fixture.pull() }
        while !hub.paths.contains(where: { $0.contains("/copies/") }) { await Task.yield() }
        task.cancel()
        let error = await #expect(throws: ModelError.self) { try await task.value }
        #expect(error?.code == .cancelled)
        #expect(log.pauses.withLock { $0 }.isEmpty)
        #expect(try fixture.store.contents().models.isEmpty)
    }

    @Test func `says at once when there is no network`() async throws {
        let fixture = try PullFixture()
        for address in ["http://127.0.0.1:1", "http://no-such-host.invalid"] {
            let hub = try #require(HubAddress(address))
            let error = try await fixture.failure { $0.hub = hub }
            #expect(error.code == .unreachable)
            #expect(error.message.contains("oracy models import") && error.message.contains("ORACY_MODELS_MIRROR"))
        }
        #expect(fixture.log.pauses.withLock { $0 }.isEmpty)
        #expect(try fixture.isEmpty())
    }

    @Test func `lets one pull of a model run at a time`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/copies/", .silence)
        // However slow the machine is, the first one is still waiting when the second one asks.
        let first = Task { try await fixture.pull { $0.stallTime = .seconds(600) } }
        while !fixture.hub.paths.contains(where: { $0.contains("/copies/") }) { await Task.yield() }
        #expect(try await fixture.failure().code == .busy)
        await #expect(throws: ModelError.self) { try await fixture.store.remove("whisper-tiny") }
        first.cancel()
        _ = await first.result
        try await fixture.pull()
    }

    @Test func `replaces a model at once when it is pulled again`() async throws {
        let fixture = try PullFixture()
        let old = try await fixture.pull().model
        fixture.hub.change("openai/whisper-tiny") {
            $0.commit = "89abcdef0123456789abcdef0123456789abcdef"
            $0.files["model.safetensors"] = TestFiles.weights(4000, seed: 9)
        }
        let new = try await fixture.pull(again: true).model
        #expect(new.digest != old.digest && new.manifest.weightSize < old.manifest.weightSize)
        #expect(try await fixture.store.verify("whisper-tiny").isSound)
        #expect(try fixture.folder.everything(below: "models").allSatisfy { $0.hasPrefix("whisper-tiny") })
    }

    @Test func `keeps the old model when pulling it again fails`() async throws {
        let fixture = try PullFixture()
        let old = try await fixture.pull().model
        fixture.hub.change("openai/whisper-tiny") {
            $0.commit = "89abcdef0123456789abcdef0123456789abcdef"
            $0.files["model.safetensors"] = TestFiles.weights(4000, seed: 9)
        }
        fixture.hub.fail("/copies/", .status(404))
        #expect(try await fixture.failure(again: true).code == .missing)
        #expect(try fixture.store.open("whisper-tiny") == old)
    }

    @Test func `refuses another digest for a commit that was pulled before`() async throws {
        let fixture = try PullFixture()
        let old = try await fixture.pull().model
        fixture.hub.change("openai/whisper-tiny") { $0.files["model.safetensors"] = TestFiles.weights(4000, seed: 9) }
        let error = try await fixture.failure(again: true)
        #expect(error.code == .digestMismatch && error.message.contains("A commit can't change"))
        #expect(try fixture.store.open("whisper-tiny") == old)
    }

    @Test func `pulls a repository outside the catalogue and finds out what it is`() async throws {
        let fixture = try PullFixture()
        fixture.hub.set("ada/whisper-nurse", .init(licence: nil, files: TestFiles.whisper()))
        let model = try await fixture.pull("ada/whisper-nurse").model
        #expect(model.name.text == "whisper-nurse" && model.task == .transcription)
        #expect(model.manifest.languages == ["en", "de", "jv"] && model.manifest.licence == nil)
    }

    @Test func `pulls weights in several files`() async throws {
        let fixture = try PullFixture()
        var files = TestFiles.whisper()
        files["model.safetensors"] = nil
        files["model-00001-of-00002.safetensors"] = TestFiles.weights(300)
        files["model-00002-of-00002.safetensors"] = TestFiles.weights(200)
        files["model.safetensors.index.json"] = TestFiles.json(
            #"{"weight_map": {"a": "model-00001-of-00002.safetensors", "b": "model-00002-of-00002.safetensors"}}"#)
        fixture.hub.set("ada/large", .init(files: files, large: Set(files.keys.filter { $0.hasPrefix("model-") })))
        #expect(try await fixture.pull("ada/large").model.weights.count == 2)
        fixture.hub.change("ada/large") {
            $0.files["model.safetensors.index.json"] = TestFiles.json(
                #"{"weight_map": {"a": "../../model-00001-of-00002.safetensors"}}"#)
        }
        let error = try await fixture.failure("ada/large", again: true)
        #expect(error.code == .invalidFolder)
    }
}
