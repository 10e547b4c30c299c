#pragma once

#include <optional>
#include <string>
#include <vector>

#include "projections/fold/projection.hpp"
#include "projections/fold/table.hpp"

namespace daybook {

/// What came in, and how often the feed said that something is missing.
struct Coverage {
    std::string venue;
    std::string channel;  ///< channel_of(), or "stream" where a stream numbers the events
    std::string stream;   ///< empty: the events name none
    std::uint64_t events{};
    Sequence first, last;
    std::optional<Time> first_received, last_received;
    std::uint64_t lost{}, stale{}, gap{};  ///< feed events of that state
    std::uint64_t jumps{};    ///< numbers of the stream that do not follow the one before
    std::uint64_t missing{};  ///< numbers left out by jumps ahead
    std::optional<std::uint64_t> number;  ///< the stream's last
    auto fields() {
        return std::tie(venue, channel, stream, events, first, last, first_received, last_received,
                        lost, stale, gap, jumps, missing, number);
    }
};

/// The longest time in which nothing of a venue was received.
struct Silence {
    std::string venue;
    std::optional<Time> last_received;
    std::int64_t longest_ns{};
    Sequence from, to;  ///< the events before and after it; 0: there was none
    Sequence last;
    auto fields() { return std::tie(venue, last_received, longest_ns, from, to, last); }
};

/// Something of which there should be none.
struct Trouble {
    std::string what, detail;  ///< conflicting_duplicate (its type), unparsed (why), lost
    std::uint64_t count{};
    Sequence first, last;
    auto fields() { return std::tie(what, detail, count, first, last); }
};

/// By venue, channel, stream; by venue; by what and detail.
[[nodiscard]] std::vector<Coverage> coverage_of(const Rows& rows);
[[nodiscard]] std::vector<Silence> silences_of(const Rows& rows);
[[nodiscard]] std::vector<Trouble> troubles_of(const Rows& rows);

/// The events before it have clocks (contract §2) that are not behind `upto`; from it on there may
/// be others. Told in steps of some thousand events: where to begin to look for the first one.
[[nodiscard]] Sequence look_from(const Rows& rows, Time upto);

/// What an event is about, in one word: market, reference, orders, wallet, bot or recorder; of a
/// `feed` event the channel it names.
[[nodiscard]] std::string channel_of(const Event& event);

/// What was recorded, and what was not?
[[nodiscard]] const Projection& health_projection();

}  // namespace daybook
