#pragma once

#include <string>
#include <string_view>

#include "schemas/result.hpp"

namespace daybook {

/// The writing program that lies beside this one: never one from PATH. Fails with disk.
[[nodiscard]] Result<std::string> writer_path();

/// Has it record `lines` (contract §1) in the data directory `data`, and waits until they are
/// durable. Fails with disk when it cannot be run, with incomplete when it did not take them.
[[nodiscard]] Result<void> record_lines(const std::string& data, std::string_view lines);

}  // namespace daybook
