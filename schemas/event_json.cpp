#include "schemas/event_json.hpp"

#include <openssl/evp.h>

#include <array>
#include <limits>
#include <set>

#include "schemas/check.hpp"
#include "schemas/fields.hpp"
#include "schemas/whole_number.hpp"

namespace daybook {
namespace {

// ── writing ──

void write(JsonWriter& out, const std::string& value) { out.text(value); }
void write(JsonWriter& out, bool value) { out.boolean(value); }
void write(JsonWriter& out, std::uint8_t value) { out.number(std::uint64_t{value}); }
void write(JsonWriter& out, std::uint32_t value) { out.number(std::uint64_t{value}); }
void write(JsonWriter& out, std::uint64_t value) { out.number(value); }
void write(JsonWriter& out, Time value) { out.text(format_time(value)); }
void write(JsonWriter& out, RefPrice value) { out.text(format_decimal(value.attos, 18)); }
void write(JsonWriter& out, Micros auto value) { out.text(format_micros(value.micros)); }
template <class T>
requires std::is_enum_v<T>
void write(JsonWriter& out, T value) { out.text(to_text(value)); }
void write(JsonWriter& out, const Level& level) {
    out.begin_array();
    write(out, level.price);
    write(out, level.shares);
    out.end_array();
}
void write(JsonWriter& out, const Change& change) {
    out.begin_array();
    write(out, change.side);
    write(out, change.price);
    write(out, change.shares);
    out.end_array();
}
void write(JsonWriter& out, const std::vector<OutcomeShares>& held) {
    out.begin_object();
    for (const OutcomeShares& each : held) write(out.key(each.outcome), each.shares);
    out.end_object();
}
template <Described T>
void write_members(JsonWriter& out, const T& value);
template <Described T>
void write(JsonWriter& out, const T& value) {
    out.begin_object();
    write_members(out, value);
    out.end_object();
}
template <class T>
void write(JsonWriter& out, const std::vector<T>& items) {
    out.begin_array();
    for (const T& item : items) write(out, item);
    out.end_array();
}

template <class T>
bool absent(const T& value) {
    if constexpr (kIsOptional<T>) {
        return !value.has_value();
    } else if constexpr (kIsVector<T> || std::is_same_v<T, std::string>) {
        return value.empty();
    } else {
        return false;
    }
}

template <Described T>
void write_members(JsonWriter& out, const T& value) {
    for_each_field<T>([&](const auto& each) {
        const auto& member = value.*each.member;
        if (absent(member)) {
            if (each.null_when_absent) out.key(each.name).null();
        } else if constexpr (kIsOptional<std::remove_cvref_t<decltype(member)>>) {
            write(out.key(each.name), *member);
        } else {
            write(out.key(each.name), member);
        }
    });
}
/// The contract has every limit as a field of its own.
void write_members(JsonWriter& out, const Limits& limits) {
    for (const Named& limit : limits.values) out.key(limit.name).text(limit.value);
}

std::string base64(std::string_view bytes) {
    std::string out(4 * ((bytes.size() + 2) / 3) + 1, '\0');
    const int length = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(bytes.data()),
                                       static_cast<int>(bytes.size()));
    out.resize(static_cast<std::size_t>(length));
    return out;
}

Result<std::string> from_base64(std::string_view text) {
    std::string out(text.size() / 4 * 3 + 3, '\0');
    const int length = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(out.data()),
                                       reinterpret_cast<const unsigned char*>(text.data()),
                                       static_cast<int>(text.size()));
    if (length < 0) return Error{Errc::malformed, "'raw_base64' is no base64"};
    const std::size_t padding = text.ends_with("==") ? 2 : text.ends_with("=") ? 1 : 0;
    out.resize(static_cast<std::size_t>(length) - padding);
    return out;
}

void write_raw(JsonWriter& out, const std::string& raw) {
    if (raw.empty()) return;
    if (is_utf8(raw)) {
        out.key("raw").text(raw);
    } else {
        out.key("raw_base64").text(base64(raw));
    }
}

void write_head(JsonWriter& out, const Event& event, bool full) {
    const auto text = [&out](std::string_view name, const std::string& value) {
        if (!value.empty()) out.key(name).text(value);
    };
    if (full && event.seq.raw != 0) out.key("seq").number(event.seq.raw);
    out.key("type").text(type_name(type_number(event)));
    if (event.time) write(out.key("time"), *event.time);
    if (full && event.received) write(out.key("received"), *event.received);
    if (full && event.mono) out.key("mono").number(*event.mono);
    text("venue", event.venue);
    out.key("account").text(event.account);
    if (event.mode != Mode::none) write(out.key("mode"), event.mode);
    if (full) write(out.key("origin"), event.origin);
    text("market", event.market);
}

// ── reading ──

Error bad(std::string_view name, std::string_view what) {
    return {Errc::malformed, "'" + std::string{name} + "' " + std::string{what}};
}

