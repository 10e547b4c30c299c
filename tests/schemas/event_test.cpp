#include "schemas/event.hpp"

#include <functional>
#include <set>

#include "schemas/codec.hpp"
#include "schemas/event_json.hpp"
#include "schemas/fields.hpp"
#include "schemas/print.hpp"
#include "support/catch.hpp"

using namespace daybook;

namespace {

Event parsed(std::string_view line) {
    const auto json = parse_json(line);
    REQUIRE(json.has_value());
    auto event = from_json(json.value());
    INFO(line << (event ? "" : event.error().detail));
    REQUIRE(event.has_value());
    return std::move(event).value();
}

std::string refusal(std::string_view line) {
    const auto json = parse_json(line);
    if (!json) return json.error().detail;
    const auto event = from_json(json.value());
    return event ? "" : event.error().detail;
}

/// One line of every type, with every field of the contract filled.
const std::vector<std::string>& every_type() {
    static const std::string head =
        R"("time":"2025-12-13T14:29:30Z","venue":"polymarket","account":"second","market":"m",)";
    static const std::vector<std::string> bodies{
        R"("type":"market_defined","title":"BTC","asset":"BTC","event":"e","aliases":["a","b"],"outcomes":[{"name":"Up","token":"1"},{"name":"Down","token":"2"}],"opens":"2025-12-13T14:30:00Z","closes":"2025-12-13T14:45:00Z","strike":"76568.780000000000000001","tick":"0.01","min_shares":"5","fee":{"rate":"0.072","exponent":1,"taker_only":true,"collected":"shares"},"nets":false,"neg_risk":true)",
        R"("type":"market_changed","tick":"0.001","old_tick":"0.01","fee":{"rate":"0.07","exponent":2,"taker_only":false,"collected":"cash"},"accepting":false,"outcome":"1")",
        R"("type":"market_resolved","payouts":["0.5","0.5"],"winner":"Up","evidence":"page")",
        R"("type":"book","outcome":"Up","bids":[["0.4","10"],["0.41","2.5"]],"asks":[],"hash":"ab","stream":"sid:1","stream_seq":7)",
        R"("type":"book_change","outcome":"Up","changes":[["buy","0.4","0"]],"deltas":[["sell","0.4","-3"]],"hash":"ab","stream":"s","stream_seq":8)",
        R"("type":"quote","outcome":"Up","bid":null,"ask":"0.5","bid_shares":"1","ask_shares":"2","bid_depth":"3","ask_depth":"4")",
        R"("type":"trade","outcome":"Up","side":"sell","price":"0.491","shares":"85.36","tx":"0x1")",
        R"("type":"price","asset":"BTC","price":"76568.78")",
        R"("type":"feed","channel":"market","state":"gap","detail":"d","outcome":"Up","stream":"sid:1")",
        R"("type":"order_intent","mode":"live","order":"o","outcome":"Up","side":"buy","price":"0.53","shares":"13.95","tif":"GTC","purpose":"unwind","group":"g")",
        R"("type":"order_status","mode":"live","order":"o","venue_order":"v","status":"live","raw_status":"LIVE","claimed_matched":"1","claimed_cost":"0.5","reason":"r","trades":["t"],"tx":"0x","outcome":"Up","side":"buy","price":"0.53","shares":"2","tif":"GTC")",
        R"("type":"fill","mode":"live","trade":"t","order":"o","outcome":"Up","side":"buy","shares":"13.95","cost":"7.3935","fee":"0.01","fee_shares":"0.1","role":"taker","tx":"0x")",
        R"("type":"fill_settlement","mode":"live","trade":"t","order":"o","status":"failed","reason":"r")",
        R"("type":"fill_correction","mode":"live","trade":"t","order":"o","shares":"1","cost":"2","fee":"0","fee_shares":"0","why":"w")",
        R"("type":"merge","mode":"live","pairs":"3","tx":"0x")",
        R"("type":"split","mode":"live","pairs":"3","tx":"0x")",
        R"("type":"redemption","mode":"live","cash":"9.43","outcome":"Up","shares":"9.43","tx":"0x")",
        R"("type":"transfer","mode":"live","cash":"-1","outcome":"Up","shares":"-2","basis":"0.5","reason":"withdrawal","tx":"0x")",
        R"("type":"balance","mode":"dry_run","cash":"10.070772","shares":{"Up":"1","Down":"2"})",
        R"("type":"decision","mode":"live","group":"g","verdict":"go","reasons":["a"],"legs":[{"outcome":"Up","price":"0.5","shares":"1","book_seq":4}],"expected":{"pair_cost":"0.98","hedge_ratio":"1","profit":"-0.02"})",
        R"("type":"guard","mode":"live","group":"g","rule":"hedge","verdict":"deny","actual":"0.5","threshold":"0.8")",
        R"("type":"claim","mode":"live","source":"dashboard","metric":"pnl","value":"13.00","outcome":"Up","order":"o","group":"g","about":{"from":"2025-12-13T05:00:00Z","to":"2025-12-14T05:00:00Z"})",
        R"("type":"halt","scope":"all","reason":"r","by":"me")",
        R"("type":"resume","scope":"all","reason":"r","by":"me")",
        R"("type":"flag","flag":"directional","on":true,"expires":"2025-12-14T05:00:00Z","by":"me","reason":"r")",
        R"("type":"limits","min_hedge_ratio":"0.8","fill_timeout_ms":"5000")",
        R"("type":"epoch","name":"after-fixes")",
        R"("type":"note","text":"n")",
        R"("type":"log","level":"info","text":"l")",
        R"("type":"unparsed","why":"w","part":3,"last":true,"raw":"\u0001{")",
        R"("type":"recorder_started","version":"1","detail":"d")",
        R"("type":"recorder_stopped","reason":"r")",
        R"("type":"recovered","file":"f","offset":1,"bytes":2,"quarantine":"q")",
        R"("type":"model_calibrated","model":"m","value":"0.4","detail":"d")",
        R"("type":"lost","file":"00000001.segment","offset":9000,"why":"w")"};
    static const std::vector<std::string> lines = [] {
        std::vector<std::string> all;
        for (const auto& body : bodies) {
            all.push_back(
                "{" + head + body +
                R"(,"id":"i","correlation":"c","cause":3,"received":"2025-12-13T14:29:31Z","mono":12,"x":1.50,"y":{"z":[null]}})");
        }
        return all;
    }();
    return lines;
}

}  // namespace

TEST_CASE("every event type of the catalogue reads from its JSON line", "[schemas][event]") {
    std::set<std::uint16_t> seen;
    for (const std::string& line : every_type()) seen.insert(type_number(parsed(line)));
    CHECK(seen.size() == kEventTypes);
}

TEST_CASE("the JSON form loses nothing: written and read again it is the same event",
          "[schemas][json][law]") {
    for (const std::string& line : every_type()) {
        const Event event = parsed(line);
        const std::string written = to_json(event);
        INFO(written);
        CHECK(parsed(written) == event);
        CHECK(to_json(parsed(written)) == written);
    }
}

TEST_CASE("the payload loses nothing: encoded and decoded it is the same event",
          "[schemas][codec][law]") {
    Encoder encoder;
    for (const std::string& line : every_type()) {
        Event event = parsed(line);
        event.seq = {9};
        event.occurrence = 2;
        event.conflicts_with = {4};
        event.raw = std::string{"\0\xff raw", 6};
        const auto decoded = decode(encoder.encode(event, true),
                                    {event.seq, *event.received, type_number(event), event.mode});
        REQUIRE(decoded.has_value());
        CHECK(decoded.value() == event);
    }
}

TEST_CASE("a payload leaves the market to the key when asked", "[schemas][codec]") {
    Encoder encoder;
    Event event = parsed(every_type().front());
    const auto decoded =
        decode(encoder.encode(event, false), {{}, *event.received, type_number(event), event.mode});
    CHECK(decoded.value().market.empty());
    CHECK(decoded.value().venue.empty());
}

TEST_CASE("a payload with any byte changed decodes to an error or to some event, never to a crash",
          "[schemas][codec]") {
    Encoder encoder;
    const Event event = parsed(every_type()[11]);
    const auto bytes = encoder.encode(event, true);
    std::vector<std::byte> copy{bytes.begin(), bytes.end()};
    for (std::size_t i = 0; i < copy.size(); ++i) {
        for (const unsigned flip : {0x01U, 0x80U, 0xFFU}) {
            const std::byte kept = copy[i];
            copy[i] ^= static_cast<std::byte>(flip);
            const auto decoded =
                decode(copy, {{1}, *event.received, type_number(event), event.mode});
            if (decoded) CHECK_FALSE(print(decoded.value()).empty());
            copy[i] = kept;
        }
        const auto cut = decode(std::span{copy}.first(i),
                                {{1}, *event.received, type_number(event), event.mode});
        if (cut) CHECK_FALSE(print(cut.value()).empty());
    }
}

TEST_CASE("a side no program knows is corrupt, inside a list of changes too", "[schemas][codec]") {
    Event event;
    BookChange change;
    change.outcome = "Up";
    change.changes = {{{1}, {1}, static_cast<Side>(9)}};
    event.body = change;
    Encoder encoder;
    const auto decoded =
        decode(encoder.encode(event, true), {{1}, Time{1}, type_number(event), Mode::none});
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().code == Errc::corrupt);
}

