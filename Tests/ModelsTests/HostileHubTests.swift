// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import HTTP
import JSON
import Synchronization
import TestModels
import TestPrograms
import TestRandom
import Testing

@testable import Models

@Suite("Hubs that are wrong or hostile")
struct HostileHubTests {
    @Test func `refuses weights that are not those that were stated`() async throws {
        let fixture = try PullFixture()
        let right = TestFiles.weights(5000)
        var wrong = right
        wrong[9000] ^= 1
        fixture.hub.fail("/copies/", .answer(wrong, type: "application/octet-stream"))
        let error = try await fixture.failure()
        #expect(error.code == .digestMismatch && error.message.contains("model.safetensors"))
        #expect(!FileManager.default.fileExists(atPath: "\(fixture.store.incoming)/whisper-tiny/model.safetensors"))
        #expect(try fixture.store.contents().models.isEmpty)
        try await fixture.pull()
    }

    @Test func `refuses a small file that is not the one that was stated`() async throws {
        let fixture = try PullFixture()
        fixture.hub.fail("/config.json", .answer(Array(repeating: 0x20, count: 95), type: "application/json"))
        #expect(try await fixture.failure().code == .digestMismatch)
        #expect(try fixture.isEmpty())
    }

    @Test func `refuses a body of another length`() async throws {
        let fixture = try PullFixture()
        let right = TestFiles.weights(5000)
        for wrong in [right.dropLast(), right + [0], []] {
            fixture.hub.fail("/copies/", .answer(Array(wrong), type: "application/octet-stream"))
            let error = try await fixture.failure()
            #expect(error.code == .digestMismatch && error.message.contains("bytes"))
        }
        #expect(try fixture.store.contents().models.isEmpty)
    }

    @Test func `stops a body without a stated length at the size of the file`() async throws {
        let fixture = try PullFixture()
        fixture.hub.change("openai/whisper-tiny") { repository in
            // The list states half of what comes, so a stream has too much.
            let bytes = Array(TestFiles.weights(5000).prefix(10_000))
            repository.listing["model.safetensors"] = [
                "type": "file", "path": "model.safetensors", "size": 10_000,
                "lfs": ["oid": .string(TestFiles.sha256(bytes)), "size": 10_000],
            ]
            repository.fields["model.safetensors"] = [
                ("X-Linked-Size", "10000"), ("X-Linked-Etag", "\"\(TestFiles.sha256(bytes))\""),
            ]
        }
        fixture.hub.fail("/copies/", .breakOff(after: 20_000))
        #expect(try await fixture.failure().code == .tooLarge)
        #expect(!FileManager.default.fileExists(atPath: "\(fixture.store.incoming)/whisper-tiny/model.safetensors"))
    }

