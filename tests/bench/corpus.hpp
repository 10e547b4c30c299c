#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "journal/writer.hpp"
#include "schemas/event.hpp"

namespace daybook::bench {

/// A seeded day: 80 % ticks, 10 % books of 20 levels a side, 8 % order status, 2 % fills, in 64
/// markets. The same on every machine.
class Corpus {
  public:
    explicit Corpus(std::size_t events);
    [[nodiscard]] std::size_t size() const { return lengths_.size(); }
    [[nodiscard]] const Event& event(std::size_t i) const { return events_[i % kKept]; }
    /// Event i (modulo size) as it is handed to the journal: encoded, without its frame.
    [[nodiscard]] journal::Entry entry(std::size_t i) const;
    /// Mean of the frames: header, payload, padding.
    [[nodiscard]] double mean_frame_bytes() const;

  private:
    static constexpr std::size_t kKept = 4096;  ///< events kept as they were before encoding

    std::vector<Event> events_;
    std::vector<std::byte> payloads_;
    std::vector<std::uint64_t> begins_;
    std::vector<std::uint32_t> lengths_;
    std::vector<std::uint16_t> types_;
};

}  // namespace daybook::bench
