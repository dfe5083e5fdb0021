// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Foundation
import JSON
import Server
import Testing

@Suite("Configuration")
struct ServerConfigurationTests {
    private func load(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil,
        files: [String: String] = [:]
    ) throws(ConfigurationError) -> LoadedConfiguration {
        let surroundings = ConfigurationSurroundings(
            currentFolder: "/srv", programFolder: "/opt/bin", processors: 4,
            readFile: { path throws(FileAccessError) in
                if path == "/secret" { throw FileAccessError("can't open /secret: Permission denied") }
                return files[path].map { Array($0.utf8) }
            })
        return try ServerConfiguration.load(
            flags: flags, environment: environment, file: file, surroundings: surroundings)
    }

    private func problems(
        flags: [String: String] = [:], environment: [String: String] = [:], file: String? = nil,
        files: [String: String] = [:]
    ) -> [String] {
        do {
            _ = try load(flags: flags, environment: environment, file: file, files: files)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test func `has safe defaults`() throws {
        let loaded = try load(environment: ["HOME": "/home/ann"])
        #expect(loaded.configuration.listen.description == "127.0.0.1:8080")
        #expect(loaded.configuration.home == "/home/ann/.local/share/oracy")
        #expect(loaded.configuration.database == .sqlite(path: "/home/ann/.local/share/oracy/oracy.db"))
        #expect(loaded.configuration.decoder == "/opt/bin/oracy-decode")
        #expect(loaded.configuration.workers == 3)
        #expect(loaded.configuration.limits.audioBytes == 104_857_600)
        #expect(loaded.configuration.limits.audioSeconds == 900)
        #expect(!loaded.configuration.isInsecure)
        #expect(Setting.all.allSatisfy { loaded.origin(of: $0.key) == .default })
        #expect(loaded.configuration.origin == "http://127.0.0.1:8080")
    }

    @Test func `lets flags win over environment, environment over file, file over defaults`() throws {
        let files = [
            "/etc/oracy/config.toml": "workers = 5\nrole = \"api\"\nhome = \"/srv/oracy\"\n[log]\nlevel = \"debug\""
        ]
        let environment = ["ORACY_WORKERS": "6", "ORACY_ROLE": "worker"]
        let loaded = try load(flags: ["workers": "7"], environment: environment, files: files)
        #expect(loaded.configuration.workers == 7)
        #expect(loaded.origin(of: "workers") == .flag("--workers"))
        #expect(loaded.configuration.role == .worker)
        #expect(loaded.origin(of: "role") == .environment(variable: "ORACY_ROLE"))
        #expect(loaded.configuration.home == "/srv/oracy")
        #expect(loaded.origin(of: "home") == .file(path: "/etc/oracy/config.toml", line: 3))
        #expect(loaded.configuration.log.level == .debug)
        #expect(loaded.origin(of: "limits.audio_bytes") == .default)
        #expect(loaded.file == "/etc/oracy/config.toml")
    }

    @Test func `sets every setting from every source`() throws {
        let samples = [
            "listen": "[::1]:0", "voice_activity": "spectral", "insecure": "true", "short_windows": "true",
            "public_origin": "https://a.example",
            "home": "/h",
            "database": "sqlite:/d.db",
            "trusted_proxies": "127.0.0.1", "role": "api", "model": "whisper-tiny", "precision": "int8",
            "text_precision": "f32", "workers": "9",
            "decoder": "/x/oracy-decode",
            "pocketsphinx_model": "/m", "drug_names": "/n.tsv", "feedback_templates": "/f.json",
            "setup_token": "0123456789abcdef", "log.format": "json", "log.level": "error", "passwords.memory": "19 MiB",
            "models.mirror": "https://mirror.example/hub", "models.token": "hf_0123456789",
        ]
        for setting in Setting.all {
            let text = samples[setting.key] ?? (setting.kind == .bytes ? "13 MiB" : "7")
            let fromVariable = try load(environment: [setting.variable: text, "HOME": "/home/ann"])
            #expect(fromVariable.origin(of: setting.key) == .environment(variable: setting.variable))
            let untouched = try load(environment: ["HOME": "/home/ann"])
            #expect(fromVariable.configuration != untouched.configuration, "\(setting.key) changes nothing")

            let parts = setting.key.split(separator: ".")
            let table = parts.count > 1 ? "[\(parts[0])]\n" : ""
            let quoted = setting.kind == .string || setting.kind == .bytes ? "\"\(text)\"" : text
            let file = "\(table)\(parts[parts.count - 1]) = \(quoted)"
            let fromFile = try load(environment: ["HOME": "/home/ann"], file: "/c.toml", files: ["/c.toml": file])
            #expect(fromFile.configuration == fromVariable.configuration, "\(setting.key)")
            if setting.flag != nil {
                let fromFlag = try load(flags: [setting.key: text], environment: ["HOME": "/home/ann"])
                #expect(fromFlag.configuration == fromVariable.configuration, "\(setting.key)")
            }
        }
    }

    @Test func `believes proxies by their address only`() throws {
        let loaded = try load(environment: ["ORACY_TRUSTED_PROXIES": "10.0.0.7 ,FD00:0:0::1"])
        #expect(loaded.configuration.trustedProxies.addresses == ["10.0.0.7", "fd00::1"])
        #expect(loaded.configuration.trustedProxies.description == "10.0.0.7, fd00::1")
        for bad in ["proxy.example", "10.0.0.0/8", "10.0.0.1,", "[::1]", "10.0.0.1 10.0.0.2"] {
            #expect(
                problems(environment: ["ORACY_TRUSTED_PROXIES": bad])
                    == ["ORACY_TRUSTED_PROXIES: expects addresses such as 127.0.0.1, separated by commas."])
        }
    }

    @Test func `finds the folder for data where the system wants it`() throws {
        #expect(try load().configuration.home == "/var/lib/oracy")
        #expect(try load(environment: ["HOME": "/h", "XDG_DATA_HOME": "/x"]).configuration.home == "/x/oracy")
        #expect(
            try load(environment: ["HOME": "/h", "STATE_DIRECTORY": "/var/lib/o:/b"]).configuration.home == "/var/lib/o"
        )
        #expect(try load(environment: ["HOME": "/h", "ORACY_HOME": "/o"]).configuration.home == "/o")
        #expect(
            try load(flags: ["home": "/f"], environment: ["ORACY_HOME": "/o"]).configuration.database
                == .sqlite(path: "/f/oracy.db"))
    }

    @Test func `starts relative paths at the current folder, or at the file's own`() throws {
        let files = ["/etc/o/c.toml": "home = \"data\"\ndatabase = \"sqlite:x.db\""]
        let loaded = try load(environment: ["ORACY_DECODER": "bin/decode"], file: "/etc/o/c.toml", files: files)
        #expect(loaded.configuration.home == "/etc/o/data")
        #expect(loaded.configuration.database == .sqlite(path: "/etc/o/x.db"))
        #expect(loaded.configuration.decoder == "/srv/bin/decode")
    }

    @Test func `reads secrets from files that variables name`() throws {
        let loaded = try load(
            environment: ["ORACY_SETUP_TOKEN_FILE": "/run/token"], files: ["/run/token": "abcdefgh-12345678\n"])
        #expect(loaded.configuration.setupToken == "abcdefgh-12345678")
        #expect(loaded.origin(of: "setup_token") == .environmentFile(variable: "ORACY_SETUP_TOKEN_FILE"))
        #expect(
            problems(environment: ["ORACY_SETUP_TOKEN_FILE": "/run/none"]) == [
                "ORACY_SETUP_TOKEN_FILE: there is no file /run/none."
            ])
        #expect(
            problems(environment: ["ORACY_SETUP_TOKEN_FILE": "/secret"])
                == ["ORACY_SETUP_TOKEN_FILE: can't open /secret: Permission denied."])
        #expect(
            problems(
                environment: ["ORACY_SETUP_TOKEN_FILE": "/t", "ORACY_SETUP_TOKEN": "abcdefgh-12345678"],
                files: ["/t": "x"])
                == ["ORACY_SETUP_TOKEN_FILE: ORACY_SETUP_TOKEN is set too; unset one of them."])
    }

    @Test func `never shows a secret`() throws {
        let secret = "marker-marker-marker"
        let loaded = try load(environment: ["ORACY_SETUP_TOKEN": secret])
        #expect(!loaded.text.contains(secret) && loaded.text.contains("********"))
        #expect(!loaded.json.text.contains(secret))
        for bad in ["marker!marker!marker", "short-marker"] {
            let text = problems(environment: ["ORACY_SETUP_TOKEN": bad]).joined()
            #expect(!text.contains("marker") && text.contains("ORACY_SETUP_TOKEN"))
        }
        #expect(Setting.named("setup_token")?.flag == nil)
    }

    @Test func `prints a file that gives the same values again`() throws {
        let loaded = try load(
            environment: ["ORACY_LIMITS_AUDIO_BYTES": "12345", "HOME": "/h"],
            file: "/c.toml",
            files: [
                "/c.toml":
                    "public_origin = \"https://Oracy.Example.org/\"\ndatabase = 'sqlite:/a \"b\".db'\n[passwords]\noperations = 2"
            ])
        let again = try load(file: "/c.toml", files: ["/c.toml": loaded.text])
        #expect(again.configuration == loaded.configuration)
        #expect(again.configuration.origin == "https://oracy.example.org")
        #expect(loaded.json["limits.audio_bytes"] == ["value": 12345, "source": "ORACY_LIMITS_AUDIO_BYTES"])
        #expect(loaded.json["public_origin"]?["source"] == "/c.toml:1")
    }

    @Test func `reports every problem at once, with place and remedy`() {
        let file = "worker = 2\nlisten = 8080\n[limits]\naudio_bytes = \"lots\"\naudio_seconds = 0"
        #expect(
            problems(
                flags: ["role": "both"], environment: ["ORACY_WORKERS": "many"], file: "/c.toml",
                files: ["/c.toml": file])
                == [
                    "/c.toml:1: there is no setting worker. Did you mean workers?",
                    "/c.toml:2: listen expects text in quotes.",
                    "--role: expects all, api or worker.",
                    "ORACY_WORKERS: expects a whole number from 1 to 1024.",
                    "/c.toml:4: limits.audio_bytes expects a size from 1 KiB to 4 GiB.",
                    "/c.toml:5: limits.audio_seconds expects a whole number from 1 to 14400.",
                ])
        #expect(problems(file: "none.toml") == ["--config: there is no file /srv/none.toml."])
        #expect(
            problems(file: "/c.toml", files: ["/c.toml": "a = \n"]) == ["/c.toml:1: a value is expected after '='."])
        #expect(problems(environment: ["ORACY_CONFIG": "/x"]) == ["ORACY_CONFIG: there is no file /x."])
    }

    @Test func `warns of variables that set nothing`() throws {
        let loaded = try load(environment: ["ORACY_WORKER": "2", "ORACY_ROLE": "", "PATH": "/bin"])
        #expect(
            loaded.warnings.map(\.description) == [
                "ORACY_WORKER: there is no such setting. Did you mean ORACY_WORKERS?"
            ])
    }

    @Test(arguments: ["0.0.0.0:80", "[::]:80", "192.168.1.4:8080", "[2001:db8::1]:443"])
    func `refuses an address that others can reach unless told to`(address: String) throws {
        #expect(problems(flags: ["listen": address]).count == 1)
        #expect(
            try load(flags: ["listen": address, "insecure": "true"]).configuration.listen == ListenAddress(address))
        #expect(try load(flags: ["listen": address, "role": "worker"]).configuration.role == .worker)
    }

    @Test(arguments: ["127.0.0.1:0", "localhost:80", ":9000", "[::1]:65535", "127.8.9.1:1"])
    func `accepts loopback addresses`(address: String) throws {
        let parsed = try #require(ListenAddress(address))
        #expect(parsed.isLoopback)
        #expect(ListenAddress(parsed.description) == parsed)
    }

    @Test(arguments: [
        "", "8080", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:+1", "::1:80", "example.org:80",
        "[127.0.0.1]:80", "1.2.3:4",
    ])
    func `refuses what is no address`(address: String) { #expect(ListenAddress(address) == nil) }

    @Test(arguments: [
        "example.org", "ftp://x", "https://", "https://x/path", "https://x:0", "https://x:99999", "https://a b",
        "https://u@x", "https://x?q",
    ])
    func `refuses what is no origin`(origin: String) { #expect(PublicOrigin(origin) == nil) }

    @Test(arguments: [
        "https://oracy.example.org", "http://localhost:8080", "https://[2001:db8::1]:8443", "https://[::1]",
    ])
    func `accepts origins`(origin: String) { #expect(PublicOrigin(origin)?.text == origin) }

    @Test func `leaves the engine's own variables to it, and says when they mean nothing`() throws {
        #expect(try load(environment: ["ORACY_KERNELS": "avx2"]).warnings.isEmpty)
        #expect(
            try load(environment: ["ORACY_KERNELS": "avx3"]).warnings.map(\.description) == [
                "ORACY_KERNELS: expects one of scalar, avx2, avx512, avx512_vnni, avx512_bf16, amx; it is not used."
            ])
    }
}