    @Test(arguments: [
        ("model.safetensors", "<!DOCTYPE html><html><body>Log in</body></html>", "web page"),
        ("model.safetensors", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS"),
        ("config.json", "<html><body>Log in</body></html>", "web page"),
        ("config.json", "not json", "not JSON"), ("tokenizer.json", "[1]", "not JSON"),
        ("model.safetensors", "short", "too short"),
    ])
    func `refuses a foreign file even when the hub states its digest`(
        name: String, content: String, reason: String
    ) async throws {
        let fixture = try PullFixture()
        fixture.hub.change("openai/whisper-tiny") { $0.files[name] = Array(content.utf8) }
        let error = try await fixture.failure()
        #expect(error.code == .foreignFile && error.message.contains(name) && error.message.contains(reason))
        #expect(try fixture.store.contents().models.isEmpty)
        #expect(!FileManager.default.fileExists(atPath: "\(fixture.store.incoming)/whisper-tiny/\(name)"))
    }

    @Test(arguments: [
        "../../etc/cron.d/x", "/etc/passwd", "a//b.json", "1_Pooling/../../config.json", "..", "a\\..\\b", "a\nb", "",
    ])
    func `refuses a list with a path that leads elsewhere`(path: String) async throws {
        let fixture = try PullFixture()
        fixture.hub.change("openai/whisper-tiny") {
            $0.listing["x"] = [
                "type": "file", "path": .string(path), "size": 3, "oid": "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
            ]
        }
        let error = try await fixture.failure()
        #expect(error.code == .unexpectedAnswer && error.message.contains("leads out of the model's folder"))
        #expect(!error.message.contains("\n") && !fixture.hub.paths.contains { $0.contains("/resolve/") })
        #expect(try fixture.isEmpty())
    }

    @Test(arguments: [Int64.max, 1 << 40, 40 << 30])
    func `refuses sizes that no model has before anything is fetched`(size: Int64) async throws {
        let fixture = try PullFixture()
        for name in ["model.safetensors", "vocab.json"] {
            fixture.hub.change("openai/whisper-tiny") {
                $0.listing = [:]
                $0.listing[name] = [
                    "type": "file", "path": .string(name), "size": .integer(size),
                    "lfs": ["oid": .string(String(repeating: "0", count: 64)), "size": .integer(size)],
                ]
            }
            #expect(try await fixture.failure().code == .tooLarge)
        }
        #expect(!fixture.hub.paths.contains { $0.contains("/resolve/") })
        #expect(try fixture.isEmpty())
    }

    @Test func `wants room on the disk before it begins`() async throws {
        let fixture = try PullFixture()
        fixture.hub.change("openai/whisper-tiny") {
            $0.listing["model.safetensors"] = [
                "type": "file", "path": "model.safetensors", "size": .integer(1 << 60),
                "lfs": ["oid": .string(String(repeating: "0", count: 64)), "size": .integer(1 << 60)],
            ]
        }
        let error = try await fixture.failure {
            $0.fileBytes = .max
            $0.modelBytes = .max
        }
        #expect(error.code == .diskFull && error.message.contains("room for"))
        #expect(try fixture.isEmpty())
    }

    @Test func `refuses files without a digest`() async throws {
        let fixture = try PullFixture()
        fixture.hub.change("openai/whisper-tiny") {
            $0.listing["model.safetensors"] = ["type": "file", "path": "model.safetensors", "size": 20_113]
        }
        let error = try await fixture.failure()
        #expect(error.code == .unexpectedAnswer && error.message.contains("no digest"))
    }

    @Test(arguments: [
        ("X-Linked-Etag", "\"\(String(repeating: "0", count: 64))\"", "digest"), ("X-Linked-Size", "5", "size"),
        ("X-Repo-Commit", String(repeating: "f", count: 40), "commit"),
    ])
    func `refuses a file whose fields contradict the list`(field: String, value: String, what: String) async throws {
        let fixture = try PullFixture()
        fixture.hub.change("openai/whisper-tiny") { $0.fields["model.safetensors"] = [(field, value)] }
        let error = try await fixture.failure()
        #expect(error.code == .digestMismatch && error.message.contains("another \(what)"))
    }

    @Test(arguments: [
        (401, ModelError.Code.unauthorized), (403, .unauthorized), (404, .missing), (418, .unexpectedAnswer),
    ])
    func `says what a refusal means`(status: Int, code: ModelError.Code) async throws {
        let fixture = try PullFixture()
        for part in ["/revision/", "/tree/", "/resolve/", "/copies/"] {
            fixture.hub.fail(part, .status(status))
            let error = try await fixture.failure()
            #expect(error.code == code, "\(part)")
            #expect(error.message.contains("(\(status))") || error.message.contains("status \(status)"))
            #expect(!error.message.contains("signature"))
        }
        #expect(fixture.log.pauses.withLock { $0 }.isEmpty)
    }

    @Test func `survives two thousand damaged lists`() throws {
        let list = """
            [{"type":"directory","oid":"0","size":0,"path":"onnx"},{"type":"file","oid":\
            "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391","size":12,"path":"config.json"},{"type":"file","size":99,"path":\
            "model.safetensors","oid":"e69de29bb2d1d6434b8b29ae775ad8c2e48c5391","lfs":{"oid":\
            "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef","size":99,"pointerSize":135}}]
            """
        let bytes = Array(list.utf8)
        var random = SplitMix(seed: 7)
        var parsed = 0
        for _ in 0..<2000 {
            var damaged = bytes
            let index = Int.random(in: 0..<damaged.count, using: &random)
            switch Int.random(in: 0..<4, using: &random) {
            case 0: damaged[index] = .random(in: 0x20...0x7E, using: &random)
            case 1: damaged.remove(at: index)
            case 2: damaged.insert(contentsOf: Array("9999999999999999999".utf8), at: index)
            default: damaged.insert(contentsOf: Array("../".utf8), at: index)
            }
            guard let json = try? JSONValue(parsing: damaged), let files = try? HubListing.files(json) else { continue }
            parsed += 1
            #expect(files.allSatisfy { $0.size >= 0 && !$0.path.text.split(separator: "/").contains("..") })
        }
        #expect(parsed > 100)
    }

    @Test func `recognises what is no hub`() async throws {
        let fixture = try PullFixture()
        for answer in ["<html>Welcome to the network of the library</html>", "[]", #"{"sha": "main"}"#, "{"] {
            fixture.hub.fail("/revision/", .answer(Array(answer.utf8)))
            #expect(try await fixture.failure().code == .unexpectedAnswer)
        }
        #expect(try fixture.isEmpty())
    }

    @Test func `bounds redirections`() async throws {
        let fixture = try PullFixture()
        let circle = TestHub.Fault.redirect("/copies/openai/whisper-tiny/model.safetensors")
        fixture.hub.fail("/copies/", circle, circle, circle, circle, circle, circle, circle, circle)
        let error = try await fixture.failure()
        #expect(error.code == .unexpectedAnswer && error.message.contains("circles"))
        for place in ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://user:word@127.0.0.1/x"] {
            fixture.hub.fail("/copies/", .redirect(place))
            #expect(try await fixture.failure().code == .unexpectedAnswer, "\(place)")
        }
    }

