#include "projections/store/digest.hpp"

#include <xxhash.h>

#include "projections/fold/row_codec.hpp"

namespace daybook::store {

void Digest::add(const Digest& other) {
    low += other.low;
    high += other.high + (low < other.low ? 1 : 0);
}

void Digest::subtract(const Digest& other) {
    const std::uint64_t borrow = low < other.low ? 1 : 0;
    low -= other.low;
    high -= other.high + borrow;
}

std::string Digest::hex() const {
    static constexpr std::string_view kHex = "0123456789abcdef";
    std::string out;
    for (const std::uint64_t half : {high, low}) {
        for (unsigned shift = 64; shift > 0; shift -= 4)
            out.push_back(kHex[(half >> (shift - 4)) & 15U]);
    }
    return out;
}

Digest digest_of_row(std::string_view table, std::string_view key, std::string_view value) {
    thread_local std::string bytes;  // kept: every row that is written comes here
    bytes.clear();
    for (const std::string_view part : {table, key, value}) {
        add_key_part(bytes, std::uint64_t{part.size()});
        bytes += part;
    }
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.low64, hash.high64};
}

}  // namespace daybook::store
