#include "projections/fold/health.hpp"

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

constexpr std::string_view kCoverage = "coverage";
constexpr std::string_view kSilences = "silences";
constexpr std::string_view kTroubles = "troubles";
constexpr std::string_view kClocks = "clocks";
constexpr std::string_view kLatest = "latest";
constexpr std::uint64_t kEventsPerClock = 4'096;

/// The latest clock of any event so far.
struct LatestClock {
    std::optional<Time> clock;
    auto fields() { return std::tie(clock); }
};

struct ChannelOf {
    using Name = std::string_view;
    Name operator()(const MarketDefined&) const { return "market"; }
    Name operator()(const MarketChanged&) const { return "market"; }
    Name operator()(const MarketResolved&) const { return "market"; }
    Name operator()(const Book&) const { return "market"; }
    Name operator()(const BookChange&) const { return "market"; }
    Name operator()(const Quote&) const { return "market"; }
    Name operator()(const Trade&) const { return "market"; }
    Name operator()(const ReferencePrice&) const { return "reference"; }
    Name operator()(const Feed& feed) const { return feed.channel; }
    Name operator()(const OrderStatus&) const { return "orders"; }
    Name operator()(const Fill&) const { return "orders"; }
    Name operator()(const FillSettlement&) const { return "orders"; }
    Name operator()(const FillCorrection&) const { return "orders"; }
    Name operator()(const Merge&) const { return "wallet"; }
    Name operator()(const Split&) const { return "wallet"; }
    Name operator()(const Redemption&) const { return "wallet"; }
    Name operator()(const Transfer&) const { return "wallet"; }
    Name operator()(const Balance&) const { return "wallet"; }
    Name operator()(const OrderIntent&) const { return "bot"; }
    Name operator()(const Decision&) const { return "bot"; }
    Name operator()(const Guard&) const { return "bot"; }
    Name operator()(const Claim&) const { return "bot"; }
    Name operator()(const Halt&) const { return "bot"; }
    Name operator()(const Resume&) const { return "bot"; }
    Name operator()(const Flag&) const { return "bot"; }
    Name operator()(const Limits&) const { return "bot"; }
    Name operator()(const Epoch&) const { return "bot"; }
    Name operator()(const Note&) const { return "bot"; }
    Name operator()(const Log&) const { return "bot"; }
    Name operator()(const Unparsed&) const { return "recorder"; }
    Name operator()(const RecorderStarted&) const { return "recorder"; }
    Name operator()(const RecorderStopped&) const { return "recorder"; }
    Name operator()(const Recovered&) const { return "recorder"; }
    Name operator()(const ModelCalibrated&) const { return "recorder"; }
    Name operator()(const Lost&) const { return "recorder"; }
};

/// The stream that numbers an event, with its number there.
struct StreamPlace {
    std::string_view stream;
    std::optional<std::uint64_t> number;
};
struct StreamOf {
    StreamPlace operator()(const Book& e) const { return {e.stream, e.stream_seq}; }
    StreamPlace operator()(const BookChange& e) const { return {e.stream, e.stream_seq}; }
    StreamPlace operator()(const Feed& e) const { return {e.stream, e.stream_seq}; }
    StreamPlace operator()(const auto&) const { return {}; }
};

/// A stream numbers its messages 1, 2, 3 …; several events of one message repeat its number. It is
/// one series whatever the channel of its events, so its jumps are kept in a row of its own.
void follow(Coverage& stream, std::uint64_t number) {
    const bool next = !stream.number || number == *stream.number || number - 1 == *stream.number;
    if (!next) ++stream.jumps;
    if (!next && number > *stream.number) stream.missing += number - *stream.number - 1;
    stream.number = number;
}

void count_feed(Coverage& row, const Feed& feed) {
    switch (feed.state) {
        case FeedState::lost:
            ++row.lost;
            return;
        case FeedState::stale:
            ++row.stale;
            return;
        case FeedState::gap:
            ++row.gap;
            return;
        case FeedState::connected:
        case FeedState::subscribed:
        case FeedState::resynced:
            return;
    }
}

class HealthFold {
  public:
    explicit HealthFold(Rows& rows)
        : coverage_{rows, kCoverage},
          silences_{rows, kSilences},
          troubles_{rows, kTroubles},
          latest_{rows, "latest_clock"},
          clocks_{rows, kClocks} {}

