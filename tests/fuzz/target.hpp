#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

/// Takes any bytes; ends the process when a rule is broken. What libFuzzer calls.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace daybook::fuzz {

/// Inputs that reach deep, made by our own code: where libFuzzer and the replay begin.
[[nodiscard]] std::vector<std::string> seeds();

}  // namespace daybook::fuzz
