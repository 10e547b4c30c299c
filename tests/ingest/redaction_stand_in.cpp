// Stands in for unparsed() and without_credentials() where a test links none: remove this file as
// soon as src/ingest provides them. Weak, so that the real ones win meanwhile.
#include "src/ingest/input.hpp"

namespace daybook::ingest {

[[gnu::weak]] Event unparsed(std::string_view raw, std::string why) {
    Event event;
    event.raw = raw;
    Unparsed body;
    body.why = std::move(why);
    event.body = std::move(body);
    return event;
}

[[gnu::weak]] std::string without_credentials(std::string_view text) { return std::string{text}; }

}  // namespace daybook::ingest
