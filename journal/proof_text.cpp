#include <algorithm>

#include "journal/hex.hpp"
#include "journal/proof.hpp"
#include "journal/witness_json.hpp"

namespace daybook::journal {
namespace {

std::span<const std::uint8_t> as_numbers(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
}
std::span<std::uint8_t> writable(std::span<std::byte> bytes) {
    return {reinterpret_cast<std::uint8_t*>(bytes.data()), bytes.size()};
}

void write_segment(JsonWriter& out, const SegmentRoot& segment) {
    out.begin_object().key("number").number(segment.number);
    out.key("first").number(segment.first_sequence).key("last").number(segment.last_sequence);
    out.key("end").number(segment.end).key("root").text(to_hex(segment.tree)).end_object();
}

void write_block(JsonWriter& out, const ProofBlock& block) {
    out.begin_object().key("bytes").text(to_hex(as_numbers(block.bytes))).key("path");
    out.begin_array();
    for (const Digest& digest : block.path) out.text(to_hex(digest));
    out.end_array().end_object();
}

Result<SegmentRoot> read_segment(const Json& object, const Uuid& journal) {
    SegmentRoot segment;
    segment.journal = journal;
    TRY(segment.number, number_in(object, "number"));
    TRY(segment.first_sequence, number_in(object, "first"));
    TRY(segment.last_sequence, number_in(object, "last"));
    TRY(segment.end, number_in(object, "end"));
    TRYV(hex_in(object, "root", segment.tree));
    return segment;
}

Result<ProofBlock> read_block(const Json& object) {
    ProofBlock block;
    block.bytes.resize(std::min<std::size_t>(object.text_of("bytes").size() / 2, kBlock));
    TRYV(hex_in(object, "bytes", writable(block.bytes)));
    const Json* const path = object.find("path");
    if (path == nullptr) return no_member("path");
    for (const Json& step : path->items) {
        Digest digest{};
        if (!from_hex(step.text, digest)) return no_member("path");
        block.path.push_back(digest);
    }
    return block;
}

Result<Proof> proof_of(const Json& object) {
    TRYV(expect_kind(object, "proof"));
    const Json* const receipt = object.find("receipt");
    const Json* const segments = object.find("segments");
    const Json* const blocks = object.find("blocks");
    if (receipt == nullptr) return no_member("receipt");
    if (segments == nullptr) return no_member("segments");
    if (blocks == nullptr) return no_member("blocks");
    Proof proof;
    TRY(proof.receipt, receipt_of(*receipt));
    TRY(proof.sequence.raw, number_in(object, "seq"));
    TRY(proof.offset, number_in(object, "offset"));
    TRYV(hex_in(object, "previous_chain", proof.previous_chain));
    for (const Json& each : segments->items) {
        TRY(auto segment, read_segment(each, proof.receipt.statement.journal));
        proof.segments.push_back(segment);
    }
    for (const Json& each : blocks->items) {
        TRY(auto block, read_block(each));
        proof.blocks.push_back(std::move(block));
    }
    return proof;
}

}  // namespace

std::string to_text(const Proof& proof) {
    JsonWriter out;
    out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("proof");
    out.key("seq").number(proof.sequence.raw).key("offset").number(proof.offset);
    out.key("previous_chain").text(to_hex(proof.previous_chain)).key("segments").begin_array();
    for (const SegmentRoot& segment : proof.segments) write_segment(out, segment);
    out.end_array().key("blocks").begin_array();
    for (const ProofBlock& block : proof.blocks) write_block(out, block);
    out.end_array().key("receipt").verbatim(to_text(proof.receipt)).end_object();
    return std::move(out).str();
}

Result<Proof> parse_proof(std::string_view text) {
    TRY(auto object, parse_json(text));
    TRY(auto proof, proof_of(object));
    if (to_text(proof) != trimmed(text)) return altered("proof");
    return proof;
}

}  // namespace daybook::journal
