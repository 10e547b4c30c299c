#include <cstdint>
#include <string_view>

#include "src/ingest/kalshi.hpp"

/// Two frames on one reader, cut at the first zero byte: the second meets the count of the first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daybook::ingest;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const std::size_t cut = input.find('\0');
    Kalshi venue{Settings{}};
    Input frame;
    frame.payload = input.substr(0, cut);
    (void)venue.read(frame);
    if (cut == std::string_view::npos) return 0;
    frame.payload = input.substr(cut + 1);
    (void)venue.read(frame);
    return 0;
}
