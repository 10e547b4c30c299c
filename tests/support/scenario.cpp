#include "support/scenario.hpp"

#include <algorithm>
#include <array>
#include <map>

#include "schemas/json.hpp"

namespace daybook::test {
namespace {

using Words = std::vector<std::string>;
using Fields = std::vector<std::pair<std::string, std::string>>;

/// The word of a line, the event it stands for, and what follows the word: {fields} of the contract
/// between fixed words. Whatever is left of the line are names of fields, each with its value.
struct Spelling {
    std::string_view word, type, pattern;
};
constexpr std::array<Spelling, 23> kSpellings{{
    {"defined", "market_defined", ""},
    {"resolved", "market_resolved", "{winner}"},
    {"voided", "market_resolved", "{payouts}"},
    {"intent", "order_intent", "{order} {side} {shares} {outcome}"},
    {"status", "order_status", "{order} {status}"},
    {"fill", "fill", "{trade} of {order} {side} {shares} {outcome} for {cost}"},
    {"settled", "fill_settlement", "{trade} of {order} {status}"},
    {"corrected", "fill_correction", "{trade} of {order}"},
    {"merged", "merge", "{pairs}"},
    {"split", "split", "{pairs}"},
    {"redeemed", "redemption", "{cash}"},
    {"transfer", "transfer", "{reason}"},
    {"balance", "balance", "{cash}"},
    {"claim", "claim", "{source} {metric} {value}"},
    {"decision", "decision", "{verdict}"},
    {"guard", "guard", "{rule} {verdict}"},
    {"halt", "halt", "{reason}"},
    {"resume", "resume", "{reason}"},
    {"flag", "flag", "{flag}"},
    {"feed", "feed", "{channel} {state}"},
    {"book", "book", "{outcome}"},
    {"limits", "limits", ""},
    {"note", "note", "{text}"},
}};

Error wrong(std::string what) { return {Errc::malformed, std::move(what)}; }

Result<Words> words_of(std::string_view line) {
    Words words;
    for (std::size_t at = line.find_first_not_of(" \t\r"); at != std::string_view::npos;
         at = line.find_first_not_of(" \t\r", at)) {
        if (line[at] == '#') break;
        const bool quoted = line[at] == '"';
        const std::size_t begin = quoted ? at + 1 : at;
        std::size_t end = line.find_first_of(quoted ? "\"" : " \t\r", begin);
        if (quoted && end == std::string_view::npos) return wrong("a quote is not closed");
        end = std::min(end, line.size());
        words.emplace_back(line.substr(begin, end - begin));
        at = quoted ? end + 1 : end;
    }
    return words;
}

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::ranges::find(names, name) != names.end();
}
bool is_pair(std::string_view field) { return is_one_of(field, {"outcomes", "payouts", "about"}); }
bool is_time(std::string_view field) { return is_one_of(field, {"opens", "closes", "expires"}); }
bool is_list(std::string_view field) { return is_one_of(field, {"aliases", "reasons", "trades"}); }
/// A leg of a decision: outcome, price, shares, and the sequence of the book it was taken from.
bool is_leg(std::string_view field) { return field == "leg"; }
/// Levels of a book, in quotes: price, shares, price, shares …
bool is_levels(std::string_view field) { return is_one_of(field, {"bids", "asks"}); }
bool is_number(std::string_view field) { return is_one_of(field, {"cause", "mono"}); }
bool is_truth(std::string_view field) {
    return is_one_of(field, {"nets", "neg_risk", "accepting", "on"});
}

class Reader {
  public:
    Result<void> read_line(std::string_view text, std::size_t number) {
        line_ = number;
        TRY(Words words, words_of(text));
        if (words.empty()) return ok();
        std::optional<Time> at;
        if (words.front().find_first_of("0123456789") == 0) {
            TRY(at, time_of(words.front()));
            words.erase(words.begin());
            if (words.empty()) return wrong("a time, and nothing behind it");
        }
        const std::string word = words.front();
        words.erase(words.begin());
        if (word == "expect") return expect(at, words);
        return at ? event(*at, word, words) : setting(word, words);
    }

    Scenario finish() && {
        std::ranges::stable_sort(scenario_.events, {}, &ScenarioEvent::time);
        return std::move(scenario_);
    }

