#include <cstring>

#include "fuzz/target.hpp"
#include "schemas/codec.hpp"
#include "schemas/event_json.hpp"
#include "schemas/invariant.hpp"
#include "support/generator.hpp"

namespace {

using namespace daybook;

constexpr Time kReceived{1};

Envelope envelope_of(std::uint16_t type) {
    return {.seq = {1}, .received = kReceived, .type = type, .mode = Mode::live};
}

}  // namespace

/// A type in two bytes, then any bytes as its payload. What can be decoded is decoded again when
/// it was encoded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::uint16_t type = 0;
    if (size < sizeof type) return 0;
    std::memcpy(&type, data, sizeof type);
    const std::size_t length = size - sizeof type;
    std::vector<std::uint64_t> aligned(length / 8 + 1);
    std::memcpy(aligned.data(), data + sizeof type, length);
    const auto payload = std::as_bytes(std::span{aligned}).first(length);
    const auto event = decode(payload, envelope_of(type));
    if (!event) return 0;
    INVARIANT(type_number(event.value()) == type, "an event is of the type its frame names");
    INVARIANT(!to_json(event.value()).empty(), "every event can be written as text");
    Encoder encoder;
    const auto again = decode(encoder.encode(event.value(), true), envelope_of(type));
    INVARIANT(again && again.value() == event.value(), "an event that is encoded is decoded again");
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    std::vector<std::string> seeds;
    Encoder encoder;
    for (const Event& event : test::story(3, {.markets = 2, .orders = 6})) {
        const std::uint16_t type = type_number(event);
        std::string seed(reinterpret_cast<const char*>(&type), sizeof type);
        const auto payload = encoder.encode(event, true);
        seed.append(reinterpret_cast<const char*>(payload.data()), payload.size());
        seeds.push_back(std::move(seed));
    }
    return seeds;
}
