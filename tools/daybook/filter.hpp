#pragma once

#include <set>

#include "tools/daybook/session.hpp"

namespace daybook {

/// Which events a verb shows: by place (`--from`, `--to`), type, market and mode.
struct Filter {
    Sequence first{1}, last{};  ///< last 0: no end
    TypeSet types{};
    std::set<std::string> markets{};  ///< every name of the market; empty: all
    std::optional<Mode> mode{};
    [[nodiscard]] bool takes(const Event& event) const;
};

/// Fails with usage for a type, time or sequence that does not exist, with not_found for a market
/// nobody named.
[[nodiscard]] Result<Filter> filter_of(Session& session, const Call& call);

}  // namespace daybook
