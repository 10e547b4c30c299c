#include "journal/inclusion.hpp"

#include "journal/hex.hpp"
#include "journal/journals.hpp"
#include "journal/tree.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

std::vector<std::byte> from_text(std::string_view hex) {
    std::vector<std::uint8_t> bytes(hex.size() / 2);
    REQUIRE(journal::from_hex(hex, bytes));
    const auto raw = std::as_bytes(std::span{bytes});
    return {raw.begin(), raw.end()};
}

std::vector<journal::Digest> leaves_of(std::size_t count) {
    std::vector<journal::Digest> leaves;
    for (std::size_t i = 0; i < count; ++i) {
        leaves.push_back(journal::leaf_hash(as_bytes("leaf " + std::to_string(i))));
    }
    return leaves;
}

}  // namespace

// Paths of the Certificate Transparency reference implementation's Merkle tree tests
// (google/certificate-transparency, cpp/merkletree/merkle_tree_test.cc), leaves counted from 1.
TEST_CASE("the paths of RFC 6962 are the published ones", "[journal][inclusion]") {
    constexpr std::array<std::string_view, 8> kLeaves{"",
                                                      "00",
                                                      "10",
                                                      "2021",
                                                      "3031",
                                                      "40414243",
                                                      "5051525354555657",
                                                      "606162636465666768696a6b6c6d6e6f"};
    struct Known {
        std::size_t leaf, count;
        std::vector<std::string_view> path;
    };
    const std::vector<Known> known{
        {1, 1, {}},
        {1,
         8,
         {"96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"}},
        {6,
         8,
         {"bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
          "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
          "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"}},
        {3, 3, {"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"}},
        {2,
         5,
         {"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
          "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
          "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"}}};
    for (const Known& each : known) {
        CAPTURE(each.leaf, each.count);
        std::vector<journal::Digest> leaves;
        for (std::size_t i = 0; i < each.count; ++i) {
            leaves.push_back(journal::leaf_hash(from_text(kLeaves[i])));
        }
        const auto path = journal::inclusion_path(leaves, each.leaf - 1);
        REQUIRE(path.size() == each.path.size());
        for (std::size_t i = 0; i < path.size(); ++i) {
            CHECK(journal::to_hex(path[i]) == each.path[i]);
        }
    }
}

TEST_CASE("a leaf reaches the root by its path, and from no other place", "[journal][inclusion]") {
    for (std::size_t count = 1; count <= 33; ++count) {
        journal::Tree tree;
        for (std::size_t i = 0; i < count; ++i) {
            tree.add_leaf(as_bytes("leaf " + std::to_string(i)));
        }
        const auto leaves = leaves_of(count);
        for (std::size_t index = 0; index < count; ++index) {
            CAPTURE(count, index);
            const auto path = journal::inclusion_path(leaves, index);
            CHECK(journal::root_by(leaves[index], index, count, path) == tree.root());
            for (std::size_t other = 0; other <= count; ++other) {
                if (other == index) continue;
                CHECK(journal::root_by(leaves[index], other, count, path) != tree.root());
            }
        }
    }
}
