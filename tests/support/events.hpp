#pragma once

#include <initializer_list>
#include <string>
#include <utility>

#include "projections/fold/projection.hpp"

namespace daybook::test {

/// `body` at `seq`, said of `market`, on venue "polymarket", live, one second after the one before.
inline Event event_at(std::uint64_t seq, std::string market, Body body) {
    Event event;
    event.seq = {seq};
    event.time = Time{1'765'656'000'000'000'000 + static_cast<std::int64_t>(seq) * kNanosPerSecond};
    event.received = event.time;
    event.venue = "polymarket";
    event.mode = Mode::live;
    event.market = std::move(market);
    event.body = std::move(body);
    return event;
}

/// Hands `events` to `projection` as the engine does: only its types, no conflicting ones.
template <class Events>
void fold(const Projection& projection, Rows& rows, const Events& events) {
    for (const Event& event : events) {
        if (projection.types.has(type_number(event)) && event.conflicts_with.raw == 0) {
            projection.apply(rows, event);
        }
    }
}
inline void fold(const Projection& projection, Rows& rows, std::initializer_list<Event> events) {
    fold<std::initializer_list<Event>>(projection, rows, events);
}

inline Shares shares(std::int64_t whole) { return {whole * kMicro}; }
inline Money dollars(std::int64_t whole) { return {whole * kMicro}; }
inline Price cents(std::int64_t cents) { return {cents * 10'000}; }

}  // namespace daybook::test
