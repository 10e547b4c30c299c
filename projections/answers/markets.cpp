#include "projections/answers/markets.hpp"

#include <algorithm>

#include "projections/fold/books.hpp"

namespace daybook {
namespace {

std::string outcomes_json(const MarketRow& market) {
    JsonWriter out;
    out.begin_array();
    for (const Outcome& outcome : market.outcomes) {
        out.begin_object()
            .key("name")
            .text(outcome.name)
            .key("token")
            .text(outcome.token)
            .end_object();
    }
    out.end_array();
    return std::move(out).str();
}

std::string texts_json(const std::vector<std::string>& texts) {
    JsonWriter out;
    out.begin_array();
    for (const std::string& text : texts) out.text(text);
    out.end_array();
    return std::move(out).str();
}

std::string payouts_json(const Payouts& payouts) {
    return texts_json({format_micros(payouts[0].micros), format_micros(payouts[1].micros)});
}

std::string flags_json(const MarketRow& market) {
    std::vector<std::string> names;
    for (const std::string_view name : market.flags.names()) names.emplace_back(name);
    return texts_json(names);
}

ListValue winner_of(const MarketRow& market, const std::optional<Payouts>& pays) {
    if (!pays) return std::nullopt;
    if (!market.defined() && !market.resolution->winner.empty()) return market.resolution->winner;
    for (std::size_t i = 0; i < 2; ++i) {
        if (pays->at(i).micros == kMicro)
            return market.outcomes.size() == 2 ? market.outcomes[i].name : std::to_string(i);
    }
    return std::string{"void"};
}

std::vector<ListValue> row_of(const MarketRow& market) {
    const auto pays = payouts(market);
    const auto text = [](const std::string& value) {
        return value.empty() ? ListValue{} : value_of(value);
    };
    return {value_of(market.name),
            text(market.title),
            value_of(market.venue),
            text(market.asset),
            text(market.event),
            value_of(texts_json(market.aliases)),
            value_of(outcomes_json(market)),
            value_of(std::string{pays               ? "resolved"
                                 : market.defined() ? "open"
                                                    : "undefined"}),
            winner_of(market, pays),
            pays ? value_of(payouts_json(*pays)) : ListValue{},
            value_of(market.opens),
            value_of(market.closes),
            market.strike ? value_of(format_decimal(market.strike->attos, 18)) : ListValue{},
            value_of(market.tick),
            value_of(market.min_shares),
            value_of(flags_json(market)),
            value_of(market.first_seq.raw)};
}

std::string levels_json(const std::vector<Level>& levels) {
    JsonWriter out;
    out.begin_array();
    for (const Level& level : levels) {
        out.begin_array()
            .text(format_micros(level.price.micros))
            .text(format_micros(level.shares.micros))
            .end_array();
    }
    out.end_array();
    return std::move(out).str();
}

Shares sum_of(const std::vector<Level>& levels) {
    Shares sum;
    for (const Level& level : levels) sum += level.shares;
    return sum;
}

/// The book of an outcome under the name it is shown by.
struct NamedBook {
    std::string name;
    BookView book;
    std::optional<int> index;  ///< 0 or 1; nothing when that is not told yet
};
struct MarketBooks {
    MarketRow market;
    std::vector<NamedBook> books;
};

/// Outcome names to show: by definition, and what was said of others all the same.
std::vector<std::string> names_of(const Books& books, const MarketRow& market) {
    std::vector<std::string> names;
    for (const Outcome& outcome : market.outcomes)
        names.push_back(outcome.name.empty() ? outcome.token : outcome.name);
    for (std::string& said : books.outcomes(market.key)) {
        const bool defined = !market.outcomes.empty() && outcome_index(market, said);
        if (!defined) names.push_back(std::move(said));
    }
    return names;
}

std::vector<MarketBooks> books_of(Rows& rows, const Scope& scope) {
    const Books books{rows};
    std::vector<MarketBooks> found;
    books.markets().for_each([&](const MarketRow& market) {
        if (!scope.takes(market)) return;
        MarketBooks all{market, {}};
        for (std::string& name : names_of(books, market)) {
            BookView book = books.find(market.key, name);
            const auto index = outcome_index(market, name);
            all.books.push_back({std::move(name), std::move(book), index});
        }
        std::ranges::stable_sort(all.books, {},
                                 [](const NamedBook& book) { return book.index.value_or(2); });
        found.push_back(std::move(all));
    });
    return found;
}

/// The book of the other outcome; an empty one when that is not told.
BookView opposite(const MarketBooks& all, const NamedBook& own) {
    for (const NamedBook& other : all.books) {
        if (own.index && other.index == 1 - *own.index) return other.book;
    }
    return {};
}

bool empty(const BookView& book) { return book.row.seq.raw == 0 && !book.quote && !book.trade; }

ListValue best(const std::vector<Level>& levels) {
    return levels.empty() ? ListValue{} : value_of(levels.front().price);
}

/// Best bid and ask as the levels have them, else as the venue's last quote says.
std::vector<ListValue> row_of(const MarketBooks& all, const NamedBook& named) {
    const BookView& own = named.book;
    const auto ask = best_ask(own, opposite(all, named));
    const bool levels = own.row.seq.raw != 0;
    const auto quoted = [&](std::optional<Price> Quote::*which) {
        return own.quote ? value_of(own.quote->said.*which) : ListValue{};
    };
    return {value_of(all.market.name),
            value_of(all.market.title.empty() ? all.market.name : all.market.title),
            value_of(named.name),
            levels ? best(own.bids) : quoted(&Quote::bid),
            levels ? (ask ? value_of(ask->price) : ListValue{}) : quoted(&Quote::ask),
            value_of(std::uint64_t{own.bids.size()}),
            value_of(std::uint64_t{own.asks.size()}),
            value_of(sum_of(own.bids)),
            value_of(sum_of(own.asks)),
            value_of(levels_json(own.bids)),
            own.row.publishes_asks ? value_of(levels_json(own.asks)) : ListValue{},
            value_of(own.trusted()),
            value_of(to_text(own.distrust)),
            own.row.hash.empty() ? ListValue{} : value_of(own.row.hash),
            own.row.stream_seq ? value_of(*own.row.stream_seq) : ListValue{},
            value_of(own.row.time),
            quoted(&Quote::bid),
            quoted(&Quote::ask),
            own.trade ? value_of(own.trade->said.price) : ListValue{},
            value_of(own.row.seq.raw)};
}

}  // namespace

Listing list_markets(Rows& rows, const Scope& scope) {
    Listing listing{{{"market", "market", Form::text},
                     {"title", "title", Form::text},
                     {"venue", "", Form::text},
                     {"asset", "asset", Form::text},
                     {"event", "", Form::text},
                     {"aliases", "", Form::json},
                     {"outcomes", "", Form::json},
                     {"state", "state", Form::text},
                     {"winner", "winner", Form::text},
                     {"payouts", "", Form::json},
                     {"opens", "", Form::text},
                     {"closes", "closes", Form::time},
                     {"strike", "", Form::shares},
                     {"tick", "", Form::shares},
                     {"min_shares", "", Form::shares},
                     {"flags", "", Form::json},
                     {"first_seq", "", Form::number}},
                    {}};
    Markets{rows}.for_each([&](const MarketRow& market) {
        if (scope.takes(market)) listing.rows.push_back(row_of(market));
    });
    return listing;
}

Listing list_books(Rows& rows, const Scope& scope) {
    Listing listing{{{"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"outcome", "outcome", Form::text},
                     {"best_bid", "bid", Form::shares},
                     {"best_ask", "ask", Form::shares},
                     {"bid_levels", "bids", Form::number},
                     {"ask_levels", "asks", Form::number},
                     {"bid_shares", "bid shares", Form::shares},
                     {"ask_shares", "ask shares", Form::shares},
                     {"bids", "", Form::json},
                     {"asks", "", Form::json},
                     {"trusted", "trusted", Form::boolean},
                     {"distrust", "why not", Form::text},
                     {"hash", "", Form::text},
                     {"stream_seq", "", Form::number},
                     {"time", "", Form::text},
                     {"quote_bid", "", Form::shares},
                     {"quote_ask", "", Form::shares},
                     {"last_trade_price", "", Form::shares},
                     {"seq", "", Form::number}},
                    {}};
    for (const MarketBooks& all : books_of(rows, scope)) {
        for (const NamedBook& named : all.books) {
            if (!empty(named.book)) listing.rows.push_back(row_of(all, named));
        }
    }
    return listing;
}

Listing list_levels(Rows& rows, const Scope& scope) {
    Listing listing{{{"", "outcome", Form::text},
                     {"", "side", Form::text},
                     {"", "price", Form::shares},
                     {"", "shares", Form::shares}},
                    {}};
    for (const MarketBooks& all : books_of(rows, scope)) {
        for (const NamedBook& named : all.books) {
            const auto add = [&](std::string_view side, const std::vector<Level>& levels) {
                for (const Level& level : levels) {
                    listing.rows.push_back({value_of(named.name), value_of(side),
                                            value_of(level.price), value_of(level.shares)});
                }
            };
            add("bid", named.book.bids);
            add("ask", named.book.asks);
        }
    }
    return listing;
}

}  // namespace daybook
