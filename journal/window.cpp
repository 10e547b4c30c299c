#include "journal/window.hpp"

#include <algorithm>
#include <cstring>

#include "journal/format.hpp"

namespace daybook::journal {
namespace {

constexpr std::uint64_t kStep = std::uint64_t{256} << 10U;
constexpr std::uint64_t kStepPastCache = std::uint64_t{1} << 20U;  // nobody else reads ahead there
constexpr std::uint64_t kBehind = std::uint64_t{64} << 10U;
constexpr std::align_val_t kAligned{kBlock};

}  // namespace

void Window::Free::operator()(std::byte* bytes) const { ::operator delete(bytes, kAligned); }

/// Room for `size` bytes; the first `kept` stay.
void Window::reserve(std::size_t size, std::size_t kept) {
    if (size <= capacity_) return;
    std::unique_ptr<std::byte, Free> larger(
        static_cast<std::byte*>(::operator new(size, kAligned)));
    if (kept != 0) std::memcpy(larger.get(), bytes_.get(), kept);
    bytes_ = std::move(larger);
    capacity_ = size;
}

/// Moves what lies shortly before `offset` to the front; gives how much that is.
std::size_t Window::keep_behind(std::uint64_t offset) {
    if (offset <= begin_ || offset > end()) return 0;
    const auto kept = static_cast<std::size_t>(std::min(kBehind, offset - begin_));
    std::memmove(bytes_.get(), bytes_.get() + (offset - kept - begin_), kept);
    return kept;
}

/// Reads [offset, end); `offset` is a multiple of 4 KiB.
Result<void> Window::fill(std::uint64_t offset, std::uint64_t end) {
    const std::size_t kept = keep_behind(offset);
    const std::size_t wanted = end - offset;
    const std::size_t length = cache_ == Cache::passed_by ? round_up(wanted, kBlock) : wanted;
    reserve(kept + length, kept);
    size_ = 0;
    TRY(const std::size_t got, file_->read(offset, {bytes_.get() + kept, length}));
    begin_ = offset - kept;
    size_ = kept + got;
    return ok();
}

Result<std::span<const std::byte>> Window::ahead(std::uint64_t offset, std::size_t length,
                                                 std::uint64_t limit, std::uint64_t read_to) {
    const std::uint64_t wanted = offset + length;
    if (offset < begin_ || wanted > end()) {
        const std::uint64_t step = cache_ == Cache::passed_by ? kStepPastCache : kStep;
        const std::uint64_t from = offset / kBlock * kBlock;
        const std::uint64_t further = std::min({limit, read_to, from + step});
        TRYV(fill(from, std::max(wanted, further)));
    }
    const std::uint64_t last = std::min(std::max(limit, wanted), end());
    if (last <= offset) return std::span<const std::byte>{};
    return std::span<const std::byte>{bytes_.get() + (offset - begin_), last - offset};
}

}  // namespace daybook::journal
