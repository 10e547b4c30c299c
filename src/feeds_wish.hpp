#pragma once

#include <functional>

#include "src/config.hpp"

namespace daybook::server {
struct Service;
}

namespace daybook {

/// What attaches feeds to a service that records.
using Attach = std::function<void(server::Service&)>;

/// The feeds of one venue. Reads credentials and certificates; fails with usage when the wish makes
/// no sense, and as credentials do.
[[nodiscard]] Result<Attach> feeds_of(const RecordWish& wish);

/// `given`, and `otherwise` where it says nothing; both are of one venue.
[[nodiscard]] RecordWish either(RecordWish given, const RecordWish& otherwise);

}  // namespace daybook
