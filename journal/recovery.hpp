#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "journal/head.hpp"
#include "journal/posix_write.hpp"
#include "schemas/ids.hpp"

namespace daybook::journal {

/// What was found behind the durable mark when the journal was opened, and what became of it.
struct Recovered {
    Sequence durable;        ///< HEAD as it was found
    Sequence kept;           ///< whole frames behind it were kept up to here; they count as durable
    std::string file;        ///< the segment: "00000003.segment"
    std::uint64_t offset{};  ///< where the torn tail began; it reads as zeros now
    std::uint64_t bytes{};   ///< its length; 0: there was none
    std::string quarantine;  ///< its copy: "quarantine/…"; empty when there was none
};

struct Recovery {
    Head head;  ///< durable, written to HEAD and synced
    std::optional<Recovered> recovered;
};

/// Brings a journal that was stopped at any moment to a state that can be appended to. Keeps all
/// that was ever acknowledged. May itself be stopped at any moment and begun again.
/// Fails with corrupt, and changes nothing, when a frame that was durable is not what was written.
[[nodiscard]] Result<Recovery> recover(WriteDirectory& directory);

}  // namespace daybook::journal
