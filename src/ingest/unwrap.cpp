#include <algorithm>
#include <array>

#include "src/ingest/fields.hpp"
#include "src/ingest/polymarket.hpp"

namespace daybook::ingest {
namespace {

/// Which shape a line has. RTDS frames have a `payload` of their own and are no wrappers.
bool is_wrapper(const Json& line) {
    constexpr std::array<std::string_view, 6> kOwn{"received", "mono",   "channel",
                                                   "order",    "market", "payload"};
    if (line.find("payload") == nullptr || line.find("topic") != nullptr) return false;
    if (line.find("recv_wall_ts") != nullptr || line.find("received") != nullptr) return true;
    return std::ranges::all_of(line.members, [&](const auto& member) {
        return std::ranges::find(kOwn, member.first) != kOwn.end();
    });
}

std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (++at; at < text.size() && text[at] != '"'; ++at) {
        if (text[at] == '\\') ++at;
    }
    return at + 1;
}

std::size_t end_of_value(std::string_view text, std::size_t at) {
    int depth = 0;
    while (at < text.size()) {
        const char c = text[at];
        if (depth == 0 && (c == ',' || c == '}' || c == ']')) return at;
        if (c == '{' || c == '[') ++depth;
        if (c == '}' || c == ']') --depth;
        at = c == '"' ? end_of_string(text, at) : at + 1;
    }
    return text.size();
}

/// The last member called `name` of a valid JSON object, byte for byte.
std::string_view member_bytes(std::string_view object, std::string_view name) {
    std::string_view found;
    std::size_t at = object.find('{') + 1;
    while (at < object.size()) {
        const std::size_t key = object.find('"', at);
        if (key == std::string_view::npos) break;
        const std::size_t key_end = end_of_string(object, key);
        const std::size_t value = object.find(':', key_end) + 1;
        const std::size_t end = end_of_value(object, value);
        if (object.substr(key + 1, key_end - key - 2) == name) {
            found = object.substr(value, end - value);
        }
        at = end + 1;
    }
    return found;
}

Result<Channel> channel_in(const Json& line) {
    const std::string text = text_in(line, {"channel"});
    if (text.empty()) return Channel::any;
    if (text == "market") return Channel::market;
    if (text == "user") return Channel::user;
    if (text == "rest") return Channel::rest;
    if (text == "rtds") return Channel::rtds;
    return malformed("unknown channel " + quoted(text));
}

Result<std::optional<std::int64_t>> mono_in(const Json& line) {
    const std::string text = text_in(line, {"mono", "recv_mono_ns"});
    if (text.empty()) return std::optional<std::int64_t>{};
    Result<Wide> parsed = parse_decimal(text, 0);
    if (!parsed || parsed.value() < 0 || parsed.value() > INT64_MAX) {
        return malformed("mono is no count of nanoseconds: " + quoted(text));
    }
    return std::optional{static_cast<std::int64_t>(parsed.value())};
}

}  // namespace

Result<Input> unwrap(std::string_view line, std::string& storage) {
    Input input;
    input.payload = line;
    const Result<Json> parsed = parse_json(line);
    if (!parsed || !is_wrapper(parsed.value())) return input;

    const Json& wrapper = parsed.value();
    TRY(input.channel, channel_in(wrapper));
    TRY(input.received, maybe_time(wrapper, {"received", "recv_wall_ts"}));
    TRY(input.mono, mono_in(wrapper));
    input.order = text_in(wrapper, {"order"});
    input.market = text_in(wrapper, {"market"});
    const Json& payload = *wrapper.find("payload");
    if (payload.is(Json::Kind::text)) {
        storage = payload.text;
    } else {
        storage = member_bytes(line, "payload");
        if (storage.empty()) storage = write_json(payload);  // its name was written with escapes
    }
    input.payload = storage;
    return input;
}

Batch Polymarket::read_line(std::string_view line) {
    std::string storage;
    const Result<Input> input = unwrap(line, storage);
    if (input) return read(input.value());
    Event event = unparsed(line, "wrapper: " + input.error().detail);
    event.venue = "polymarket";
    return {std::move(event)};
}

}  // namespace daybook::ingest
