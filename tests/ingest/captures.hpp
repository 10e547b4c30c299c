#pragma once

#include <zlib.h>

#include <array>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Captures of venues lie beside the repository and are never part of it: they carry no licence.
inline std::filesystem::path captures() {
    return std::filesystem::path{DAYBOOK_SOURCE_DIR}.parent_path() / "shared" / "data";
}

/// The bytes of a file, packed by gzip or not; nothing when there is no such file.
inline std::optional<std::string> capture(const std::filesystem::path& name) {
    const std::filesystem::path path = captures() / name;
    const std::unique_ptr<gzFile_s, int (*)(gzFile)> file{gzopen(path.c_str(), "rb"), gzclose};
    if (!file) return std::nullopt;
    std::string bytes;
    std::array<char, 65536> chunk{};
    for (int got = 1; got > 0;) {
        got = gzread(file.get(), chunk.data(), static_cast<unsigned>(chunk.size()));
        if (got > 0) bytes.append(chunk.data(), static_cast<std::size_t>(got));
    }
    return bytes;
}

inline std::vector<std::string> lines_of(const std::string& bytes) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t end = std::min(bytes.find('\n', at), bytes.size());
        if (end > at) lines.push_back(bytes.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

/// A capture, or a warning and the end of the test case where there is none.
#define CAPTURE_OR_SKIP(variable, name)          \
    const auto variable##_found = capture(name); \
    if (!variable##_found) {                     \
        WARN("skipped: no captures");            \
        return;                                  \
    }                                            \
    const std::string& variable = *variable##_found
