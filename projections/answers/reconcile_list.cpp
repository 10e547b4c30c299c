#include "projections/answers/reconcile.hpp"

namespace daybook {
namespace {

std::string numbers_json(const auto& numbers) {
    JsonWriter out;
    out.begin_array();
    for (const auto& number : numbers) {
        if constexpr (requires { number.raw; }) {
            out.number(number.raw);
        } else {
            out.number(number);
        }
    }
    out.end_array();
    return std::move(out).str();
}

}  // namespace

Listing list_reconciled(const Reconciliation& result) {
    Listing listing{{{"match", "match", Form::text},
                     {"kind", "", Form::text},
                     {"market", "", Form::text},
                     {"title", "market", Form::text},
                     {"outcome", "of", Form::text},
                     {"side", "", Form::text},
                     {"shares_here", "shares", Form::shares},
                     {"shares_there", "venue's", Form::shares},
                     {"cost_here", "cost", Form::shares},
                     {"cost_there", "venue's", Form::shares},
                     {"fee_here", "fee", Form::shares},
                     {"fee_there", "venue's", Form::shares},
                     {"pnl_here", "", Form::money},
                     {"pnl_there", "", Form::money},
                     {"fee_unrecorded", "", Form::boolean},
                     {"rows", "", Form::json},
                     {"seqs", "", Form::json}},
                    {}};
    for (const Reconciled& line : result.lines) {
        const auto shares = [](const std::optional<Stated>& said) {
            return said ? value_of(said->shares) : ListValue{};
        };
        const auto money = [](const std::optional<Stated>& said,
                              std::optional<Money> Stated::*which) {
            return said ? value_of(*said.*which) : ListValue{};
        };
        listing.rows.push_back(
            {value_of(to_text(line.match)), value_of(to_text(line.kind)), value_of(line.market),
             value_of(line.title), line.outcome.empty() ? ListValue{} : value_of(line.outcome),
             line.side ? value_of(to_text(*line.side)) : ListValue{}, shares(line.here),
             shares(line.there), money(line.here, &Stated::cost), money(line.there, &Stated::cost),
             money(line.here, &Stated::fee), money(line.there, &Stated::fee),
             money(line.here, &Stated::pnl), money(line.there, &Stated::pnl),
             value_of(line.fee_unrecorded()), value_of(numbers_json(line.rows)),
             value_of(numbers_json(line.seqs))});
    }
    return listing;
}

}  // namespace daybook