/// Numbers may come as JSON strings or JSON numbers; both are read from their text.
Result<std::string_view> decimal_text(std::string_view name, const Json& json) {
    if (json.is(Json::Kind::text) || json.is(Json::Kind::number))
        return std::string_view{json.text};
    return bad(name, "is no decimal");
}

Result<void> read(std::string_view name, const Json& json, std::string& value) {
    if (!json.is(Json::Kind::text)) return bad(name, "is no text");
    value = json.text;
    return ok();
}
Result<void> read(std::string_view name, const Json& json, bool& value) {
    if (!json.is(Json::Kind::boolean)) return bad(name, "is neither true nor false");
    value = json.truth;
    return ok();
}
template <std::integral T>
Result<void> read(std::string_view name, const Json& json, T& value) {
    const auto number = json.is(Json::Kind::number) ? whole_number<T>(json.text) : std::nullopt;
    if (!number) return bad(name, "is no whole number in range");
    value = *number;
    return ok();
}
Result<void> read(std::string_view name, const Json& json, Time& value) {
    if (!json.is(Json::Kind::text)) return bad(name, "is no time");
    const auto time = parse_time(json.text);
    if (!time) return bad(name, time.error().detail);
    value = time.value();
    return ok();
}
Result<void> read(std::string_view name, const Json& json, Micros auto& value) {
    TRY(const auto text, decimal_text(name, json));
    const auto micros = parse_micros(text);
    if (!micros) return bad(name, micros.error().detail);
    value.micros = micros.value();
    return ok();
}
Result<void> read(std::string_view name, const Json& json, RefPrice& value) {
    TRY(const auto text, decimal_text(name, json));
    const auto attos = parse_decimal(text, 18);
    if (!attos) return bad(name, attos.error().detail);
    value.attos = attos.value();
    return ok();
}
template <class T>
requires std::is_enum_v<T> Result<void> read(std::string_view name, const Json& json, T& value) {
    const auto known = json.is(Json::Kind::text) ? from_text<T>(json.text) : std::nullopt;
    if (!known)
        return bad(name, "is not one this program knows: " + write_json(json).substr(0, 40));
    value = *known;
    return ok();
}
Result<void> read(std::string_view name, const Json& json, Level& level) {
    if (json.items.size() != 2) return bad(name, "holds a level that is not [price, shares]");
    TRYV(read(name, json.items[0], level.price));
    return read(name, json.items[1], level.shares);
}
Result<void> read(std::string_view name, const Json& json, Change& change) {
    if (json.items.size() != 3)
        return bad(name, "holds a change that is not [side, price, shares]");
    TRYV(read(name, json.items[0], change.side));
    TRYV(read(name, json.items[1], change.price));
    return read(name, json.items[2], change.shares);
}
Result<void> read(std::string_view name, const Json& json, std::vector<OutcomeShares>& held) {
    if (!json.is(Json::Kind::object)) return bad(name, "is no object of shares by outcome");
    for (const auto& [outcome, shares] : json.members) {
        TRYV(read(name, shares, held.emplace_back(OutcomeShares{outcome, {}}).shares));
    }
    return ok();
}
template <Described T>
Result<void> read_members(const Json& json, T& value);
template <Described T>
Result<void> read(std::string_view name, const Json& json, T& value) {
    if (!json.is(Json::Kind::object)) return bad(name, "is no object");
    return read_members(json, value);
}
template <class T>
Result<void> read(std::string_view name, const Json& json, std::vector<T>& items) {
    if (!json.is(Json::Kind::array)) return bad(name, "is no array");
    for (const Json& item : json.items) {
        TRYV(read(name, item, items.emplace_back()));
    }
    return ok();
}
template <class T>
Result<void> read(std::string_view name, const Json& json, std::optional<T>& value) {
    return read(name, json, value.emplace());
}

template <class T>
inline constexpr bool kRequired =
    !kIsOptional<T> && !kIsVector<T> && !std::is_same_v<T, std::string>;

/// Fee and flags inside nested objects have defaults; a body's plain fields are required.
template <class T>
inline constexpr bool kHasDefaults = std::is_same_v<T, Fee>;

template <Described T>
Result<void> read_members(const Json& json, T& value) {
    Result<void> result = ok();
    for_each_field<T>([&](const auto& each) {
        auto& member = value.*each.member;
        const Json* found = json.find(each.name);
        if (!result) return;
        if (found != nullptr && !found->is_null()) {
            result = read(each.name, *found, member);
        } else if (kRequired<std::remove_cvref_t<decltype(member)>> && !kHasDefaults<T>) {
            result = bad(each.name, "is missing");
        }
    });
    return result;
}

const std::set<std::string_view>& common_names() {
    static const std::set<std::string_view> names{
        "type",  "time",   "received", "mono",       "venue",          "account",
        "mode",  "origin", "market",   "id",         "correlation",    "cause",
        "extra", "seq",    "raw",      "raw_base64", "conflicts_with", "v"};
    return names;
}

