#include "src/ingest/lines.hpp"

#include <random>
#include <vector>

#include "support/catch.hpp"

using namespace daybook::ingest;

namespace {

struct Got {
    std::string text;
    std::uint64_t number;
    std::uint32_t part;
    bool last;
    friend bool operator==(const Got&, const Got&) = default;
};

void drain(Lines& lines, std::vector<Got>& out) {
    Line line;
    while (lines.next(line)) {
        out.push_back({std::string{line.text}, line.number, line.part, line.last});
    }
}

/// The lines of `input` when it arrives in chunks of `chunk` bytes.
std::vector<Got> split(std::string_view input, std::size_t chunk) {
    Lines lines;
    std::vector<Got> out;
    while (!input.empty()) {
        const std::string_view head = input.substr(0, chunk);
        lines.push(head);
        input.remove_prefix(head.size());
        drain(lines, out);
    }
    lines.finish();
    drain(lines, out);
    return out;
}

std::vector<std::string> texts(std::string_view input, std::size_t chunk = 4096) {
    std::vector<std::string> out;
    for (const Got& line : split(input, chunk)) out.push_back(line.text);
    return out;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("lines end in LF or CRLF and the last one needs no end", "[ingest][lines]") {
    CHECK(texts("a\nb\r\nc") == Texts{"a", "b", "c"});
    CHECK(texts("a\n") == Texts{"a"});
    CHECK(texts("a\r") == Texts{"a"});
    CHECK(texts("a\rb\n") == Texts{"a\rb"});
    CHECK(texts("").empty());
}

TEST_CASE("blank lines are left out and still counted", "[ingest][lines]") {
    const auto got = split("\n \t\r\na\n\n\nb\n\r\n", 4096);
    REQUIRE(got.size() == 2);
    CHECK(got[0] == Got{"a", 3, 0, true});
    CHECK(got[1] == Got{"b", 6, 0, true});
}

TEST_CASE("a byte order mark is skipped at the start and nowhere else", "[ingest][lines]") {
    for (const std::size_t chunk : {1U, 2U, 3U, 64U}) {
        CHECK(texts("\xEF\xBB\xBF{}\n\xEF\xBB\xBF{}\n", chunk) == Texts{"{}", "\xEF\xBB\xBF{}"});
        CHECK(texts("\xEF\xBB", chunk) == Texts{"\xEF\xBB"});
        CHECK(texts("\xEF\xBB\xBF", chunk).empty());
        CHECK(texts("\xEF\nx", chunk) == Texts{"\xEF", "x"});
    }
}

TEST_CASE("a line of exactly 1 MiB is whole, with either line end", "[ingest][lines]") {
    const std::string mib(kLineBytesMax, 'x');
    for (const std::string end : {"", "\n", "\r\n", "\r"}) {
        for (const std::size_t chunk : {std::size_t{4096}, std::size_t{65537}, mib.size() * 2}) {
            const auto got = split(mib + end + (end.empty() || end == "\r" ? "" : "y"), chunk);
            REQUIRE_FALSE(got.empty());
            CHECK(got[0] == Got{mib, 1, 0, true});
        }
    }
}

TEST_CASE("a longer line comes in parts of at most 1 MiB and is counted once", "[ingest][lines]") {
    const std::string head(kLineBytesMax, 'x');
    for (const std::size_t chunk : {std::size_t{1000}, std::size_t{65536}, std::size_t{4} << 20U}) {
        const auto got = split(head + head + "tail\r\nnext\n", chunk);
        REQUIRE(got.size() == 4);
        CHECK(got[0] == Got{head, 1, 0, false});
        CHECK(got[1] == Got{head, 1, 1, false});
        CHECK(got[2] == Got{"tail", 1, 2, true});
        CHECK(got[3] == Got{"next", 2, 0, true});
    }
    const auto unended = split(head + "y", 4096);
    REQUIRE(unended.size() == 2);
    CHECK(unended[1] == Got{"y", 1, 1, true});
}

TEST_CASE("a blank stretch inside a long line is kept", "[ingest][lines]") {
    const std::string head(kLineBytesMax, 'x');
    const auto got = split(head + "  \n", 4096);
    REQUIRE(got.size() == 2);
    CHECK(got[1] == Got{"  ", 1, 1, true});
}

TEST_CASE("how the bytes arrive changes no line", "[ingest][lines]") {
    const auto seed = daybook::test::random_seed();
    CAPTURE(seed);
    std::mt19937 random{seed};
    constexpr std::string_view kAlphabet = "ab \r\n\t\xEF\xBB\xBF\xFF";
    for (int round = 0; round < 300; ++round) {
        std::string input(random() % 60, ' ');
        for (char& c : input) c = kAlphabet[random() % kAlphabet.size()];
        CAPTURE(input);
        const auto whole = split(input, input.size() + 1);
        for (const std::size_t chunk : {1U, 2U, 3U, 7U}) CHECK(split(input, chunk) == whole);
    }
}
