#include <cstdlib>

#include "schemas/check.hpp"
#include "src/ingest/polymarket.hpp"

// Any bytes as lines of a file: no crash, nothing lost, no event the catalogue forbids.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are text here
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    daybook::ingest::Polymarket door{{{}, size % 2 == 0}};
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const daybook::ingest::Batch batch = door.read_line(line);
        for (const daybook::Event& event : batch) {
            const bool kept = std::holds_alternative<daybook::Unparsed>(event.body);
            if (daybook::why_invalid(event) || (kept && event.raw.empty())) std::abort();
        }
    }
    return 0;
}
