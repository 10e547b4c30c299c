#include "journal/uuid.hpp"

#include <cstddef>

#include "journal/hex.hpp"

namespace daybook::journal {
namespace {

bool dash_at(std::size_t place) { return place == 8 || place == 13 || place == 18 || place == 23; }

Error no_uuid(std::string_view text) {
    return {Errc::malformed, "not a UUID: " + std::string(text)};
}

}  // namespace

std::string to_text(const Uuid& uuid) {
    std::string text = to_hex(uuid.bytes);
    for (const std::size_t place : {8U, 13U, 18U, 23U}) text.insert(place, 1, '-');
    return text;
}

Result<Uuid> parse_uuid(std::string_view text) {
    if (text.size() != 36) return no_uuid(text);
    std::string digits;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (dash_at(i) != (text[i] == '-')) return no_uuid(text);
        if (!dash_at(i)) digits += text[i];
    }
    Uuid uuid;
    if (!from_hex(digits, uuid.bytes)) return no_uuid(text);
    return uuid;
}

Uuid uuid_from_random(Uuid random) {
    random.bytes[6] = static_cast<std::uint8_t>((random.bytes[6] & 0x0FU) | 0x40U);
    random.bytes[8] = static_cast<std::uint8_t>((random.bytes[8] & 0x3FU) | 0x80U);
    return random;
}

}  // namespace daybook::journal
