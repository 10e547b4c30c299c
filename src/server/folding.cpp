#include "src/server/folding.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <ranges>

#include "projections/fold/catalogue.hpp"
#include "projections/give_way.hpp"

namespace daybook::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::array<std::string_view, 2> kPrompt{"positions", "orders"};
constexpr auto kTicksTogether = std::chrono::milliseconds{50};  // DESIGN §6
constexpr auto kAgain = std::chrono::seconds{1};
constexpr int kNice = 5;  // of the thread that gives way

std::vector<Projection> all_but_prompt() {
    std::vector<Projection> some;
    for (const Projection& each : catalogue()) {
        if (std::ranges::count(kPrompt, each.name) == 0) some.push_back(each);
    }
    return some;
}

}  // namespace

FoldingThread::FoldingThread(std::string data_dir, std::vector<Projection> projections,
                             Together together, Hooks hooks)
    : data_dir_{std::move(data_dir)},
      projections_{std::move(projections)},
      together_{together},
      hooks_{std::move(hooks)} {}

void FoldingThread::start() {
    thread_ = std::thread{[this] { run(); }};
}

void FoldingThread::notify() {
    {
        const std::lock_guard lock{mutex_};
        if (news_) return;
        news_ = true;
    }
    wake_.notify_one();
}

void FoldingThread::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::optional<std::string> FoldingThread::waiting_for() const {
    const std::lock_guard lock{mutex_};
    return why_;
}

void FoldingThread::tell(std::optional<std::string> why) {
    if (why) hooks_.log("folding waits: " + *why);
    const std::lock_guard lock{mutex_};
    why_ = std::move(why);
}

void FoldingThread::run() {
    if (together_) give_way(kNice);
    for (;;) {
        auto projector = Projector::open(data_dir_, projections_, hooks_.now(), {});
        auto done = projector ? follow(projector.value()) : Result<void>{projector.error()};
        if (done) break;
        tell(done.error().detail);
        std::unique_lock lock{mutex_};
        if (wake_.wait_for(lock, kAgain, [this] { return stopping_; })) break;
    }
}

/// True to go on: there is news, or what is `pending` has waited long enough.
bool FoldingThread::wait(bool pending) {
    std::unique_lock lock{mutex_};
    const auto woken = [this] { return news_ || stopping_; };
    if (pending)
        wake_.wait_for(lock, kTicksTogether, woken);
    else
        wake_.wait(lock, woken);
    if (together_ && !stopping_) wake_.wait_for(lock, *together_, [this] { return stopping_; });
    const bool go_on = !stopping_ || news_;
    news_ = false;
    return go_on;
}

Result<void> FoldingThread::fold(Projector& projector) {
    for (bool ended = false; !ended;) {
        TRY(ended, projector.fold());
        seen_ = projector.seen().raw;
        if (!projector.changed()) continue;
        TRYV(projector.commit());
    }
    return ok();
}

Result<void> FoldingThread::follow(Projector& projector) {
    tell(std::nullopt);
    seen_ = projector.seen().raw;
    auto committed = Clock::now();
    while (wait(projector.pending())) {
        TRYV(fold(projector));
        if (!projector.pending() || Clock::now() - committed < kTicksTogether) continue;
        TRYV(projector.commit());  // rows that nothing changed are those of the latest event, too
        committed = Clock::now();
    }
    return projector.close();
}

Folding::Folding(const std::string& data_dir, const FoldingThread::Hooks& hooks) {
    for (const std::string_view name : kPrompt) {
        threads_.push_back(std::make_unique<FoldingThread>(
            data_dir, std::vector{*find_projection(name)}, std::nullopt, hooks));
    }
    threads_.push_back(
        std::make_unique<FoldingThread>(data_dir, all_but_prompt(), kTicksTogether, hooks));
}

void Folding::start() {
    for (const auto& each : threads_) each->start();
}

void Folding::notify() {
    for (const auto& each : threads_) each->notify();
}

void Folding::stop() {
    for (const auto& each : threads_) each->stop();
}

std::optional<std::string> Folding::waiting_for() const {
    for (const auto& each : threads_) {
        if (auto why = each->waiting_for()) return why;
    }
    return std::nullopt;
}

std::uint64_t Folding::seen() const {
    const auto seen = [](const auto& each) { return each->seen(); };
    return std::ranges::min(threads_ | std::views::transform(seen));
}

}  // namespace daybook::server