  private:
    Result<void> setting(const std::string& word, const Words& words) {
        if (word == "day" && words.size() == 1) {
            day_ = words[0];
        } else if (word == "market" && words.size() == 1) {
            market_ = words[0] == "none" ? "" : words[0];
        } else if (word == "set" && words.size() == 2 && common_.contains(words[0])) {
            common_[words[0]] = words[1];
        } else {
            return wrong("'" + word + "' is neither an event with a time nor a setting");
        }
        return ok();
    }

    /// `expect findings RULE SEVERITY …`: those and no others; nothing behind it: none.
    Result<void> expect_findings(std::optional<Time> at, const Words& words) {
        if (words.size() % 2 != 1) return wrong("expected are rules, each with its severity");
        Expectation expected{
            at, line_, Subject::findings, market_, common_["account"], common_["mode"], {}};
        for (std::size_t i = 1; i < words.size(); i += 2)
            expected.values.emplace_back(words[i], words[i + 1]);
        scenario_.expectations.push_back(std::move(expected));
        return ok();
    }

    Result<void> expect(std::optional<Time> at, Words words) {
        if (!words.empty() && words[0] == "findings") return expect_findings(at, words);
        Expectation expected{
            at, line_, Subject::market, market_, common_["account"], common_["mode"], {}};
        std::size_t taken = 1;
        if (!words.empty() && words[0] == "all") {
            expected.subject = Subject::all;
        } else if (!words.empty() && words[0] == "counts") {
            expected.subject = Subject::counts;
        } else if (words.size() > 1 && words[0] == "order") {
            expected.subject = Subject::order;
            expected.name = words[1];
            taken = 2;
        } else {
            taken = 0;
        }
        words.erase(words.begin(), words.begin() + static_cast<std::ptrdiff_t>(taken));
        if (words.empty() || words.size() % 2 != 0)
            return wrong("expected are names, each with its value");
        for (std::size_t i = 0; i < words.size(); i += 2)
            expected.values.emplace_back(words[i], words[i + 1]);
        scenario_.expectations.push_back(std::move(expected));
        return ok();
    }

    Result<void> event(Time at, const std::string& word, Words words) {
        if (word == "bought" || word == "sold") return deal(at, word == "bought", words);
        const auto* const spelling = std::ranges::find(kSpellings, word, &Spelling::word);
        if (spelling == kSpellings.end()) return wrong("'" + word + "' is no event");
        TRY(const Fields fields, fields_of(spelling->pattern, words));
        return add(at, spelling->type, fields);
    }

    /// `bought` and `sold`: an order that was intended, matched, filled and confirmed.
    Result<void> deal(Time at, bool bought, const Words& words) {
        TRY(const Fields fields, fields_of("{shares} {outcome} for {cost}", words));
        const std::string number = std::to_string(++deals_);
        std::string order = "o" + number;
        for (const auto& [name, value] : fields) {
            if (name == "order") order = value;
        }
        const std::pair<std::string, std::string> named{"order", order},
            trade{"trade", "t" + number}, side{"side", bought ? "buy" : "sell"};
        Fields intent{named, side}, fill{trade, named, side};
        Fields matched{named, {"status", "matched"}, {"raw_status", "matched"}};
        for (const auto& each : fields) {
            const bool of_fill = is_one_of(each.first, {"cost", "fee", "fee_shares", "role", "tx"});
            const bool of_both = is_one_of(each.first, {"shares", "outcome"});
            if (each.first == "order") continue;
            if (of_fill || of_both) fill.push_back(each);
            if (!of_fill) intent.push_back(each);
            if (each.first == "shares") matched.emplace_back("claimed_matched", each.second);
        }
        TRYV(add(at, "order_intent", intent));
        TRYV(add({at.nanos + 180 * kNanosPerMilli}, "order_status", matched));
        TRYV(add({at.nanos + 181 * kNanosPerMilli}, "fill", fill));
        return add({at.nanos + 4 * kNanosPerSecond}, "fill_settlement",
                   {trade, named, {"status", "confirmed"}});
    }

    static Result<Fields> fields_of(std::string_view pattern, const Words& words) {
        Fields fields;
        TRY(const Words places, words_of(pattern));
        std::size_t next = 0;
        const auto take = [&](const std::string& field) -> Result<void> {
            const std::size_t count = is_leg(field) ? 4 : is_pair(field) ? 2 : 1;
            if (next + count > words.size()) return wrong("'" + field + "' has no value");
            for (std::size_t i = 0; i < count; ++i) fields.emplace_back(field, words[next++]);
            return ok();
        };
        for (const std::string& place : places) {
            if (place.front() == '{') {
                TRYV(take(place.substr(1, place.size() - 2)));
            } else if (next >= words.size() || words[next++] != place) {
                return wrong("'" + place + "' is missing");
            }
        }
        while (next < words.size()) {
            const std::string field = words[next++];
            TRYV(take(field));
        }
        return fields;
    }

