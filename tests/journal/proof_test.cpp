#include "journal/proof.hpp"

#include "journal/hash.hpp"
#include "journal/hex.hpp"
#include "journal/inclusion.hpp"
#include "journal/segment.hpp"
#include "journal/witness.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

journal::Proof prove(const FaultyDisk& disk, std::uint64_t sequence) {
    const auto directory = disk.for_reading();
    return value(journal::prove(*directory, {sequence}, receipt_of(disk), test_key().public_key()));
}

Result<journal::Proven> check(const journal::Proof& proof) {
    return journal::check(proof, test_key().public_key());
}

bool refused(const journal::Proof& proof, std::string_view words) {
    const auto checked = check(proof);
    return !checked && checked.error().code == Errc::corrupt &&
           checked.error().detail.find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("every event of a journal is proven without the journal", "[journal][proof]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 250);
    REQUIRE(writer.head().segment == 3);
    for (std::uint64_t sequence = 1; sequence < writer.next().raw; ++sequence) {
        CAPTURE(sequence);
        const std::string text = journal::to_text(prove(disk, sequence));
        const auto proven = value(check(value(journal::parse_proof(text))));
        CHECK(proven.record.sequence.raw == sequence);
        CHECK(as_text(proven.record.payload) == payload_of(sequence));
        CHECK(proven.record.key == sequence % 3);
    }
}

TEST_CASE("a frame over many blocks is proven by all of them", "[journal][proof]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    const std::string large(50'000, 'l');
    const journal::Entry entry{.payload = as_bytes(large)};
    fill(writer, 3);
    value(writer.append({&entry, 1}));
    value(writer.commit());
    const std::uint64_t sequence = writer.next().raw - 1;
    fill(writer, sequence + 10);
    const auto proof = prove(disk, sequence);
    CHECK(proof.blocks.size() >= 13);
    CHECK(as_text(value(check(proof)).record.payload) == large);
    for (const std::size_t left_out : {std::size_t{0}, std::size_t{5}, proof.blocks.size() - 1}) {
        auto less = proof;
        less.blocks.erase(less.blocks.begin() + static_cast<std::ptrdiff_t>(left_out));
        CHECK_FALSE(check(less));
    }
    auto more = proof;
    more.blocks.push_back(proof.blocks.back());
    CHECK_FALSE(check(more));
}

TEST_CASE("a proof with any bit turned over is refused", "[journal][proof]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 3);
    const std::string text = journal::to_text(prove(disk, 2));
    REQUIRE(check(value(journal::parse_proof(text))));
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        const auto read = journal::parse_proof(flipped(text, bit));
        if (read && check(read.value())) FAIL("bit " << bit);
    }
    for (std::size_t length = 0; length < text.size(); ++length) {
        if (journal::parse_proof(std::string_view{text}.substr(0, length))) FAIL(length);
    }
}

TEST_CASE("what a proof says is bound to its place, its segment and its receipt",
          "[journal][proof]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 250);
    const auto proof = prove(disk, 3);
    REQUIRE(proof.segments.size() == 3);

    auto other = proof;
    other.sequence = {4};
    CHECK(refused(other, "the frame is event 3"));
    other = proof;
    other.offset += 8;
    CHECK(refused(other, "frame"));
    other = proof;
    other.segments[1].end += 1;
    CHECK(refused(other, "chain that was signed"));
    other = proof;
    other.segments.pop_back();
    CHECK(refused(other, "chain that was signed"));
    other = proof;
    other.previous_chain[0] ^= 1U;
    CHECK(refused(other, "chain that was signed"));
    other = proof;
    other.receipt = receipt_of(empty_journal());
    CHECK_FALSE(check(other));
    other = proof;
    other.blocks.front().bytes[100] ^= std::byte{1};
    CHECK(refused(other, "is not in the tree"));
    other = proof;
    other.blocks.clear();
    CHECK_FALSE(check(other));

    const auto wrong = value(journal::SigningKey::generate()).public_key();
    CHECK_FALSE(journal::check(proof, wrong));
}

TEST_CASE("a frame with fitting hashes that was never in the journal is not proven",
          "[journal][proof]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 6);
    auto proof = prove(disk, 3);
    const std::size_t begin = proof.offset % 4096;
    auto& bytes = proof.blocks.front().bytes;
    bytes[begin + 48] = std::byte{'E'};
    const auto frame = std::span{bytes}.subspan(begin, journal::frame_bytes(payload_of(3).size()));
    const std::uint64_t seed = journal::frame_seed(*small_options().journal, 1);
    const std::uint64_t hash = journal::frame_hash(seed, proof.offset, frame);
    std::memcpy(bytes.data() + begin, &hash, sizeof hash);
    CHECK(refused(proof, "is not in the tree"));
}

TEST_CASE("what is not in the journal is not proven", "[journal][proof]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 6);
    const auto receipt = receipt_of(disk);
    const auto key = test_key().public_key();
    for (const std::uint64_t sequence : {std::uint64_t{0}, std::uint64_t{7}, ~std::uint64_t{0}}) {
        const auto proof = journal::prove(*disk.for_reading(), {sequence}, receipt, key);
        CHECK(proof.error().code == Errc::not_found);
    }
    FaultyDisk damaged = disk.after_kill();
    damaged.flip(journal::segment_name(1), 8192 + 60);
    CHECK(journal::prove(*damaged.for_reading(), {4}, receipt, key).error().code == Errc::corrupt);
}
