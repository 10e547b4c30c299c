#include "src/server/gate.hpp"

#include <algorithm>

namespace daybook::server {
namespace {

constexpr std::string_view kBearer = "Bearer ";

bool is_json(std::string_view type) {
    const std::string_view essence = type.substr(0, type.find(';'));
    return essence == "application/json" || essence == "application/x-ndjson";
}

/// Nothing for a token that is none of ours.
std::optional<Role> role_of(const Request& request, const Gate& gate) {
    if (request.local) return Role::admin;
    std::string_view given = request.authorization;
    if (given.empty() && gate.owner_only && !request.owner) return std::nullopt;
    if (given.empty()) return Role::read;
    if (!given.starts_with(kBearer)) return std::nullopt;
    given.remove_prefix(kBearer.size());
    if (same_secret(given, gate.admin_token)) return Role::admin;
    if (same_secret(given, gate.append_token)) return Role::append;
    return std::nullopt;
}

Reply unknown(const std::string& detail, const std::string& remedy) {
    Reply reply = problem(401, "a token is needed", detail, remedy);
    reply.headers.emplace_back("WWW-Authenticate", "Bearer");
    return reply;
}

Reply without_right(const Request& request, Role needed) {
    const std::string file = needed == Role::admin ? "admin.token" : "append.token";
    if (request.authorization.empty())
        return unknown("writing needs Authorization: Bearer TOKEN",
                       "the token is the content of keys/" + file + " in the data directory");
    return problem(403, "this token is not enough", "the call needs the token of keys/" + file);
}

}  // namespace

bool same_secret(std::string_view given, std::string_view wanted) {
    if (wanted.empty() || given.size() != wanted.size()) return false;
    int difference = 0;
    for (std::size_t i = 0; i < given.size(); ++i) difference |= given[i] ^ wanted[i];
    return difference == 0;
}

std::optional<Reply> Gate::refuses(const Request& request, Role needed) const {
    const bool known_host = request.local || std::ranges::count(hosts, request.host) > 0;
    if (!known_host)
        return problem(421, "not this server", "the Host of the request is none of this server",
                       "call it by 127.0.0.1, localhost or [::1] and its port");
    const bool own_origin = request.origin.empty() || request.origin == "http://" + request.host;
    if (!own_origin)
        return problem(403, "another origin", "pages of other origins get no answer here");
    if (request.method == Method::post && !is_json(request.content_type))
        return problem(415, "not JSON",
                       "the body must be application/json or application/x-ndjson");
    const auto role = role_of(request, *this);
    if (!role && request.authorization.empty())
        return unknown("only the recorder's own user reads without Authorization: Bearer TOKEN",
                       "any content of keys/*.token in the data directory does; daybook.toml says "
                       "owner_only");
    if (!role)
        return unknown("what was given is no token of this recorder",
                       "the tokens are the content of keys/*.token in the data directory");
    return *role >= needed ? std::nullopt : std::optional{without_right(request, needed)};
}

}  // namespace daybook::server
