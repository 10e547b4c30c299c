#include "tools/terminal/table.hpp"

#include "schemas/json.hpp"
#include "support/catch.hpp"
#include "tools/terminal/display_text.hpp"

using namespace daybook;

namespace {

TextTable positions() {
    TextTable table{{text_column("market"), number_column("shares"), text_column("verdict")}};
    table.add({{"btc-updown-15m-1765656000"}, {"29.17"}, {"imbalanced", Style::red}});
    table.add({{"eth"}, {"5"}, {"good", Style::green}});
    return table;
}

std::vector<std::string> lines(const std::string& text) {
    std::vector<std::string> out;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = text.find('\n', at);
        REQUIRE(end != std::string::npos);
        out.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return out;
}

}  // namespace

TEST_CASE("columns line up, numbers to the right", "[tools][table]") {
    CHECK(positions().str({}) ==
          "market                     shares  verdict\n"
          "btc-updown-15m-1765656000   29.17  imbalanced\n"
          "eth                             5  good\n");
}

TEST_CASE("a table without rows is its header", "[tools][table]") {
    const TextTable table{{text_column("a"), number_column("b")}};
    CHECK(table.empty());
    CHECK(table.str({}) == "a  b\n");
}

TEST_CASE("the widest text gives way to a narrow terminal, numbers never", "[tools][table]") {
    CHECK(positions().str({.width = 36, .color = false}) ==
          "market            shares  verdict\n"
          "btc-updown-15m-…   29.17  imbalanced\n"
          "eth                    5  good\n");
    for (std::size_t width = 1; width < 60; ++width) {
        const auto shown = lines(positions().str({.width = width, .color = false}));
        CHECK(shown[1].find("29.17") != std::string::npos);
        for (const std::string& line : shown) {
            CHECK(display_width(line) <= std::max<std::size_t>(width, 22));  // 6 + 2 + 6 + 2 + 6
        }
    }
}

TEST_CASE("colours appear only where they are wanted and change no width", "[tools][table]") {
    CHECK(positions().str({.width = 0, .color = false}).find('\x1b') == std::string::npos);
    const std::string colored = positions().str({.width = 0, .color = true});
    CHECK(lines(colored)[0] ==
          "\x1b[1mmarket\x1b[0m                     \x1b[1mshares\x1b[0m  \x1b[1mverdict\x1b[0m");
    CHECK(lines(colored)[2] == "eth                             5  \x1b[32mgood\x1b[0m");
}

TEST_CASE("a cell cannot move the cursor, fake a line or turn the text", "[tools][table]") {
    TextTable table{{text_column("text"), number_column("n")}};
    table.add({{"a\nb\t\x1b[31m\x7f"}, {"1"}});
    table.add({{"\xC2\x9B"
                "31m \xE2\x80\xAE"
                "x"},
               {"2"}});
    CHECK(lines(table.str({})).size() == 3);
    CHECK(lines(table.str({}))[1].starts_with("a\\nb\\t\\x1b[31m\\x7f"));
    CHECK(lines(table.str({}))[2].starts_with("\\u009b31m \\u202ex"));
}

TEST_CASE("bytes that are not UTF-8 are shown as a replacement", "[tools][table]") {
    CHECK(printable("a\xFF\xC3") == "a\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(printable("\xEF\xBF\xBD") == "\xEF\xBF\xBD");
    CHECK(printable(std::string_view{"\0", 1}) == "\\x00");
}

TEST_CASE("width counts columns, not bytes", "[tools][table]") {
    CHECK(display_width("") == 0);
    CHECK(display_width("…") == 1);
    CHECK(display_width("Zürich") == 6);
    CHECK(display_width("e\xCC\x81") == 1);  // e and a combining acute
    CHECK(display_width("東京") == 4);
    CHECK(display_width("\xF0\x9F\x93\x88") == 2);  // a chart
}

TEST_CASE("shortened text never ends inside a character", "[tools][table]") {
    CHECK(shortened("abc", 3) == "abc");
    CHECK(shortened("abcd", 3) == "ab…");
    CHECK(shortened("東京都", 4) == "東…");
    CHECK(shortened("東京都", 5) == "東京…");
    CHECK(shortened("abc", 1) == "…");
    CHECK(shortened("abc", 0).empty());
    for (std::size_t width = 0; width < 12; ++width) {
        const std::string text = shortened("e\xCC\x81東\xF0\x9F\x93\x88xyz", width);
        CHECK(is_utf8(text));
        CHECK(display_width(text) <= width);
    }
}

TEST_CASE("missing cells are empty and a line ends in no blank", "[tools][table]") {
    TextTable table{{text_column("a"), text_column("b"), number_column("c")}};
    table.add({{"x"}});
    table.add({{""}, {"y"}});
    CHECK(table.str({}) == "a  b  c\nx\n   y\n");
}
