#include "src/feeds/subscriptions.hpp"

#include <algorithm>

namespace daybook::feeds {

std::vector<Items> distribute(std::vector<Items> before, const Items& wanted, std::size_t most) {
    for (Items& items : before)
        std::erase_if(items, [&](const auto& item) { return !wanted.contains(item); });
    for (const std::string& item : wanted) {
        if (std::ranges::any_of(before, [&](auto& items) { return items.contains(item); }))
            continue;
        const auto room =
            std::ranges::find_if(before, [&](auto& items) { return items.size() < most; });
        if (room == before.end()) {
            before.push_back({item});
        } else {
            room->insert(item);
        }
    }
    return before;
}

}  // namespace daybook::feeds
