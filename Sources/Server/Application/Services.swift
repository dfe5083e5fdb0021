// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Assessment
import Auth
import Domain
import HTTP
import JSON
import Jobs
import Storage

/// Everything that routes and jobs work with, made once at start-up.
struct Services: Sendable {
    let configuration: ServerConfiguration
    let database: any Database
    let authenticator: Authenticator
    let recordings: RecordingStore
    let decoded: DecodedRecordings
    let speech: SpeechPipeline
    let measuring: AnswerMeasuring
    let feedback: FeedbackTemplates
    let events: ResponseEvents
    let jobs: JobRunner
    /// No more trials at once than answers are worked on, so that no answer waits for more than one trial.
    let trials: TranscriptionAdmission
    let metrics: Metrics
    let log: Log
    let clock: WallClock

    /// Throws unless `actor` may do `action`: 404 for what must look as if it did not exist, else 403.
    func demand(_ action: Action, of actor: Auth.Actor, facts: ObjectFacts = ObjectFacts()) throws {
        switch authorize(actor, action, facts) {
        case .allow: return
        case .deny: throw HTTPError.forbidden()
        case .hide: throw HTTPError.notFound()
        }
    }
}

extension Auth.Actor {
    /// The actor as the storage's scope of reading.
    var viewer: Viewer { Viewer(user) }
}

extension Page where Item: Sendable {
    /// A page of a list as the API shows it.
    func json(_ item: (Item) -> JSONValue) -> JSONValue {
        ["items": .array(items.map(item)), "next": .optional(next)]
    }
}
