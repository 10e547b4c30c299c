#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "journal/hex.hpp"
#include "schemas/json.hpp"
#include "schemas/result.hpp"
#include "schemas/whole_number.hpp"

/// What reading receipts and proofs has in common.
namespace daybook::journal {

[[nodiscard]] inline Error no_member(std::string_view name) {
    return {Errc::malformed, "'" + std::string(name) + "' is missing or is not what it should be"};
}

[[nodiscard]] inline Result<std::uint64_t> number_in(const Json& object, std::string_view name) {
    const Json* const found = object.find(name);
    if (found == nullptr || !found->is(Json::Kind::number)) return no_member(name);
    const auto number = whole_number(found->text);
    return number ? Result<std::uint64_t>{*number} : no_member(name);
}

/// A text member of exactly as many hex digits as `into` takes.
[[nodiscard]] inline Result<void> hex_in(const Json& object, std::string_view name,
                                         std::span<std::uint8_t> into) {
    if (!from_hex(object.text_of(name), into)) return no_member(name);
    return ok();
}

[[nodiscard]] inline Result<void> expect_kind(const Json& object, std::string_view kind) {
    if (object.text_of("kind") != kind) return no_member("kind");
    if (object.text_of("v") == "1") return ok();
    return Error{Errc::newer, "its version is not 1", "use the newer program that wrote it"};
}

/// `text` without the line ends and blanks behind it, which an editor or a mail may add.
[[nodiscard]] inline std::string_view trimmed(std::string_view text) {
    const std::size_t last = text.find_last_not_of(" \t\r\n");
    return last == std::string_view::npos ? std::string_view{} : text.substr(0, last + 1);
}

[[nodiscard]] inline Error altered(std::string_view what) {
    return {Errc::corrupt, "this " + std::string(what) +
                               " is not byte for byte as Daybook writes it: it was altered"};
}

}  // namespace daybook::journal
