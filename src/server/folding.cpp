#include "src/server/folding.hpp"

#include <chrono>

#include "projections/fold/catalogue.hpp"

namespace daybook::server {
namespace {

using Clock = std::chrono::steady_clock;

constexpr auto kTicksTogether = std::chrono::milliseconds{50};  // DESIGN §6
constexpr auto kAgain = std::chrono::seconds{1};

}  // namespace

Folding::Folding(std::string data_dir, Metrics& metrics, Hooks hooks)
    : data_dir_{std::move(data_dir)}, metrics_{metrics}, hooks_{std::move(hooks)} {}

Folding::~Folding() { stop(); }

void Folding::start() {
    thread_ = std::thread{[this] { run(); }};
}

void Folding::notify() {
    {
        const std::lock_guard lock{mutex_};
        news_ = true;
    }
    wake_.notify_one();
}

void Folding::stop() {
    {
        const std::lock_guard lock{mutex_};
        stopping_ = true;
    }
    wake_.notify_one();
    if (thread_.joinable()) thread_.join();
}

std::optional<std::string> Folding::waiting_for() const {
    const std::lock_guard lock{mutex_};
    return why_;
}

void Folding::tell(std::optional<std::string> why) {
    metrics_.folding = !why;
    if (why) hooks_.log("folding waits: " + *why);
    const std::lock_guard lock{mutex_};
    why_ = std::move(why);
}

void Folding::run() {
    for (;;) {
        auto projector = Projector::open(data_dir_, catalogue(), hooks_.now(), {});
        auto done = projector ? follow(projector.value()) : Result<void>{projector.error()};
        if (done) break;
        tell(done.error().detail);
        std::unique_lock lock{mutex_};
        if (wake_.wait_for(lock, kAgain, [this] { return stopping_; })) break;
    }
    metrics_.folding = false;
}

/// True to go on: there is news, or `pending` rows have waited long enough.
bool Folding::wait(bool pending) {
    std::unique_lock lock{mutex_};
    const auto woken = [this] { return news_ || stopping_; };
    if (pending)
        wake_.wait_for(lock, kTicksTogether, woken);
    else
        wake_.wait(lock, woken);
    const bool go_on = !stopping_ || news_;
    news_ = false;
    return go_on;
}

Result<void> Folding::follow(Projector& projector) {
    tell(std::nullopt);
    auto committed = Clock::now();
    while (wait(projector.pending())) {
        for (bool ended = false; !ended;) {
            TRY(ended, projector.fold());
            metrics_.folded_seq = projector.seen().raw;
            if (Clock::now() - committed < kTicksTogether) continue;
            TRYV(projector.commit());
            committed = Clock::now();
        }
    }
    return projector.close();
}

}  // namespace daybook::server
