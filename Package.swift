// swift-tools-version: 6.3
import PackageDescription

/// One package, few deep targets; imports go strictly downward (docs/architecture.md, enforced by scripts/check).
let package = Package(
    name: "oracy",
    products: [
        .executable(name: "oracy", targets: ["oracy"]),
        .executable(name: "oracy-decode", targets: ["oracy-decode"]),
        .library(name: "OracyServer", targets: ["Server"]),
        .library(name: "OracyHTTP", targets: ["HTTP", "JSON"]),
        .library(name: "OracyAnalysis", targets: ["Analysis", "JSON", "Domain"]),
    ],
    targets: [
        // Leaves: everything may import these.
        .target(name: "Domain"),
        .target(name: "JSON"),
        .target(name: "Threads", dependencies: ["CLinux"]),
        .target(name: "Cryptography", dependencies: ["CSodium"]),
        .target(name: "Statistics", dependencies: ["Domain", "JSON"]),

        // Protocol and storage.
        .target(name: "HTTP", dependencies: ["JSON", "Threads", "CLinux"]),
        .target(name: "Storage", dependencies: ["Domain", "JSON", "Threads", "Cryptography", "CSQLite", "CLinux"]),
        .target(name: "Jobs", dependencies: ["Domain", "JSON", "Storage", "Threads"]),
        .target(name: "Auth", dependencies: ["Domain", "JSON", "Storage", "Threads", "Cryptography", "CSodium"]),

        // Speech and text.
        .target(name: "Audio", dependencies: ["Domain", "JSON", "Threads", "CLinux"]),
        .target(name: "Models", dependencies: ["Domain", "JSON", "Threads", "Cryptography", "CLinux", "CCurl"]),
        .target(name: "Inference", dependencies: ["JSON", "Threads", "CLinux", "CKernels"]),
        .target(name: "Tokenizers", dependencies: ["JSON", "CICU"]),
        .target(
            name: "Recognition",
            dependencies: [
                "Domain", "JSON", "Audio", "Threads", "Cryptography", "Inference", "Tokenizers", "CPocketSphinx",
                "CZlib",
            ]),
        .target(name: "TextEncoders", dependencies: ["JSON", "Cryptography", "Inference", "Tokenizers"]),
        .target(
            name: "Analysis",
            dependencies: ["Domain", "JSON", "Inference", "TextEncoders", "Tokenizers", "CCLD2", "CICU"]),

        // Marking: what an answer covers of what is expected.
        .target(name: "Assessment", dependencies: ["Domain", "JSON", "Analysis"]),

        // The product.
        .target(
            name: "Server",
            dependencies: [
                "Domain", "JSON", "Threads", "Cryptography", "HTTP", "Storage", "Jobs", "Auth", "Audio", "Models",
                "Inference", "TextEncoders", "Recognition", "Analysis", "Assessment", "Statistics", "CAssets", "CLinux",
            ]),
        .executableTarget(
            name: "oracy",
            dependencies: [
                "Server", "Models", "Inference", "Recognition", "TextEncoders", "Analysis", "Assessment", "Domain",
                "JSON", "Threads",
                "CLinux",
            ]),
        .executableTarget(name: "oracy-decode", dependencies: ["CFFmpeg", "CSeccomp", "CLinux", "JSON"]),

        // C libraries, each behind one thin module.
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl"),
        .systemLibrary(name: "CFFmpeg", pkgConfig: "libavformat libavcodec libavutil libswresample"),
        .systemLibrary(name: "CICU", pkgConfig: "icu-i18n"),

        .systemLibrary(name: "CPocketSphinx", pkgConfig: "pocketsphinx"),
        .systemLibrary(name: "CSeccomp", pkgConfig: "libseccomp"),
        .systemLibrary(name: "CSodium", pkgConfig: "libsodium"),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3"),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "CAssets"),
        .target(name: "CCLD2", linkerSettings: [.linkedLibrary("cld2")]),
        // Without optimisation the kernels are fifty times as slow, and so are the tests that need them.
        .target(name: "CKernels", cSettings: [.unsafeFlags(["-O2"], .when(configuration: .debug))]),
        .target(name: "CLinux"),

        // Tests mirror Sources, file for file.
        .target(name: "TestRandom", path: "Tests/TestRandom"),
        .target(name: "TestPrograms", dependencies: ["CLinux"], path: "Tests/TestPrograms"),
        .target(
            name: "TestModels", dependencies: ["TestPrograms", "Cryptography", "HTTP", "JSON", "Models"],
            path: "Tests/TestModels"),
        .target(
            name: "TestSupport",
            dependencies: ["TestPrograms", "Auth", "Domain", "JSON", "HTTP", "Jobs", "Storage", "Server"],
            path: "Tests/TestSupport"),
        .testTarget(name: "JSONTests", dependencies: ["TestRandom", "JSON"]),
        .testTarget(name: "ThreadsTests", dependencies: ["Threads"]),
        .testTarget(name: "CryptographyTests", dependencies: ["Cryptography"]),
        .testTarget(name: "StatisticsTests", dependencies: ["TestRandom", "Statistics", "Domain", "JSON"]),
        .testTarget(name: "DomainTests", dependencies: ["TestRandom", "Domain"]),
        .testTarget(name: "HTTPTests", dependencies: ["TestRandom", "TestPrograms", "HTTP", "JSON", "CLinux"]),
        .testTarget(
            name: "StorageTests", dependencies: ["TestRandom", "TestPrograms", "Storage", "Domain", "JSON", "CLinux"]),
        .testTarget(name: "JobsTests", dependencies: ["TestPrograms", "Jobs", "Storage", "Domain", "JSON"]),
        .testTarget(
            name: "AuthTests",
            dependencies: ["TestRandom", "TestPrograms", "Auth", "Cryptography", "Storage", "Domain", "JSON"]),
        .testTarget(
            name: "AudioTests",
            dependencies: ["TestRandom", "TestPrograms", "Audio", "Domain", "JSON", "CLinux", "oracy-decode"]),
        .testTarget(
            name: "ModelsTests",
            dependencies: [
                "TestRandom", "Models", "Cryptography", "Domain", "HTTP", "JSON", "TestModels", "TestPrograms",
            ]),
        .testTarget(
            name: "InferenceTests", dependencies: ["TestRandom", "TestPrograms", "Inference", "CKernels", "JSON"]),
        .testTarget(name: "TokenizersTests", dependencies: ["TestRandom", "TestPrograms", "Tokenizers", "JSON"]),
        .testTarget(
            name: "TextEncodersTests",
            dependencies: ["TestRandom", "TestPrograms", "TextEncoders", "Inference", "Tokenizers", "JSON"]),
        .testTarget(
            name: "RecognitionTests",
            dependencies: [
                "TestRandom", "TestPrograms", "Recognition", "Inference", "Audio", "Domain", "JSON", "Tokenizers",
            ]),
        .testTarget(
            name: "AnalysisTests",
            dependencies: ["TestRandom", "Analysis", "TextEncoders", "Tokenizers", "Inference", "Domain", "JSON"]),
        .testTarget(
            name: "AssessmentTests",
            dependencies: ["TestRandom", "Assessment", "Analysis", "TextEncoders", "Domain", "JSON"]),
        .testTarget(
            name: "ServerTests",
            dependencies: [
                "Server", "TestPrograms", "TestRandom", "TestSupport", "HTTP", "Storage", "Auth", "Domain", "JSON",
                "Models", "Statistics", "oracy-decode",
            ]),
        .testTarget(
            name: "CommandLineTests",
            dependencies: [
                "TestRandom",
                "oracy", "Server", "Analysis", "Domain", "Models", "Recognition", "TestModels",
                "TestPrograms", "TestSupport", "JSON",
            ]),
    ]
)

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]
for target in package.targets
where [.regular, .executable, .test].contains(target.type) && !target.name.hasPrefix("C")
    || target.name == "CommandLineTests"
{
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}

// Signal processing and searching are fifty times as slow without optimisation, and so are the tests that need them.
for target in package.targets
where ["Audio", "Inference", "Recognition", "TextEncoders", "Tokenizers"].contains(target.name) {
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(["-O"], .when(configuration: .debug))]
}
