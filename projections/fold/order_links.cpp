#include "projections/fold/order_links.hpp"

#include <xxhash.h>

namespace daybook {

NameHash name_hash(const Event& event, std::string_view name) {
    thread_local std::string bytes;  // kept: a name is hashed for every fill
    bytes.clear();
    for (const std::string_view part :
         {std::string_view{event.venue}, std::string_view{event.account}}) {
        bytes += part;
        bytes.push_back('\0');
    }
    bytes.push_back(static_cast<char>(event.mode));
    bytes += name;
    const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
    return {hash.high64, hash.low64};
}

NameHash OrderLinks::order(const Event& event, std::string_view name) const {
    return name.empty() ? NameHash{} : end_of(name_hash(event, name));
}

std::optional<LinkedOrders> OrderLinks::link(const Event& event, const OrderStatus& status) {
    if (status.order.empty() || status.venue_order.empty()) return std::nullopt;
    const LinkedOrders linked{order(event, status.order), order(event, status.venue_order)};
    if (linked.from == linked.to) return std::nullopt;
    links_.put(key_part(linked.from), linked.to);
    return linked;
}

NameHash OrderLinks::end_of(NameHash name) const {
    while (const NameHash* const next = links_.find(key_part(name))) name = *next;
    return name;
}

}  // namespace daybook
