#include "projections/answers/health.hpp"

#include <algorithm>
#include <map>

#include "projections/fold/fills.hpp"
#include "projections/fold/health.hpp"
#include "projections/fold/orders.hpp"

namespace daybook {
namespace {

ListValue text_of(const std::string& text) { return text.empty() ? ListValue{} : value_of(text); }
ListValue place_of(Sequence seq) { return seq.raw == 0 ? ListValue{} : value_of(seq.raw); }

std::vector<ListValue> row_of(const Coverage& row, const std::vector<Silence>& silences) {
    const auto quiet = std::ranges::find(silences, row.venue, &Silence::venue);
    const bool heard = quiet != silences.end();
    const std::int64_t nanos = heard ? quiet->longest_ns : 0;
    return {text_of(row.venue),
            text_of(row.channel),
            text_of(row.stream),
            value_of(row.events),
            value_of(row.first.raw),
            value_of(row.last.raw),
            value_of(row.first_received),
            value_of(row.last_received),
            value_of(row.lost),
            value_of(row.stale),
            value_of(row.gap),
            value_of(row.jumps),
            value_of(row.missing),
            ListValue{std::to_string(nanos)},
            heard ? ListValue{format_decimal(nanos, 9) + " s"} : ListValue{},
            heard ? place_of(quiet->from) : ListValue{}};
}

/// Counts by what and detail, with the first and last event; in the order of their names.
class Tally {
  public:
    void add(std::string_view what, std::string_view detail, std::uint64_t count, Sequence first,
             Sequence last) {
        if (count == 0) return;
        Trouble& row = rows_[{std::string{what}, std::string{detail}}];
        row.count += count;
        if (row.first.raw == 0 || first < row.first) row.first = first;
        row.last = std::max(row.last, last);
    }
    [[nodiscard]] Listing listing() const {
        Listing listing{{{"what", "what", Form::text},
                         {"detail", "detail", Form::text},
                         {"count", "count", Form::number},
                         {"first_seq", "first", Form::number},
                         {"last_seq", "last", Form::number}},
                        {}};
        for (const auto& [name, row] : rows_) {
            listing.rows.push_back({value_of(name.first), text_of(name.second), value_of(row.count),
                                    place_of(row.first), place_of(row.last)});
        }
        return listing;
    }

  private:
    std::map<std::pair<std::string, std::string>, Trouble> rows_;
};

void add_feed(Tally& tally, const Coverage& row) {
    const std::string place =
        row.venue + ' ' + row.channel + (row.stream.empty() ? "" : ' ' + row.stream);
    tally.add("feed_lost", place, row.lost, row.first, row.last);
    tally.add("feed_stale", place, row.stale, row.first, row.last);
    tally.add("feed_gap", place, row.gap, row.first, row.last);
    tally.add("stream_jump", place, row.jumps, row.first, row.last);
}

void add_orders(Tally& tally, Rows& rows) {
    Orders{rows}.for_each([&](const OrderRow& order) {
        const std::string_view mode = to_text(order.mode);
        if (order.flags.has(OrderFlag::orphan))
            tally.add("fill_without_order", mode, order.done.fills, order.first_seq,
                      order.last_seq);
        if (order.state() == OrderState::unknown)
            tally.add("order_in_doubt", mode, 1, order.first_seq, order.last_seq);
    });
}

void add_fills(Tally& tally, Rows& rows) {
    Fills{rows}.for_each([&](const FillRow& fill) {
        if (fill.state.recorded && fill.order_key.raw == 0)
            tally.add("fill_without_order", to_text(fill.mode), 1, fill.first_seq, fill.last_seq);
        if (!fill.state.recorded)
            tally.add("settlement_without_fill", to_text(fill.mode), 1, fill.first_seq,
                      fill.last_seq);
    });
}

}  // namespace

Listing list_coverage(const Rows& health) {
    Listing listing{{{"venue", "venue", Form::text},
                     {"channel", "channel", Form::text},
                     {"stream", "stream", Form::text},
                     {"events", "events", Form::number},
                     {"first_seq", "first", Form::number},
                     {"last_seq", "last", Form::number},
                     {"first_received", "", Form::text},
                     {"last_received", "", Form::text},
                     {"lost", "lost", Form::number},
                     {"stale", "stale", Form::number},
                     {"gap", "gap", Form::number},
                     {"jumps", "jumps", Form::number},
                     {"missing", "missing", Form::number},
                     {"venue_silence_ns", "", Form::number},
                     {"", "longest silence of the venue", Form::text},
                     {"venue_silence_after_seq", "", Form::number}},
                    {}};
    const std::vector<Silence> silences = silences_of(health);
    for (const Coverage& row : coverage_of(health)) listing.rows.push_back(row_of(row, silences));
    return listing;
}

Listing list_troubles(const Rows& health, Rows& orders, Rows& fills) {
    Tally tally;
    for (const Trouble& trouble : troubles_of(health))
        tally.add(trouble.what, trouble.detail, trouble.count, trouble.first, trouble.last);
    for (const Coverage& row : coverage_of(health)) add_feed(tally, row);
    add_orders(tally, orders);
    add_fills(tally, fills);
    return tally.listing();
}

}  // namespace daybook