TEST_CASE("a payload of another type than its frame says is corrupt, of an unknown type newer",
          "[schemas][codec]") {
    Encoder encoder;
    const Event event = parsed(every_type().front());
    const auto bytes = encoder.encode(event, true);
    CHECK(decode(bytes, {{1}, {}, 2, Mode::none}).error().code == Errc::corrupt);
    CHECK(decode(bytes, {{1}, {}, kEventTypes + 1, Mode::none}).error().code == Errc::newer);
}

TEST_CASE("a line that cannot be an event is refused with its reason", "[schemas][json]") {
    const auto [line, why] = GENERATE(table<const char*, const char*>({
        {R"({"type":"fill","time":)", "not JSON"},
        {R"([1])", "an event is a JSON object"},
        {R"({"a":1})", "'type' is missing"},
        {R"({"type":"teleport"})", "'type' is not one this program knows"},
        {R"({"type":"fill","venue":"v","market":"m","trade":"t","order":"o","outcome":"Up","side":"buy","cost":"1"})",
         "'shares' is missing"},
        {R"({"type":"fill","venue":"v","market":"m","trade":"t","order":"o","outcome":"Up","side":"buy","shares":"-1","cost":"1"})",
         "'shares' is negative"},
        {R"({"type":"fill","venue":"v","market":"m","trade":"t","order":"o","outcome":"Up","side":"buy","shares":"1000000000.000001","cost":"1"})",
         "'shares' is beyond a billion"},
        {R"({"type":"fill","venue":"v","market":"m","trade":"t","order":"o","outcome":"Up","side":"buy","shares":123456789012345678901234567890,"cost":"1"})",
         "number too large"},
        {R"({"type":"fill","venue":"v","market":"m","trade":"t","order":"o","outcome":"Up","side":"buy","shares":"0.0000001","cost":"1"})",
         "more than 6 decimals"},
        {R"({"type":"fill","venue":"v","market":"m","trade":"t","order":"o","outcome":"Up","side":"up","shares":"1","cost":"1"})",
         "'side' is not one this program knows"},
        {R"({"type":"fill","venue":"v","market":"m","trade":7,"order":"o","outcome":"Up","side":"buy","shares":"1","cost":"1"})",
         "'trade' is no text"},
        {R"({"type":"order_status","venue":"v","market":"m","order":"o","status":"filed"})",
         "'status' is not one this program knows"},
        {R"({"type":"order_intent","venue":"v","market":"m","order":"o","price":"1.01"})",
         "'price' is outside [0, 1]"},
        {R"({"type":"quote","venue":"v","outcome":"Up","bid":"0.5"})", "'market' is missing"},
        {R"({"type":"quote","market":"m","outcome":"Up","bid":"0.5"})", "'venue' is missing"},
        {R"({"type":"price","asset":"BTC","price":NaN})", "not JSON"},
        {R"({"type":"price","asset":"BTC","price":Infinity})", "not JSON"},
        {"{\"type\":\"note\",\"text\":\"\xff\"}", "not JSON"},
        {R"({"type":"note","text":"a","time":"yesterday"})", "not an RFC 3339 time"},
        {R"({"type":"market_defined","venue":"v","market":"m","outcomes":[{"name":"A"},{"name":"B"},{"name":"C"}]})",
         "exactly two"},
    }));
    INFO(line);
    CHECK_THAT(refusal(line), test::contains(why));
}

