// What comes in broken: kept as it came, told, and never in the way of what comes behind it.
#include <algorithm>
#include <fstream>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const std::string kNote = R"({"type":"note","text":"fine"})";

std::string fill(const std::string& members) {
    return R"({"type":"fill","venue":"v","mode":"live","market":"m","trade":"t","order":"o",)"
           R"("outcome":"Up","side":"buy",)" +
           members + "}";
}
std::string quote(const std::string& bid) {
    return R"({"type":"quote","venue":"v","market":"m","outcome":"Up","bid":)" + bid +
           R"(,"ask":null})";
}

struct Bad {
    const char* what;
    std::string line;
    const char* reason;  ///< a word of `why`
};

const std::vector<Bad> kBad{
    {"truncated JSON", R"({"type":"note","text":"half)", "JSON"},
    {"text that is no JSON", "hello", "JSON"},
    {"a JSON array", R"([1,2])", "object"},
    {"bytes behind the value", kNote + "x", "JSON"},
    {"no type", R"({"text":"x"})", "type"},
    {"an unknown event type", R"({"type":"explosion"})", "explosion"},
    {"a type that is a number", R"({"type":7})", "type"},
    {"a text that is a number", R"({"type":"note","text":7})", "text"},
    {"shares that are an object", fill(R"("shares":{},"cost":"1")"), "shares"},
    {"shares that are a word", fill(R"("shares":"many","cost":"1")"), "shares"},
    {"shares left out", fill(R"("cost":"1")"), "shares"},
    {"NaN as a word", fill(R"("shares":NaN,"cost":"1")"), "JSON"},
    {"NaN as a text", fill(R"("shares":"NaN","cost":"1")"), "shares"},
    {"Infinity as a word", fill(R"("shares":Infinity,"cost":"1")"), "JSON"},
    {"Infinity as a text", fill(R"("shares":"-Infinity","cost":"1")"), "shares"},
    {"a negative size", fill(R"("shares":"-1","cost":"1")"), "shares"},
    {"a size of 30 digits", fill(R"("shares":"123456789012345678901234567890","cost":"1")"),
     "shares"},
    {"a size of 30 digits as a number",
     fill(R"("shares":123456789012345678901234567890,"cost":"1")"), "shares"},
    {"a size with 7 decimals", fill(R"("shares":"1.0000001","cost":"1")"), "decimals"},
    {"a negative cost", fill(R"("shares":"1","cost":"-1")"), "cost"},
    {"a price above 1", quote(R"("1.01")"), "bid"},
    {"a price below 0", quote(R"("-0.01")"), "bid"},
    {"an unknown side", R"({"type":"order_intent","order":"o","market":"m","side":"hold"})",
     "side"},
    {"an unknown status text",
     R"({"type":"order_status","order":"o","market":"m","status":"vanished"})", "vanished"},
    {"a mode that is none of both",
     R"({"type":"claim","source":"s","metric":"pnl","value":"1",)"
     R"("mode":"paper"})",
     "mode"},
    {"a time that is none", R"({"type":"note","text":"x","time":"yesterday"})", "time"},
    {"a time with a day too many", R"({"type":"note","text":"x","time":"2025-02-30T00:00:00Z"})",
     "time"},
    {"a cause that is not recorded", R"({"type":"note","text":"x","cause":999})", "cause"},
    {"JSON too deep", std::string(200, '[') + std::string(200, ']'), "JSON"},
    {"invalid UTF-8", "{\"type\":\"note\",\"text\":\"\xff\xfe\"}", "JSON"},
    {"a lone continuation byte", "\x80", "JSON"},
    {"a zero byte", std::string("{\"type\":\"note\",\"text\":\"a\0b\"}", 28), "JSON"},
};

std::string base64(std::string_view bytes) {
    constexpr std::string_view kDigits =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = (group << 8U) |
                    (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += i + j > bytes.size() ? '=' : kDigits[(group >> (18U - 6U * j)) & 63U];
        }
    }
    return out;
}

