#include <cstring>

#include "campaigns/restart.hpp"
#include "campaigns/scenes.hpp"
#include "fuzz/target.hpp"
#include "journal/reader.hpp"
#include "journal/verify.hpp"
#include "schemas/invariant.hpp"

namespace {

using namespace daybook;
using test::FaultyDisk;

constexpr const char* kNames[] = {"HEAD", "00000001.segment", "00000002.segment",
                                  "00000003.segment", "00000002.next"};

void add_file(FaultyDisk& disk, const std::string& name, std::span<const std::byte> bytes) {
    if (!disk.exists(name)) {
        const auto made = disk.directory()->create(name, journal::Cache::used);
        INVARIANT(made.has_value(), "the disk takes a file");
    }
    disk.overwrite(name, {bytes.begin(), bytes.end()});
}

/// Files one behind the other: a byte that names it, its length in three bytes, its bytes.
FaultyDisk disk_of(std::span<const std::byte> input) {
    FaultyDisk disk;
    while (input.size() >= 4) {
        std::uint32_t head = 0;
        std::memcpy(&head, input.data(), sizeof head);
        input = input.subspan(sizeof head);
        const std::size_t length = std::min<std::size_t>(head >> 8U, input.size());
        add_file(disk, kNames[(head & 0xFFU) % std::size(kNames)], input.first(length));
        input = input.subspan(length);
    }
    return disk;
}

std::string input_of(const FaultyDisk& disk) {
    std::string text;
    for (std::uint32_t place = 0; place < std::size(kNames); ++place) {
        if (!disk.exists(kNames[place])) continue;
        const auto content = disk.content(kNames[place]);
        const std::uint32_t head = static_cast<std::uint32_t>(content.size()) << 8U | place;
        text.append(reinterpret_cast<const char*>(&head), sizeof head);
        text.append(reinterpret_cast<const char*>(content.data()), content.size());
    }
    return text;
}

/// Events in their order, until they end or reading refuses.
std::uint64_t read_all(const FaultyDisk& disk) {
    auto reader = journal::Reader::open(disk.for_reading());
    if (!reader) return 0;
    std::uint64_t read = 0;
    for (;;) {
        const auto record = reader.value().next();
        if (!record || !record.value()) return read;
        INVARIANT(record.value()->sequence.raw == ++read, "events are read in their order");
    }
}

}  // namespace

/// Any files as a journal: read, verified, and recovered by a writer that then appends.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const FaultyDisk disk = disk_of(std::as_bytes(std::span{data, size}));
    const auto verdict = journal::verify(*disk.for_reading());
    const std::uint64_t read = read_all(disk);
    if (verdict && verdict.value().ok) {
        INVARIANT(read == verdict.value().events, "what verifies can be read");
    }
    auto writer = journal::Writer::open(disk.directory(), campaigns::small_options());
    if (!writer) return 0;
    const std::byte payload{1};
    const journal::Entry entry{.type = 1, .payload = {&payload, 1}};
    if (!writer.value().append({&entry, 1}) || !writer.value().commit()) return 0;
    INVARIANT(read_all(disk) >= read, "an event that was read is there behind a recovery");
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    return {input_of(campaigns::empty_scene().disk), input_of(campaigns::torn_scene().disk),
            input_of(campaigns::stopped_scene().disk)};
}
