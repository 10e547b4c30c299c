#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "src/server/answers.hpp"
#include "src/server/reply.hpp"

namespace daybook::server {

using Words = std::vector<std::string>;  ///< of a call, behind `daybook --data DIR`

/// The words of GET /v1/query/NAME?…; `status` is that of `daybook --json`.
/// Fails with not_found for another name, with usage for an option that queries do not have.
[[nodiscard]] Result<Words> query_words(const Request& request);
/// The words of GET /v1/why/ABOUT?…; fails with usage.
[[nodiscard]] Result<Words> why_words(const Request& request);
[[nodiscard]] Words list_words();

/// Asks the reading program, on the thread of `answers`; what it says as a reply of ours.
[[nodiscard]] boost::asio::awaitable<Reply> ask(Answers& answers, Words words);

}  // namespace daybook::server
