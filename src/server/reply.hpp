#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "schemas/result.hpp"

/// The door out: HTTP, WebSocket and the Unix socket (contract §4).
namespace daybook::server {

enum class Method : std::uint8_t { get, post, other };

/// A request, free of the library that read it.
struct Request {
    Method method{Method::other};
    std::string path;                                       ///< decoded, without the query
    std::map<std::string, std::string> query;               ///< decoded
    std::string host, origin, content_type, authorization;  ///< as sent; empty: not sent
    std::string accept_encoding, if_none_match;
    std::string body;
    bool local{};  ///< came over the Unix socket: from the owner of the data directory
    bool owner{};  ///< came from the recorder's user, or root; asked when only they may read
    std::string id;
};

struct Reply {
    unsigned status{200};
    std::string type{"application/json"};
    std::string body{};
    std::vector<std::pair<std::string, std::string>> headers{};
};

/// An error as problem JSON (RFC 9457): `title` says what, `detail` the cause, `try` the remedy.
[[nodiscard]] Reply problem(unsigned status, std::string_view title, std::string_view detail,
                            std::string_view remedy = {});
/// The same of an error of ours; its code gives the status.
[[nodiscard]] Reply problem(const Error& error);

/// Splits a request's target into path and query, both decoded.
/// Fails with malformed for a target that is no path of ours: an unfinished or forbidden escape, a
/// NUL, a name given twice.
[[nodiscard]] Result<void> read_target(std::string_view target, Request& request);

}  // namespace daybook::server
