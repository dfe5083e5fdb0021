// swift-tools-version: 6.3
import PackageDescription

/// Programs that measure the product; a package of its own, so that the product does not depend on them.
let package = Package(
    name: "oracy-benchmarks",
    dependencies: [.package(name: "oracy", path: "..")],
    targets: [
        .executableTarget(
            name: "http-bench-server",
            dependencies: [.product(name: "OracyHTTP", package: "oracy")],
            swiftSettings: [
                .enableUpcomingFeature("ExistentialAny"),
                .enableUpcomingFeature("InternalImportsByDefault"),
                .enableUpcomingFeature("MemberImportVisibility"),
                .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
                .treatAllWarnings(as: .error),
            ])
    ]
)
