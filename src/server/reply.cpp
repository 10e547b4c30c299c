#include "src/server/reply.hpp"

#include "schemas/json.hpp"

namespace daybook::server {
namespace {

unsigned status_of(Errc code) {
    switch (code) {
        case Errc::malformed:
        case Errc::usage:
            return 400;
        case Errc::not_found:
            return 404;
        case Errc::conflict:
            return 409;
        case Errc::disk:
            return 507;
        case Errc::incomplete:
            return 503;
        case Errc::corrupt:
        case Errc::overflow:
        case Errc::newer:
            return 500;
    }
    return 500;
}

std::string_view title_of(unsigned status) {
    switch (status) {
        case 400:
            return "the request does not make sense";
        case 404:
            return "not there";
        case 409:
            return "something else is in the way";
        case 503:
            return "not ready";
        case 507:
            return "the disk refused";
        default:
            return "failed";
    }
}

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

Result<std::string> decoded(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        char c = text[at];
        if (c == '+') c = ' ';
        if (c == '%') {
            const int high = at + 2 < text.size() ? hex_digit(text[at + 1]) : -1;
            const int low = high >= 0 ? hex_digit(text[at + 2]) : -1;
            if (low < 0) return Error{Errc::malformed, "an unfinished escape in the target"};
            c = static_cast<char>(high * 16 + low);
            at += 2;
        }
        if (c == '\0') return Error{Errc::malformed, "a NUL in the target"};
        out.push_back(c);
    }
    return out;
}

Result<void> read_pair(std::string_view pair, Request& request) {
    const std::size_t equals = pair.find('=');
    TRY(auto name, decoded(pair.substr(0, equals)));
    TRY(auto value,
        decoded(equals == std::string_view::npos ? std::string_view{} : pair.substr(equals + 1)));
    if (!request.query.emplace(name, std::move(value)).second)
        return Error{Errc::malformed, "'" + name + "' is given twice"};
    return ok();
}

}  // namespace

Reply problem(unsigned status, std::string_view title, std::string_view detail,
              std::string_view remedy) {
    JsonWriter out;
    out.begin_object().key("type").text("about:blank").key("title").text(title);
    out.key("status").number(std::uint64_t{status}).key("detail").text(detail);
    if (!remedy.empty()) out.key("try").text(remedy);
    out.end_object();
    return {status, "application/problem+json", std::move(out).str() + '\n', {}};
}

Reply problem(const Error& error) {
    const unsigned status = status_of(error.code);
    return problem(status, title_of(status), error.detail, error.remedy);
}

Result<void> read_target(std::string_view target, Request& request) {
    const std::size_t question = target.find('?');
    if (!target.starts_with('/')) return Error{Errc::malformed, "the target is no path"};
    TRY(request.path, decoded(target.substr(0, question)));
    if (question == std::string_view::npos) return ok();
    std::string_view rest = target.substr(question + 1);
    while (!rest.empty()) {
        const std::size_t end = rest.find('&');
        TRYV(read_pair(rest.substr(0, end), request));
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    return ok();
}

}  // namespace daybook::server
