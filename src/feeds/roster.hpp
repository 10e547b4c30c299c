#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "src/feeds/windows.hpp"
#include "src/ingest/input.hpp"

namespace daybook::feeds {

/// What is to be recorded.
struct Wish {
    std::vector<Series> series;
    std::vector<std::string> slugs, conditions;
    std::int64_t ahead_s{60};   ///< before it opens a window must be known: asked for every 2 s
    std::int64_t linger_s{60};  ///< so long after its end a market is still listened to
};

/// Which markets are followed, and what Gamma must be asked about them and when: about one that is
/// not known yet, and from its end until it is resolved. Pure: every moment is an argument.
class Roster {
  public:
    explicit Roster(Wish wish);

    /// What to ask Gamma now, as the query of /markets; nothing when nothing is due.
    [[nodiscard]] std::optional<std::string> question(Time now);
    /// `question` got no answer: it is asked again soon, behind the others.
    void failed(const std::string& question, Time now);
    /// What `question` was answered with, as events; an empty batch when it found nothing. It is
    /// asked again later where that makes sense.
    void answered(const std::string& question, const ingest::Batch& events, Time now);
    /// The tokens to be subscribed now.
    [[nodiscard]] std::set<std::string> tokens(Time now) const;

  private:
    struct Market {
        std::optional<Time> opens, closes;
        std::vector<std::string> tokens;  ///< empty: not known yet
        bool resolved{};
        int fruitless{};  ///< questions since its end
        Time ask{};
    };
    void add(const std::string& question, const Window* window);
    void follow_windows(Time now);
    [[nodiscard]] Time ask_again(const Market& market, Time now) const;

    Wish wish_;
    std::map<std::string, Market> markets_;  ///< by question
};

}  // namespace daybook::feeds
