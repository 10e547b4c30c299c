// REST answers of Kalshi: pages, wrapped rows, bare rows.
#include <algorithm>
#include <array>
#include <iterator>

#include "src/ingest/kalshi_fields.hpp"
#include "src/ingest/kalshi_parts.hpp"

namespace daybook::ingest::kalshi {
namespace {

struct Wrapper {
    std::string_view member;  ///< holds the rows, or the one row
    RowReader read;
};
constexpr std::array kWrappers{
    Wrapper{"fills", read_fill},     Wrapper{"settlements", read_settlement},
    Wrapper{"orders", read_order},   Wrapper{"order", read_order},
    Wrapper{"markets", read_market}, Wrapper{"market", read_market},
    Wrapper{"trades", read_print},
};

bool has(const Json& row, std::string_view name) { return given(row, {name}) != nullptr; }

/// How a bare row is read, told by the members that only its kind has; nullptr when none fits.
RowReader row_reader(const Json& row) {
    if (has(row, "market_result")) return read_settlement;
    if ((has(row, "trade_id") || has(row, "fill_id")) && has(row, "order_id")) return read_fill;
    if (has(row, "order_id") && has(row, "status")) return read_order;
    if (has(row, "trade_id") && has(row, "taker_side")) return read_print;
    if (has(row, "ticker") && (has(row, "status") || has(row, "result"))) return read_market;
    if (has(row, "balance") || has(row, "balance_dollars")) return read_balance;
    return nullptr;
}

Result<Batch> read_row(const Json& row) {
    const RowReader read = row_reader(row);
    if (read == nullptr) return Error{Errc::malformed, "no known Kalshi frame or answer"};
    return read(row);
}

template <class Read>
Batch read_rows(const std::vector<Json>& rows, Read read) {
    Batch events;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        Result<Batch> batch = read(rows[i]);
        if (batch) {
            std::ranges::move(batch.value(), std::back_inserter(events));
        } else {
            std::string why = "row " + std::to_string(i) + ": " + batch.error().detail;
            events.push_back(unparsed(write_json(rows[i]), std::move(why)));
        }
    }
    return events;
}

Result<Batch> read_wrapped(const Json& document, const Wrapper& wrapper) {
    const Json& inner = *document.find(wrapper.member);
    if (inner.is(Json::Kind::object)) return wrapper.read(inner);
    return read_rows(inner.items, wrapper.read);
}

/// The book of an orderbook answer, or of a bare capture of one; nullptr when this is none.
const Json* book_of(const Json& document) {
    const Json* inner = given(document, {"orderbook_fp", "orderbook"});
    if (inner != nullptr) return inner;
    const bool bare = has(document, "yes_bids") && has(document, "no_bids");
    return bare ? &document : nullptr;
}

}  // namespace

Result<Batch> read_answer(const Json& document, const std::string& market) {
    if (document.is(Json::Kind::array)) return read_rows(document.items, read_row);
    if (const Json* book = book_of(document)) {
        const std::string named = text_or_empty(document, {"ticker", "market_ticker"});
        if (named.empty() && market.empty()) {
            return Error{Errc::malformed, "a book without market"};
        }
        return read_books(*book, named.empty() ? market : named);
    }
    const auto wrapper = std::ranges::find_if(kWrappers, [&](const Wrapper& candidate) {
        const Json* inner = document.find(candidate.member);
        return inner != nullptr && (inner->is(Json::Kind::object) || inner->is(Json::Kind::array));
    });
    if (wrapper != kWrappers.end()) return read_wrapped(document, *wrapper);
    return read_row(document);
}

}  // namespace daybook::ingest::kalshi
