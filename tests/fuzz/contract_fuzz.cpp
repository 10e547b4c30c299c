#include "fuzz/target.hpp"
#include "schemas/codec.hpp"
#include "schemas/event_json.hpp"
#include "schemas/invariant.hpp"
#include "src/ingest/contract.hpp"
#include "support/generator.hpp"

namespace {

using namespace daybook;

constexpr Time kReceived{1};

}  // namespace

/// Any bytes as a line of a bot: an event, or kept as unparsed. What came of it can be recorded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line{reinterpret_cast<const char*>(data), size};
    Encoder encoder;
    for (const Event& event : ingest::read_contract_line(line)) {
        const Envelope envelope{{1}, kReceived, type_number(event), event.mode};
        const auto again = decode(encoder.encode(event, true), envelope);
        INVARIANT(again.has_value(), "an event that was read can be recorded and read again");
        INVARIANT(!to_json(event).empty(), "every event can be written as text");
    }
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    std::vector<std::string> seeds;
    for (Event& event : test::story(5, {.markets = 2, .orders = 6})) {
        event.seq = {};
        seeds.push_back(to_json(event));
    }
    seeds.emplace_back("not an event");
    return seeds;
}
