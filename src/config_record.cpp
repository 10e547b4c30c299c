// [record.polymarket] and [record.kalshi] of daybook.toml.
#include <algorithm>
#include <array>

#include "src/config_parts.hpp"

namespace daybook::config {
namespace {

using Names = std::vector<std::string>;

struct Text {
    std::string_view name;
    std::string RecordWish::*member;
};
struct List {
    std::string_view name;
    Names RecordWish::*member;
};
constexpr std::array kTexts{Text{"window", &RecordWish::window},
                            Text{"credentials", &RecordWish::credentials},
                            Text{"ca", &RecordWish::ca},
                            Text{"endpoint_ws", &RecordWish::endpoint_ws},
                            Text{"endpoint_rest", &RecordWish::endpoint_rest},
                            Text{"endpoint_prices", &RecordWish::endpoint_prices}};
constexpr std::array kLists{List{"assets", &RecordWish::assets},
                            List{"markets", &RecordWish::markets},
                            List{"slugs", &RecordWish::slugs}, List{"series", &RecordWish::series}};

constexpr std::array<std::string_view, 2> kVenues{"kalshi", "polymarket"};
constexpr std::array<std::string_view, 10> kOfPolymarket{
    "assets",      "ca",      "credentials", "endpoint_prices", "endpoint_rest",
    "endpoint_ws", "markets", "silence",     "slugs",           "window"};
constexpr std::array<std::string_view, 7> kOfKalshi{
    "ca", "credentials", "endpoint_rest", "endpoint_ws", "markets", "series", "silence"};

Result<void> take_list(const toml::table& table, const std::string& within, const List& list,
                       RecordWish& wish) {
    const toml::node* const node = table.get(list.name);
    if (node == nullptr) return ok();
    const std::string remedy = "write " + std::string{list.name} + R"( = ["…", "…"])";
    const std::string setting = "'" + within + std::string{list.name} + "'";
    const toml::array* const array = node->as_array();
    if (array == nullptr) return at(node->source(), setting + " is no list", remedy);
    for (const toml::node& each : *array) {
        const auto text = each.value_exact<std::string>();
        if (!text) return at(each.source(), "an entry of " + setting + " is no text", remedy);
        (wish.*list.member).push_back(*text);
    }
    return ok();
}

Result<void> take_silence(const toml::table& table, const std::string& within, RecordWish& wish) {
    const std::string form = "a number of seconds from 1 to 3600";
    TRYV(take(table, within, "silence", form, wish.silence_s));
    if (!wish.silence_s || (*wish.silence_s >= 1 && *wish.silence_s <= 3600)) return ok();
    return at(table.get("silence")->source(), "'" + within + "silence' is not " + form,
              "write " + form);
}

Result<RecordWish> read_venue(const std::string& venue, const toml::table& table) {
    const std::string within = "record." + venue + '.';
    if (venue == "kalshi") {
        TRYV(know_all(table, within, kOfKalshi));
    } else {
        TRYV(know_all(table, within, kOfPolymarket));
    }
    RecordWish wish;
    wish.venue = venue;
    for (const List& list : kLists) {
        TRYV(take_list(table, within, list, wish));
    }
    for (const Text& text : kTexts) {
        std::optional<std::string> value;
        TRYV(take(table, within, text.name, "text in quotes", value));
        if (value) wish.*text.member = *value;
    }
    TRYV(take_silence(table, within, wish));
    const bool names_markets =
        std::ranges::any_of(kLists, [&](const List& list) { return !(wish.*list.member).empty(); });
    if (names_markets) return wish;
    return at(table.source(), "[record." + venue + "] names no market",
              venue == "kalshi" ? R"(write markets = ["…"] or series = ["…"] below it)"
                                : R"(write assets = ["BTC"], markets or slugs below it)");
}

}  // namespace

Result<std::vector<RecordWish>> read_record(const toml::table& whole) {
    std::vector<RecordWish> wishes;
    const toml::node* const node = whole.get("record");
    if (node == nullptr) return wishes;
    const std::string remedy = "write [record.polymarket] or [record.kalshi]";
    if (!node->is_table()) return at(node->source(), "'record' is no table", remedy);
    TRYV(know_all(*node->as_table(), "record.", kVenues));
    for (const auto& [name, venue] : *node->as_table()) {
        const std::string text{name.str()};
        if (!venue.is_table())
            return at(venue.source(), "'record." + text + "' is no table", remedy);
        TRY(wishes.emplace_back(), read_venue(text, *venue.as_table()));
    }
    return wishes;
}

}  // namespace daybook::config
