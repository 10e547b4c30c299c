#pragma once

#include <memory>

#include "journal/posix_write.hpp"

namespace daybook::campaigns {

/// `folder` itself; in the zoo, with the mistake at hand when it is one of syncing: a sync that is
/// skipped, one of names that is, one that is tried again.
[[nodiscard]] std::unique_ptr<journal::WriteDirectory> as_planted(
    std::unique_ptr<journal::WriteDirectory> folder);

}  // namespace daybook::campaigns
