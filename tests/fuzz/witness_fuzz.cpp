#include <array>
#include <string_view>

#include "campaigns/scenes.hpp"
#include "fuzz/target.hpp"
#include "journal/proof.hpp"
#include "schemas/invariant.hpp"

using namespace daybook;

namespace {

/// The secret key of RFC 8032 §7.1, TEST 1: seeds that one run has written hold in the next one.
const journal::SigningKey& key() {
    static const journal::SigningKey made =
        journal::SigningKey::parse(
            "-----BEGIN PRIVATE KEY-----\n"
            "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n"
            "-----END PRIVATE KEY-----\n")
            .value();
    return made;
}

struct Seeds {
    std::string receipt, proof;
};

const Seeds& made_seeds() {
    static const Seeds seeds = [] {
        const campaigns::Scene scene = campaigns::stopped_scene();
        const auto directory = scene.disk.for_reading();
        const auto head = journal::read_head(*directory).value();
        const auto receipt =
            journal::sign(journal::statement_at(*directory, head, {1}).value(), key());
        const auto proof =
            journal::prove(*directory, head.durable, receipt, key().public_key()).value();
        return Seeds{to_text(receipt), to_text(proof)};
    }();
    return seeds;
}

}  // namespace

/// Any bytes in place of a receipt or proof: none but those that were signed are taken.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const std::string_view text = input.substr(0, input.find_last_not_of(" \t\r\n") + 1);
    const journal::PublicKey vouches = key().public_key();
    if (const auto receipt = journal::parse_receipt(input)) {
        const bool holds = !journal::why_not_signed(receipt.value(), vouches);
        INVARIANT(holds == (text == made_seeds().receipt), "only what was signed holds");
    }
    if (const auto proof = journal::parse_proof(input)) {
        const bool holds = journal::check(proof.value(), vouches).has_value();
        INVARIANT(holds == (text == made_seeds().proof), "only what was signed holds");
    }
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    return {made_seeds().receipt, made_seeds().proof};
}
