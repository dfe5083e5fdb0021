// swift-tools-version: 6.3
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

/// Programs that measure the product; a package of its own, so that the product does not depend on them.
let package = Package(
    name: "oracy-benchmarks",
    dependencies: [.package(name: "oracy", path: "..")],
    targets: [
        .executableTarget(name: "machine-peak", cSettings: [.unsafeFlags(["-O2"])]),
        .executableTarget(
            name: "http-bench-server",
            dependencies: [.product(name: "OracyHTTP", package: "oracy")],
            swiftSettings: settings),
        .executableTarget(
            name: "text-bench",
            dependencies: [.product(name: "OracyAnalysis", package: "oracy")],
            swiftSettings: settings),
        .executableTarget(
            name: "fluency-bench",
            dependencies: [.product(name: "OracyAnalysis", package: "oracy")],
            swiftSettings: settings),
    ]
)