    @Test func `follows redirections to plain http only from a plain hub`() throws {
        let secure = try #require(HubAddress("https://hub.example"))
        let plain = try #require(HubAddress("http://hub.example"))
        let error = #expect(throws: ModelError.self) {
            try HubClient.redirection(of: secure, from: secure.address, to: "http://copies.example/x")
        }
        #expect(error?.message.contains("without encryption") == true)
        for (hub, place) in [(plain, "http://copies.example/x"), (plain, "https://b/x"), (secure, "https://b/x")] {
            #expect(try HubClient.redirection(of: hub, from: hub.address, to: place).text == place)
        }
    }

    @Test func `sends the token to the hub only, and never in messages`() async throws {
        let fixture = try PullFixture()
        let copies = try TestHub()
        copies.set("openai/whisper-tiny", .init(files: TestFiles.whisper()))
        fixture.hub.fail(
            "/resolve/0123456789abcdef0123456789abcdef01234567/model.safetensors",
            .redirect("\(copies.address)/copies/openai/whisper-tiny/model.safetensors"))
        try await fixture.pull { $0.token = "hf_marker" }
        #expect(copies.paths.count == 1)
        #expect(copies.values(of: "Authorization", where: "/") == [nil])
        #expect(Set(fixture.hub.values(of: "Authorization", where: "/")) == ["Bearer hf_marker"])
        fixture.hub.fail("/revision/", .status(401))
        let error = try await fixture.failure(again: true) { $0.token = "hf_marker" }
        #expect(!error.message.contains("marker") && error.message.contains("ORACY_MODELS_TOKEN"))
        let configuration = try fixture.configuration { $0.token = "hf_marker" }
        #expect(!"\(configuration)".contains("marker") && !String(reflecting: configuration).contains("marker"))
        let plain = try #require(HubAddress("http://mirror.example.org"))
        let refusal = try await fixture.failure(again: true) {
            $0.token = "hf_marker"
            $0.hub = plain
        }
        #expect(refusal.code == .invalidMirror)
    }

    @Test func `refuses repositories with pickles only`() async throws {
        let fixture = try PullFixture()
        var files = TestFiles.whisper()
        files["model.safetensors"] = nil
        fixture.hub.set("ada/old", .init(files: files))
        let error = try await fixture.failure("ada/old")
        #expect(error.code == .pickleOnly && error.message.contains("safe_serialization=True"))
        #expect(!fixture.hub.paths.contains { $0.contains("/resolve/") })
        fixture.hub.set("ada/other", .init(files: ["config.json": [], "weights.gguf": []]))
        #expect(try await fixture.failure("ada/other").code == .invalidFolder)
    }
}
