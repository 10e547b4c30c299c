#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

#include "journal/format.hpp"
#include "journal/head.hpp"
#include "journal/posix_write.hpp"

namespace daybook::journal {

/// A file that is about to become a segment: all zeros, under a name that holds no events.
struct BlankSegment {
    std::string name;
    std::unique_ptr<WriteFile> file;
};

/// Takes room for `size` bytes without writing them: quick, but each first write into it makes
/// the file system note that, so commits take longer than into zeros that were written.
[[nodiscard]] Result<BlankSegment> allocate_blank(WriteDirectory& directory, std::uint64_t number,
                                                  std::uint64_t size);

/// Writes the zeros of a new segment, `size` bytes of them. Not synced.
[[nodiscard]] Result<void> write_zeros(WriteFile& file, std::uint64_t size);

/// Makes `blank` the segment that `header` describes: header twice, sync, rename, folder sync.
/// Durable when it returns; before that nobody sees it under a segment's name.
[[nodiscard]] Result<void> name_segment(WriteDirectory& directory, BlankSegment& blank,
                                        const SegmentHeader& header);

/// Keeps the schema under its digest, durably, and gives the digest; zeros for no schema.
[[nodiscard]] Result<Digest> keep_schema(WriteDirectory& directory,
                                         std::span<const std::byte> schema);

/// Writes `head` into its slot. Not synced.
[[nodiscard]] Result<void> write_head(WriteFile& file, const Head& head);

/// Writes the footer of segment `number`, which has a successor, and makes the file read-only.
/// Gives the chain up to it. Does it again from the frames when it was begun before; when it was
/// finished before, only reads.
[[nodiscard]] Result<Digest> seal_segment(WriteDirectory& directory, const Uuid& journal,
                                          std::uint64_t number, const Digest& previous_chain);

}  // namespace daybook::journal
