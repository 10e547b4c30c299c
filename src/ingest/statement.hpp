#pragma once

#include <string_view>

#include "schemas/result.hpp"
#include "schemas/statement.hpp"
#include "src/ingest/input.hpp"

namespace daybook::ingest {

/// A venue's export: a JSON array, an object that holds one, a JSON object a line, or CSV with a
/// header. Venue and kind are told by the first row. A row that makes no sense is kept in `unread`.
/// Rows of Polymarket's CLOB name every order of a trade: `accounts` says which are own; without,
/// the row's own side is (see Settings). Fails with malformed when there is no row, or none that
/// any known export has.
[[nodiscard]] Result<Statement> read_statement(std::string_view text,
                                               const std::vector<Account>& accounts = {});

}  // namespace daybook::ingest
