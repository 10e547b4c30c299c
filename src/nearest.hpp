#pragma once

#include <span>
#include <string>
#include <string_view>

namespace daybook {

/// The one of `known` that takes the fewest changed letters to become `name`; `known` is not empty.
[[nodiscard]] std::string_view nearest(std::string_view name,
                                       std::span<const std::string_view> known);

}  // namespace daybook