template <class T>
bool names_field(std::string_view name) {
    bool found = false;
    for_each_field<T>([&](const auto& each) { found = found || name == each.name; });
    return found;
}

/// Unknown members, verbatim; a text or number of a `limits` line is one of its limits instead.
template <class T>
void take_unknown(const Json& line, T& body, std::string& extra) {
    JsonWriter out;
    const auto splice = [&out](const std::string& name, const Json& value) {
        out.key(name).verbatim(write_json(value));
    };
    for (const auto& [name, value] : line.members) {
        if (name == "extra" && value.is(Json::Kind::object)) {
            for (const auto& [inner, inner_value] : value.members) splice(inner, inner_value);
        }
        if (common_names().contains(name)) continue;
        if constexpr (std::is_same_v<T, Limits>) {
            if (value.is(Json::Kind::text) || value.is(Json::Kind::number)) {
                body.values.push_back({name, value.text});
                continue;
            }
        }
        if (!names_field<T>(name)) splice(name, value);
    }
    extra = std::move(out).str();
}

template <std::size_t index = 0>
Result<void> read_body(std::size_t wanted, const Json& line, Event& event) {
    if constexpr (index + 1 < kEventTypes) {
        if (wanted != index) return read_body<index + 1>(wanted, line, event);
    }
    auto& body = event.body.template emplace<index>();
    if constexpr (!std::is_same_v<std::remove_cvref_t<decltype(body)>, Limits>) {
        TRYV(read_members(line, body));
    }
    take_unknown(line, body, event.extra);
    return ok();
}

Result<void> read_head(const Json& line, Event& event) {
    const auto take = [&line](const char* name, auto& to) -> Result<void> {
        const Json* found = line.find(name);
        if (found == nullptr || found->is_null()) return ok();
        return read(name, *found, to);
    };
    TRYV(take("seq", event.seq.raw));
    TRYV(take("time", event.time));
    TRYV(take("received", event.received));
    TRYV(take("mono", event.mono));
    TRYV(take("venue", event.venue));
    TRYV(take("account", event.account));
    TRYV(take("origin", event.origin));
    TRYV(take("market", event.market));
    TRYV(take("id", event.id));
    TRYV(take("correlation", event.correlation));
    TRYV(take("cause", event.cause));
    TRYV(take("conflicts_with", event.conflicts_with.raw));
    TRYV(take("raw", event.raw));
    std::string encoded;
    TRYV(take("raw_base64", encoded));
    if (!encoded.empty()) {
        TRY(event.raw, from_base64(encoded));
    }
    if (event.account.empty()) event.account = "main";
    return ok();
}

Result<void> read_mode(const Json& line, Event& event) {
    if (!has_mode(type_number(event))) return ok();
    event.mode = Mode::dry_run;
    const Json* found = line.find("mode");
    if (found == nullptr || found->is_null()) return ok();
    TRYV(read("mode", *found, event.mode));
    return event.mode == Mode::none ? Result<void>{bad("mode", "is neither live nor dry_run")}
                                    : ok();
}

}  // namespace

std::string body_json(const Event& event) {
    JsonWriter out;
    std::visit([&out](const auto& body) { write_members(out, body); }, event.body);
    return std::move(out).str();
}

std::string to_json(const Event& event, JsonForm form) {
    const bool full = form == JsonForm::full;
    JsonWriter out;
    out.begin_object();
    write_head(out, event, full);
    std::visit([&out](const auto& body) { write_members(out, body); }, event.body);
    if (full && !event.id.empty()) out.key("id").text(event.id);
    if (!event.correlation.empty()) out.key("correlation").text(event.correlation);
    if (full && event.cause) out.key("cause").number(*event.cause);
    if (!event.extra.empty()) out.key("extra").verbatim("{" + event.extra + "}");
    if (full && event.conflicts_with.raw != 0)
        out.key("conflicts_with").number(event.conflicts_with.raw);
    if (full || std::holds_alternative<Unparsed>(event.body)) write_raw(out, event.raw);
    out.end_object();
    return std::move(out).str();
}

Result<Event> from_json(const Json& line) {
    if (!line.is(Json::Kind::object)) return Error{Errc::malformed, "an event is a JSON object"};
    const Json* type = line.find("type");
    if (type == nullptr || !type->is(Json::Kind::text)) return bad("type", "is missing");
    const auto number = type_by_name(type->text);
    if (!number)
        return bad("type", "is not one this program knows: '" + type->text.substr(0, 40) + "'");
    Event event;
    TRYV(read_head(line, event));
    TRYV(read_body(*number - 1U, line, event));
    TRYV(read_mode(line, event));
    if (auto why = why_invalid(event)) return Error{Errc::malformed, *std::move(why)};
    return event;
}

}  // namespace daybook
