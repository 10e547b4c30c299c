#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "schemas/fixed.hpp"
#include "schemas/ids.hpp"
#include "schemas/invariant.hpp"
#include "schemas/time.hpp"

namespace daybook {

// A row's value is its fields one after the other: integers, enums and booleans little-endian in
// their own width, text as a 4-byte length and bytes, an optional as one byte and the value, a
// vector as a 4-byte count and its items, a variant as one byte and its value. The same state gives
// the same bytes on every machine, so rows can be hashed and compared. A row type lists its fields
// once:
//
//     struct OrderRow { std::string id; Shares shares; auto fields() { return std::tie(id, shares);
//     } };
//
// A type of another room gets a free function `auto row_fields(T&)` beside its first use instead.
// A change of the list is a new version of the projection.

namespace row_detail {

template <class T>
concept HasFields = requires(T value) {
    value.fields();
};
template <class T>
concept Micros = std::is_same_v<T, Price> || std::is_same_v<T, Shares> ||
    std::is_same_v<T, Money> || std::is_same_v<T, Ratio>;
template <class T>
inline constexpr bool kIsOptional = false;
template <class T>
inline constexpr bool kIsOptional<std::optional<T>> = true;
template <class T>
inline constexpr bool kIsId = false;
template <class Tag, class Raw>
inline constexpr bool kIsId<Id<Tag, Raw>> = true;
template <class T>
inline constexpr bool kIsVariant = false;
template <class... T>
inline constexpr bool kIsVariant<std::variant<T...>> = true;
template <class T>
inline constexpr bool kIsVector = false;
template <class T>
inline constexpr bool kIsVector<std::vector<T>> = true;

/// References to the fields of `value`, in the order in which they are written.
template <class T>
auto fields_of(T& value) {
    if constexpr (HasFields<T>) {
        return value.fields();
    } else {
        return row_fields(value);
    }
}

static_assert(std::endian::native == std::endian::little, "rows are bytes of this machine's order");

template <class Integer>
void put_integer(std::string& out, Integer value) {
    std::array<char, sizeof value> bytes;
    std::memcpy(bytes.data(), &value, sizeof value);
    out.append(bytes.data(), bytes.size());
}

template <class T>
void put(std::string& out, const T& value);

template <class T>
void put_sized(std::string& out, const T& value) {
    put_integer(out, static_cast<std::uint32_t>(value.size()));
    if constexpr (std::is_same_v<T, std::string>) {
        out += value;
    } else {
        for (const auto& item : value) put(out, item);
    }
}

template <class T>
void put(std::string& out, const T& value) {
    if constexpr (std::is_same_v<T, bool>) {
        out.push_back(value ? '\1' : '\0');
    } else if constexpr (std::is_enum_v<T>) {
        put_integer(out, static_cast<std::underlying_type_t<T>>(value));
    } else if constexpr (std::is_integral_v<T>) {
        put_integer(out, value);
    } else if constexpr (Micros<T>) {
        put_integer(out, value.micros);
    } else if constexpr (std::is_same_v<T, Time>) {
        put_integer(out, value.nanos);
    } else if constexpr (kIsId<T>) {
        put_integer(out, value.raw);
    } else if constexpr (std::is_same_v<T, RefPrice>) {
        put_integer(out, static_cast<std::uint64_t>(value.attos));
        put_integer(out, static_cast<std::int64_t>(value.attos >> 64));
    } else if constexpr (std::is_same_v<T, Wide>) {
        put_integer(out, static_cast<std::uint64_t>(value));
        put_integer(out, static_cast<std::int64_t>(value >> 64));
    } else if constexpr (kIsOptional<T>) {
        put(out, value.has_value());
        if (value) put(out, *value);
    } else if constexpr (std::is_same_v<T, std::string> || kIsVector<T>) {
        put_sized(out, value);
    } else if constexpr (kIsVariant<T>) {
        put_integer(out, static_cast<std::uint8_t>(value.index()));
        std::visit([&out](const auto& held) { put(out, held); }, value);
    } else {
        std::apply([&out](const auto&... field) { (put(out, field), ...); },
                   fields_of(const_cast<T&>(value)));
    }
}

/// Reads what put() wrote. The bytes are our own and covered by the digest, so a shape that does
/// not fit is a broken invariant and not an error of the world.
class Reader {
  public:
    explicit Reader(std::string_view bytes) : rest_{bytes} {}
    [[nodiscard]] bool at_end() const { return rest_.empty(); }
    [[nodiscard]] std::size_t left() const { return rest_.size(); }  ///< bytes not read

