#include "src/feeds/protocol.hpp"

namespace daybook::feeds {

Texts Protocol::answer(const ingest::Batch& /*heard*/, const Items& /*subscribed*/) { return {}; }

std::string Protocol::item_of(const Event& /*event*/, const Book& book) const {
    return book.outcome;
}

bool Protocol::concerns(const ingest::Batch& /*heard*/, const Items& /*subscribed*/) const {
    return true;
}

}  // namespace daybook::feeds
