#include "src/ingest/input.hpp"

namespace daybook::ingest {

Event unparsed(std::string_view raw, std::string why) {
    Event event;
    event.origin = Origin::feed;
    event.raw = without_credentials(raw);
    event.body = Unparsed{without_credentials(why), std::nullopt, std::nullopt};
    return event;
}

}  // namespace daybook::ingest
