#include "journal/inclusion.hpp"

#include <algorithm>
#include <bit>

#include "journal/hash.hpp"
#include "journal/tree.hpp"

namespace daybook::journal {
namespace {

/// The root over hashes of leaves; the left half is the largest power of two below their number.
Digest root_of(std::span<const Digest> leaves) {
    if (leaves.size() == 1) return leaves.front();
    const std::size_t left = std::bit_floor(leaves.size() - 1);
    return node_hash(root_of(leaves.first(left)), root_of(leaves.subspan(left)));
}

}  // namespace

Digest leaf_hash(std::span<const std::byte> leaf) {
    Tree tree;
    tree.add_leaf(leaf);
    return tree.root();
}

Digest node_hash(const Digest& left, const Digest& right) {
    constexpr std::byte kNode{1};
    Sha256 hasher;
    hasher.update(std::span{&kNode, 1});
    hasher.update(bytes_of(left));
    hasher.update(bytes_of(right));
    return hasher.finish();
}

std::vector<Digest> inclusion_path(std::span<const Digest> leaves, std::uint64_t index) {
    if (leaves.size() <= 1) return {};
    const std::size_t left = std::bit_floor(leaves.size() - 1);
    const bool goes_left = index < left;
    auto path = goes_left ? inclusion_path(leaves.first(left), index)
                          : inclusion_path(leaves.subspan(left), index - left);
    path.push_back(root_of(goes_left ? leaves.subspan(left) : leaves.first(left)));
    return path;
}

std::optional<Digest> root_by(const Digest& leaf, std::uint64_t index, std::uint64_t count,
                              std::span<const Digest> path) {
    if (index >= count) return std::nullopt;
    Digest digest = leaf;
    std::uint64_t last = count - 1;  // of the level that `index` is on
    for (const Digest& sibling : path) {
        if (last == 0) return std::nullopt;
        const bool is_right = (index & 1U) != 0 || index == last;
        digest = is_right ? node_hash(sibling, digest) : node_hash(digest, sibling);
        while (is_right && (index & 1U) == 0) {  // levels on which it stands alone
            index >>= 1U;
            last >>= 1U;
        }
        index >>= 1U;
        last >>= 1U;
    }
    if (last != 0) return std::nullopt;
    return digest;
}

}  // namespace daybook::journal
