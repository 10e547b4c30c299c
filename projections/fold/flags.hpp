#pragma once

#include <cstdint>
#include <string_view>
#include <tuple>
#include <vector>

#include "schemas/enums.hpp"

namespace daybook {

/// A set of `Flag`s, an enum of at most 32 values counted from 0 with an EnumText. A flag tells
/// what was seen; it never decides what counts.
template <class Flag>
struct Flags {
    std::uint32_t bits{};

    void set(Flag flag) { bits |= bit(flag); }
    void set(Flags others) { bits |= others.bits; }
    void clear(Flag flag) { bits &= ~bit(flag); }
    [[nodiscard]] bool has(Flag flag) const { return (bits & bit(flag)) != 0; }
    [[nodiscard]] std::vector<std::string_view> names() const {
        std::vector<std::string_view> out;
        for (std::size_t i = 0; i < EnumText<Flag>::names.size(); ++i) {
            if (has(static_cast<Flag>(i))) out.push_back(EnumText<Flag>::names.at(i));
        }
        return out;
    }
    auto fields() { return std::tie(bits); }
    friend bool operator==(const Flags&, const Flags&) = default;

  private:
    static constexpr std::uint32_t bit(Flag flag) {
        return std::uint32_t{1} << static_cast<std::uint32_t>(flag);
    }
};

}  // namespace daybook
