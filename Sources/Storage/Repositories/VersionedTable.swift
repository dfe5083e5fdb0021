// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

/// The statements that questions and rubrics share: things of a course that have versions, one of which is the current
/// one. In them the thing is `x`, its version `v`, and the viewer's membership `m`.
struct VersionedTable: Sendable {
    /// The table of the things; their versions are in one of the same name and `_version`.
    let name: String
    /// The columns of a version.
    let versionColumns: String

    /// The columns of a thing with one version.
    var columns: String { "x.id, x.tenant, x.course, \(versionColumns), x.created_at" }

    /// Things with their current versions.
    var source: String { "\(name) x JOIN \(name)_version v ON v.\(name) = x.id AND v.number = x.current_version" }

    /// One thing by its id, ?1.
    var one: Statement { "SELECT \(columns) FROM \(source) WHERE x.id = ?1" }

    /// One version by its id, ?1.
    var version: Statement { "SELECT \(versionColumns) FROM \(name)_version v WHERE v.id = ?1" }

    /// The versions of the thing ?1, newest first.
    var versions: Statement {
        "SELECT \(versionColumns) FROM \(name)_version v WHERE v.\(name) = ?1 ORDER BY v.number DESC"
    }

    /// Makes the version ?2 of the thing ?1 the current one.
    var advance: Statement { "UPDATE \(name) SET current_version = ?2 WHERE id = ?1" }

    /// A new thing: id, tenant, course, number of the current version, time.
    var insert: Statement {
        "INSERT INTO \(name) (id, tenant, course, current_version, created_at) VALUES (?1, ?2, ?3, ?4, ?5)"
    }

    /// What a viewer sees, whose user, tenant and administratorship are ?1, ?2 and ?3, with their part in the course.
    ///
    /// - Parameters:
    ///   - more: Columns after that.
    ///   - condition: Which of these, and in which order.
    func visible(with more: String = "", where condition: String) -> Statement {
        """
        SELECT \(columns), m.part\(more)
        FROM \(source) LEFT JOIN membership m ON m.course = x.course AND m."user" = ?1
        WHERE x.tenant = ?2 AND (?3 = 1 OR m.part IS NOT NULL) AND \(condition)
        """
    }
}
