#include "journal/tree.hpp"

#include "journal/hex.hpp"

namespace daybook::journal {
namespace {

constexpr std::byte kLeaf{0};
constexpr std::byte kNode{1};
constexpr std::byte kChained{2};

std::span<const std::byte> one(const std::byte& byte) { return {&byte, 1}; }

}  // namespace

Digest Tree::join(const Digest& left, const Digest& right) {
    hasher_.update(one(kNode));
    hasher_.update(bytes_of(left));
    hasher_.update(bytes_of(right));
    return hasher_.finish();
}

void Tree::add_leaf(std::span<const std::byte> leaf) {
    hasher_.update(one(kLeaf));
    hasher_.update(leaf);
    Node node{0, hasher_.finish()};
    while (!nodes_.empty() && nodes_.back().height == node.height) {
        node = {node.height + 1, join(nodes_.back().digest, node.digest)};
        nodes_.pop_back();
    }
    nodes_.push_back(node);
}

Digest Tree::root() {
    if (nodes_.empty()) return sha256({});
    Digest digest = nodes_.back().digest;
    for (auto node = nodes_.rbegin() + 1; node != nodes_.rend(); ++node) {
        digest = join(node->digest, digest);
    }
    return digest;
}

void BlockTree::add(std::span<const std::byte> bytes) {
    while (!bytes.empty()) {
        if (rest_.empty() && bytes.size() >= kBlock) {
            tree_.add_leaf(bytes.first(kBlock));
            bytes = bytes.subspan(kBlock);
            continue;
        }
        const std::size_t taken = std::min<std::size_t>(kBlock - rest_.size(), bytes.size());
        rest_.insert(rest_.end(), bytes.begin(),
                     bytes.begin() + static_cast<std::ptrdiff_t>(taken));
        bytes = bytes.subspan(taken);
        if (rest_.size() < kBlock) continue;
        tree_.add_leaf(rest_);
        rest_.clear();
    }
}

Digest BlockTree::root() && {
    if (!rest_.empty()) tree_.add_leaf(rest_);
    rest_.clear();
    return tree_.root();
}

std::string Chain::to_hex() const { return journal::to_hex(root); }

Digest chained(const Digest& previous, const SegmentRoot& segment) {
    Sha256 hasher;
    hasher.update(one(kChained));
    hasher.update(bytes_of(previous));
    hasher.update(bytes_of(segment.journal));
    hasher.update_number(segment.number);
    hasher.update_number(segment.first_sequence);
    hasher.update_number(segment.last_sequence);
    hasher.update_number(segment.end);
    hasher.update(bytes_of(segment.tree));
    return hasher.finish();
}

}  // namespace daybook::journal
