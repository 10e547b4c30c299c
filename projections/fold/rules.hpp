#pragma once

#include <span>

#include "projections/fold/expected.hpp"
#include "projections/fold/thresholds.hpp"

namespace daybook {

enum class Severity : std::uint8_t { medium, high, critical };
template <>
struct EnumText<Severity> {
    static constexpr std::array<std::string_view, 3> names{"medium", "high", "critical"};
};

/// That a rule was broken, by which events, and what it cost.
struct Finding {
    std::string_view rule;
    Severity severity{};
    std::string detail;           ///< the figures of this case, one clause
    std::vector<Sequence> seqs;   ///< evidence, ascending
    std::optional<Money> cost{};  ///< lost by it; negative: won by luck; nothing: not known (yet)
    std::string threshold{};      ///< what it was held against
};

/// One rule of trading.md §7: a pure function from the events of a case to findings. What cannot be
/// told from the record (no close, no book, no limit) breaks no rule.
struct Rule {
    std::string_view id;
    Severity severity;         ///< of most findings; one may be graver
    std::string_view meaning;  ///< one sentence
    void (*judge)(const CaseFile& file, const Thresholds& limits, std::vector<Finding>& found);
};

/// Every rule about a case, gravest first. Claims and balances are judged elsewhere: they need more
/// than one case.
[[nodiscard]] std::span<const Rule> case_rules();
[[nodiscard]] std::vector<Finding> judge(const CaseFile& file, const Thresholds& limits);

/// An order that opens a leg: it buys, and it is not meant to complete or unwind.
[[nodiscard]] bool opens(const CaseOrder& order);
/// Whether a halt or its end of `scope` is about the case: empty or "all" is about every one.
[[nodiscard]] bool covers(const std::string& scope, const CaseFile& file);

// The rules' own files put their tables together.
[[nodiscard]] std::span<const Rule> position_rules();
[[nodiscard]] std::span<const Rule> order_rules();
[[nodiscard]] std::span<const Rule> group_rules();
[[nodiscard]] std::span<const Rule> limit_rules();

}  // namespace daybook
