#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "schemas/time.hpp"
#include "tools/daybook/session.hpp"

namespace daybook {

/// One thing looked at: good, worth a look, or bad.
struct Symptom {
    std::string what;
    enum class Grade : std::uint8_t { good, note, bad } grade{};
    std::string text;
    std::string remedy{};  ///< what to do about it; empty when nothing
};

/// What the machine is to the data directory: days until its disk is full, a file system that
/// forgets, how long a sync takes, who else may read and write, who records now, which feed has
/// fallen silent. Writes one small file beside the journal, for a moment.
[[nodiscard]] std::vector<Symptom> examine_host(Session& session, const Call& call);

/// How much was recorded lately.
struct Growth {
    std::uint64_t bytes{};  ///< of everything recorded and folded
    std::uint64_t events{};
    std::uint64_t recent{};  ///< events of them in the last `span_ns`
    std::int64_t span_ns{};
};
/// Whole days until `free_bytes` more are written at that rate; nothing when a thousand
/// events or an hour are not there to tell it from.
[[nodiscard]] std::optional<std::uint64_t> days_until_full(std::uint64_t free_bytes,
                                                           const Growth& growth);

}  // namespace daybook
