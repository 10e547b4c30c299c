#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace daybook {

// Every enum of the events with its contract text. The numbers are those of schemas/event.fbs and
// never change; tests/schemas holds the two against each other.

enum class Mode : std::uint8_t {
    none,
    live,
    dry_run
};  ///< in the frame's flags, not in the payload
enum class Origin : std::uint8_t { feed, bot, operator_, import_, reconciler, guard, executor };
enum class Side : std::uint8_t { buy, sell };
enum class Purpose : std::uint8_t { open, complete, unwind, rebalance };
/// What the venue or bot says of an order. No function leads from here to a quantity.
enum class OrderStatusCode : std::uint8_t {
    submitted,
    unknown,
    rejected,
    delayed,
    live,
    matched,
    filled,
    cancel_requested,
    cancel_rejected,
    canceled,
    expired
};
enum class SettlementStatus : std::uint8_t { mined, retrying, confirmed, failed };
enum class Role : std::uint8_t { maker, taker };
enum class FeedState : std::uint8_t { connected, subscribed, lost, stale, gap, resynced };
enum class Collected : std::uint8_t { cash, shares };
enum class Verdict : std::uint8_t { go, no_go, pass, deny };
enum class TransferReason : std::uint8_t {
    opening,
    deposit,
    withdrawal,
    conversion,
    reward,
    rebate,
    other
};

template <class Enum>
struct EnumText;
template <>
struct EnumText<Mode> {
    static constexpr std::array<std::string_view, 3> names{"none", "live", "dry_run"};
};
template <>
struct EnumText<Origin> {
    static constexpr std::array<std::string_view, 7> names{
        "feed", "bot", "operator", "import", "reconciler", "guard", "executor"};
};
template <>
struct EnumText<Side> {
    static constexpr std::array<std::string_view, 2> names{"buy", "sell"};
};
template <>
struct EnumText<Purpose> {
    static constexpr std::array<std::string_view, 4> names{"open", "complete", "unwind",
                                                           "rebalance"};
};
template <>
struct EnumText<OrderStatusCode> {
    static constexpr std::array<std::string_view, 11> names{
        "submitted", "unknown",          "rejected",        "delayed",  "live",   "matched",
        "filled",    "cancel_requested", "cancel_rejected", "canceled", "expired"};
};
template <>
struct EnumText<SettlementStatus> {
    static constexpr std::array<std::string_view, 4> names{"mined", "retrying", "confirmed",
                                                           "failed"};
};
template <>
struct EnumText<Role> {
    static constexpr std::array<std::string_view, 2> names{"maker", "taker"};
};
template <>
struct EnumText<FeedState> {
    static constexpr std::array<std::string_view, 6> names{"connected", "subscribed", "lost",
                                                           "stale",     "gap",        "resynced"};
};
template <>
struct EnumText<Collected> {
    static constexpr std::array<std::string_view, 2> names{"cash", "shares"};
};
template <>
struct EnumText<Verdict> {
    static constexpr std::array<std::string_view, 4> names{"go", "no_go", "pass", "deny"};
};
template <>
struct EnumText<TransferReason> {
    static constexpr std::array<std::string_view, 7> names{
        "opening", "deposit", "withdrawal", "conversion", "reward", "rebate", "other"};
};

template <class Enum>
[[nodiscard]] constexpr std::string_view to_text(Enum value) {
    return EnumText<Enum>::names.at(static_cast<std::size_t>(value));
}

/// The value whose contract text is exactly `text`; nothing when there is none.
template <class Enum>
[[nodiscard]] constexpr std::optional<Enum> from_text(std::string_view text) {
    for (std::size_t i = 0; i < EnumText<Enum>::names.size(); ++i) {
        if (EnumText<Enum>::names[i] == text) return static_cast<Enum>(i);
    }
    return std::nullopt;
}

}  // namespace daybook
