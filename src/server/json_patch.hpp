#pragma once

#include <string>

#include "schemas/json.hpp"

namespace daybook::server {

/// The operations (RFC 6902: add, remove, replace) that make `to` of `from`, as a JSON array;
/// "[]" when they are equal. Elements of arrays are compared by place, behind an equal beginning
/// and before an equal end. Members that occur twice in one object are not told apart.
[[nodiscard]] std::string json_patch(const Json& from, const Json& to);

}  // namespace daybook::server
