// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import TestModels
import Testing

@testable import Models

@Suite("The catalogue, names and addresses")
struct CatalogueTests {
    @Test func `has every entry, each with a licence and one name`() {
        let entries = ModelCatalogue.entries
        #expect(entries.count == 19)
        #expect(Set(entries.map(\.name)).count == entries.count)
        #expect(entries.allSatisfy { ["apache-2.0", "mit"].contains($0.licence) && !$0.summary.hasSuffix(".") })
        #expect(WhisperLanguages.original.count == 99 && WhisperLanguages.all.count == 100)
        #expect(Set(WhisperLanguages.all).count == 100)
        let order = entries.filter { $0.task == .transcription && !$0.isMonolingual }.map(\.name.text)
        #expect(
            order == [
                "whisper-large-v3-turbo", "whisper-large-v3", "whisper-large-v2", "whisper-medium", "whisper-small",
                "whisper-base", "whisper-tiny",
            ])
    }

    @Test func `says how to get what no hub has`() throws {
        let error = #expect(throws: ModelError.self) { try PullRequest("silero-vad") }
        #expect(error?.message.contains("oracy models import silero_vad/data --name silero-vad") == true)
    }

    @Test func `reads names, repositories and revisions`() throws {
        let base = try PullRequest("whisper-base")
        #expect(base.repository.description == "openai/whisper-base" && base.revision == "main")
        let pinned = try PullRequest("ada/whisper-nurse@v1.2", as: "nurse")
        #expect(pinned.name.text == "nurse" && pinned.revision == "v1.2")
        #expect(try PullRequest("openai/whisper-base").name.text == "whisper-base")
        for text in ["", "whisper-bse", "a/b/c", "/a", "a/", "../x", "a/..", "whisper-base@", "a/b@../x", "a/b@x y"] {
            #expect(throws: ModelError.self, "\(text)") { try PullRequest(text) }
        }
    }

    @Test func `reads addresses of hubs`() throws {
        #expect(HubAddress("https://huggingface.co/")?.description == "https://huggingface.co")
        #expect(HubAddress("http://127.0.0.1:8000/mirror")?.address.isLoopback == true)
        for text in [
            "huggingface.co", "ftp://x", "https://", "https://a@b", "https://a?b", "https://a#b", "https://a b",
            "https://a:0", "https://a:99999", "file:///etc", "https://a\\b", "https://[::1",
        ] {
            #expect(HubAddress(text) == nil, "\(text)")
        }
        let hub = try #require(WebAddress("https://hub.example/x"))
        #expect(hub.hasSameOrigin(as: try #require(WebAddress("https://HUB.example/y?z"))))
        for other in ["http://hub.example/x", "https://hub.example:8443/x", "https://hub.example.evil/x"] {
            #expect(!hub.hasSameOrigin(as: try #require(WebAddress(other))), "\(other)")
        }
    }

    /// Golden values from `git hash-object` and Python's hashlib.
    @Test func `computes the ids of Git blobs`() {
        #expect(TestFiles.gitBlob([]) == "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")
        #expect(TestFiles.gitBlob(Array("hello\n".utf8)) == "ce013625030ba8dba906f756967f9e9ca394464a")
        func counting(_ size: Int) -> [UInt8] { (0..<size).map { UInt8(truncatingIfNeeded: $0) } }
        #expect(TestFiles.gitBlob(counting(55)) == "9525d86f397cdc2c5a3672bf546c184250c8a02d")
        #expect(TestFiles.gitBlob(counting(64)) == "96eb299ab61d459148b19b03f71386abcec74669")
        #expect(TestFiles.gitBlob(counting(1000)) == "44efb17b5ffba6dbf7fd96d2d4e7c06ac226e4f4")
        for size in [1, 46, 47, 48, 54, 55, 56, 63, 64, 65, 1000] {
            let bytes = counting(size)
            var whole = GitBlobDigest(size: size)
            whole.update(bytes)
            var pieces = GitBlobDigest(size: size)
            for byte in bytes { pieces.update([byte]) }
            #expect(whole.finish() == pieces.finish())
        }
    }
}
