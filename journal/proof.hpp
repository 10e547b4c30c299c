#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "journal/receipt.hpp"
#include "journal/record.hpp"
#include "journal/tree.hpp"

namespace daybook::journal {

/// 4 KiB of a segment (the last block of its tree may be shorter), and how they reach its root.
struct ProofBlock {
    std::vector<std::byte> bytes;
    std::vector<Digest> path;
};

/// That one event is in the journal a receipt was signed for. Checked without the journal: the
/// frame's blocks lead to the tree root of its segment, that root and those of the segments behind
/// it to the chain, and the chain is what was signed.
struct Proof {
    Sequence sequence;
    std::uint64_t offset{};             ///< of the frame in its segment
    Digest previous_chain{};            ///< in front of that segment
    std::vector<SegmentRoot> segments;  ///< that segment and all up to the receipt's
    std::vector<ProofBlock> blocks;     ///< the frame's, one behind the other
    Receipt receipt;
};

/// The proof that `receipt`, whose key is `key`, covers `sequence`. The receipt is about the bytes
/// that `directory` holds now. Reads the event's segment and what no footer covers.
/// Fails with not_found for a sequence the receipt does not cover, with corrupt when the journal
/// is not what was signed, with disk.
[[nodiscard]] Result<Proof> prove(const ReadDirectory& directory, Sequence sequence,
                                  const Receipt& receipt, const PublicKey& key);

/// The event a proof is about, as it lies in the journal.
struct Proven {
    Record record;  ///< its payload lies in `frame`
    std::vector<std::byte> frame;
};
/// Fails with corrupt, saying which step does not hold.
[[nodiscard]] Result<Proven> check(const Proof& proof, const PublicKey& key);

/// One JSON object, the text of a proof file without its last line feed.
[[nodiscard]] std::string to_text(const Proof& proof);
/// Fails with malformed when `text` is no proof, with corrupt when it is one, but not byte for byte
/// as it is written.
[[nodiscard]] Result<Proof> parse_proof(std::string_view text);

}  // namespace daybook::journal
