#pragma once

#include <zlib.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "support/catch.hpp"

// Captured venue data stands beside the source tree and is never copied into it.
namespace daybook::test {

/// `../shared/data/name`; nothing, with a remark in the test's output, where it is not there.
inline std::optional<std::filesystem::path> captures(const std::string& name) {
    const auto path = std::filesystem::path{DAYBOOK_SOURCE_DIR} / "../shared/data" / name;
    if (std::filesystem::exists(path)) return path;
    WARN("skipped: no captures of " << name);
    return std::nullopt;
}

inline std::string read_all(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

/// The text of a file, unpacked when it is gzip.
inline std::string read_unpacked(const std::filesystem::path& path) {
    std::string out;
    std::vector<char> buffer(1 << 16);
    gzFile file = gzopen(path.c_str(), "rb");
    REQUIRE(file != nullptr);
    for (int n = 0; (n = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0;) {
        out.append(buffer.data(), static_cast<std::size_t>(n));
    }
    gzclose(file);
    return out;
}

inline std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        if (end > at) lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

}  // namespace daybook::test
