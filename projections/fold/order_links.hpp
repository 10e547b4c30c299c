#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <tuple>

#include "projections/fold/table.hpp"
#include "schemas/event.hpp"

namespace daybook {

/// 128 bits that stand for a name. All zero: no name.
struct NameHash {
    std::uint64_t high{}, low{};
    auto fields() { return std::tie(high, low); }
    friend auto operator<=>(const NameHash&, const NameHash&) = default;
    [[nodiscard]] bool none() const { return high == 0 && low == 0; }
};
/// XXH3-128 of `name` in the venue, account and mode of `event`.
[[nodiscard]] NameHash name_hash(const Event& event, std::string_view name);

/// Two names turned out to be one order, and are known as `to` from now on.
struct LinkedOrders {
    NameHash from, to;
    friend bool operator==(const LinkedOrders&, const LinkedOrders&) = default;
};

/// Which names are one order: those that an order_status has said together. An order with one name
/// needs no row, so that a fold that only has to tell fills apart keeps nothing of other orders.
class OrderLinks {
  public:
    explicit OrderLinks(Rows& rows) : links_{rows, "order_links"} {}

    /// What all names of the order called `name` lead to; none without a name.
    [[nodiscard]] NameHash order(const Event& event, std::string_view name) const;
    /// Takes an order_status; what it links, if that was not known.
    std::optional<LinkedOrders> link(const Event& event, const OrderStatus& status);

  private:
    [[nodiscard]] NameHash end_of(NameHash name) const;

    Table<NameHash> links_;  ///< name -> the venue's name of the same order
};

/// Of a NameHash as part of a key.
[[nodiscard]] inline std::string key_part(const NameHash& hash) {
    return make_key(hash.high, hash.low);
}

}  // namespace daybook
