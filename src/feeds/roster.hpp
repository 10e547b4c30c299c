#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/feeds/windows.hpp"
#include "src/ingest/input.hpp"

namespace daybook::feeds {

/// What is to be recorded. A question is the target of a GET.
struct Wish {
    std::vector<Series> series{};        ///< of Polymarket
    std::vector<std::string> markets{};  ///< questions about one market each
    std::vector<std::string> lists{};    ///< questions for markets that come and go
    std::string listed{};                ///< a market of a list is asked about by this and its name
    std::int64_t ahead_s{60};   ///< before it opens a window must be known: asked for every 2 s
    std::int64_t linger_s{60};  ///< so long after its end a market is still listened to
};

/// Which markets are followed, and what the venue must be asked about them and when: about one that
/// is not known yet, and from its end until it is resolved; for lists, again and again. Pure: every
/// moment is an argument.
class Roster {
  public:
    explicit Roster(Wish wish);

    /// What to ask now; nothing when nothing is due.
    [[nodiscard]] std::optional<std::string> question(Time now);
    /// `question` got no answer: it is asked again soon, behind the others.
    void failed(const std::string& question, Time now);
    /// What `question` was answered with, as events; an empty batch when it found nothing. It is
    /// asked again later where that makes sense.
    void answered(const std::string& question, const ingest::Batch& events, Time now);
    /// What is to be subscribed now: tokens, or markets by name where outcomes have none.
    [[nodiscard]] std::set<std::string> items(Time now) const;

  private:
    struct Market {
        std::optional<Time> opens, closes;
        std::set<std::string> items;  ///< empty: not known yet
        bool resolved{};
        int fruitless{};  ///< questions since its end
        Time ask{};
    };
    void follow(const Window& window);
    void learn(Market& market, const ingest::Batch& events) const;
    void learn_list(const ingest::Batch& events, Time now);
    void follow_windows(Time now);
    [[nodiscard]] Time ask_again(const Market& market, Time now) const;

    Wish wish_;
    std::map<std::string, Market> markets_;  ///< by question
    std::map<std::string, Time> lists_;      ///< by question: when it is asked again
};

}  // namespace daybook::feeds
