#pragma once

#include <atomic>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/thread_pool.hpp>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "projections/event_reader.hpp"

namespace daybook::server {

/// An event as it is sent: written once, whoever gets it.
struct Line {
    Sequence seq;
    std::uint16_t type{};
    std::shared_ptr<const std::string> text;  ///< one JSON object, without a line end
};

struct Lines {
    std::vector<Line> lines;
    Sequence through;  ///< every wanted event up to here has been read
};

/// The events of a journal from one place on, as lines. For one thread at a time.
class LineReader {
  public:
    /// Goes on at `next`; `types` as of EventReader::seek.
    [[nodiscard]] static Result<LineReader> open(const std::string& data_dir, Sequence next,
                                                 const TypeSet& types);
    /// The next lines, `most` at most; fewer at the durable end.
    [[nodiscard]] Result<Lines> read(std::size_t most);

  private:
    explicit LineReader(EventReader reader) : reader_{std::move(reader)} {}
    EventReader reader_;
};

/// The latest lines, for all subscribers: read from the journal once they are durable, and only
/// while somebody listens. A subscriber that is further back reads the journal itself, so nobody
/// is waited for and nothing is kept for anybody. For the thread of `executor`; reading is done in
/// `pool`.
class Hub : public std::enable_shared_from_this<Hub> {
  public:
    Hub(boost::asio::any_io_executor executor, boost::asio::thread_pool& pool, std::string data_dir,
        std::function<void(const std::string&)> log);

    /// Events up to `seq` are durable. From any thread.
    void durable(Sequence seq);
    /// The same, for any thread.
    [[nodiscard]] Sequence durable() const { return {durable_}; }

    /// Wakes `again` whenever there are new lines, until the number given is handed to leave().
    [[nodiscard]] std::uint64_t join(std::function<void()> again);
    void leave(std::uint64_t subscriber);
    void wake_all();

    /// The first line kept; nothing when there is none.
    [[nodiscard]] std::optional<Sequence> first() const;
    /// The line of `seq`, while it is kept.
    [[nodiscard]] const Line* find(Sequence seq) const;

  private:
    void advance(Sequence seq);
    void read_on();
    void take(std::vector<Line> lines);
    void wake_behind(std::uint64_t number);
    void trim();

    boost::asio::any_io_executor executor_;
    boost::asio::thread_pool& pool_;
    std::string data_dir_;
    std::function<void(const std::string&)> log_;
    std::atomic<std::uint64_t> durable_{};
    std::deque<Line> lines_;  ///< without gaps
    std::size_t bytes_{};
    std::shared_ptr<LineReader> reader_;  ///< null: nobody has listened for a while
    bool reading_{};
    bool waking_{}, again_{};  ///< some wait to be woken; all are to be woken once more
    std::uint64_t joined_{};
    std::vector<std::pair<std::uint64_t, std::function<void()>>> subscribers_;
};

}  // namespace daybook::server
