#include <algorithm>
#include <map>

#include "projections/fold/books.hpp"

// How books are read, and how they move when the names of their outcome are joined.

namespace daybook {
namespace {

/// The outcome in a key of (market, outcome), without the mark of one that is not defined.
std::string outcome_in(std::string_view key) {
    std::string_view text = key.substr(8, key.size() - 9);
    if (text.starts_with('?')) text.remove_prefix(1);
    return std::string{text};
}

template <class Said>
void keep_newer(Table<Said>& table, const std::string& key, const Said& said) {
    const auto there = table.get(key);
    if (!there || there->seq < said.seq) table.put(key, said);
}

}  // namespace

std::vector<Level> Books::side_of(const std::string& key, Side side) const {
    const SideRow* const row = levels_.find(key + make_key(static_cast<std::uint64_t>(side)));
    std::vector<Level> levels = row == nullptr ? std::vector<Level>{} : row->levels;
    if (side == Side::buy) std::reverse(levels.begin(), levels.end());
    return levels;
}

BookView Books::find(MarketKey market, std::string_view outcome) const {
    const std::string key = slot_of(markets_.current(market), outcome);
    BookView view;
    if (const auto row = books_.get(key)) {
        view.row = *row;
        view.distrust = distrust_of(*row);
    }
    view.bids = side_of(key, Side::buy);
    view.asks = side_of(key, Side::sell);
    view.quote = quotes_.get(key);
    view.trade = trades_.get(key);
    return view;
}

std::vector<std::string> Books::outcomes(MarketKey market) const {
    const std::string prefix = make_key(markets_.current(market).raw);
    std::map<std::string, std::string, std::less<>> named;  // by place
    books_.for_each(prefix, [&named](std::string_view key, const BookRow& row) {
        named.try_emplace(std::string{key}, row.outcome);
    });
    const auto add = [&named](std::string_view key, const auto& last) {
        named.try_emplace(std::string{key}, last.said.outcome);
    };
    quotes_.for_each(prefix, add);
    trades_.for_each(prefix, add);
    std::vector<std::string> outcomes;
    outcomes.reserve(named.size());
    for (auto& [place, outcome] : named) outcomes.push_back(std::move(outcome));
    return outcomes;
}

std::optional<Level> best_ask(const BookView& own, const BookView& other) {
    if (own.row.publishes_asks) {
        return own.asks.empty() ? std::nullopt : std::optional{own.asks.front()};
    }
    if (other.bids.empty()) return std::nullopt;
    const Level& bid = other.bids.front();
    return Level{{kMicro - bid.price.micros}, bid.shares};
}

/// Gives what is kept under `from` the keys it has by now under `to`.
void Books::rename(MarketKey from, MarketKey to, Sequence seq) {
    const std::string prefix = make_key(from.raw);
    std::vector<std::pair<std::string, std::string>> moves;
    books_.for_each(prefix, [&](std::string_view key, const BookRow&) {
        const std::string now = slot_of(to, outcome_in(key));
        if (now != key) moves.emplace_back(key, now);
    });
    for (const auto& [key, now] : moves) move_book(key, now, seq);
    for (const auto& [key, quote] : quotes_.take(prefix)) {
        keep_newer(quotes_, slot_of(to, outcome_in(key)), quote);
    }
    for (const auto& [key, trade] : trades_.take(prefix)) {
        keep_newer(trades_, slot_of(to, outcome_in(key)), trade);
    }
}

/// Of two books of one outcome that with the later whole book stays; what the other one was told
/// since then is missing in it.
void Books::move_book(const std::string& from, const std::string& to, Sequence seq) {
    BookRow moved = books_.get(from).value();
    const std::optional<BookRow> there = books_.get(to);
    books_.erase(from);
    const auto levels = levels_.take(from);
    if (there && there->book_seq >= moved.book_seq) {
        BookRow kept = *there;
        if (moved.seq > kept.book_seq) kept.doubt = {seq, Distrust::joined};
        return books_.put(to, kept);
    }
    if (there && there->seq > moved.book_seq) moved.doubt = {seq, Distrust::joined};
    (void)levels_.take(to);
    for (const auto& [key, side] : levels) levels_.put(to + key.substr(from.size()), side);
    books_.put(to, moved);
}

}  // namespace daybook