/// The bytes that an `unparsed` event kept.
bool kept(const Json& event, const std::string& line) {
    if (event.find("raw") != nullptr) return event.text_of("raw") == line;
    return event.text_of("raw_base64") == base64(line);
}

/// Every place where the bytes occur: files of the data directory by name.
std::vector<std::string> files_with(const DataDirectory& data, const std::string& bytes) {
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator{data.path()}) {
        if (entry.is_regular_file() && read_file(entry.path()).find(bytes) != std::string::npos)
            found.push_back(entry.path().filename());
    }
    return found;
}

}  // namespace

TEST_CASE("every bad line is kept once with its bytes and a reason, and the next one is read",
          "[program][bad]") {
    const DataDirectory data;
    std::string input;
    for (const Bad& bad : kBad) input += bad.line + '\n' + kNote + '\n';
    const Json tally = data.ingest(input, {}, 6);
    CHECK(tally.text_of("unparsed") == std::to_string(kBad.size()));
    CHECK(tally.text_of("accepted") == std::to_string(kBad.size()));
    const auto events = data.stream({"query", "events"});
    REQUIRE(events.size() == 2 * kBad.size());
    for (std::size_t i = 0; i < kBad.size(); ++i) {
        const Json& event = events[2 * i];
        CAPTURE(kBad[i].what, event.text_of("why"));
        CHECK(event.text_of("type") == "unparsed");
        CHECK(kept(event, kBad[i].line));
        CHECK(event.text_of("why").find(kBad[i].reason) != std::string::npos);
        CHECK(events[2 * i + 1].text_of("text") == "fine");
    }
    CHECK(data.ask({"verify"}).text_of("events") == std::to_string(2 * kBad.size()));
    CHECK(data.run({"query", "positions"}).exit == 4);  // nothing of it became a position
}

TEST_CASE("a bad line read twice is the same bad line", "[program][bad]") {
    const DataDirectory data;
    data.ingest("hello\n", {}, 6);
    const Json again = data.ingest("hello\n");
    CHECK(again.text_of("duplicate") == "1");
    CHECK(again.text_of("unparsed") == "0");
}

TEST_CASE("a fill of a market and outcome nobody defined is accepted and shown", "[program][bad]") {
    const DataDirectory data;
    data.ingest(fill(R"("shares":"2","cost":"1")") + '\n');
    const auto fills = rows(data.ask({"query", "fills"}), "fills");
    REQUIRE(fills.size() == 1);
    CHECK(fills[0].text_of("market") == "m");
    CHECK(fills[0].text_of("outcome") == "Up");
    const auto positions = rows(data.ask({"query", "positions"}), "positions");
    REQUIRE(positions.size() == 1);
    CHECK(positions[0].text_of("market") == "m");
    CHECK(data.ask({"query", "pnl"}).text_of("bought") == "1");

    const DataDirectory stranger;  // an outcome that not even the usual names tell
    stranger.ingest(R"({"type":"fill","venue":"v","mode":"live","market":"m","trade":"t",)"
                    R"("order":"o","outcome":"Purple","side":"buy","shares":"2","cost":"1"})"
                    "\n");
    CHECK(rows(stranger.ask({"query", "fills"}), "fills")[0].text_of("outcome") == "Purple");
}

TEST_CASE("a line of 20 MB is kept in parts and counted once", "[program][bad]") {
    const DataDirectory data;
    const std::string line = R"({"type":"note","text":")" + std::string(20'000'000, 'x') + R"("})";
    const Json tally = data.ingest(kNote + '\n' + line + '\n' + kNote + '\n', {}, 6);
    CHECK(tally.text_of("unparsed") == "1");
    CHECK(tally.text_of("accepted") == "2");
    CHECK(tally.text_of("lines") == "3");
    std::string whole;
    std::size_t part = 0, last = 0;
    for (const Json& event : data.stream({"query", "events", "--type", "unparsed"})) {
        CHECK(event.text_of("part") == std::to_string(part++));
        if (member(event, "last").truth) ++last;
        whole += event.text_of("raw");
    }
    CHECK(whole == line);
    CHECK(last == 1);
}

