#include "journal/tree.hpp"

#include <array>

#include "journal/hex.hpp"
#include "journal/journals.hpp"
#include "journal/segment.hpp"
#include "journal/uuid.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

std::vector<std::byte> from_text(std::string_view hex) {
    std::vector<std::uint8_t> bytes(hex.size() / 2);
    REQUIRE(journal::from_hex(hex, bytes));
    const auto raw = std::as_bytes(std::span{bytes});
    return {raw.begin(), raw.end()};
}

}  // namespace

// Leaves and roots of the Certificate Transparency reference implementation's Merkle tree tests
// (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc).
TEST_CASE("the tree of RFC 6962 has the published roots", "[journal][tree]") {
    constexpr std::array<std::string_view, 8> kLeaves{"",
                                                      "00",
                                                      "10",
                                                      "2021",
                                                      "3031",
                                                      "40414243",
                                                      "5051525354555657",
                                                      "606162636465666768696a6b6c6d6e6f"};
    constexpr std::array<std::string_view, 9> kRoots{
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    journal::Tree tree;
    CHECK(journal::to_hex(tree.root()) == kRoots[0]);
    for (std::size_t i = 0; i < kLeaves.size(); ++i) {
        tree.add_leaf(from_text(kLeaves[i]));
        CHECK(journal::to_hex(tree.root()) == kRoots[i + 1]);
    }
}

TEST_CASE("blocks make the same tree however they arrive", "[journal][tree]") {
    const std::string text(3 * 4096 + 100, 'x');
    const auto bytes = as_bytes(text);
    journal::Tree tree;
    for (std::size_t at = 0; at < bytes.size(); at += 4096) {
        tree.add_leaf(bytes.subspan(at, std::min<std::size_t>(4096, bytes.size() - at)));
    }
    for (const std::size_t step : {1U, 100U, 4096U, 5000U, 20000U}) {
        journal::BlockTree blocks;
        for (std::size_t at = 0; at < bytes.size(); at += step) {
            blocks.add(bytes.subspan(at, std::min(step, bytes.size() - at)));
        }
        CHECK(std::move(blocks).root() == tree.root());
    }
}

TEST_CASE("the chain of a journal is SHA-256 over what the README says", "[journal][tree]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 150);
    auto reader = open_reader(disk);
    REQUIRE(reader.segments() == 2);
    journal::Digest chain{};
    std::uint64_t first = 1;
    for (std::uint64_t number = 1; number <= 2; ++number) {
        auto file = value(journal::SegmentFile::open(*disk.for_reading(), number));
        const auto content = disk.content(journal::segment_name(number));
        std::uint64_t last = first - 1;  // frames, walked by hand
        std::uint64_t end = 8192;
        while (end + 48 <= file.header().size && content[end + 8] == std::byte{'D'}) {
            std::uint32_t length = 0;
            std::memcpy(&length, content.data() + end + 12, 4);
            end += 48 + (length + 7) / 8 * 8;
            ++last;
        }
        journal::Tree tree;
        for (std::size_t at = 0; at < end; at += 4096) {
            tree.add_leaf(std::span{content}.subspan(at, std::min<std::size_t>(4096, end - at)));
        }
        journal::Sha256 hasher;
        hasher.update(std::array{std::byte{2}});
        hasher.update(std::as_bytes(std::span{chain}));
        hasher.update(std::as_bytes(std::span{small_options().journal->bytes}));
        for (const std::uint64_t part : {number, first, last, end}) hasher.update_number(part);
        hasher.update(std::as_bytes(std::span<const std::uint8_t>{tree.root()}));
        chain = hasher.finish();
        first = last + 1;
    }
    CHECK(value(reader.chain()).root == chain);
    CHECK(value(reader.chain()).sequence == reader.head().durable);
}

TEST_CASE("the same events in a journal of the same name give the same chain", "[journal][tree]") {
    std::string first;
    for (int round = 0; round < 2; ++round) {
        const FaultyDisk disk = empty_journal();
        auto writer = open_writer(disk);
        fill(writer, 300);
        auto reader = open_reader(disk);
        const std::string chain = value(reader.chain()).to_hex();
        CHECK(chain.size() == 64);
        if (round == 0) first = chain;
        CHECK(chain == first);
    }
}

TEST_CASE("a UUID's text reads back", "[journal][uuid]") {
    const auto uuid = *small_options().journal;
    CHECK(journal::to_text(uuid) == "01020304-0506-0708-090a-0b0c0d0e0f10");
    CHECK(value(journal::parse_uuid(journal::to_text(uuid))) == uuid);
    for (const char* text :
         {"", "01020304-0506-0708-090a-0b0c0d0e0f1", "x1020304-0506-0708-090a-0b0c0d0e0f10",
          "01020304-0506-0708-090a00b0c0d0e0f10"}) {
        CHECK(journal::parse_uuid(text).error().code == Errc::malformed);
    }
}
