#include "src/config.hpp"

#include "support/catch.hpp"

using namespace daybook;

namespace {

std::string refusal(std::string_view text) {
    const auto read = parse_config(text);
    REQUIRE(!read);
    return read.error().detail + " / " + read.error().remedy;
}

}  // namespace

TEST_CASE("the file that init writes is at the defaults, and so it is with its comments taken away",
          "[src][config]") {
    const Config as_written = parse_config(default_config()).value();
    CHECK(as_written.accounts.empty());
    CHECK(as_written.serve == ServeConfig{});
    CHECK(as_written.record.empty());
    std::string bare;
    for (std::size_t at = 0; at < default_config().size();) {
        const std::size_t end = default_config().find('\n', at);
        const std::string line = default_config().substr(at, end - at);
        const bool setting = line.find(" = ") != std::string::npos || line.starts_with("# [");
        bare += (setting ? line.substr(2) : line) + '\n';
        at = end + 1;
    }
    const Config defaults = parse_config(bare).value();
    CHECK(defaults.serve == ServeConfig{7077, "text", false, false});
    RecordWish kalshi, polymarket;
    kalshi.venue = "kalshi";
    kalshi.series = {"KXBTC15M"};
    kalshi.silence_s = 300;
    polymarket.venue = "polymarket";
    polymarket.assets = {"BTC", "ETH"};
    polymarket.window = "15m";
    polymarket.silence_s = 120;
    CHECK(defaults.record == std::vector{kalshi, polymarket});
    REQUIRE(defaults.accounts.size() == 1);
    CHECK(defaults.accounts[0].name == "main");
}

TEST_CASE("a setting that does not exist is refused at its place, with the nearest that does",
          "[src][config]") {
    CHECK(refusal("timezone = \"UTC\"\n[sevre]\nport = 1\n") ==
          "daybook.toml line 2, column 2: there is no setting 'sevre' / perhaps 'serve' is meant");
    CHECK(refusal("[serve]\n  prot = 1\n") ==
          "daybook.toml line 2, column 3: there is no setting 'serve.prot' / perhaps 'serve.port' "
          "is meant");
    CHECK(refusal("[accounts.main]\nadress = []\n").find("'accounts.main.addresses' is meant") !=
          std::string::npos);
    CHECK(refusal("[record.polymarkt]\n") ==
          "daybook.toml line 1, column 9: there is no setting 'record.polymarkt' / perhaps "
          "'record.polymarket' is meant");
    CHECK(refusal("[record.kalshi]\nmarket = []\n")
              .starts_with("daybook.toml line 2, column 1: there is no setting "
                           "'record.kalshi.market' / perhaps 'record.kalshi.markets'"));
    CHECK(refusal("[record.kalshi]\nwindow = \"15m\"\n").starts_with("daybook.toml line 2"));
}

TEST_CASE("a value that makes no sense is refused at its place", "[src][config]") {
    for (const char* const port : {"70000", "-1", "\"7077\"", "1.5", "true"})
        CHECK(refusal("[serve]\nport = " + std::string{port} + "\n")
                  .starts_with("daybook.toml line 2, column 8: 'serve.port' is not a number"));
    CHECK(refusal("[serve]\nlog_format = \"xml\"\n").find("line 2, column 14") !=
          std::string::npos);
    CHECK(refusal("[serve]\nverbose = 1\n").find("true or false") != std::string::npos);
    CHECK(refusal("serve = 1\n").find("write [serve]") != std::string::npos);
    CHECK(refusal("accounts = 1\n").find("write [accounts.main]") != std::string::npos);
    CHECK(refusal("[accounts.main]\naddresses = [1]\n").find("line 2, column 14") !=
          std::string::npos);
    CHECK(refusal("[accounts.main]\n").find("has no list 'addresses'") != std::string::npos);
    CHECK(refusal("record = 1\n").find("write [record.polymarket]") != std::string::npos);
    CHECK(refusal("record.kalshi = 1\n").find("'record.kalshi' is no table") != std::string::npos);
    CHECK(refusal("[record.kalshi]\nmarkets = \"A\"\n").find("line 2, column 11") !=
          std::string::npos);
    CHECK(refusal("[record.kalshi]\nmarkets = [\"A\", 2]\n").find("line 2, column 17") !=
          std::string::npos);
    for (const char* const silence : {"0", "3601", "\"60\"", "1.5"})
        CHECK(refusal("[record.kalshi]\nsilence = " + std::string{silence} + "\n")
                  .starts_with("daybook.toml line 2, column 11: 'record.kalshi.silence' is not a "
                               "number of seconds"));
    CHECK(refusal("[record.kalshi]\nca = 1\nmarkets = [\"A\"]").find("line 2, column 6") !=
          std::string::npos);
    CHECK(refusal("\n[record.kalshi]\nmarkets = []\n")
              .starts_with("daybook.toml line 2, column 1: [record.kalshi] names no market"));
    CHECK(refusal("port = = 1").starts_with("daybook.toml line 1, column "));
}
