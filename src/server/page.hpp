#pragma once

#include <string_view>
#include <vector>

#include "src/server/reply.hpp"

namespace daybook::server {

/// A file of the dashboard. Everything it names lives as long as the program.
struct PageFile {
    std::string_view path;  ///< what a browser asks for; "/" is the page itself
    std::string_view type;  ///< Content-Type
    std::string_view gzip;  ///< its bytes, compressed
};

/// The dashboard as it lies in the program; empty in a program built without it.
class Page {
  public:
    Page() = default;
    explicit Page(const std::vector<PageFile>& files);

    /// The file at the path of `request`: 200, compressed for who takes gzip; 304 without a body
    /// for who has these very bytes; 501 when the program was built without a page.
    [[nodiscard]] Reply answer(const Request& request) const;

  private:
    struct Kept {
        PageFile file;
        std::string tag;  ///< ETag: of the content, whichever way it is sent
    };
    std::vector<Kept> files_;
};

/// Whether an Accept-Encoding takes gzip (RFC 9110 §12.5.3): by name, and not with weight 0.
[[nodiscard]] bool takes_gzip(std::string_view accept_encoding);

}  // namespace daybook::server
