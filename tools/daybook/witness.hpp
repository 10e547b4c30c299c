#pragma once

#include <optional>
#include <string>

#include "journal/receipt.hpp"
#include "tools/daybook/call.hpp"

namespace daybook {

/// What came of a receipt that was held against the journal.
struct ReceiptVerdict {
    journal::Receipt receipt;
    std::optional<std::string> why_not;  ///< nothing: history is what was signed
    bool own_key{};  ///< checked with the key of the data directory, not with one from outside
};

/// Reads `call.receipt` and says whether the key vouches for it. Nothing when none was named.
/// Fails with usage for files that are no receipt or no key, with disk.
[[nodiscard]] Result<std::optional<ReceiptVerdict>> read_receipt(const Call& call);
/// Holds it against the journal of `call.data`. `journal_holds`: verify() has found no damage.
[[nodiscard]] Result<void> hold_against_journal(ReceiptVerdict& verdict, const Call& call,
                                                bool journal_holds);

[[nodiscard]] std::string text_of(const ReceiptVerdict& verdict);
void write_receipt(JsonWriter& out, const ReceiptVerdict& verdict);

/// `verify --proof`: reads no journal.
[[nodiscard]] Result<Exit> run_verify_proof(const Call& call);

}  // namespace daybook
