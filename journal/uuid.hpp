#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "schemas/result.hpp"

namespace daybook::journal {

/// Names one journal for ever; every frame's hash covers it, so frames of another never fit.
struct Uuid {
    std::array<std::uint8_t, 16> bytes{};
    friend auto operator<=>(const Uuid&, const Uuid&) = default;
};

/// "6f1c…-….": 8-4-4-4-12 lower-case hex digits.
[[nodiscard]] std::string to_text(const Uuid& uuid);
/// Fails with malformed when `text` is not of that form (upper case is understood).
[[nodiscard]] Result<Uuid> parse_uuid(std::string_view text);
/// `random` with the bits set that mark a random (version 4) UUID.
[[nodiscard]] Uuid uuid_from_random(Uuid random);

}  // namespace daybook::journal
