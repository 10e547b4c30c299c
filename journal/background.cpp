#include "journal/background.hpp"

#include <algorithm>
#include <array>

#include "journal/layout.hpp"

namespace daybook::journal {
namespace {

constexpr std::size_t kZeroStep = std::size_t{64} << 10U;
constexpr double kLeastBytesPerSecond = 16e6;
constexpr std::chrono::seconds kHeadInterval{1};
constexpr std::chrono::milliseconds kIdle{100};

struct alignas(kBlock) Zeros {  // aligned as O_DIRECT wants it
    std::array<std::byte, kZeroStep> bytes{};
};
constexpr Zeros kZeros{};

}  // namespace

Background::Background(WriteDirectory& directory, const Uuid& journal, std::uint64_t sealed)
    : directory_(directory), journal_(journal), sealed_(sealed) {
    measured_ = Clock::now();
    thread_ = std::jthread([this](const std::stop_token& stop) { run(stop); });
}

Background::~Background() { stop(); }

void Background::prepare(std::uint64_t number, std::uint64_t size) {
    const std::lock_guard lock(mutex_);
    wishes_.number = number;
    wishes_.size = size;
    changed_.notify_one();
}

std::optional<BlankSegment> Background::take(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    if (!ready_ || ready_number_ != number) return std::nullopt;
    std::optional<BlankSegment> taken = std::move(ready_);
    ready_.reset();
    wishes_.number = 0;
    return taken;
}

void Background::seal_before(std::uint64_t number) {
    const std::lock_guard lock(mutex_);
    wishes_.seal_before = number;
    changed_.notify_one();
}

void Background::head_written(std::uint64_t appended, bool now) {
    const std::lock_guard lock(mutex_);
    wishes_.appended += appended;
    wishes_.head_changed = true;
    wishes_.head_now = wishes_.head_now || now;
    if (now) changed_.notify_one();
}

std::optional<Error> Background::failure() {
    const std::lock_guard lock(mutex_);
    return failure_;
}

void Background::stop() {
    thread_.request_stop();
    if (thread_.joinable()) thread_.join();
}

void Background::fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = error;
    failed_.store(true);
}

void Background::run(const std::stop_token& stop) {
    while (!stop.stop_requested()) {
        Wishes wishes;
        {
            const std::lock_guard lock(mutex_);
            wishes = wishes_;
        }
        const Clock::time_point due = turn(wishes);
        std::unique_lock lock(mutex_);
        const auto news = [&] {
            return wishes_.number != wishes.number || wishes_.seal_before != wishes.seal_before ||
                   wishes_.head_now;
        };
        changed_.wait_until(lock, stop, due, news);
    }
    drop_zeroing();
}

/// One step of each task; says when the next one is due.
Background::Clock::time_point Background::turn(const Wishes& wishes) {
    measure(wishes.appended);
    sync_head(wishes);
    seal_one(wishes.seal_before);
    zero_step(wishes);
    const auto now = Clock::now();
    if (!seal_refused_ && sealed_.load() + 1 < wishes.seal_before) return now;
    return zeroing_.blank.file ? std::min(zeroing_.next_step, now + kIdle) : now + kIdle;
}

void Background::measure(std::uint64_t appended) {
    const auto now = Clock::now();
    const std::chrono::duration<double> passed = now - measured_;
    if (passed < std::chrono::milliseconds(500)) return;
    bytes_per_second_ = static_cast<double>(appended - measured_bytes_) / passed.count();
    measured_ = now;
    measured_bytes_ = appended;
}

void Background::sync_head(const Wishes& wishes) {
    const bool due = wishes.head_now || (wishes.head_changed && Clock::now() >= head_due_);
    if (!due) return;
    {
        const std::lock_guard lock(mutex_);
        wishes_.head_changed = false;
        wishes_.head_now = false;
    }
    head_due_ = Clock::now() + kHeadInterval;
    if (!head_) {
        auto opened = directory_.open_for_writing(kHeadName);
        if (!opened) return fail(opened.error());
        head_ = std::move(opened.value());
    }
    const auto synced = head_->sync();
    if (!synced) fail(synced.error());
}

void Background::seal_one(std::uint64_t before) {
    const std::uint64_t number = sealed_.load() + 1;
    if (seal_refused_ || number >= before) return;
    if (!chain_) {
        Head beyond;
        beyond.journal = journal_;
        beyond.segment = before;
        beyond.sealed = number - 1;
        auto chain = chain_after(directory_, beyond, number - 1);
        if (chain) chain_ = chain.value();
        seal_refused_ = !chain;
        if (!chain) return;
    }
    auto chain = seal_segment(directory_, journal_, number, *chain_);
    seal_refused_ = !chain;
    if (!chain) return;
    chain_ = chain.value();
    sealed_.store(number);
}

void Background::zero_step(const Wishes& wishes) {
    const bool stale = zeroing_.blank.file && zeroing_.number != wishes.number;
    if (stale) drop_zeroing();
    drop_late();
    if (wishes.number == 0 || wishes.number == given_up_ || wishes.number == ready_number_) return;
    if (!zeroing_.blank.file) {
        const auto begun = begin_zeroing(wishes);
        if (!begun) given_up_ = wishes.number;
        return;
    }
    if (Clock::now() < zeroing_.next_step) return;
    const auto done = zeroing_.written < zeroing_.size ? write_zeros() : finish_zeroing();
    if (done) return;
    given_up_ = wishes.number;
    drop_zeroing();
}

Result<void> Background::begin_zeroing(const Wishes& wishes) {
    BlankSegment blank{next_name(wishes.number), nullptr};
    TRYV(directory_.remove(blank.name));
    TRY(blank.file, directory_.create(blank.name, Cache::passed_by));
    zeroing_ = {std::move(blank), wishes.number, wishes.size, 0, Clock::now()};
    return zeroing_.blank.file->allocate(wishes.size);
}

Result<void> Background::write_zeros() {
    const auto length = static_cast<std::size_t>(
        std::min<std::uint64_t>(kZeroStep, zeroing_.size - zeroing_.written));
    TRYV(zeroing_.blank.file->write(zeroing_.written, std::span{kZeros.bytes}.first(length)));
    zeroing_.written += length;
    const double pace = std::max(kLeastBytesPerSecond, 2 * bytes_per_second_);
    const std::chrono::duration<double> pause(static_cast<double>(length) / pace);
    zeroing_.next_step += std::chrono::duration_cast<Clock::duration>(pause);
    return ok();
}

Result<void> Background::finish_zeroing() {
    TRYV(zeroing_.blank.file->sync());
    BlankSegment blank{zeroing_.blank.name, nullptr};
    TRY(blank.file, directory_.open_for_writing(blank.name));  // the writer's goes by the cache
    zeroing_.blank.file.reset();
    const std::lock_guard lock(mutex_);
    ready_ = std::move(blank);
    ready_number_ = zeroing_.number;
    return ok();
}

/// Zeros that came too late: the writer has taken an allocated segment in their place.
void Background::drop_late() {
    std::optional<BlankSegment> late;
    {
        const std::lock_guard lock(mutex_);
        if (!ready_ || ready_number_ == wishes_.number) return;
        late.swap(ready_);
    }
    const auto removed = directory_.remove(late->name);
    if (!removed) given_up_ = ready_number_;  // the next start removes it
}

void Background::drop_zeroing() {
    if (!zeroing_.blank.file) return;
    zeroing_.blank.file.reset();
    const auto removed = directory_.remove(zeroing_.blank.name);
    if (!removed) given_up_ = zeroing_.number;  // the next start removes it
}

}  // namespace daybook::journal