    void apply(const Event& event) {
        cover(event);
        listen(event);
        read_clock(event);
        if (event.conflicts_with.raw != 0)
            note(event.seq, "conflicting_duplicate", type_name(type_number(event)));
        if (const auto* unparsed = std::get_if<Unparsed>(&event.body)) {
            // A line over 1 MiB is kept in parts and counted once (contract §1).
            if (unparsed->part.value_or(0) == 0) note(event.seq, "unparsed", unparsed->why);
        }
        if (const auto* lost = std::get_if<Lost>(&event.body)) note(event.seq, "lost", lost->why);
    }

  private:
    void cover(const Event& event) {
        const StreamPlace place = std::visit(StreamOf{}, event.body);
        const std::string_view channel =
            place.stream.empty() ? std::visit(ChannelOf{}, event.body) : "stream";
        const std::string_view stream{place.stream};
        coverage_.change(make_key(event.venue, channel, stream), [&](Coverage& row) {
            if (row.events == 0) {
                row.venue = event.venue;
                row.channel = channel;
                row.stream = stream;
                row.first = event.seq;
            }
            ++row.events;
            row.last = event.seq;
            if (!row.first_received) row.first_received = event.received;
            if (event.received) row.last_received = event.received;
            if (const auto* feed = std::get_if<Feed>(&event.body)) count_feed(row, *feed);
            if (place.number) follow(row, *place.number);
        });
    }

    /// A recorder's clock that went back makes no silence.
    void listen(const Event& event) {
        if (!event.received) return;
        silences_.change(key_part(std::string_view{event.venue}), [&](Silence& row) {
            if (row.last.raw == 0) row.venue = event.venue;
            const std::int64_t quiet =
                row.last_received ? event.received->nanos - row.last_received->nanos : 0;
            if (quiet > row.longest_ns) {
                row.longest_ns = quiet;
                row.from = row.last;
                row.to = event.seq;
            }
            row.last_received = event.received;
            row.last = event.seq;
        });
    }

    void read_clock(const Event& event) {
        const auto clock = clock_of(event);
        LatestClock now;
        latest_.change(kLatest, [&](LatestClock& latest) {
            if (clock && (!latest.clock || *latest.clock < *clock)) latest.clock = clock;
            now = latest;
        });
        clocks_.put(key_part(event.seq.raw / kEventsPerClock), now);
    }

    void note(Sequence seq, std::string_view what, std::string_view detail) {
        troubles_.change(make_key(what, detail), [&](Trouble& row) {
            row.what = what;
            row.detail = detail;
            ++row.count;
            if (row.first.raw == 0) row.first = seq;
            row.last = seq;
        });
    }

    Table<Coverage> coverage_;
    Table<Silence> silences_;
    Table<Trouble> troubles_;
    Table<LatestClock> latest_;
    Table<LatestClock> clocks_;  ///< (seq / kEventsPerClock): as of the last event of those
};

template <class Row>
std::vector<Row> all_of(const Rows& rows, std::string_view table) {
    std::vector<Row> all;
    rows.scan(table, "", [&all](std::string_view, std::string_view value) {
        all.push_back(unpack<Row>(value));
        return true;
    });
    return all;
}

}  // namespace

std::string channel_of(const Event& event) {
    return std::string{std::visit(ChannelOf{}, event.body)};
}

std::vector<Coverage> coverage_of(const Rows& rows) { return all_of<Coverage>(rows, kCoverage); }
std::vector<Silence> silences_of(const Rows& rows) { return all_of<Silence>(rows, kSilences); }
std::vector<Trouble> troubles_of(const Rows& rows) { return all_of<Trouble>(rows, kTroubles); }

/// The latest clock never goes back, so the steps can be halved.
Sequence look_from(const Rows& rows, Time upto) {
    const auto passed = [&](std::uint64_t step) {
        const auto row = rows.get(kClocks, key_part(step));
        if (!row) return false;  // behind the last event, or before the first
        const auto latest = unpack<LatestClock>(*row).clock;
        return !latest || *latest <= upto;
    };
    std::uint64_t low = 0;
    for (std::uint64_t high = UINT64_MAX / kEventsPerClock; low < high;) {
        const std::uint64_t middle = low + (high - low) / 2;
        passed(middle) ? low = middle + 1 : high = middle;
    }
    return {std::max<std::uint64_t>(low * kEventsPerClock, 1)};
}

const Projection& health_projection() {
    static const Projection projection{
        "health", 2, "What was recorded, and what was not?", all_types(), assemble_of<HealthFold>,
        true};
    return projection;
}

}  // namespace daybook
