#include <cstdint>
#include <string_view>

#include "journal/proof.hpp"
#include "schemas/invariant.hpp"

using namespace daybook;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const journal::PublicKey key{};
    if (const auto receipt = journal::parse_receipt(input)) {
        INVARIANT(journal::why_not_signed(receipt.value(), key), "nobody signed this");
    }
    if (const auto proof = journal::parse_proof(input)) {
        INVARIANT(!journal::check(proof.value(), key), "nobody signed this");
    }
    return 0;
}
