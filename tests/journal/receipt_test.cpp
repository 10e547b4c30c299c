#include "journal/receipt.hpp"

#include "journal/hex.hpp"
#include "journal/segment.hpp"
#include "journal/witness.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

using Why = std::optional<std::string>;

Why against(const FaultyDisk& disk, const journal::Receipt& receipt, bool footers_hold = false) {
    const auto directory = disk.for_reading();
    return value(journal::why_not_signed_history(*directory, receipt.statement, footers_hold));
}

bool says(const Why& why, std::string_view words) {
    return why && why->find(words) != std::string::npos;
}

}  // namespace

TEST_CASE("a signature is the one RFC 8032 publishes", "[journal][receipt]") {
    const auto key = test_key();
    CHECK(journal::to_hex(key.public_key().bytes) == kPublicHex);
    CHECK(journal::to_hex(key.sign({})) ==
          "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e3970"
          "1cf9b46bd25bf5f0595bbe24655141438e7a100b");
    CHECK(journal::verifies(key.public_key(), {}, key.sign({})));
    CHECK_FALSE(journal::verifies(key.public_key(), as_bytes("x"), key.sign({})));
}

TEST_CASE("keys read back from their PEM text, and nothing else reads as a key",
          "[journal][receipt]") {
    const auto key = value(journal::SigningKey::generate());
    const auto again = value(journal::SigningKey::parse(key.to_pem()));
    CHECK(again.public_key() == key.public_key());
    CHECK(value(journal::parse_public_key(journal::to_pem(key.public_key()))) == key.public_key());
    CHECK_FALSE(value(journal::SigningKey::generate()).public_key() == key.public_key());
    for (const std::string_view bad : {"", "hello", "-----BEGIN PUBLIC KEY-----\nAAAA\n"}) {
        CHECK(journal::parse_public_key(bad).error().code == Errc::malformed);
        CHECK(journal::SigningKey::parse(bad).error().code == Errc::malformed);
    }
    CHECK(journal::parse_public_key(key.to_pem()).error().code == Errc::malformed);
}

TEST_CASE("the signed bytes are the 96 that the README draws", "[journal][receipt]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 5);
    const auto receipt = receipt_of(disk);
    std::vector<std::byte> bytes;
    const auto put = [&](std::span<const std::byte> part) {
        bytes.insert(bytes.end(), part.begin(), part.end());
    };
    const auto put_number = [&](auto number) { put(std::as_bytes(std::span{&number, 1})); };
    put(as_bytes("DAYBKRCP"));
    put_number(std::uint32_t{1});
    put_number(std::uint32_t{0});
    put(std::as_bytes(std::span{small_options().journal->bytes}));
    put_number(std::uint64_t{6});  // commits of 1, 2 and 3 events
    put_number(std::uint64_t{1});
    put_number(receipt.statement.end);
    put_number(std::int64_t{1'765'656'600'500'000'000});
    const journal::Digest chain = value(open_reader(disk).chain()).root;
    put(std::as_bytes(std::span{chain}));
    CHECK(bytes.size() == 96);
    CHECK(journal::verifies(test_key().public_key(), bytes, receipt.signature));
}

TEST_CASE("a receipt holds for the history it was given for, however the journal grows",
          "[journal][receipt]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    std::vector<journal::Receipt> receipts{receipt_of(disk)};
    while (writer.head().segment < 4) {
        fill(writer, writer.next().raw);
        receipts.push_back(receipt_of(disk));
    }
    CHECK(receipts.front().statement.sequence.raw == 0);
    for (const auto& receipt : receipts) {
        CAPTURE(receipt.statement.sequence.raw);
        CHECK_FALSE(journal::why_not_signed(receipt, test_key().public_key()));
        CHECK_FALSE(against(disk, receipt));
        CHECK_FALSE(against(disk, receipt, true));
    }
}

TEST_CASE("a journal that was set back, swapped or damaged is not the one that was signed",
          "[journal][receipt]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 20);
    const FaultyDisk early = disk.after_kill();
    fill(writer, 40);
    const auto receipt = receipt_of(disk);
    CHECK(says(against(early, receipt), "set back"));
    auto options = small_options();
    options.journal->bytes[0] = 9;
    CHECK(says(against(empty_journal(options), receipt), "about journal"));
    fill(writer, 60);
    const auto first = journal::segment_name(1);
    for (const std::uint64_t offset : {40U, 5000U, 8200U, 9000U}) {
        CAPTURE(offset);
        FaultyDisk damaged = disk.after_kill();
        damaged.flip(first, offset);
        CHECK(against(damaged, receipt));
    }
    FaultyDisk headless = disk.after_kill();
    headless.erase("HEAD");
    CHECK(says(against(headless, receipt), "how far the journal goes"));
    FaultyDisk behind = disk.after_kill();  // damage behind the receipt says nothing about it
    behind.flip(journal::segment_name(receipt.statement.segment), receipt.statement.end + 60);
    CHECK_FALSE(against(behind, receipt));
}

TEST_CASE("history that was written again with fitting hashes is not what was signed",
          "[journal][receipt]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 30);
    const auto receipt = receipt_of(disk);
    const FaultyDisk forged = empty_journal();  // same name, same sequences, other contents
    auto forger = open_writer(forged);
    const std::string lie = "nothing happened";
    while (forger.next() <= receipt.statement.sequence) {
        const journal::Entry entry{.payload = as_bytes(lie)};
        value(forger.append({&entry, 1}));
    }
    value(forger.commit());
    CHECK(says(against(forged, receipt), "is not what was signed"));
}

TEST_CASE("a receipt with any bit turned over is refused", "[journal][receipt]") {
    const FaultyDisk disk = empty_journal();
    auto writer = open_writer(disk);
    fill(writer, 5);
    const std::string text = journal::to_text(receipt_of(disk));
    const auto key = test_key().public_key();
    CHECK_FALSE(journal::why_not_signed(value(journal::parse_receipt(text)), key));
    CHECK(journal::parse_receipt(text + "\r\n"));
    for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
        const auto read = journal::parse_receipt(flipped(text, bit));
        if (read && !journal::why_not_signed(read.value(), key)) FAIL("bit " << bit);
    }
    for (std::size_t length = 0; length < text.size(); ++length) {
        CHECK_FALSE(journal::parse_receipt(std::string_view{text}.substr(0, length)));
    }
    CHECK(journal::parse_receipt(text + "x").error().code == Errc::malformed);
    CHECK(journal::parse_receipt(" " + text).error().code == Errc::corrupt);
}

TEST_CASE("a receipt is checked with the key it names", "[journal][receipt]") {
    const FaultyDisk disk = empty_journal();
    const auto receipt = receipt_of(disk);
    const auto other = value(journal::SigningKey::generate());
    CHECK(says(journal::why_not_signed(receipt, other.public_key()), "was signed with key"));
    auto claimed = receipt;  // somebody else's signature under our key's name
    claimed.signature = journal::sign(receipt.statement, other).signature;
    CHECK(says(journal::why_not_signed(claimed, test_key().public_key()), "altered"));
}
