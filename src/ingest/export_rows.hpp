#pragma once

#include <string_view>
#include <vector>

#include "schemas/json.hpp"

namespace daybook::ingest {

/// The rows of an export as objects: of a JSON array, of the array inside an object, of a JSON
/// object a line, or of CSV with a header, whose cells become texts. Fails with malformed, naming
/// the line.
[[nodiscard]] Result<std::vector<Json>> export_rows(std::string_view text);

}  // namespace daybook::ingest
