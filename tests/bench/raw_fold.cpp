#include "bench/raw_fold.hpp"

#include <sys/mman.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <cstring>
#include <thread>

#include "bench/measure.hpp"
#include "event_generated.h"
#include "journal/format.hpp"
#include "schemas/event.hpp"
#include "schemas/fixed.hpp"

namespace daybook::bench {
namespace {

class Mapped {
  public:
    explicit Mapped(const MarketDays& days)
        : size_{days.raw_end()},
          data_{::mmap(nullptr, size_, PROT_READ, MAP_SHARED, days.log().descriptor(), 0)} {
        if (data_ == MAP_FAILED) stop("cannot map the raw file");
        ::madvise(data_, size_, MADV_SEQUENTIAL);
    }
    ~Mapped() { ::munmap(data_, size_); }
    Mapped(const Mapped&) = delete;
    Mapped& operator=(const Mapped&) = delete;

    [[nodiscard]] MarketFrame frame(std::uint64_t at) const {
        MarketFrame header;
        std::memcpy(&header, bytes() + at, sizeof header);
        return header;
    }
    [[nodiscard]] const char* payload(std::uint64_t at) const {
        return bytes() + at + sizeof(MarketFrame);
    }
    [[nodiscard]] bool whole(std::uint64_t at, const MarketFrame& header) const {
        return XXH3_64bits_withSeed(payload(at), header.length, header.sequence) == header.hash;
    }

  private:
    [[nodiscard]] const char* bytes() const { return static_cast<const char*>(data_); }
    std::uint64_t size_;
    void* data_;
};

std::int64_t part(std::int64_t whole, std::int64_t share, std::int64_t all) {
    if (share == all) return whole;
    return static_cast<std::int64_t>(divide_half_even(Wide{whole} * share, all));
}

/// Sells `shares`; of a mirrored outcome it is a purchase.
void trade(RawOutcome& o, std::int64_t shares, std::int64_t proceeds, std::int64_t sign) {
    const std::int64_t held = sign * o.shares;
    const std::int64_t closing = std::clamp<std::int64_t>(held, 0, shares);
    const std::int64_t got = part(proceeds, closing, shares);
    const std::int64_t taken = closing == 0 ? 0 : part(o.cost, closing, held);
    o.realized += got - taken;
    o.shares = sign * (held - shares);
    o.cost -= taken + proceeds - got;
}

void check(const Mapped& map, std::uint64_t begin, std::uint64_t end) {
    for (std::uint64_t at = begin; at < end;) {
        const MarketFrame header = map.frame(at);
        if (!map.whole(at, header)) stop("a raw frame is bad");
        at += journal::frame_bytes(header.length);
    }
}

}  // namespace

void fold_fill(RawLedger& ledger, std::uint64_t key, const char* payload) {
    const fb::Fill& fill = *fb::GetEvent(payload)->body_as_Fill();
    const std::size_t side = fill.outcome()->c_str()[0] == 'U' ? 0 : 1;
    RawOutcome& o = ledger.outcomes[2 * key + side];
    const std::int64_t fee = fill.fee().value_or(0);
    o.fees += fee;
    if (fill.side() == fb::Side::buy) {
        o.bought += fill.cost();
        trade(o, fill.shares(), -(fill.cost() + fee), -1);
    } else {
        o.sold += fill.cost();
        trade(o, fill.shares(), fill.cost() - fee, 1);
    }
}

RawLedger finished(RawLedger ledger) {
    for (std::size_t i = 0; i < ledger.outcomes.size(); i += 2) {
        const auto a = static_cast<double>(ledger.outcomes[i].shares);
        const auto b = static_cast<double>(ledger.outcomes[i + 1].shares);
        if (std::max(a, b) > 0) ledger.hedge_sum += std::min(a, b) / std::max(a, b);
    }
    return ledger;
}

RawLedger raw_fold(const MarketDays& days) {
    const Mapped map{days};
    const std::uint64_t kFill = type_by_name("fill").value();
    RawLedger ledger;
    for (std::uint64_t at = 0; at < days.raw_end();) {
        const MarketFrame header = map.frame(at);
        if (!map.whole(at, header)) stop("a raw frame is bad");
        if (header.type == kFill) fold_fill(ledger, header.key, map.payload(at));
        at += journal::frame_bytes(header.length);
    }
    return finished(std::move(ledger));
}

RawLedger raw_fold_by_two(const MarketDays& days) {
    const Mapped map{days};
    const std::uint64_t half = days.fills()[days.fills().size() / 2].offset;
    std::thread first{[&] { check(map, 0, half); }};
    check(map, half, days.raw_end());
    first.join();
    RawLedger ledger;
    for (const MarketDays::Place& fill : days.fills())
        fold_fill(ledger, map.frame(fill.offset).key, map.payload(fill.offset));
    return finished(std::move(ledger));
}

struct RawPast::State {
    explicit State(const MarketDays& of) : days{of}, map{of} {}
    const MarketDays& days;
    Mapped map;
    std::vector<RawLedger> copies;   ///< as of 0, 65,536, …
    std::vector<std::size_t> fills;  ///< the first fill behind each
};

RawPast::RawPast(const MarketDays& days) : state_{std::make_unique<State>(days)} {
    constexpr std::uint64_t kStep = 65'536;
    RawLedger ledger;
    std::size_t fill = 0;
    for (std::uint64_t seq = 0; seq <= days.events(); seq += kStep) {
        for (; fill < days.fills().size() && days.fills()[fill].sequence <= seq; ++fill) {
            const std::uint64_t at = days.fills()[fill].offset;
            fold_fill(ledger, state_->map.frame(at).key, state_->map.payload(at));
        }
        state_->copies.push_back(ledger);
        state_->fills.push_back(fill);
    }
}
RawPast::~RawPast() = default;

RawLedger RawPast::at(std::uint64_t sequence) const {
    const std::size_t copy = sequence / 65'536;
    RawLedger ledger = state_->copies[copy];
    const auto& fills = state_->days.fills();
    for (std::size_t fill = state_->fills[copy];
         fill < fills.size() && fills[fill].sequence <= sequence; ++fill) {
        const MarketFrame header = state_->map.frame(fills[fill].offset);
        if (!state_->map.whole(fills[fill].offset, header)) stop("a raw frame is bad");
        fold_fill(ledger, header.key, state_->map.payload(fills[fill].offset));
    }
    return finished(std::move(ledger));
}

RawLedger raw_fold_at(const MarketDays& days, const std::vector<MarketDays::Place>& places) {
    const Mapped map{days};
    const std::uint64_t kFill = type_by_name("fill").value();
    RawLedger ledger;
    for (const MarketDays::Place& place : places) {
        const MarketFrame header = map.frame(place.offset);
        if (!map.whole(place.offset, header)) stop("a raw frame is bad");
        if (header.type == kFill) fold_fill(ledger, header.key, map.payload(place.offset));
    }
    return finished(std::move(ledger));
}

}  // namespace daybook::bench
