// Receipts and proofs, checked.
#include "tools/daybook/witness.hpp"

#include "journal/hex.hpp"
#include "journal/proof.hpp"
#include "schemas/codec.hpp"
#include "schemas/event_json.hpp"
#include "tools/files/keys.hpp"

namespace daybook {
namespace {

constexpr std::size_t kReceiptBytesMax = 65536;
constexpr std::size_t kProofBytesMax = std::size_t{64} << 20U;

constexpr std::string_view kOwnKey =
    "checked with the key that lies in the data directory: that proves nothing against who holds "
    "this host; give --pubkey with the key you kept elsewhere\n";

/// What is no receipt or proof at all was named by mistake; one that was altered is a finding.
Error wrong_file(const std::string& file, Error error, const std::string& what) {
    error.detail = file + ": " + error.detail;
    if (error.code != Errc::malformed) return error;
    return {Errc::usage, error.detail, "name a file that daybook " + what + " has written"};
}

struct Key {
    journal::PublicKey key;
    bool own{};
};

Result<Key> key_for(const Call& call) {
    if (!call.pubkey.empty()) {
        TRY(const auto key, files::read_public_key(call.pubkey));
        return Key{key, false};
    }
    auto key = files::read_public_key(files::public_key_file(call.data));
    if (key) return Key{key.value(), true};
    return Error{Errc::usage, "no public key: --pubkey is not given, and " + key.error().detail,
                 "--pubkey FILE with the receipt.pub that was copied from the host"};
}

/// The event with the frame's place and words. A type this program does not know has no body.
std::string event_text(const journal::Record& record) {
    Envelope envelope;
    envelope.seq = record.sequence;
    envelope.received = {record.received};
    envelope.type = record.type;
    envelope.mode = static_cast<Mode>(record.flags & journal::kModeMask);
    const auto event = decode(record.payload, envelope);
    return event ? to_json(event.value()) : std::string{"null"};
}

std::string type_text(std::uint16_t type) {
    const std::string_view name = type_name(type);
    return name.empty() ? "type " + std::to_string(type) : std::string{name};
}

void print_proven(const Call& call, const journal::Receipt& receipt, const journal::Record& record,
                  bool own_key) {
    const journal::Statement& said = receipt.statement;
    const std::string event = event_text(record);
    const bool named_elsewhere = record.key != 0 && record.key != record.sequence.raw;
    if (call.json) {
        JsonWriter out = begin_answer("proof_verified");
        out.key("ok").boolean(true).key("journal").text(journal::to_text(said.journal));
        out.key("seq").number(record.sequence.raw).key("type").text(type_text(record.type));
        out.key("signed_seq").number(said.sequence.raw).key("time").text(format_time(said.time));
        out.key("key").text(journal::to_hex(receipt.key)).key("own_key").boolean(own_key);
        out.key("market_named_by");
        named_elsewhere ? out.number(record.key) : out.null();
        out.key("event").verbatim(event);
        return print_answer(std::move(out));
    }
    std::string text = "proven: event " + std::to_string(record.sequence.raw) + " (" +
                       type_text(record.type) + ") is in journal " +
                       journal::to_text(said.journal) + ",\nas signed up to event " +
                       std::to_string(said.sequence.raw) + " on " + format_time(said.time) +
                       " with key " + journal::to_hex(receipt.key) + '\n' + event + '\n';
    if (named_elsewhere) {
        text += "its market is the one that event " + std::to_string(record.key) + " names\n";
    }
    print_out(own_key ? text + std::string{kOwnKey} : text);
}

}  // namespace

Result<std::optional<ReceiptVerdict>> read_receipt(const Call& call) {
    if (call.receipt.empty()) return std::nullopt;
    TRY(const auto text, files::read_file(call.receipt, kReceiptBytesMax));
    auto receipt = journal::parse_receipt(text);
    if (!receipt) return wrong_file(call.receipt, receipt.error(), "receipt");
    TRY(const auto key, key_for(call));
    return ReceiptVerdict{receipt.value(), journal::why_not_signed(receipt.value(), key.key),
                          key.own};
}

Result<void> hold_against_journal(ReceiptVerdict& verdict, const Call& call, bool journal_holds) {
    if (verdict.why_not) return ok();
    TRY(const auto directory, journal::open_directory(call.data + "/journal"));
    TRY(verdict.why_not,
        journal::why_not_signed_history(*directory, verdict.receipt.statement, journal_holds));
    return ok();
}

std::string text_of(const ReceiptVerdict& verdict) {
    const journal::Statement& said = verdict.receipt.statement;
    if (verdict.why_not) return "RECEIPT REFUSED: " + *verdict.why_not + '\n';
    const std::string text = "receipt holds: history up to event " +
                             std::to_string(said.sequence.raw) + " is what was signed on " +
                             format_time(said.time) + " with key " +
                             journal::to_hex(verdict.receipt.key) + '\n';
    return verdict.own_key ? text + std::string{kOwnKey} : text;
}

void write_receipt(JsonWriter& out, const ReceiptVerdict& verdict) {
    const journal::Statement& said = verdict.receipt.statement;
    out.begin_object().key("ok").boolean(!verdict.why_not);
    out.key("seq").number(said.sequence.raw).key("time").text(format_time(said.time));
    out.key("key").text(journal::to_hex(verdict.receipt.key));
    out.key("own_key").boolean(verdict.own_key).key("reason");
    verdict.why_not ? out.text(*verdict.why_not) : out.null();
    out.end_object();
}

Result<Exit> run_verify_proof(const Call& call) {
    TRY(const auto text, files::read_file(call.proof, kProofBytesMax));
    auto proof = journal::parse_proof(text);
    if (!proof) return wrong_file(call.proof, proof.error(), "prove");
    TRY(const auto key, key_for(call));
    const auto proven = journal::check(proof.value(), key.key);
    if (!proven) {
        return Error{proven.error().code, call.proof + ": " + proven.error().detail,
                     "ask whoever gave it for the file as daybook prove wrote it"};
    }
    print_proven(call, proof.value().receipt, proven.value().record, key.own);
    return Exit::done;
}

}  // namespace daybook
