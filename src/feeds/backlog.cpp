#include "src/feeds/backlog.hpp"

#include <boost/asio/post.hpp>

#include "src/feeds/link.hpp"

namespace daybook::feeds {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kUnderWayMost = std::size_t{8} << 20U;
constexpr auto kGlance = std::chrono::milliseconds{20};

}  // namespace

Now now_of(const server::Service& service) {
    const auto steady = std::chrono::steady_clock::now().time_since_epoch();
    return {service.now(), std::chrono::duration_cast<milliseconds>(steady)};
}

bool Backlog::full() const {
    return under_way_ > kUnderWayMost || service_.recording->refusing().has_value();
}

bool Backlog::offer(ingest::Batch& batch, std::size_t bytes) {
    const auto done = [self = shared_from_this(), bytes,
                       at = service_.now()](const server::Outcome& outcome) {
        auto why = outcome ? std::string{} : outcome.error().detail;
        asio::post(self->service_.network, [self, bytes, at, why = std::move(why)] {
            self->under_way_ -= bytes;
            if (!why.empty() && !self->refusal_) self->refusal_ = Refusal{at, why};
        });
    };
    under_way_ += bytes;
    if (service_.recording->offer(std::move(batch), bytes, done)) return true;
    under_way_ -= bytes;
    return false;
}

asio::awaitable<void> Backlog::take(ingest::Batch batch, std::size_t bytes) {
    if (batch.empty()) co_return;
    while (full() || !offer(batch, bytes)) {
        waits_ = true;
        co_await wait_for(service_.network, kGlance);
    }
    waits_ = false;
}

ingest::Batch Backlog::events_of(const Notes& notes) const {
    ingest::Batch batch;
    for (const Feed& note : notes) {
        Event event;
        event.time = service_.now();
        event.venue = venue_;
        event.origin = Origin::feed;
        event.body = note;
        batch.push_back(std::move(event));
    }
    return batch;
}

asio::awaitable<void> Backlog::take(Notes notes) {
    for (const Feed& note : notes)
        service_.log(venue_ + ' ' + note.channel + ' ' + std::string{to_text(note.state)} +
                     (note.detail.empty() ? "" : ": " + note.detail));
    return take(events_of(notes), 512 * notes.size());
}

void Backlog::leave(const Notes& notes) {
    ingest::Batch batch = events_of(notes);
    // Too much waits: that the recorder stopped is recorded behind all of it.
    if (!batch.empty()) (void)offer(batch, 512);
}

std::optional<Backlog::Refusal> Backlog::refused() { return std::exchange(refusal_, std::nullopt); }

}  // namespace daybook::feeds
