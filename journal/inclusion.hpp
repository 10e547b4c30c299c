#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "journal/format.hpp"

namespace daybook::journal {

/// SHA-256(0x00 ‖ leaf), SHA-256(0x01 ‖ left ‖ right): RFC 6962 §2.1.
[[nodiscard]] Digest leaf_hash(std::span<const std::byte> leaf);
[[nodiscard]] Digest node_hash(const Digest& left, const Digest& right);

/// What has to be joined to leaf `index` to reach the root of all `leaves` (hashes, one at least):
/// the audit path of RFC 6962 §2.1.1, from the leaf upwards.
[[nodiscard]] std::vector<Digest> inclusion_path(std::span<const Digest> leaves,
                                                 std::uint64_t index);

/// The root that leaf `index` of `count` reaches by `path`; nothing when a tree of that many leaves
/// has no such path (RFC 9162 §2.1.3.2).
[[nodiscard]] std::optional<Digest> root_by(const Digest& leaf, std::uint64_t index,
                                            std::uint64_t count, std::span<const Digest> path);

}  // namespace daybook::journal
