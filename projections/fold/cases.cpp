#include "projections/fold/cases.hpp"

#include "projections/fold/assembly.hpp"
#include "projections/fold/books.hpp"
#include "projections/fold/hedge.hpp"

namespace daybook {
namespace {

std::string case_key(const Holder& holder) {
    return make_key(holder.market.raw, holder.account, static_cast<std::uint64_t>(holder.mode));
}

struct OrderOf {  ///< the names of the order an event is about
    std::vector<std::string> operator()(const OrderIntent& e) const { return {e.order}; }
    std::vector<std::string> operator()(const OrderStatus& e) const {
        return {e.order, e.venue_order};
    }
    std::vector<std::string> operator()(const Fill& e) const { return {e.order}; }
    std::vector<std::string> operator()(const FillSettlement& e) const { return {e.order}; }
    std::vector<std::string> operator()(const FillCorrection& e) const { return {e.order}; }
    std::vector<std::string> operator()(const Decision&) const { return {}; }
    std::vector<std::string> operator()(const Claim& e) const { return {e.order}; }
};

struct TradeOf {  ///< null: it is about no fill
    const std::string* operator()(const Fill& e) const { return &e.trade; }
    const std::string* operator()(const FillSettlement& e) const { return &e.trade; }
    const std::string* operator()(const FillCorrection& e) const { return &e.trade; }
    template <class Other>
    const std::string* operator()(const Other&) const {
        return nullptr;
    }
};

template <class... Kind>
std::optional<CaseEvent> case_event(const Event& event) {
    CaseEvent row;
    bool known = false;
    const auto take = [&](const auto* body) {
        if (body == nullptr) return;
        row.what = *body;
        known = true;
    };
    (take(std::get_if<Kind>(&event.body)), ...);
    if (!known) return std::nullopt;
    row.seq = event.seq;
    row.time = happened(event);
    row.mono = event.mono;
    row.origin = event.origin;
    row.cause = event.cause.value_or(0);
    row.correlation = event.correlation;
    row.confirmed = confirmed_at_once(event);
    if (const auto* trade = std::visit(TradeOf{}, row.what)) row.fill = fill_name(event, *trade);
    return row;
}

void assemble(Assembly& assembly) {
    assembly.part<LimitsFold>();
    assembly.part<Cases>();
}

/// Makes the span from `first` to `last` hold the one from `from` to `to` too.
void widen(std::optional<Time>& first, std::optional<Time>& last, const std::optional<Time>& from,
           const std::optional<Time>& to) {
    if (from && (!first || *from < *first)) first = from;
    if (to && (!last || *to > *last)) last = to;
}

template <class Kind>
bool keep_standing(Table<Standing>& table, const Event& event) {
    const auto* body = std::get_if<Kind>(&event.body);
    if (body != nullptr) table.put(make_key(event.seq.raw), {event.seq, happened(event), *body});
    return body != nullptr;
}

}  // namespace

Cases::Cases(Rows& rows)
    : markets_{rows},
      events_{rows, "case_events"},
      holders_{rows, "case_holders"},
      standing_{rows, "case_standing"},
      books_{rows, "case_books"},
      asks_{rows, "case_asks"},
      doubts_{rows, "case_doubts"},
      orders_{rows, "case_orders"},
      modes_{rows, "case_modes"} {}

void Cases::apply(const Event& event) {
    for (const Join& join : markets_.apply(event)) move(join);
    if (const auto* feed = std::get_if<Feed>(&event.body)) return doubt(event, *feed);
    if (std::holds_alternative<Book>(event.body) || std::holds_alternative<BookChange>(event.body))
        return see_book(event);
    if (keep_standing<Halt>(standing_, event) || keep_standing<Resume>(standing_, event) ||
        keep_standing<Flag>(standing_, event))
        return;
    auto row =
        case_event<OrderIntent, OrderStatus, Fill, FillSettlement, FillCorrection, Decision, Claim>(
            event);
    if (row) keep(event, std::move(*row));
}

void Cases::see_book(const Event& event) {
    const auto* whole = std::get_if<Book>(&event.body);
    const std::string& outcome =
        whole != nullptr ? whole->outcome : std::get<BookChange>(event.body).outcome;
    const std::string place = make_key(markets_.id_of(event).raw, outcome);
    if (whole != nullptr) asks_.put(place, {event.seq, whole->asks});
    books_.change(place, [&](BookRow& row) {
        row.outcome = outcome;
        row.last = event.seq;
        row.time = happened(event);
        if (whole != nullptr) row.whole = event.seq;
    });
}

void Cases::doubt(const Event& event, const Feed& feed) {
    if (feed.state == FeedState::lost || feed.state == FeedState::gap ||
        feed.state == FeedState::stale)
        doubts_.put(make_key(event.venue), {event.seq});
}

MarketKey Cases::place_of(const Event& event, const CaseEvent& what) {
    const auto key = [&](const std::string& order) {
        return make_key(event.venue, event.account, static_cast<std::uint64_t>(event.mode), order);
    };
    const auto orders = std::visit(OrderOf{}, what.what);
    MarketKey market = markets_.id_of(event);
    for (const std::string& order : orders) {
        const auto place = order.empty() ? std::nullopt : orders_.get(key(order));
        if (market.raw == 0 && place) market = markets_.current(place->market);
    }
    if (market.raw == 0) return market;
    for (const std::string& order : orders) {
        if (!order.empty() && !orders_.get(key(order))) orders_.put(key(order), {market});
    }
    return market;
}

std::optional<Shares> Cases::offered(const std::string& place, const Leg& leg) const {
    const auto row = asks_.get(place);
    if (!row || !row->asks || !leg.price || row->seq.raw != leg.book_seq) return std::nullopt;
    Shares sum;
    for (const Level& level : *row->asks) {
        if (level.price <= *leg.price) sum += level.shares;
    }
    return sum;
}

std::vector<BookSight> Cases::sights_of(const Event& event, const Decision& decision) {
    const MarketKey key = markets_.id_of(event);
    const auto market = markets_.find(key);
    const auto doubt = doubts_.get(make_key(event.venue));
    std::vector<BookSight> sights;
    for (const Leg& leg : decision.legs) {
        if (!leg.book_seq || !market) continue;
        BookSight sight{leg.outcome, *leg.book_seq, {}, {}, {}, {}};
        Sequence whole;
        books_.for_each(make_key(key.raw), [&](std::string_view place, const BookRow& row) {
            const bool same =
                row.outcome == leg.outcome ||
                (outcome_index(*market, row.outcome) &&
                 outcome_index(*market, row.outcome) == outcome_index(*market, leg.outcome));
            if (same && !sight.offered) sight.offered = offered(std::string{place}, leg);
            if (!same || row.last < sight.last) return;
            sight.last = row.last;
            sight.last_time = row.time;
            whole = row.whole;
        });
        if (doubt && doubt->seq > whole) sight.doubt = doubt->seq;
        sights.push_back(std::move(sight));
    }
    return sights;
}

void Cases::keep(const Event& event, CaseEvent row) {
    const Holder holder{event.account, event.mode, place_of(event, row)};
    if (const auto cause = modes_.get(make_key(row.cause))) row.cause_mode = cause->mode;
    if (const auto* decision = std::get_if<Decision>(&row.what))
        row.sights = sights_of(event, *decision);
    holders_.change(case_key(holder), [&](HolderRow& place) {
        place.holder = holder;
        widen(place.first, place.last, row.time, row.time);
    });
    events_.put(case_key(holder) + key_part(row.seq.raw), row);
    modes_.put(make_key(event.seq.raw), {event.mode});
}

void Cases::move(const Join& join) {
    for (auto& [key, row] : holders_.take(make_key(join.from.raw))) {
        const std::string before = case_key(row.holder);
        row.holder.market = join.to;
        for (const auto& [place, kept] : events_.take(before))
            events_.put(case_key(row.holder) + key_part(kept.seq.raw), kept);
        holders_.put(case_key(row.holder), row);
    }
    for (const auto& [key, row] : books_.take(make_key(join.from.raw))) {
        const std::string place = make_key(join.to.raw, row.outcome);
        const auto known = books_.get(place);
        if (!known || known->last < row.last) books_.put(place, row);
    }
    for (const auto& [key, row] : asks_.take(make_key(join.from.raw))) {
        const std::string place =
            make_key(join.to.raw) + key.substr(make_key(join.from.raw).size());
        const auto known = asks_.get(place);
        if (!known || known->seq < row.seq) asks_.put(place, row);
    }
}

void Cases::for_each(const std::function<void(const Holder&)>& visit) const {
    holders_.for_each("", [&](std::string_view, const HolderRow& row) { visit(row.holder); });
}

void Cases::for_each_in(const Span& span, const std::function<void(const Holder&)>& visit) const {
    holders_.for_each("", [&](std::string_view, const HolderRow& row) {
        if (row.first && *row.first < span.to && *row.last >= span.from) visit(row.holder);
    });
}

std::vector<CaseEvent> Cases::events(const Holder& holder) const {
    std::vector<CaseEvent> all;
    events_.for_each(case_key(holder),
                     [&](std::string_view, CaseEvent row) { all.push_back(std::move(row)); });
    return all;
}

std::vector<Standing> Cases::standing() const {
    std::vector<Standing> all;
    standing_.for_each("", [&](std::string_view, Standing row) { all.push_back(std::move(row)); });
    return all;
}

const Projection& findings_projection() {
    static const Projection projection{
        "findings", 3, "Which rules were broken, by which events, and what did it cost?",
        TypeSet{"market_defined", "market_changed", "market_resolved", "book", "book_change",
                "feed", "order_intent", "order_status", "fill", "fill_settlement",
                "fill_correction", "decision", "claim", "halt", "resume", "flag", "limits"},
        assemble};
    return projection;
}

}  // namespace daybook
