#pragma once

#include <string>

#include "schemas/result.hpp"

namespace daybook {

/// Makes the data directory `data_dir` (and the folders above it) with an empty journal, the keys
/// that sign its receipts, and the commented settings. Fails with conflict when there is a journal
/// already: it is left as it is.
[[nodiscard]] Result<void> init(const std::string& data_dir);

}  // namespace daybook
