#include "src/server/service.hpp"

#include <algorithm>
#include <limits>

#include "schemas/json.hpp"
#include "schemas/whole_number.hpp"
#include "src/server/called_back.hpp"

namespace daybook::server {

namespace asio = boost::asio;

asio::awaitable<Outcome> record(Service& service, ingest::Batch batch, std::size_t bytes) {
    if (batch.empty()) co_return Outcome{std::vector<Recorded>{}};
    std::function<void(std::function<void(Outcome)>)> begin = [&](std::function<void(Outcome)>
                                                                      done) {
        if (service.recording->offer(std::move(batch), bytes, done)) return;
        done(Error{Errc::incomplete, "too much waits to be recorded", "send it again in a moment"});
    };
    co_return co_await called_back<Outcome>(std::move(begin));
}

std::string recorded_json(const std::vector<Recorded>& events) {
    JsonWriter out;
    out.begin_array();
    for (const Recorded& each : events) {
        out.begin_object().key("seq").number(each.seq.raw);
        out.key("duplicate").boolean(each.duplicate);
        if (each.conflicting) out.key("conflicting").boolean(true);
        if (each.unparsed) out.key("unparsed").boolean(true);
        out.end_object();
    }
    out.end_array();
    return std::move(out).str();
}

Read read_body(Door& door, const std::map<std::string, std::string>& query, std::string_view body) {
    const auto venue = query.find("venue");
    return venue == query.end() ? Door::read_events(body) : door.read_frames(venue->second, body);
}

Reply refused(const Refused& why) {
    if (why.element == 0) return problem(400, "no batch", why.why);
    return problem(400, "one element is no event: nothing was recorded",
                   "element " + std::to_string(why.element) + ": " + why.why,
                   "correct it and send the batch again; what is recorded already is not doubled");
}

Result<Wanted> wanted_of(const Request& request, std::initializer_list<std::string_view> others) {
    Wanted wanted{{1}, all_types(), std::numeric_limits<std::uint64_t>::max()};
    for (const auto& [name, value] : request.query) {
        if (std::ranges::find(others, name) != others.end()) continue;
        const auto type = name == "type" ? type_by_name(value) : std::nullopt;
        if (type) wanted.types = TypeSet{};
        if (type) wanted.types.add(*type);
        if (name == "type" && !type)
            return Error{Errc::usage, "there is no event type '" + value + "'"};
        if (name == "type") continue;
        if (name != "from" && name != "limit")
            return Error{Errc::usage, "there is no option '" + name + "' here"};
        const auto number = whole_number(value);
        if (!number)
            return Error{Errc::usage, "'" + name + "' is no whole number: '" + value + "'"};
        (name == "from" ? wanted.first.raw : wanted.most) = *number;
    }
    return wanted;
}

Reply busy() {
    Reply reply = problem(503, "busy", "too many questions wait", "ask again in a moment");
    reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

}  // namespace daybook::server