    Result<void> add(Time at, std::string_view type, const Fields& fields) {
        JsonWriter out;
        out.begin_object().key("time").text(format_time(at)).key("type").text(type);
        if (!market_.empty()) out.key("market").text(market_);
        write_legs(out, fields);
        for (std::size_t i = 0; i < fields.size(); ++i) {
            const auto& [name, value] = fields[i];
            if (is_leg(name)) continue;
            if (name == "profit") {
                out.key("expected").begin_object().key(name).text(value).end_object();
                continue;
            }
            out.key(name);
            if (is_pair(name)) {
                TRYV(write_pair(out, name, value, fields[++i].second));
            } else if (is_time(name)) {
                TRY(const Time time, time_of(value));
                out.text(format_time(time));
            } else if (is_levels(name)) {
                TRYV(write_levels(out, value));
            } else if (is_list(name)) {
                out.begin_array().text(value).end_array();
            } else if (is_number(name)) {
                out.verbatim(value);
            } else if (is_truth(name)) {
                out.boolean(value == "true");
            } else {
                out.text(value);
            }
        }
        for (const auto& [name, value] : common_) out.key(name).text(value);
        out.end_object();
        scenario_.events.push_back({at, line_, std::move(out).str()});
        return ok();
    }

    static void write_legs(JsonWriter& out, const Fields& fields) {
        std::vector<std::string> said;
        for (const auto& [name, value] : fields) {
            if (is_leg(name)) said.push_back(value);
        }
        if (said.empty()) return;
        out.key("legs").begin_array();
        for (std::size_t i = 0; i + 3 < said.size(); i += 4) {
            out.begin_object().key("outcome").text(said[i]).key("price").text(said[i + 1]);
            out.key("shares").text(said[i + 2]);
            if (said[i + 3] != "-") out.key("book_seq").verbatim(said[i + 3]);
            out.end_object();
        }
        out.end_array();
    }

    static Result<void> write_levels(JsonWriter& out, const std::string& text) {
        TRY(const Words words, words_of(text));
        if (words.size() % 2 != 0) return wrong("a level is a price and shares");
        out.begin_array();
        for (std::size_t i = 0; i < words.size(); i += 2)
            out.begin_array().text(words[i]).text(words[i + 1]).end_array();
        out.end_array();
        return ok();
    }

    Result<void> write_pair(JsonWriter& out, std::string_view name, const std::string& first,
                            const std::string& second) const {
        if (name == "about") {
            TRY(const Time from, time_of(first));
            TRY(const Time to, time_of(second));
            out.begin_object().key("from").text(format_time(from));
            out.key("to").text(format_time(to)).end_object();
            return ok();
        }
        out.begin_array();
        for (const std::string& each : {first, second}) {
            if (name == "outcomes") {
                out.begin_object().key("name").text(each).end_object();
            } else {
                out.text(each);
            }
        }
        out.end_array();
        return ok();
    }

    /// "14:31", "14:31:00.180" of the day, or a whole RFC 3339 time.
    [[nodiscard]] Result<Time> time_of(const std::string& text) const {
        if (text.find('T') != std::string::npos) return parse_time(text);
        if (day_.empty()) return wrong("no day was said before this time");
        const bool minutes = std::ranges::count(text, ':') == 1;
        return parse_time(day_ + "T" + text + (minutes ? ":00Z" : "Z"));
    }

    Scenario scenario_;
    std::size_t line_{};
    std::string day_, market_;
    std::map<std::string, std::string> common_{
        {"venue", "polymarket"}, {"account", "main"}, {"mode", "live"}, {"origin", "import"}};
    int deals_{};  ///< bought and sold so far
};

}  // namespace

Result<Scenario> read_scenario(std::string_view text) {
    Reader reader;
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        if (const auto read = reader.read_line(text.substr(0, end), number); !read) {
            return wrong("line " + std::to_string(number) + ": " + read.error().detail);
        }
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return std::move(reader).finish();
}

}  // namespace daybook::test
