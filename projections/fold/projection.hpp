#pragma once

#include <bitset>
#include <initializer_list>
#include <string_view>

#include "projections/fold/rows.hpp"
#include "schemas/event.hpp"

namespace daybook {

class Assembly;

/// The event types a projection folds, by type number.
class TypeSet {
  public:
    TypeSet(std::initializer_list<std::string_view> names) {
        for (const std::string_view name : names) bits_.set(type_by_name(name).value());
    }
    void add(std::uint16_t type) { bits_.set(type); }
    void add(const TypeSet& types) {
        all_statuses_ =
            (has_statuses() && all_statuses_) || (types.has_statuses() && types.all_statuses_);
        bits_ |= types.bits_;
    }
    /// Of order_status events only those that say two names of an order are folded.
    [[nodiscard]] TypeSet linking_statuses() const {
        TypeSet narrow = *this;
        narrow.all_statuses_ = false;
        return narrow;
    }
    [[nodiscard]] bool all_statuses() const { return all_statuses_; }
    [[nodiscard]] bool has(std::uint16_t type) const {
        return type < bits_.size() && bits_.test(type);
    }

  private:
    [[nodiscard]] bool has_statuses() const { return has(type_by_name("order_status").value()); }

    std::bitset<kEventTypes + 1> bits_;
    bool all_statuses_{true};
};

/// Every event type.
[[nodiscard]] inline TypeSet all_types() {
    TypeSet all{};
    for (std::uint16_t type = 1; type <= kEventTypes; ++type) all.add(type);
    return all;
}

/// A reading of the journal: a pure function from events, in sequence, to rows.
struct Projection {
    std::string_view name;
    std::uint32_t version;      ///< a new one whenever the same events give other rows
    std::string_view question;  ///< what it answers, for people
    TypeSet types;              ///< events of other types change nothing and are not handed in
    /// Names the parts that fold it, with Assembly::part().
    void (*assemble)(Assembly& assembly);
    /// Hand in conflicting duplicates too. To others they are not: same identity, other content
    /// changes nothing (contract §1).
    bool sees_conflicts{false};

    /// The rows after `event` (its seq is set), as bytes. For many events an Assembly is quicker.
    void apply(Rows& rows, const Event& event) const;
};

}  // namespace daybook
