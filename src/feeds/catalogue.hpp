#pragma once

#include <random>

#include "src/feeds/backlog.hpp"
#include "src/feeds/channel.hpp"
#include "src/feeds/roster.hpp"

namespace daybook::feeds {

/// Where a venue tells of its markets, and who reads its answers.
struct CatalogueSettings {
    std::string venue;
    Wish wish;
    Address at;
    Reader read;
    std::function<void(const Items&)> changed;  ///< what is to be subscribed now; called often
};

/// Asks a venue which markets there are and how they ended, until the recorder stops; its answers
/// are recorded. A venue that does not answer is left alone for a while.
class Catalogue : public std::enable_shared_from_this<Catalogue> {
  public:
    Catalogue(server::Service& service, std::shared_ptr<Trust> trust, CatalogueSettings settings);
    void start();

  private:
    static boost::asio::awaitable<void> run(std::shared_ptr<Catalogue> self);
    boost::asio::awaitable<void> ask(const std::string& question);
    boost::asio::awaitable<void> excuse(const Answer& answer);
    [[nodiscard]] ingest::Batch remark(std::string text) const;

    server::Service& service_;
    std::shared_ptr<Trust> trust_;
    CatalogueSettings settings_;
    Roster roster_;
    std::shared_ptr<Backlog> backlog_;
    std::minstd_rand random_{std::random_device{}()};
    std::string said_;
    int failures_{};
};

}  // namespace daybook::feeds
