#include "projections/fold/books.hpp"

#include <algorithm>

#include "projections/fold/assembly.hpp"

namespace daybook {
namespace {

std::string side_key(const std::string& book, Side side) {
    return book + make_key(static_cast<std::uint64_t>(side));
}

/// By price; of a price told twice the last word; none without shares.
std::vector<Level> in_order(std::vector<Level> levels) {
    std::ranges::stable_sort(levels, {}, &Level::price);
    const auto again = [](const Level& a, const Level& b) { return a.price == b.price; };
    const auto kept = std::unique(levels.rbegin(), levels.rend(), again);
    levels.erase(levels.begin(), kept.base());
    std::erase_if(levels, [](const Level& level) { return level.shares <= Shares{}; });
    return levels;
}

/// The channels of a venue that carry no books: losing them casts no doubt on any.
bool carries_books(std::string_view channel) { return channel != "user" && channel != "rtds"; }

Distrust reason_of(FeedState state) {
    switch (state) {
        case FeedState::lost:
            return Distrust::feed_lost;
        case FeedState::stale:
            return Distrust::feed_stale;
        case FeedState::gap:
            return Distrust::feed_gap;
        case FeedState::connected:
        case FeedState::subscribed:
        case FeedState::resynced:
            return Distrust::none;
    }
    return Distrust::none;
}

}  // namespace

Books::Books(Rows& rows)
    : markets_{rows},
      books_{rows, "books"},
      levels_{rows, "book_levels"},
      quotes_{rows, "book_quotes"},
      trades_{rows, "book_trades"},
      streams_{rows, "book_streams"},
      venues_{rows, "book_venues"} {}

void Books::apply(const Event& event) {
    const std::vector<Join> joins = markets_.apply(event);
    for (const Join& join : joins) rename(join.from, join.to, event.seq);
    if (std::holds_alternative<MarketDefined>(event.body)) {
        const MarketKey market = markets_.id_of(event);
        rename(market, market, event.seq);
    }
    if (const auto* changed = std::get_if<MarketChanged>(&event.body)) {
        const bool same = changed->tick == changed->old_tick;
        if (!changed->tick || same) return;
        doubt_market(markets_.id_of(event), changed->outcome, {event.seq, Distrust::tick_changed});
    }
    if (const auto* book = std::get_if<Book>(&event.body)) take(event, *book);
    if (const auto* change = std::get_if<BookChange>(&event.body)) take(event, *change);
    if (const auto* quote = std::get_if<Quote>(&event.body)) keep_last(event, quotes_, *quote);
    if (const auto* trade = std::get_if<Trade>(&event.body)) keep_last(event, trades_, *trade);
    if (const auto* feed = std::get_if<Feed>(&event.body)) take(event, *feed);
}

/// "0" or "1" once the market is defined; before that, and for what it does not have, the text.
std::string Books::slot_of(MarketKey market, std::string_view outcome) const {
    const MarketRow* const row = markets_.row(market);
    const bool defined = row != nullptr && !row->outcomes.empty();
    const auto index = defined ? outcome_index(*row, outcome) : std::nullopt;
    if (index) return make_key(market.raw, std::string_view{*index == 0 ? "0" : "1"});
    if (outcome == "0" || outcome == "1") return make_key(market.raw, outcome);
    std::string text{"?"};
    for (const char c : outcome)
        text.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c);
    return make_key(market.raw, text);
}

void Books::touch(BookRow& row, const Event& event, std::string_view outcome) {
    if (row.outcome.empty()) row.outcome = outcome;
    if (row.venue != event.venue) row.venue = event.venue;
    row.seq = event.seq;
    row.time = happened(event);
}

void Books::take(const Event& event, const Book& book) {
    follow(event, book.stream, book.stream_seq);
    const std::string key = slot_of(markets_.id_of(event), book.outcome);
    books_.change(key, [&](BookRow& row) {
        touch(row, event, book.outcome);
        row.book_seq = event.seq;
        row.hash = book.hash;
        row.stream = book.stream;
        row.stream_seq = book.stream_seq;
        row.publishes_bids = book.bids.has_value();
        row.publishes_asks = book.asks.has_value();
    });
    replace_side(key, Side::buy, book.bids);
    replace_side(key, Side::sell, book.asks);
}

