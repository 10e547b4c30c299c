#include <algorithm>

#include "campaigns/restart.hpp"
#include "campaigns/scenes.hpp"
#include "fuzz/target.hpp"
#include "journal/frame.hpp"
#include "journal/tail.hpp"
#include "schemas/invariant.hpp"

namespace {

using namespace daybook;
using test::FaultyDisk;

const std::string kFirst = "00000001.segment";

/// A journal whose only segment holds `frames`, whatever they are.
FaultyDisk disk_with(std::span<const std::byte> frames) {
    static const campaigns::Scene empty = campaigns::empty_scene();
    FaultyDisk disk = empty.disk.after_kill();
    auto content = disk.content(kFirst);
    content.resize(std::max<std::size_t>(content.size(), journal::kFramesBegin + frames.size()));
    std::ranges::copy(frames, content.begin() + journal::kFramesBegin);
    disk.overwrite(kFirst, content);
    return disk;
}

/// Walks to the first fault; a frame that verifies lies inside the file.
void walk(journal::SegmentFile& segment) {
    const std::uint64_t size = segment.info().size;
    journal::FrameWalk walk(segment, size);
    for (;;) {
        const std::uint64_t before = walk.offset();
        const auto frame = walk.step();
        INVARIANT(frame.has_value(), "bad bytes are a fault, not an error");
        if (frame.value().fault != journal::Fault::none) return;
        INVARIANT(walk.offset() > before && walk.offset() <= size, "a frame has room and an end");
        INVARIANT(frame.value().payload.size() == frame.value().header.length,
                  "a payload is as long as it says");
    }
}

void look_everywhere(journal::SegmentFile& segment) {
    const std::uint64_t size = segment.info().size;
    for (std::uint64_t offset = journal::kFramesBegin; offset < size;) {
        const auto frame = journal::find_frame(segment, offset, size);
        INVARIANT(frame.has_value(), "bad bytes are a fault, not an error");
        if (frame.value().fault != journal::Fault::none) return;
        INVARIANT(frame.value().offset >= offset, "a search goes forward");
        offset = frame.value().end();
    }
}

}  // namespace

/// Any bytes where frames should be.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const FaultyDisk disk = disk_with(std::as_bytes(std::span{data, size}));
    auto segment = journal::SegmentFile::open(*disk.for_reading(), 1);
    INVARIANT(segment.has_value(), "its header is well");
    walk(segment.value());
    look_everywhere(segment.value());
    journal::Head head;
    head.segment = 1;
    head.end = journal::kFramesBegin;
    const auto tail = journal::examine_tail(segment.value(), head);
    INVARIANT(tail.has_value(), "bad bytes are a fault, not an error");
    INVARIANT(tail.value().damage || tail.value().kept_end <= tail.value().end,
              "what is kept lies in front of what is torn");
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    const auto content = campaigns::torn_scene().disk.content(kFirst);
    const std::string all(reinterpret_cast<const char*>(content.data()), content.size());
    return {all.substr(journal::kFramesBegin, 900), all.substr(journal::kFramesBegin, 3000)};
}
