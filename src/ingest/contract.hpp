#pragma once

#include "src/ingest/input.hpp"

namespace daybook::ingest {

/// The event of one contract line (contract §1), credentials removed before anything is read. What
/// is no event becomes `unparsed`, with the line as `raw` and the reason.
[[nodiscard]] Batch read_contract_line(std::string_view line);

/// True for the first line of a dump: {"v":1,"kind":"dump",…}.
[[nodiscard]] bool is_dump_header(std::string_view line);

}  // namespace daybook::ingest
