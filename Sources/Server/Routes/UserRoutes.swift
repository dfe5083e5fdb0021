// This file is part of Oracy.
// SPDX-License-Identifier: Apache-2.0
// Copyright the Oracy authors

import Auth
import Domain
import HTTP
import JSON
import Storage

/// One's own account, and accounts for administrators.
struct UserRoutes {
    let services: Services

    var routes: [Route] {
        [
            .account(.get, "/api/v1/me", readMe),
            .account(.patch, "/api/v1/me", changeMe),
            .account(.post, "/api/v1/me/password", changePassword),
            .account(.get, "/api/v1/users", roles: [.admin], list),
            .account(.post, "/api/v1/users", roles: [.admin], create),
            .account(.patch, "/api/v1/users/{id}", roles: [.admin], change),
        ]
    }

    private func readMe(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        .json(try await ownView(actor.user))
    }

    /// The account with the group that the person counts themselves to, which nobody else sees.
    private func ownView(_ user: User) async throws -> JSONValue {
        let group = try await services.database.read { try $0.users.declaredGroup(of: user.id) }
        var object = EntityView.user(user).object ?? [:]
        object["group"] = .optional(group)
        return .object(object)
    }

    private func changeMe(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let name = fields.has("name") ? fields.text("name", limit: 200) : nil
        let hasLocale = fields.has("locale")
        let locale = fields.language("locale")
        let hasGroup = fields.has("group")
        let group = fields.optionalText("group", limit: GroupChoices.nameLimit)
        if hasGroup, let group {
            let choices = try await services.database.read { try GroupChoices.load($0) }?.choices ?? []
            if !choices.contains(group) { fields.fault("group", "must be one of the groups at /api/v1/groups") }
        }
        try fields.validate()
        let user = try await services.authenticator.updateUser(actor.userID, tenant: actor.tenant, by: actor) { user in
            if let name { user.name = name }
            if hasLocale { user.locale = locale }
        }
        if hasGroup {
            try await services.database.write { try $0.users.setDeclaredGroup(group, of: actor.userID) }
        }
        return .json(try await ownView(user))
    }

    private func changePassword(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let current = fields.secret("current")
        let new = fields.secret("new")
        try fields.validate()
        try await services.authenticator.changePassword(of: actor, current: current, new: new)
        return .noContent
    }

    private func list(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let page = PageRequest(limit: try request.pageSize(), after: request.query["after"])
        let users = try await services.database.read { try $0.users.list(tenant: actor.tenant, page: page) }
        return .json(users.json(EntityView.user))
    }

    private func create(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        var fields = try await request.fields()
        let name = fields.text("name", limit: 200)
        let email = fields.text("email", limit: 254)
        let password = fields.secret("password")
        let role = fields.choice("role", of: Role.self)
        if role == nil { _ = fields.text("role", limit: 40) }
        try fields.validate()
        guard let role else { throw HTTPError.missingField("role") }
        let user = try await services.authenticator.createUser(
            name: name, email: email, password: password, role: role, tenant: actor.tenant, by: actor)
        services.log.info("user created", ["user": .string(user.id.text), "by": .string(actor.userID.text)])
        return .json(EntityView.user(user), status: .created)
    }

    private func change(_ request: HTTPRequest, _ actor: Auth.Actor) async throws -> HTTPResponse {
        let id: Identifier<User> = try request.identifier()
        var fields = try await request.fields()
        let name = fields.has("name") ? fields.text("name", limit: 200) : nil
        let role = fields.choice("role", of: Role.self)
        let isDisabled = fields.flag("disabled")
        try fields.validate()
        guard id != actor.userID || (role ?? .admin) == .admin && isDisabled != true else {
            throw HTTPError.conflict("You can't take away your own rights; ask another administrator.")
        }
        let user = try await services.authenticator.updateUser(id, tenant: actor.tenant, by: actor) { user in
            if let name { user.name = name }
            if let role { user.role = role }
            if let isDisabled { user.isDisabled = isDisabled }
        }
        return .json(EntityView.user(user))
    }
}
