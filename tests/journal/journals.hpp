#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "journal/reader.hpp"
#include "journal/writer.hpp"
#include "support/catch.hpp"
#include "support/faulty_disk.hpp"

/// What the tests of this room share: small journals, and what is in them.
namespace daybook::test {

/// The value, or a failed test that says the error.
template <class T>
T value(Result<T> result) {
    if (!result) FAIL(result.error().detail);
    return std::move(result.value());
}
inline void succeeds(const Result<void>& result) {
    if (!result) FAIL(result.error().detail);
}

inline std::span<const std::byte> as_bytes(std::string_view text) {
    return std::as_bytes(std::span{text});
}
inline std::string as_text(std::span<const std::byte> bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

/// One thread, one name, segments of 16, 32, 64, 64 … KiB.
inline journal::Options small_options() {
    journal::Options options;
    options.first_segment = std::uint64_t{16} << 10U;
    options.largest_segment = std::uint64_t{64} << 10U;
    options.background = false;
    options.journal = journal::Uuid{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
    return options;
}

/// The payload of event `sequence`: its number in words of its own, of a length of its own.
inline std::string payload_of(std::uint64_t sequence) {
    std::string text = "event " + std::to_string(sequence) + " ";
    const std::size_t length = text.size() + (sequence * 37) % 300;
    while (text.size() < length) text += static_cast<char>('a' + (sequence + text.size()) % 26);
    return text;
}

/// Appends `count` events as one batch; their payloads are payload_of(their sequence).
inline Result<Sequence> append(journal::Writer& writer, std::size_t count) {
    const std::uint64_t first = writer.next().raw;
    std::vector<std::string> payloads;
    for (std::size_t i = 0; i < count; ++i) payloads.push_back(payload_of(first + i));
    std::vector<journal::Entry> batch;
    for (std::size_t i = 0; i < count; ++i) {
        batch.push_back({.received = static_cast<std::int64_t>(1000 + first + i),
                         .key = (first + i) % 3,
                         .type = static_cast<std::uint16_t>(1 + (first + i) % 4),
                         .flags = 1,
                         .payload = as_bytes(payloads[i])});
    }
    return writer.append(batch);
}

inline journal::Writer open_writer(const FaultyDisk& disk,
                                   const journal::Options& options = small_options()) {
    return value(journal::Writer::open(disk.directory(), options));
}
inline journal::Reader open_reader(const FaultyDisk& disk) {
    return value(journal::Reader::open(disk.for_reading()));
}

inline FaultyDisk empty_journal(const journal::Options& options = small_options()) {
    FaultyDisk disk;
    const auto directory = disk.directory();
    succeeds(journal::create(*directory, options));
    return disk;
}

/// Commits of 1, 2, 3, 1, 2, 3 … events until there are at least `events`; returns how many.
inline std::uint64_t fill(journal::Writer& writer, std::uint64_t events) {
    for (std::size_t batch = 0; writer.next().raw <= events; ++batch) {
        value(append(writer, 1 + batch % 3));
        value(writer.commit());
    }
    return writer.next().raw - 1;
}

/// Reads all from the first event on; fails the test unless they are payload_of(1), (2), ….
inline std::uint64_t read_all(journal::Reader& reader) {
    succeeds(reader.seek({1}));
    std::uint64_t read = 0;
    while (const auto record = value(reader.next())) {
        ++read;
        if (record->sequence.raw != read || as_text(record->payload) != payload_of(read)) {
            FAIL("event " << read << " is not what was appended");
        }
    }
    return read;
}

}  // namespace daybook::test
