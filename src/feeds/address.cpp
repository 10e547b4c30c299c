#include "src/feeds/address.hpp"

#include <algorithm>

namespace daybook::feeds {
namespace {

bool is_port(std::string_view text) {
    return !text.empty() && text.size() <= 5 &&
           std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
}

bool is_plain(std::string_view text) {  // no blank, no control, nothing that ends a header line
    return std::ranges::all_of(text, [](char c) { return c > ' ' && c < 0x7F; });
}

Error bad(std::string_view url) {
    return {Errc::usage, "'" + std::string{url} + "' is no address of a venue",
            "write https://HOST[:PORT] or wss://HOST[:PORT]; for a test venue name its CA by --ca"};
}

}  // namespace

Result<Address> parse_address(std::string_view url) {
    std::string_view rest = url;
    if (rest.starts_with("https://")) {
        rest.remove_prefix(8);
    } else if (rest.starts_with("wss://")) {
        rest.remove_prefix(6);
    } else {
        return bad(url);
    }
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view path = rest.substr(slash);
    const std::string_view authority = rest.substr(0, slash);
    while (path.ends_with('/')) path.remove_suffix(1);
    const std::size_t colon = std::min(authority.find(':'), authority.size());
    const std::string_view host = authority.substr(0, colon);
    const std::string_view port =
        colon == authority.size() ? std::string_view{"443"} : authority.substr(colon + 1);
    const bool credentials = authority.find('@') != std::string_view::npos;
    if (host.empty() || credentials || !is_port(port) || !is_plain(rest)) return bad(url);
    return Address{std::string{host}, std::string{port}, std::string{path}};
}

Address below(Address address, std::string_view path) {
    address.path += path;
    return address;
}

}  // namespace daybook::feeds
