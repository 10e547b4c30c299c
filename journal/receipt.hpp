#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "journal/ed25519.hpp"
#include "journal/head.hpp"
#include "schemas/json.hpp"
#include "schemas/time.hpp"

namespace daybook::journal {

/// What a receipt says: at `time` the journal's bytes up to `sequence` had this chain.
/// `segment` and `end` say which bytes these are: a segment may be there without a frame.
struct Statement {
    Uuid journal;
    Sequence sequence;
    std::uint64_t segment{};
    std::uint64_t end{};  ///< offset behind the frame `sequence`, in `segment`
    Time time{};          ///< the clock of the host that signed
    Digest chain{};
    friend bool operator==(const Statement&, const Statement&) = default;
};

/// The bytes that are signed.
struct SignedBytes {
    std::array<char, 8> magic{'D', 'A', 'Y', 'B', 'K', 'R', 'C', 'P'};  //  0
    std::uint32_t version{1};                                           //  8
    std::uint32_t reserved{};                                           // 12  zero
    Uuid journal{};                                                     // 16
    std::uint64_t sequence{};                                           // 32
    std::uint64_t segment{};                                            // 40
    std::uint64_t end{};                                                // 48
    std::int64_t time{};                                                // 56  ns since 1970
    Digest chain{};                                                     // 64
};                                                                      // 96
static_assert(kDrawn<SignedBytes, 96> && offsetof(SignedBytes, chain) == 64);

struct Receipt {
    Statement statement;
    Digest key{};  ///< fingerprint of the public key
    Signature signature{};
};

/// The statement about all that is durable under `head`. Reads the frames that no footer covers.
[[nodiscard]] Result<Statement> statement_at(const ReadDirectory& directory, const Head& head,
                                             Time time);
[[nodiscard]] Receipt sign(const Statement& statement, const SigningKey& key);

/// One JSON object, the text of a receipt file without its last line feed.
[[nodiscard]] std::string to_text(const Receipt& receipt);
/// Fails with malformed when `text` is no receipt, with corrupt when it is one, but not byte for
/// byte as it is written (blanks behind it do not count).
[[nodiscard]] Result<Receipt> parse_receipt(std::string_view text);
[[nodiscard]] Result<Receipt> receipt_of(const Json& object);

/// Why `key` does not vouch for the receipt; nothing when it does. Needs no journal.
[[nodiscard]] std::optional<std::string> why_not_signed(const Receipt& receipt,
                                                        const PublicKey& key);
/// Why the journal is not the one that was signed; nothing when its bytes up to the receipt's
/// sequence are the same. `footers_hold`: verify() has just recomputed them, so their chains may
/// be used; without it every byte up to there is hashed again.
/// Fails with disk.
[[nodiscard]] Result<std::optional<std::string>> why_not_signed_history(
    const ReadDirectory& directory, const Statement& statement, bool footers_hold);

}  // namespace daybook::journal