TEST_CASE("a long line that ends where a part ends is counted once", "[program][bad]") {
    for (const std::size_t length : {(std::size_t{1} << 20U) + 1, std::size_t{2} << 20U,
                                     (std::size_t{2} << 20U) + 1, (std::size_t{3} << 20U) - 1}) {
        CAPTURE(length);
        const DataDirectory data;
        const Json tally = data.ingest(std::string(length, 'x') + '\n' + kNote + '\n', {}, 6);
        CHECK(tally.text_of("unparsed") == "1");
        CHECK(tally.text_of("accepted") == "1");
        std::size_t bytes = 0;
        for (const Json& event : data.stream({"query", "events", "--type", "unparsed"}))
            bytes += event.text_of("raw").size();
        CHECK(bytes == length);
    }
}

TEST_CASE("no credential reaches a file or an answer", "[program][bad]") {
    const std::string secret = "K3Y-4242-TOPSECRET";
    const std::vector<std::string> lines{
        R"({"type":"note","text":"x","apiKey":")" + secret + "\"}",
        R"({"type":"note","text":"apiKey=)" + secret + "\"}",
        R"({"type":"log","level":"info","text":"POLY_API_KEY: )" + secret + "\"}",
        R"({"type":"note","text":"x","extra":{"secret":")" + secret + "\"}}",
        R"({"type":"note","text":"x","raw":"{\"passphrase\":\")" + secret + "\\\"}\"}",
        R"({"type":"order_status","order":"o","market":"m","status":"rejected","reason":")"
        R"(Authorization: Bearer )" +
            secret + "\"}",
        R"({"type":"nonsense","signature":")" + secret + "\"}",
        R"({"type":"note","private_key":")" + secret,
        R"({"auth":{"apiKey":"a","secret":")" + secret + R"("},"type":"user"})",
        "KALSHI-ACCESS-SIGNATURE: " + secret,
    };
    std::string input;
    for (const std::string& line : lines) input += line + '\n';
    for (const Words& options :
         {Words{}, Words{"--venue", "polymarket"}, Words{"--venue", "kalshi"}}) {
        CAPTURE(options);
        const DataDirectory data;
        Words words{"ingest", "-", "--json"};
        words.insert(words.end(), options.begin(), options.end());
        const Ran ran = data.run(words, input);
        CHECK((ran.exit == 0 || ran.exit == 6));
        CHECK((ran.out + ran.err).find(secret) == std::string::npos);
        CHECK(files_with(data, secret) == std::vector<std::string>{});
        for (const Words& question :
             {Words{"dump"}, Words{"query", "events"}, Words{"query", "orders"}, Words{"tail"}}) {
            CHECK(data.run(question).out.find(secret) == std::string::npos);
        }
    }
}

TEST_CASE("no credential reaches a file, wherever a long line is cut", "[program][bad]") {
    const std::string secret = "K3Y-4242-TOPSECRET";
    const std::string member = R"("apiKey": ")" + secret + "\"";
    for (const std::size_t cut : {std::size_t{1} << 20U, std::size_t{1000} * 1024}) {
        for (const std::size_t before : {std::size_t{3}, std::size_t{9}, std::size_t{15}}) {
            CAPTURE(cut, before);
            const std::string head = R"({"text":")";
            const std::string line = head + std::string(cut - before - head.size() - 2, 'x') +
                                     "\"," + member + R"(,"tail":")" + std::string(2'000'000, 'y') +
                                     "\"}";
            const DataDirectory data;
            data.ingest(line + '\n', {}, 6);
            CHECK(files_with(data, secret) == std::vector<std::string>{});
            CHECK(files_with(data, secret.substr(5)) == std::vector<std::string>{});
            CHECK(data.run({"dump"}).out.find(secret.substr(5)) == std::string::npos);
        }
    }
}

