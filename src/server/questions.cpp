#include "src/server/questions.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "schemas/json.hpp"
#include "src/server/called_back.hpp"
#include "src/server/service.hpp"

namespace daybook::server {
namespace {

namespace asio = boost::asio;

constexpr std::array<std::string_view, 17> kQueries{
    "positions", "pnl",  "cash",   "orders",   "fills",  "execution", "hedge",  "daily", "claims",
    "markets",   "book", "health", "findings", "groups", "liquidity", "events", "status"};
constexpr std::array<std::string_view, 9> kOptions{"market", "mode", "at",    "epoch", "from",
                                                   "to",     "type", "limit", "tz"};

/// Whether a line of ours says so; a field of an event may be called `kind` too.
bool is_error(std::string_view text) {
    constexpr std::string_view kError = R"({"v":1,"kind":"error")";
    const std::size_t at = text.find(kError);
    return at != std::string_view::npos && (at == 0 || text[at - 1] == '\n');
}

/// An answer of the reading program as one of ours; its exit code says which kind.
Reply reply_of(Answer answer) {
    if (answer.exit == -2)
        return problem(503, "it took too long", "the answer was given up",
                       "ask for less, or ask the command line, which waits");
    const bool nothing_matched = answer.exit == 4;  // of events, one a line: no line
    if (answer.exit < 0 || (answer.text.empty() && !nothing_matched))
        return problem(500, "no answer", "the answering program ended without one");
    const bool failed = is_error(answer.text);
    if (!failed) return {200, "application/json", std::move(answer.text), {}};
    const auto said = parse_json(answer.text);
    if (!said) return problem(500, "no answer", "the answering program said what is no JSON");
    const unsigned status = answer.exit == 2   ? 400U
                            : answer.exit == 5 ? 409U
                            : answer.exit == 6 ? 503U
                                               : 500U;
    const bool absent = said.value().text_of("code") == "not_found";
    return problem(absent ? 404 : status, said.value().text_of("what"),
                   said.value().text_of("cause"), said.value().text_of("try"));
}

/// Options of a call out of a query; each one is `--name=value`, so no value is taken for a word.
Result<void> add_options(Words& words, const Request& request,
                         std::span<const std::string_view> known) {
    words.emplace_back("--json");
    for (const auto& [name, value] : request.query) {
        if (std::ranges::find(known, name) == known.end())
            return Error{Errc::usage, "there is no option '" + name + "' here"};
        words.push_back("--" + name + "=" + value);
    }
    return ok();
}

}  // namespace

Result<Words> query_words(const Request& request) {
    const std::string name = request.path.substr(std::string_view{"/v1/query/"}.size());
    if (std::ranges::find(kQueries, name) == kQueries.end())
        return Error{Errc::not_found, "there is nothing at " + request.path,
                     "GET /openapi.json lists what there is"};
    Words words = name == "status" ? Words{} : Words{"query", name};
    TRYV(add_options(words, request, kOptions));
    return words;
}

Result<Words> why_words(const Request& request) {
    constexpr std::array<std::string_view, 4> kKnown{"at", "epoch", "mode", "tz"};
    Words words{"why"};
    TRYV(add_options(words, request, kKnown));
    words.emplace_back("--");
    words.push_back(request.path.substr(std::string_view{"/v1/why/"}.size()));
    return words;
}

Words list_words() { return {"projections", "list", "--json"}; }

asio::awaitable<Reply> ask(Answers& answers, Words words) {
    std::function<void(std::function<void(Reply)>)> begin = [&](std::function<void(Reply)> done) {
        const auto told = [done](Answer answer) { done(reply_of(std::move(answer))); };
        if (!answers.ask(std::move(words), told)) done(busy());
    };
    co_return co_await called_back<Reply>(std::move(begin));
}

}  // namespace daybook::server
