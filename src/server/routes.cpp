// What each path answers. Streams are the connection's own.
#include <algorithm>
#include <array>

#include "schemas/json.hpp"
#include "src/server/questions.hpp"
#include "src/server/service.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;

Reply not_found(const Request& request) {
    return problem(404, "not there", "there is nothing at " + request.path,
                   "GET /openapi.json lists what there is");
}

Reply wrong_method(const std::string& allowed) {
    Reply reply = problem(405, "not this method", "this path takes " + allowed);
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

asio::awaitable<Reply> query(Service& service, const Request& request) {
    auto words = query_words(request);
    if (!words) co_return problem(words.error());
    co_return co_await ask(*service.answers, std::move(words).value());
}

asio::awaitable<Reply> why(Service& service, const Request& request) {
    auto words = why_words(request);
    if (!words) co_return problem(words.error());
    co_return co_await ask(*service.answers, std::move(words).value());
}

asio::awaitable<Reply> append(Service& service, Door& door, const Request& request) {
    Read read = read_body(door, request.query, request.body);
    if (const auto* const no_batch = std::get_if<Refused>(&read)) co_return refused(*no_batch);
    auto batch = std::get<ingest::Batch>(std::move(read));
    const auto outcome = co_await record(service, std::move(batch), request.body.size());
    if (!outcome) co_return problem(outcome.error());
    co_return Reply{200, "application/json", recorded_json(outcome.value()) + '\n', {}};
}

/// `halt` and `resume` as the operator says them: {"scope":…,"reason":…,"by":…}.
asio::awaitable<Reply> say(Service& service, Door& door, const Request& request,
                           std::string_view type) {
    const auto body = parse_json(request.body.empty() ? "{}" : request.body);
    if (!body || !body.value().is(Json::Kind::object))
        co_return problem(400, "no batch", "the body is no JSON object");
    JsonWriter line;
    line.begin_object().key("type").text(type).key("origin").text("operator");
    line.key("time").text(format_time(service.now()));
    for (const char* const name : {"scope", "reason", "by", "mode", "venue", "account"}) {
        const std::string_view value = body.value().text_of(name);
        if (!value.empty()) line.key(name).text(value);
    }
    line.end_object();
    Request said = request;
    said.query.clear();
    said.body = std::move(line).str();
    co_return co_await append(service, door, said);
}

asio::awaitable<Reply> plan(Service& service, const Request& request) {
    const auto body = parse_json(request.body);
    const Json* const names = body ? body.value().find("names") : nullptr;
    if (names == nullptr || names->items.empty())
        co_return problem(400, "no plan", R"(the body names no projection: {"names":["pnl"]})");
    Words words{"projections", "reset", "--json", "--"};
    for (const Json& name : names->items) words.push_back(name.text);
    co_return co_await ask(*service.resets, std::move(words));
}

asio::awaitable<Reply> apply(Service& service, const Request& request) {
    const auto body = parse_json(request.body);
    const std::string id{body ? body.value().text_of("plan") : ""};
    if (id.empty()) co_return problem(400, "no plan", R"(the body names none: {"plan":"ID"})");
    const Json* const grown = body.value().find("grown");
    Words words{"projections", "apply", "--json"};
    if (grown != nullptr && grown->truth) words.emplace_back("--grown");
    words.emplace_back("--");
    words.push_back(id);
    co_return co_await ask(*service.resets, std::move(words));
}

Reply health(const Service& service) {
    const auto refusing = service.recording->refusing();
    if (!refusing) return {200, "application/json", "{\"recording\":true}\n", {}};
    return problem(503, "not recording", refusing->detail, refusing->remedy);
}

Reply readiness(const Service& service) {
    const auto waiting = service.folding->waiting_for();
    if (waiting) return problem(503, "not ready", *waiting);
    return health(service);
}

struct Route {
    Method method;
    std::string_view path;
    Role role;
    Kind kind;
    asio::awaitable<Reply> (*run)(Service&, Door&, const Request&);  ///< null: no reply ends it
};

template <asio::awaitable<Reply> (*F)(Service&, const Request&)>
asio::awaitable<Reply> without_door(Service& service, Door&, const Request& request) {
    return F(service, request);
}
template <Reply (*F)(const Service&)>
asio::awaitable<Reply> at_once(Service& service, Door&, const Request&) {
    co_return F(service);
}

Reply metrics(const Service& service) {
    const bool folding = !service.folding->waiting_for();
    return {200,
            "text/plain; version=0.0.4; charset=utf-8",
            service.metrics.text(service.folding->seen(), folding),
            {}};
}
asio::awaitable<Reply> page(Service& service, Door&, const Request& request) {
    co_return service.page.answer(request);
}
Reply document(const Service&) { return {200, "application/json", std::string{openapi()}, {}}; }

asio::awaitable<Reply> list(Service& service, const Request&) {
    return ask(*service.answers, list_words());
}
asio::awaitable<Reply> halt(Service& service, Door& door, const Request& request) {
    return say(service, door, request, "halt");
}
asio::awaitable<Reply> resume(Service& service, Door& door, const Request& request) {
    return say(service, door, request, "resume");
}

constexpr Route answered(Method method, std::string_view path, Role role,
                         asio::awaitable<Reply> (*run)(Service&, Door&, const Request&)) {
    return {method, path, role, Kind::reply, run};
}

/// A path that ends in '/' takes what comes behind it, except the page's own.
constexpr std::array kRoutes{
    answered(Method::post, "/v1/events", Role::append, append),
    Route{Method::get, "/v1/events", Role::read, Kind::listing, nullptr},
    Route{Method::get, "/v1/stream", Role::read, Kind::stream, nullptr},
    Route{Method::get, "/v1/live", Role::read, Kind::live, nullptr},
    answered(Method::get, "/v1/query/", Role::read, without_door<query>),
    answered(Method::get, "/v1/why/", Role::read, without_door<why>),
    answered(Method::post, "/v1/halt", Role::append, halt),
    answered(Method::post, "/v1/resume", Role::append, resume),
    answered(Method::get, "/v1/projections", Role::read, without_door<list>),
    answered(Method::post, "/v1/projections/plan", Role::admin, without_door<plan>),
    answered(Method::post, "/v1/projections/apply", Role::admin, without_door<apply>),
    answered(Method::get, "/metrics", Role::read, at_once<metrics>),
    answered(Method::get, "/healthz", Role::read, at_once<health>),
    answered(Method::get, "/readyz", Role::read, at_once<readiness>),
    answered(Method::get, "/openapi.json", Role::read, at_once<document>),
    answered(Method::get, "/", Role::read, page),
    answered(Method::get, "/app.js", Role::read, page),
    answered(Method::get, "/app.css", Role::read, page),
    answered(Method::get, "/favicon.svg", Role::read, page)};

bool leads(const Route& route, std::string_view path) {
    const bool more = route.path.size() > 1 && route.path.ends_with('/');
    return more ? path.starts_with(route.path) : path == route.path;
}

const Route* route_of(const Request& request) {
    const auto at = std::ranges::find_if(kRoutes, [&](const Route& route) {
        return leads(route, request.path) && route.method == request.method;
    });
    return at == kRoutes.end() ? nullptr : &*at;
}

Reply no_route(const Request& request) {
    std::string allowed;
    for (const Route& route : kRoutes) {
        if (!leads(route, request.path)) continue;
        if (!allowed.empty()) allowed += ", ";
        allowed += route.method == Method::get ? "GET" : "POST";
    }
    return allowed.empty() ? not_found(request) : wrong_method(allowed);
}

}  // namespace

Kind kind_of(const Request& request) {
    const Route* const route = route_of(request);
    return route == nullptr ? Kind::reply : route->kind;
}

std::optional<Reply> bars(const Service& service, const Request& request) {
    const Route* const route = route_of(request);
    if (auto reply = service.gate.refuses(request, route ? route->role : Role::read)) return reply;
    return route ? std::nullopt : std::optional{no_route(request)};
}

asio::awaitable<Reply> answer(Service& service, Door& door, const Request& request) {
    co_return co_await route_of(request)->run(service, door, request);
}

}  // namespace daybook::server
