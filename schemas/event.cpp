#include "schemas/event.hpp"

#include <algorithm>
#include <array>

namespace daybook {
namespace {

struct TypeRow {
    std::string_view name;
    bool mode;
};

/// In the order of Body.
constexpr std::array<TypeRow, kEventTypes> kTypes{{
    {"market_defined", false},
    {"market_changed", false},
    {"market_resolved", false},
    {"book", false},
    {"book_change", false},
    {"quote", false},
    {"trade", false},
    {"price", false},
    {"feed", false},
    {"order_intent", true},
    {"order_status", true},
    {"fill", true},
    {"fill_settlement", true},
    {"fill_correction", true},
    {"merge", true},
    {"split", true},
    {"redemption", true},
    {"transfer", true},
    {"balance", true},
    {"decision", true},
    {"guard", true},
    {"claim", true},
    {"halt", false},
    {"resume", false},
    {"flag", false},
    {"limits", false},
    {"epoch", false},
    {"note", false},
    {"log", false},
    {"unparsed", false},
    {"recorder_started", false},
    {"recorder_stopped", false},
    {"recovered", false},
    {"model_calibrated", false},
    {"lost", false},
}};

}  // namespace

std::string_view type_name(std::uint16_t number) {
    if (number == 0 || number > kTypes.size()) return {};
    return kTypes.at(number - 1U).name;
}

std::optional<std::uint16_t> type_by_name(std::string_view name) {
    const auto* const row = std::ranges::find(kTypes, name, &TypeRow::name);
    if (row == kTypes.end()) return std::nullopt;
    return static_cast<std::uint16_t>(row - kTypes.begin() + 1);
}

bool has_mode(std::uint16_t type) {
    return type >= 1 && type <= kTypes.size() && kTypes.at(type - 1U).mode;
}

Event::Event() noexcept = default;
Event::Event(const Event& other) = default;
Event::Event(Event&& other) noexcept = default;
Event& Event::operator=(const Event& other) = default;
Event& Event::operator=(Event&& other) noexcept = default;
Event::~Event() = default;
bool operator==(const Event& a, const Event& b) = default;

}  // namespace daybook
