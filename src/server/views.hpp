#pragma once

#include <boost/asio/steady_timer.hpp>
#include <map>

#include "src/server/questions.hpp"
#include "src/server/service.hpp"

namespace daybook::server {

/// A question that is asked again as the journal grows, and its latest answer as the messages that
/// tell it: written once, whoever watches.
struct View {
    using Message = std::shared_ptr<const std::string>;
    using Time = std::chrono::steady_clock::time_point;

    std::string name;  ///< what stands behind /v1/query/, or "projections"
    Words words;
    std::uint64_t version{};  ///< of the answer; 0: there is none yet
    Message whole{};
    Message patch{};  ///< against the version before; null: only `whole` tells it

    Sequence asked_at{};  ///< what was durable then
    Time asked{};
    std::string text{};                    ///< the answer as it came
    std::shared_ptr<const Json> answer{};  ///< the same read; null: it was a problem
};

/// The views that somebody watches, each asked once for all who do, by one process of its own: a
/// view at most every 50 ms, all together at most a third of the time, so that a dashboard takes
/// little from whoever records, however dear its answers are. For the thread of `streams`.
class Views : public std::enable_shared_from_this<Views> {
  public:
    explicit Views(Service& service) : service_{service}, bell_{service.streams} {}

    /// The view of that name, kept up to date while the pointer is held.
    /// Fails with usage or not_found for a question that is none, with overflow for one too many.
    [[nodiscard]] Result<std::shared_ptr<const View>> watch(const std::string& name);

  private:
    using Self = std::shared_ptr<Views>;
    static boost::asio::awaitable<void> run(Self self);
    boost::asio::awaitable<void> renew(const std::shared_ptr<View>& view);
    [[nodiscard]] bool stale(const View& view, View::Time now) const;
    [[nodiscard]] std::shared_ptr<View> next(View::Time now);

    Service& service_;
    std::map<std::string, std::weak_ptr<View>> views_;
    boost::asio::steady_timer bell_;
    View::Time rests_until_{};
    bool running_{};
};

}  // namespace daybook::server
