#include "projections/read_ahead.hpp"

#include <algorithm>

#include "projections/give_way.hpp"

namespace daybook {
namespace {

constexpr int kNice = 10;

}  // namespace

Result<std::unique_ptr<ReadAhead>> ReadAhead::begin(EventReader& reader, Sequence first,
                                                    Sequence last, const TypeSet& wanted,
                                                    Check check, std::uint64_t stretch) {
    std::unique_ptr<ReadAhead> ahead{new ReadAhead{reader, first, last, stretch}};
    TRYV(reader.seek(first, wanted, check));
    if (ahead->stretches() <= kAhead) return ahead;
    TRY(ahead->beside_, reader.again());
    TRYV(ahead->beside_->seek(first, wanted, check));
    ahead->thread_ = std::thread{[beside = ahead.get()] { beside->read_beside(); }};
    return ahead;
}

ReadAhead::ReadAhead(EventReader& reader, Sequence first, Sequence last, std::uint64_t stretch)
    : reader_{reader}, first_{first}, last_{last}, length_{stretch} {}

ReadAhead::~ReadAhead() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock{mutex_};
        stop_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

std::uint64_t ReadAhead::stretches() const {
    return last_ < first_ ? 0 : (last_.raw - first_.raw) / length_ + 1;
}

bool ReadAhead::may_read() const { return begun_ < std::min(stretches(), taken_ + kAhead); }

Result<const Step*> ReadAhead::next() {
    while (taken_ < stretches()) {
        Stretch& now = at(taken_);
        if (step_ == 0) bring();
        if (step_ < now.count) return &now.steps[step_++];
        if (now.thrown) std::rethrow_exception(now.thrown);
        if (now.failed) return *now.failed;
        {
            const std::lock_guard lock{mutex_};
            now.ready = false;
            ++taken_;
        }
        step_ = 0;
        changed_.notify_all();
    }
    return nullptr;
}

/// Waits for the stretch that is taken next, and reads meanwhile what nobody reads yet.
void ReadAhead::bring() {
    std::unique_lock lock{mutex_};
    while (!at(taken_).ready) {
        if (may_read())
            read_one(reader_, lock);
        else
            changed_.wait(lock);
    }
}

void ReadAhead::read_beside() {
    give_way(kNice);
    std::unique_lock lock{mutex_};
    while (!stop_) {
        if (may_read())
            read_one(*beside_, lock);
        else
            changed_.wait(lock);
    }
}

void ReadAhead::read_one(EventReader& reader, std::unique_lock<std::mutex>& lock) {
    const std::uint64_t index = begun_++;
    lock.unlock();
    fill(reader, index);
    lock.lock();
    at(index).ready = true;
    changed_.notify_all();
}

void ReadAhead::fill(EventReader& reader, std::uint64_t index) {
    Stretch& stretch = at(index);
    stretch.count = 0;
    stretch.failed.reset();
    stretch.thrown = nullptr;
    const Sequence from{first_.raw + index * length_};
    const Sequence to{std::min(from.raw + length_ - 1, last_.raw)};
    try {
        auto there = reader.skip_to(from);
        while (there) {
            if (stretch.count == stretch.steps.size()) stretch.steps.emplace_back();
            const auto read = reader.next(stretch.steps[stretch.count], to);
            if (!read) stretch.failed = read.error();
            if (!read || !read.value()) return;
            ++stretch.count;
        }
        stretch.failed = there.error();
    } catch (...) {
        stretch.thrown = std::current_exception();
    }
}

}  // namespace daybook
