#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "journal/format.hpp"
#include "journal/hash.hpp"
#include "schemas/ids.hpp"

namespace daybook::journal {

/// The Merkle tree of RFC 6962 §2.1: SHA-256, 0x00 in front of a leaf, 0x01 in front of two nodes.
/// Leaves come one by one; only the roots of whole subtrees are kept, at most 64.
class Tree {
  public:
    void add_leaf(std::span<const std::byte> leaf);
    /// Of the leaves so far; SHA-256 of nothing when there is none.
    [[nodiscard]] Digest root();

  private:
    struct Node {
        unsigned height;
        Digest digest;
    };
    Digest join(const Digest& left, const Digest& right);
    std::vector<Node> nodes_;  ///< left to right, heights fall
    Sha256 hasher_;
};

/// The root of a segment's bytes in leaves of 4 KiB, the last one maybe shorter.
class BlockTree {
  public:
    void add(std::span<const std::byte> bytes);
    [[nodiscard]] Digest root() &&;

  private:
    Tree tree_;
    std::vector<std::byte> rest_;  ///< less than a block
};

/// The root of a whole journal up to a sequence: every byte in front of it is bound.
struct Chain {
    Sequence sequence;
    Digest root{};
    [[nodiscard]] std::string to_hex() const;
    friend bool operator==(const Chain&, const Chain&) = default;
};

struct SegmentRoot {
    Uuid journal;
    std::uint64_t number{};
    std::uint64_t first_sequence{};
    std::uint64_t last_sequence{};  ///< first - 1 when the segment has no frame
    std::uint64_t end{};            ///< bytes under the tree: offset behind the last frame
    Digest tree{};
};
/// SHA-256(0x02 ‖ previous ‖ UUID ‖ number ‖ first ‖ last ‖ end ‖ tree); numbers are 8 bytes,
/// little-endian. In front of the first segment `previous` is 32 zero bytes. `end` says how many
/// leaves the tree has, which its root alone does not: so a proof cannot misplace a block.
[[nodiscard]] Digest chained(const Digest& previous, const SegmentRoot& segment);

}  // namespace daybook::journal
