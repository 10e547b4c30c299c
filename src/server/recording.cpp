#include "src/server/recording.hpp"

#include <chrono>
#include <filesystem>

namespace daybook::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kQueuedBytesMax = std::size_t{64} << 20U;
constexpr std::size_t kEventsPerCommit = 4096;
constexpr auto kGlance = std::chrono::seconds{1};
/// Two segments of the largest size: one being zeroed, one to go on with; and what the projections
/// need to follow.
constexpr std::uint64_t kRoomNeeded = std::uint64_t{192} << 20U;

}  // namespace

Recording::Recording(std::string data_dir, Metrics& metrics, RecordingHooks hooks)
    : data_dir_{std::move(data_dir)}, metrics_{metrics}, hooks_{std::move(hooks)} {}

Recording::~Recording() {
    if (thread_.joinable()) (void)stop("ended");
}

Result<void> Recording::start(const std::string& version) {
    TRY(recorder_, Recorder::open(data_dir_, hooks_.now()));
    const std::string found = recorder_->recovered();
    if (!found.empty()) hooks_.log(found);
    TRYV(say(RecorderStarted{version, found}));
    metrics_.recording = true;
    thread_ = std::thread{[this] { run(); }};
    return ok();
}

Result<void> Recording::say(Body body) {
    Event event;
    event.time = hooks_.now();  // two starts are two events
    event.body = std::move(body);
    TRYV(recorder_->record({std::move(event)}, hooks_.now()));
    TRY(const Sequence durable, recorder_->commit());
    metrics_.durable_seq = durable.raw;
    hooks_.durable(durable);
    return ok();
}

bool Recording::offer(std::vector<Event>&& batch, std::size_t bytes,
                      std::function<void(const Outcome&)> done) {
    {
        const std::lock_guard lock{mutex_};
        if (stopping_ || queued_bytes_ + bytes > kQueuedBytesMax) return false;
        queued_bytes_ += bytes;
        queue_.push_back({std::move(batch), bytes, std::move(done)});
        metrics_.queued_bytes = queued_bytes_;
    }
    wake_.notify_one();
    return true;
}

std::optional<Error> Recording::refusing() const {
    const std::lock_guard lock{mutex_};
    return refusing_;
}

Result<void> Recording::stop(const std::string& reason) {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
    metrics_.recording = false;
    if (!recorder_) return refusing_ ? Result<void>{*refusing_} : ok();
    TRYV(say(RecorderStopped{reason}));
    return recorder_->close();
}

void Recording::run() {
    auto looked = Clock::now();
    for (;;) {
        auto waiting = take();
        if (waiting.empty()) {
            const std::lock_guard lock{mutex_};
            if (stopping_ && queue_.empty()) return;
        }
        if (Clock::now() - looked >= kGlance) {
            looked = Clock::now();
            try_again();
        }
        if (!waiting.empty()) record(std::move(waiting));
    }
}

/// What waits, 4,096 events at most or one batch; nothing after a second of silence.
std::deque<Recording::Waiting> Recording::take() {
    std::unique_lock lock{mutex_};
    wake_.wait_for(lock, kGlance, [this] { return stopping_ || !queue_.empty(); });
    std::deque<Waiting> taken;
    for (std::size_t events = 0; !queue_.empty() && events < kEventsPerCommit;) {
        events += queue_.front().batch.size();
        queued_bytes_ -= queue_.front().bytes;
        taken.push_back(std::move(queue_.front()));
        queue_.pop_front();
    }
    metrics_.queued_bytes = queued_bytes_;
    return taken;
}

void Recording::record(std::deque<Waiting> waiting) {
    std::vector<Answer> answers;
    for (Waiting& each : waiting) {
        Outcome outcome{std::vector<Recorded>{}};
        const auto refused = refusing();
        if (refused) {
            outcome = *refused;
        } else {
            recorder_->begin_input();
            outcome = recorder_->record(std::move(each.batch), hooks_.now());
        }
        if (!outcome && outcome.error().code == Errc::disk && !refused) shut(outcome.error());
        count(outcome);
        answers.push_back({std::move(each.done), std::move(outcome)});
    }
    commit(answers);
    for (const Answer& each : answers) each.done(each.outcome);
}

/// One sync for all; what it refuses was answered for by nobody.
void Recording::commit(std::vector<Answer>& answers) {
    if (!recorder_) {
        for (Answer& each : answers) {
            if (each.outcome) each.outcome = *refusing();
        }
        return;
    }
    const auto began = Clock::now();
    const auto durable = recorder_->commit();
    metrics_.commit_time.add(Clock::now() - began);
    ++metrics_.commits;
    if (durable) {
        metrics_.durable_seq = durable.value().raw;
        hooks_.durable(durable.value());
        return;
    }
    shut(durable.error());
    for (Answer& each : answers) {
        if (each.outcome) each.outcome = durable.error();
    }
}

void Recording::count(const Outcome& outcome) {
    ++metrics_.batches;
    if (!outcome) {
        ++metrics_.refused_batches;
        return;
    }
    for (const Recorded& each : outcome.value()) {
        if (each.duplicate) ++metrics_.duplicates;
        if (each.conflicting) ++metrics_.conflicting;
        if (each.unparsed && !each.duplicate) ++metrics_.unparsed;
        if (!each.duplicate) ++metrics_.recorded;
    }
}

Result<void> Recording::look_at_disk() {
    std::error_code error;
    const auto room = std::filesystem::space(data_dir_, error);
    if (error) return Error{Errc::disk, "cannot look at the disk: " + error.message()};
    metrics_.free_bytes = room.available;
    if (room.available >= kRoomNeeded) return ok();
    return Error{Errc::disk,
                 "only " + std::to_string(room.available >> 20U) +
                     " MiB are left; recording stops below " + std::to_string(kRoomNeeded >> 20U),
                 "free some space; recording goes on by itself"};
}

void Recording::shut(const Error& error) {
    recorder_.reset();
    metrics_.recording = false;
    hooks_.log("recording stops: " + error.detail);
    const std::lock_guard lock{mutex_};
    refusing_ = error;
}

/// Refuses before the disk does, and goes on when there is room again.
void Recording::try_again() {
    const auto room = look_at_disk();
    const bool was = refusing().has_value();
    if (!room) {
        if (!was) hooks_.log("recording stops: " + room.error().detail);
        const std::lock_guard lock{mutex_};
        refusing_ = room.error();
        metrics_.recording = false;
        return;
    }
    if (!was) return;
    if (!recorder_) {
        auto opened = Recorder::open(data_dir_, hooks_.now());
        if (!opened) return;
        recorder_.emplace(std::move(opened).value());
    }
    hooks_.log("recording goes on");
    metrics_.recording = true;
    const std::lock_guard lock{mutex_};
    refusing_.reset();
}

}  // namespace daybook::server