TEST_CASE("inputs that are no lines end with a code of their own", "[program][bad]") {
    const DataDirectory data;
    const TemporaryFolder folder;
    SECTION("an empty file is nothing, and no failure") {
        const std::string file = folder.path() / "empty";
        std::ofstream{file};
        const Ran ran = data.run({"ingest", file});
        CHECK(ran.exit == 0);
        CHECK(ran.err.find("empty") != std::string::npos);
    }
    SECTION("blank lines are nothing") {
        CHECK(data.ingest("\n \r\n\t\n").text_of("lines") == "0");
    }
    SECTION("a last line without its end is a line") {
        CHECK(data.ingest(kNote).text_of("accepted") == "1");
    }
    SECTION("lines may end as on Windows, behind a byte order mark") {
        CHECK(data.ingest("\xEF\xBB\xBF" + kNote + "\r\n" + kNote + "\r\n").text_of("accepted") ==
              "2");
    }
    SECTION("a folder is no file") {
        const Ran ran = data.run({"ingest", folder.path()});
        CHECK(ran.exit == 2);
        CHECK(ran.err.find("directory") != std::string::npos);
    }
    SECTION("a file that is not there is told") {
        const Ran ran = data.run({"ingest", folder.path() / "none.jsonl"});
        CHECK(ran.exit == 1);
        CHECK(ran.err.find("none.jsonl") != std::string::npos);
    }
    SECTION("a venue nobody knows is a usage error") {
        CHECK(data.run({"ingest", "--venue", "nasdaq", "-"}, kNote).exit == 2);
    }
}

TEST_CASE("a data directory that is not there is told, with what to do", "[program][bad]") {
    const TemporaryFolder folder;
    const std::string none = folder.path() / "none";
    for (const Words& words : {Words{"query", "positions"}, Words{"ingest", "-"}, Words{"tail"},
                               Words{"verify"}, Words{"projections", "list"}, Words{}}) {
        CAPTURE(words);
        Words all{program("daybook"), "--data", none};
        all.insert(all.end(), words.begin(), words.end());
        const Ran ran = run(all, kNote);
        CHECK(ran.exit == 1);
        CHECK(ran.err.find("try: ") != std::string::npos);
        CHECK(ran.err.find("init") != std::string::npos);
        CHECK_FALSE(std::filesystem::exists(none));
    }
}

TEST_CASE("a journal of a newer format is not touched", "[program][bad]") {
    const DataDirectory data;
    data.ingest(kNote + '\n');
    {
        // journal/format.hpp: two slots of HEAD at 0 and 4096, the version at 8 in each
        std::fstream head{data.path() + "/journal/HEAD",
                          std::ios::binary | std::ios::in | std::ios::out};
        for (const int slot : {0, 4096}) {
            head.seekp(slot + 8);
            head.put(2);
        }
    }
    const auto files = data.journal_files();
    for (const Words& words :
         {Words{"query", "positions"}, Words{"ingest", "-"}, Words{"verify"}, Words{}}) {
        CAPTURE(words);
        const Ran ran = data.run(words, kNote);
        CHECK(ran.exit == 1);
        CHECK(ran.err.find("newer") != std::string::npos);
        CHECK(ran.err.find("try: ") != std::string::npos);
    }
    CHECK(data.journal_files() == files);
}

TEST_CASE("a call that makes no sense is refused with a code and a hint", "[program][bad]") {
    const DataDirectory data;
    for (const Words& words :
         {Words{"query", "nonsense"}, Words{"query"}, Words{"frobnicate"},
          Words{"query", "positions", "--at", "yesterday"}, Words{"query", "pnl", "--mode", "x"},
          Words{"query", "events", "--type", "explosion"}, Words{"tail", "--limit", "many"}}) {
        CAPTURE(words);
        const Ran ran = data.run(words);
        CHECK(ran.exit == 2);
        CHECK(ran.err.find("error[usage]") != std::string::npos);
        Words as_json = words;
        as_json.emplace_back("--json");
        const Json error = parse_json(data.run(as_json).out).value();
        CHECK(error.text_of("kind") == "error");
        CHECK(error.text_of("code") == "usage");
    }
}