void Books::take(const Event& event, const BookChange& change) {
    follow(event, change.stream, change.stream_seq);
    const std::string key = slot_of(markets_.id_of(event), change.outcome);
    bool consistent = true;
    for (const Change& total : change.changes.value_or(std::vector<Change>{})) {
        consistent = change_level(key, total, false) && consistent;
    }
    for (const Change& difference : change.deltas.value_or(std::vector<Change>{})) {
        consistent = change_level(key, difference, true) && consistent;
    }
    books_.change(key, [&](BookRow& row) {
        touch(row, event, change.outcome);
        if (row.book_seq.raw == 0) row.flags.set(BookFlag::change_before_book);
        if (!change.hash.empty()) row.hash = change.hash;
        if (!change.stream.empty()) row.stream = change.stream;
        row.stream_seq = change.stream_seq;
        if (!consistent) row.doubt = {event.seq, Distrust::inconsistent};
    });
}

/// False when a difference would leave less than nothing: the level is gone then.
bool Books::change_level(const std::string& key, const Change& change, bool difference) {
    Shares total = change.shares;
    levels_.change(side_key(key, change.side), [&](SideRow& row) {
        auto at = std::ranges::lower_bound(row.levels, change.price, {}, &Level::price);
        const bool there = at != row.levels.end() && at->price == change.price;
        if (difference && there) total += at->shares;
        if (total > Shares{}) {
            if (!there) at = row.levels.insert(at, {change.price, total});
            at->shares = total;
        } else if (there) {
            row.levels.erase(at);
        }
    });
    return total >= Shares{};
}

void Books::replace_side(const std::string& key, Side side,
                         const std::optional<std::vector<Level>>& levels) {
    levels_.put(side_key(key, side), {in_order(levels.value_or(std::vector<Level>{}))});
}

template <class Said>
void Books::keep_last(const Event& event, Table<LastSaid<Said>>& table, const Said& said) {
    table.put(slot_of(markets_.id_of(event), said.outcome), {event.seq, happened(event), said});
}

/// A stream numbers its messages 1, 2, 3 …; several events of one message repeat its number. A
/// missing one may have belonged to any book of the stream.
void Books::follow(const Event& event, const std::string& stream,
                   const std::optional<std::uint64_t>& stream_seq) {
    if (stream.empty() || !stream_seq) return;
    const std::string key = make_key(event.venue, stream);
    const std::optional<StreamRow> before = streams_.get(key);
    StreamRow now = before.value_or(StreamRow{});
    const bool next = !before || *stream_seq == now.last || *stream_seq - 1 == now.last;
    if (!next) now.doubt = {event.seq, Distrust::stream_gap};
    now.last = *stream_seq;
    streams_.put(key, now);
}

void Books::take(const Event& event, const Feed& feed) {
    follow(event, feed.stream, feed.stream_seq);  // an answer to a command counts too
    const Doubt doubt{event.seq, reason_of(feed.state)};
    if (doubt.reason == Distrust::none || !carries_books(feed.channel)) return;
    if (!event.market.empty()) return doubt_market(markets_.id_of(event), feed.outcome, doubt);
    if (feed.stream.empty()) return venues_.put(make_key(event.venue), doubt);
    const std::string key = make_key(event.venue, feed.stream);
    StreamRow stream = streams_.get(key).value_or(StreamRow{});
    stream.doubt = doubt;
    streams_.put(key, stream);
}

void Books::doubt_market(MarketKey market, std::string_view outcome, const Doubt& doubt) {
    const std::string prefix = outcome.empty() ? make_key(market.raw) : slot_of(market, outcome);
    for (auto& [key, row] : books_.take(prefix)) {
        row.doubt = doubt;
        books_.put(key, row);
    }
}

Distrust Books::distrust_of(const BookRow& row) const {
    if (row.book_seq.raw == 0) return Distrust::no_book;
    const auto stream = streams_.get(make_key(row.venue, row.stream));
    Doubt latest = row.doubt;
    for (const Doubt& doubt :
         {stream.value_or(StreamRow{}).doubt, venues_.get(make_key(row.venue)).value_or(Doubt{})}) {
        if (latest.seq < doubt.seq) latest = doubt;
    }
    return row.book_seq < latest.seq ? latest.reason : Distrust::none;
}

const Projection& books_projection() {
    static const Projection projection{
        "books", 2, "What does each order book look like, and can it be trusted?",
        TypeSet{"market_defined", "market_changed", "market_resolved", "book", "book_change",
                "quote", "trade", "feed"},
        assemble_of<Books>};
    return projection;
}

}  // namespace daybook
