#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daybook::store {

/// A sum modulo 2^128, so that neither the order of the rows nor the way they came about matters.
struct Digest {
    std::uint64_t low{};
    std::uint64_t high{};
    friend bool operator==(const Digest&, const Digest&) = default;
    void add(const Digest& other);
    void subtract(const Digest& other);
    [[nodiscard]] std::string hex() const;
};
/// XXH3-128 of table, key and value, each with its length.
[[nodiscard]] Digest digest_of_row(std::string_view table, std::string_view key,
                                   std::string_view value);

}  // namespace daybook::store
