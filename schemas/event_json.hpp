#pragma once

#include <string>

#include "schemas/event.hpp"
#include "schemas/json.hpp"

namespace daybook {

/// What of an event is written.
enum class JsonForm : std::uint8_t {
    full,     ///< everything, with seq, received and raw: `dump`, `tail`, GET /v1/events
    content,  ///< what identity compares: without seq, received, mono, origin, cause, id and raw
};

/// `event` as one compact JSON object, fields in the order of the contract (§1). The same event
/// gives the same bytes.
[[nodiscard]] std::string to_json(const Event& event, JsonForm form = JsonForm::full);

/// The members of the event's body alone, without braces.
[[nodiscard]] std::string body_json(const Event& event);

/// The event a contract line describes. Unknown members go to `extra`; `mode` is `dry_run` where
/// the type has one and the line names none; `origin` is `bot` where the line names none. `seq` and
/// `conflicts_with` are read as written: whoever records decides whether they count.
/// Fails with malformed: unknown type, missing or wrong field, value out of range (why_invalid).
[[nodiscard]] Result<Event> from_json(const Json& line);

}  // namespace daybook
