#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "bench/raw.hpp"

namespace daybook::bench {

/// A seeded run of many markets: the first events define them, then the mix of Corpus, with orders
/// that are told live before they are filled, purchases and sales. Written as a journal with sealed
/// segments and as a raw file with the same frames. The same on every machine.
class MarketDays {
  public:
    static constexpr std::uint64_t kMarkets = 2000;

    MarketDays(const std::filesystem::path& journal, const std::filesystem::path& raw,
               std::uint64_t events);

    struct Place {  ///< of a frame in the raw file
        std::uint64_t offset{};
        std::uint64_t sequence{};
    };
    [[nodiscard]] const std::filesystem::path& journal() const { return journal_; }
    [[nodiscard]] std::uint64_t events() const { return events_; }
    [[nodiscard]] const RawLog& log() const { return log_; }
    [[nodiscard]] std::uint64_t raw_end() const { return raw_end_; }
    [[nodiscard]] const std::vector<Place>& fills() const { return fills_; }
    /// Fills, and what names orders.
    [[nodiscard]] const std::vector<Place>& fills_and_statuses() const { return own_; }

  private:
    std::filesystem::path journal_;
    RawLog log_;
    std::uint64_t events_{}, raw_end_{};
    std::vector<Place> fills_, own_;
};

/// What stands in front of a payload of the raw file; as large as the journal's header.
struct MarketFrame {
    std::uint64_t hash{}, length{}, sequence{}, key{}, type{}, rest{};
};

}  // namespace daybook::bench