    template <class Integer>
    void integer(Integer& value) {
        std::memcpy(&value, take(sizeof(Integer)).data(), sizeof(Integer));
    }

    template <class T>
    void get(T& value) {
        if constexpr (std::is_same_v<T, bool>) {
            value = take(1)[0] != '\0';
        } else if constexpr (std::is_enum_v<T>) {
            std::underlying_type_t<T> number{};
            integer(number);
            value = static_cast<T>(number);
        } else if constexpr (std::is_integral_v<T>) {
            integer(value);
        } else if constexpr (Micros<T>) {
            integer(value.micros);
        } else if constexpr (std::is_same_v<T, Time>) {
            integer(value.nanos);
        } else if constexpr (kIsId<T>) {
            integer(value.raw);
        } else if constexpr (std::is_same_v<T, RefPrice>) {
            value.attos = wide();
        } else if constexpr (std::is_same_v<T, Wide>) {
            value = wide();
        } else if constexpr (kIsOptional<T>) {
            bool present{};
            get(present);
            value.reset();
            if (present) get(value.emplace());
        } else if constexpr (std::is_same_v<T, std::string>) {
            value = take(size());
        } else if constexpr (kIsVector<T>) {
            value.clear();
            for (std::uint32_t left = size(); left > 0; --left) get(value.emplace_back());
        } else if constexpr (kIsVariant<T>) {
            get_variant(value, std::make_index_sequence<std::variant_size_v<T>>{});
        } else {
            std::apply([this](auto&... field) { (get(field), ...); }, fields_of(value));
        }
    }

  private:
    template <class T, std::size_t... Index>
    void get_variant(T& value, std::index_sequence<Index...>) {
        std::uint8_t held{};
        integer(held);
        INVARIANT(held < sizeof...(Index), "a row names one of its alternatives");
        ((held == Index ? get(value.template emplace<Index>()) : void()), ...);
    }
    std::uint32_t size() {
        std::uint32_t count{};
        integer(count);
        return count;
    }
    Wide wide() {
        std::uint64_t low{};
        std::int64_t high{};
        integer(low);
        integer(high);
        return (static_cast<Wide>(high) << 64) | static_cast<Wide>(low);
    }
    std::string_view take(std::size_t count) {
        INVARIANT(rest_.size() >= count, "a row holds all its fields");
        const std::string_view taken = rest_.substr(0, count);
        rest_.remove_prefix(count);
        return taken;
    }

    std::string_view rest_;
};

}  // namespace row_detail

/// The bytes of a row value. `row` is a struct with fields().
template <class Row>
[[nodiscard]] std::string pack(const Row& row) {
    std::string out;
    row_detail::put(out, row);
    return out;
}

template <class Row>
[[nodiscard]] Row unpack(std::string_view bytes) {
    Row row;
    row_detail::Reader reader{bytes};
    reader.get(row);
    INVARIANT(reader.at_end(), "a row holds nothing but its fields");
    return row;
}

// Keys sort by their bytes: numbers big-endian, text closed by 0x00 (a 0x00 inside becomes 0x00
// 0xFF).

inline void add_key_part(std::string& key, std::uint64_t number) {
    const std::uint64_t big = __builtin_bswap64(number);
    std::array<char, sizeof big> bytes;
    std::memcpy(bytes.data(), &big, sizeof big);
    key.append(bytes.data(), bytes.size());
}
inline void add_key_part(std::string& key, std::string_view text) {
    while (!text.empty()) {
        const std::size_t end = text.find('\0');
        key += text.substr(0, end);
        if (end == std::string_view::npos) break;
        key.append("\0\xFF", 2);
        text.remove_prefix(end + 1);
    }
    key.push_back('\0');
}
[[nodiscard]] inline std::string key_part(std::uint64_t number) {
    std::string key;
    add_key_part(key, number);
    return key;
}
[[nodiscard]] inline std::string key_part(std::string_view text) {
    std::string key;
    add_key_part(key, text);
    return key;
}
/// The number at `index` of a key that is made of numbers so far.
[[nodiscard]] inline std::uint64_t number_at(std::string_view key, std::size_t index) {
    std::uint64_t big{};
    INVARIANT(key.size() >= (index + 1) * sizeof big, "a key holds all its parts");
    std::memcpy(&big, key.data() + index * sizeof big, sizeof big);
    return __builtin_bswap64(big);
}
/// The key made of `parts`, numbers (std::uint64_t) and texts, in this order.
template <class... Parts>
[[nodiscard]] std::string make_key(const Parts&... parts) {
    std::string key;
    key.reserve(64);
    (add_key_part(key, parts), ...);
    return key;
}

}  // namespace daybook
