#pragma once

#include "campaigns/book.hpp"
#include "support/faulty_disk.hpp"

namespace daybook::campaigns {

/// A disk, what is known to be on it, and the writer that is at work there.
struct Scene {
    test::FaultyDisk disk{};
    Book book{};
    bool created = false;
    std::optional<journal::Writer> writer{};
};

[[nodiscard]] Scene empty_scene();
/// Some segments, stopped cleanly.
[[nodiscard]] Scene stopped_scene();
/// What a power cut may leave: HEAD as it was some commits ago, and half of a batch at the end.
[[nodiscard]] Scene torn_scene();

/// Reads what a start has recovered into the scene's book. Fails with corrupt when the book does
/// not agree.
[[nodiscard]] Result<void> begin_life(Scene& scene);

}  // namespace daybook::campaigns
