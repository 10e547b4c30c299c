#include "projections/fold/order_names.hpp"

#include <algorithm>

namespace daybook {
namespace {

std::string link_key(const Event& event, std::string_view name) {
    return make_key(event.venue, event.account, static_cast<std::uint64_t>(event.mode), name);
}

std::string_view order_of(const Event& event) {
    if (const auto* intent = std::get_if<OrderIntent>(&event.body)) return intent->order;
    if (const auto* fill = std::get_if<Fill>(&event.body)) return fill->order;
    if (const auto* settled = std::get_if<FillSettlement>(&event.body)) return settled->order;
    if (const auto* corrected = std::get_if<FillCorrection>(&event.body)) return corrected->order;
    return {};
}

}  // namespace

OrderNames::OrderNames(Rows& rows) : links_{rows, "order_links"}, joined_{rows, "order_joins"} {}

OrderNames::Named OrderNames::name(const Event& event) {
    if (const auto* status = std::get_if<OrderStatus>(&event.body)) return link(event, *status);
    return {find_or_create(event, order_of(event)), {}};
}

OrderNames::Named OrderNames::link(const Event& event, const OrderStatus& status) {
    const OrderKey ours = find_or_create(event, status.order);
    if (status.venue_order.empty()) return {ours, {}};
    const auto venues = lookup(event, status.venue_order);
    if (ours.raw == 0) return {find_or_create(event, status.venue_order), {}};
    if (!venues) links_.put(link_key(event, status.venue_order), {ours});
    if (!venues || *venues == ours) return {ours, {}};
    const OrderJoin join{std::max(ours, *venues), std::min(ours, *venues)};
    joined_.put(make_key(join.from.raw), {join.to});
    return {join.to, join};
}

OrderKey OrderNames::find_or_create(const Event& event, std::string_view name) {
    if (name.empty()) return {};
    if (const auto known = lookup(event, name)) return *known;
    const OrderKey created{event.seq.raw};
    links_.put(link_key(event, name), {created});
    return created;
}

std::optional<OrderKey> OrderNames::lookup(const Event& event, std::string_view name) const {
    const auto link = links_.get(link_key(event, name));
    if (!link) return std::nullopt;
    OrderKey order = link->order;
    while (const auto moved = joined_.get(make_key(order.raw))) order = moved->order;
    return order;
}

}  // namespace daybook
