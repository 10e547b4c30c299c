#include "journal/receipt.hpp"

#include <algorithm>

#include "journal/hash.hpp"
#include "journal/hex.hpp"
#include "journal/layout.hpp"
#include "journal/witness_json.hpp"

namespace daybook::journal {
namespace {

SignedBytes signed_bytes(const Statement& statement) {
    SignedBytes bytes;
    bytes.journal = statement.journal;
    bytes.sequence = statement.sequence.raw;
    bytes.segment = statement.segment;
    bytes.end = statement.end;
    bytes.time = statement.time.nanos;
    bytes.chain = statement.chain;
    return bytes;
}

Result<Statement> statement_of(const Json& object) {
    Statement statement;
    TRY(statement.journal, parse_uuid(object.text_of("journal")));
    TRY(statement.sequence.raw, number_in(object, "seq"));
    TRY(statement.segment, number_in(object, "segment"));
    TRY(statement.end, number_in(object, "end"));
    TRY(statement.time, parse_time(object.text_of("time")));
    TRYV(hex_in(object, "chain", statement.chain));
    return statement;
}

/// The head that the journal had when the statement was made; footers before it hold up to
/// segment `sealed`.
Head head_then(const Statement& statement, std::uint64_t sealed) {
    Head head;
    head.durable = statement.sequence;
    head.segment = statement.segment;
    head.end = statement.end;
    head.sealed = std::min(sealed, std::max<std::uint64_t>(statement.segment, 1) - 1);
    head.journal = statement.journal;
    return head;
}

std::string up_to(const Statement& statement) {
    return "sequence " + std::to_string(statement.sequence.raw) + ", which was signed on " +
           format_time(statement.time);
}

}  // namespace

Result<Statement> statement_at(const ReadDirectory& directory, const Head& head, Time time) {
    TRY(auto chain, chain_after(directory, head, head.segment));
    return Statement{head.journal, head.durable, head.segment, head.end, time, chain};
}

Receipt sign(const Statement& statement, const SigningKey& key) {
    return {statement, fingerprint(key.public_key()), key.sign(bytes_of(signed_bytes(statement)))};
}

std::string to_text(const Receipt& receipt) {
    const Statement& said = receipt.statement;
    JsonWriter out;
    out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("receipt");
    out.key("journal").text(to_text(said.journal)).key("seq").number(said.sequence.raw);
    out.key("segment").number(said.segment).key("end").number(said.end);
    out.key("time").text(format_time(said.time)).key("chain").text(to_hex(said.chain));
    out.key("key").text(to_hex(receipt.key)).key("signature").text(to_hex(receipt.signature));
    out.end_object();
    return std::move(out).str();
}

Result<Receipt> receipt_of(const Json& object) {
    TRYV(expect_kind(object, "receipt"));
    Receipt receipt;
    TRY(receipt.statement, statement_of(object));
    TRYV(hex_in(object, "key", receipt.key));
    TRYV(hex_in(object, "signature", receipt.signature));
    return receipt;
}

Result<Receipt> parse_receipt(std::string_view text) {
    TRY(auto object, parse_json(text));
    TRY(auto receipt, receipt_of(object));
    if (to_text(receipt) != trimmed(text)) return altered("receipt");
    return receipt;
}

std::optional<std::string> why_not_signed(const Receipt& receipt, const PublicKey& key) {
    const Digest print = fingerprint(key);
    if (print != receipt.key) {
        return "the receipt was signed with key " + to_hex(receipt.key) + ", the public key is " +
               to_hex(print);
    }
    if (verifies(key, bytes_of(signed_bytes(receipt.statement)), receipt.signature)) {
        return std::nullopt;
    }
    return "the signature does not fit what the receipt says: one of the two was altered";
}

Result<std::optional<std::string>> why_not_signed_history(const ReadDirectory& directory,
                                                          const Statement& statement,
                                                          bool footers_hold) {
    using Why = std::optional<std::string>;
    auto read = read_head(directory);
    if (!read && (read.error().code == Errc::disk || read.error().code == Errc::newer)) {
        return read.error();
    }
    if (!read) return Why{"how far the journal goes cannot be read: " + read.error().detail};
    const Head head = read.value();
    if (head.journal != statement.journal) {
        return Why{"the receipt is about journal " + to_text(statement.journal) + ", this is " +
                   to_text(head.journal)};
    }
    if (head.durable < statement.sequence) {
        return Why{"the journal ends at sequence " + std::to_string(head.durable.raw) +
                   ": it was set back behind " + up_to(statement)};
    }
    const Head then = head_then(statement, footers_hold ? head.sealed : 0);
    auto chain = chain_after(directory, then, statement.segment);
    if (!chain && chain.error().code == Errc::disk) return chain.error();
    if (!chain)
        return Why{"history up to " + up_to(statement) +
                   ", cannot be read: " + chain.error().detail};
    if (chain.value() == statement.chain) return Why{};
    return Why{"history up to " + up_to(statement) + ", is not what was signed: its chain is " +
               to_hex(chain.value()) + ", the receipt says " + to_hex(statement.chain)};
}

}  // namespace daybook::journal
