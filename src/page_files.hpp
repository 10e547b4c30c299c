#pragma once

#include <vector>

#include "src/server/page.hpp"

namespace daybook {

/// The files of src/dashboard as they were built into this program; none in one built without Node.
[[nodiscard]] std::vector<server::PageFile> page_files();

}  // namespace daybook