TEST_CASE("mode belongs to orders, fills, wallet, decisions, guards and claims; default is dry_run",
          "[schemas][json]") {
    CHECK(parsed(R"({"type":"note","text":"a","mode":"live"})").mode == Mode::none);
    CHECK(parsed(R"({"type":"balance","cash":"1"})").mode == Mode::dry_run);
    CHECK(parsed(R"({"type":"balance","cash":"1","mode":"live"})").mode == Mode::live);
}

TEST_CASE("unknown fields of a line are kept as they were written", "[schemas][json]") {
    const Event event = parsed(R"({"type":"note","text":"a","fee":1.50,"extra":{"q":[1e3]}})");
    CHECK(event.extra == R"("fee":1.50,"q":[1e3])");
    CHECK(
        to_json(event) ==
        R"({"type":"note","account":"main","origin":"bot","text":"a","extra":{"fee":1.50,"q":[1e3]}})");
}

TEST_CASE("bytes that are not UTF-8 come out as base64 and go in again", "[schemas][json]") {
    Event event = parsed(R"({"type":"unparsed","why":"w"})");
    event.raw = "\xff\xfe\x01";
    CHECK_THAT(to_json(event), test::contains(R"("raw_base64":"//4B")"));
    CHECK(parsed(to_json(event)).raw == event.raw);
}

TEST_CASE("one event is one line of text, control characters and all", "[schemas][print]") {
    Event event = parsed(
        R"({"type":"note","text":"a\nb\u001b[31m","time":"2025-12-13T14:29:30Z","origin":"import"})");
    event.seq = {7};
    CHECK(print(event) == "7 2025-12-13T14:29:30Z note text=\"a\\nb\\u001b[31m\"");
    CHECK(
        print(parsed(
            R"({"type":"fill","venue":"v","market":"btc","mode":"dry_run","trade":"t","order":"o","outcome":"Up","side":"buy","shares":"9.430","cost":"5"})")) ==
        "- - fill dry_run btc trade=t order=o outcome=Up side=buy shares=9.43 cost=5");
}

namespace {
template <class Ours, class Wire>
void same_numbers(const Wire& values, const char* const* names) {
    REQUIRE(EnumText<Ours>::names.size() == std::size(values));
    for (std::size_t i = 0; i < std::size(values); ++i) {
        std::string name = names[static_cast<std::size_t>(values[i])];
        if (name.ends_with('_')) name.pop_back();  // C++ keywords
        CHECK(EnumText<Ours>::names[i] == name);
    }
}
template <std::size_t index>
void same_type_name() {
    using T = std::variant_alternative_t<index, Body>;
    std::string snake;
    for (const char c : std::string{fb::EnumNamesBody()[index + 1]}) {
        if (c >= 'A' && c <= 'Z' && !snake.empty()) snake.push_back('_');
        snake.push_back(static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c));
    }
    if (std::is_same_v<T, ReferencePrice>) snake = "price";
    CHECK(type_name(index + 1) == snake);
    CHECK(std::string{fb::EnumNamesBody()[index + 1]} ==
          std::string{fb::BodyTraits<typename Fields<T>::Wire>::enum_value ==
                              static_cast<fb::Body>(index + 1)
                          ? fb::EnumNamesBody()[index + 1]
                          : "?"});
}
}  // namespace

TEST_CASE("enums and types carry the numbers of the schema file", "[schemas][event]") {
    same_numbers<Origin>(fb::EnumValuesOrigin(), fb::EnumNamesOrigin());
    same_numbers<Side>(fb::EnumValuesSide(), fb::EnumNamesSide());
    same_numbers<Purpose>(fb::EnumValuesPurpose(), fb::EnumNamesPurpose());
    same_numbers<OrderStatusCode>(fb::EnumValuesOrderStatusCode(), fb::EnumNamesOrderStatusCode());
    same_numbers<SettlementStatus>(fb::EnumValuesSettlementStatus(),
                                   fb::EnumNamesSettlementStatus());
    same_numbers<Role>(fb::EnumValuesRole(), fb::EnumNamesRole());
    same_numbers<FeedState>(fb::EnumValuesFeedState(), fb::EnumNamesFeedState());
    same_numbers<Collected>(fb::EnumValuesCollected(), fb::EnumNamesCollected());
    same_numbers<Verdict>(fb::EnumValuesVerdict(), fb::EnumNamesVerdict());
    same_numbers<TransferReason>(fb::EnumValuesTransferReason(), fb::EnumNamesTransferReason());
    [&]<std::size_t... i>(std::index_sequence<i...>) { (same_type_name<i>(), ...); }
    (std::make_index_sequence<kEventTypes>{});
}
