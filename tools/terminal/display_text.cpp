#include "tools/terminal/display_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "schemas/json.hpp"

namespace daybook {
namespace {

constexpr char32_t kReplacement = 0xFFFD;

struct Range {
    char32_t first;
    char32_t last;
};

/// Marks that take no column of their own.
constexpr std::array kCombining{
    Range{0x0300, 0x036F}, Range{0x0483, 0x0489}, Range{0x0591, 0x05BD}, Range{0x064B, 0x065F},
    Range{0x1AB0, 0x1AFF}, Range{0x1DC0, 0x1DFF}, Range{0x200B, 0x200D}, Range{0x20D0, 0x20FF},
    Range{0xFE00, 0xFE0F}, Range{0xFE20, 0xFE2F},
};
constexpr std::array kWide{
    Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},   Range{0x3041, 0x4DBF},
    Range{0x4E00, 0xA4CF},   Range{0xA960, 0xA97F},   Range{0xAC00, 0xD7A3},
    Range{0xF900, 0xFAFF},   Range{0xFE30, 0xFE6F},   Range{0xFF00, 0xFF60},
    Range{0xFFE0, 0xFFE6},   Range{0x1F300, 0x1F64F}, Range{0x1F680, 0x1F6FF},
    Range{0x1F900, 0x1FAFF}, Range{0x20000, 0x3FFFD},
};
/// C0 and C1 controls, line and paragraph separators, and what turns the reading direction.
constexpr std::array kUnsafe{
    Range{0x00, 0x1F},     Range{0x7F, 0x9F},     Range{0x061C, 0x061C}, Range{0x200E, 0x200F},
    Range{0x2028, 0x202E}, Range{0x2066, 0x2069}, Range{0xFEFF, 0xFEFF}, Range{0xE0000, 0xE007F},
};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, char32_t point) {
    return std::ranges::any_of(
        ranges, [point](Range range) { return point >= range.first && point <= range.last; });
}

/// Bytes of the character at the start of `text`; 0 when it is not UTF-8.
std::size_t character_bytes(std::string_view text) {
    for (std::size_t bytes = 1; bytes <= std::min<std::size_t>(4, text.size()); ++bytes) {
        if (is_utf8(text.substr(0, bytes))) return bytes;
    }
    return 0;
}

char32_t decoded(std::string_view character) {
    constexpr std::array<unsigned, 5> kLeadBits{0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t point = static_cast<unsigned char>(character[0]) & kLeadBits[character.size()];
    for (const char c : character.substr(1)) {
        point = (point << 6U) | (static_cast<unsigned char>(c) & 0x3FU);
    }
    return point;
}

/// The character at the start of `text` (not empty) and its bytes; one bad byte is U+FFFD.
std::pair<char32_t, std::size_t> first_character(std::string_view text) {
    const std::size_t bytes = character_bytes(text);
    if (bytes == 0) return {kReplacement, 1};
    return {decoded(text.substr(0, bytes)), bytes};
}

std::string written_out(char32_t point) {
    constexpr std::string_view kHex = "0123456789abcdef";
    if (point == '\n') return "\\n";
    if (point == '\r') return "\\r";
    if (point == '\t') return "\\t";
    const bool ascii = point < 0x80;
    std::string digits;
    for (char32_t rest = point; rest != 0; rest >>= 4U) digits.insert(0, 1, kHex[rest & 15U]);
    const std::size_t width = ascii ? 2 : 4;
    if (digits.size() < width) digits.insert(0, width - digits.size(), '0');
    return (ascii ? "\\x" : "\\u") + digits;
}

std::size_t columns(char32_t point) {
    if (point < 0x300) return 1;
    if (within(kCombining, point)) return 0;
    return within(kWide, point) ? 2 : 1;
}

}  // namespace

std::string printable(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        const auto [point, bytes] = first_character(text);
        if (within(kUnsafe, point)) {
            out += written_out(point);
        } else if (point == kReplacement) {
            out += "\xEF\xBF\xBD";
        } else {
            out += text.substr(0, bytes);
        }
        text.remove_prefix(bytes);
    }
    return out;
}

std::size_t display_width(std::string_view text) {
    std::size_t width = 0;
    while (!text.empty()) {
        const auto [point, bytes] = first_character(text);
        width += columns(point);
        text.remove_prefix(bytes);
    }
    return width;
}

std::string shortened(std::string_view text, std::size_t width) {
    if (display_width(text) <= width) return std::string{text};
    if (width == 0) return {};
    std::size_t kept = 0;
    std::size_t used = 0;
    while (kept < text.size()) {
        const auto [point, bytes] = first_character(text.substr(kept));
        if (used + columns(point) > width - 1) break;
        used += columns(point);
        kept += bytes;
    }
    return std::string{text.substr(0, kept)} + "…";
}

}  // namespace daybook
