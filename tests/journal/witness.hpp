#pragma once

#include "journal/journals.hpp"
#include "journal/receipt.hpp"

/// What the tests of receipts and proofs share.
namespace daybook::test {

// The secret key of RFC 8032 §7.1, TEST 1, as PKCS #8 has it.
constexpr std::string_view kSecretPem =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
    "-----END PRIVATE KEY-----\n";
constexpr std::string_view kPublicHex =
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

inline journal::SigningKey test_key() { return value(journal::SigningKey::parse(kSecretPem)); }

/// Signed at 2025-12-13T20:10:00.5Z about all that is durable.
inline journal::Receipt receipt_of(const FaultyDisk& disk) {
    const auto directory = disk.for_reading();
    const auto head = value(journal::read_head(*directory));
    const Time time{1'765'656'600'500'000'000};
    return journal::sign(value(journal::statement_at(*directory, head, time)), test_key());
}

/// `text` with bit `bit` turned over.
inline std::string flipped(std::string text, std::size_t bit) {
    text[bit / 8] = static_cast<char>(static_cast<unsigned char>(text[bit / 8]) ^ (1U << bit % 8));
    return text;
}

}  // namespace daybook::test
