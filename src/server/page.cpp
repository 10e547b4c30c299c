#include "src/server/page.hpp"

#include <zlib.h>

#include <algorithm>
#include <span>

#include "journal/hash.hpp"
#include "journal/hex.hpp"
#include "schemas/invariant.hpp"

namespace daybook::server {
namespace {

/// The page loads and calls nothing but this server, and nobody may frame it. The WebSocket of the
/// same origin is 'self' (CSP 3 §6.7.2.8).
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// Takes the text before the next `mark` off `text`.
std::string_view next_part(std::string_view& text, char mark) {
    const std::size_t end = text.find(mark);
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    return trimmed(part);
}

/// "0", "0.", "0.000".
bool is_zero_weight(std::string_view parameter) {
    if (!parameter.starts_with("q=")) return false;
    parameter.remove_prefix(2);
    return parameter.find_first_not_of("0.") == std::string_view::npos;
}

/// The ETag names the content and not one of its codings, so it is a weak one.
std::string tag_of(std::string_view bytes) {
    const auto digest = journal::sha256(std::as_bytes(std::span{bytes}));
    return "W/\"" + journal::to_hex(std::span{digest}.first(16)) + '"';
}

/// Whether an If-None-Match names `tag`, or anything.
bool names_tag(std::string_view wanted, std::string_view tag) {
    while (!wanted.empty()) {
        const std::string_view part = next_part(wanted, ',');
        if (part == tag || part == "*") return true;
    }
    return false;
}

std::string inflated(std::string_view gzip) {
    INVARIANT(gzip.size() > 18, "a gzip file has a header and a trailer");
    std::uint32_t size = 0;  // the last four bytes, little-endian (RFC 1952)
    for (std::size_t i = 0; i < 4; ++i)
        size |= std::uint32_t{static_cast<unsigned char>(gzip[gzip.size() - 4 + i])} << (8 * i);
    std::string text(size, '\0');
    std::string in{gzip};
    z_stream stream{};
    stream.next_in = reinterpret_cast<Bytef*>(in.data());
    stream.avail_in = static_cast<uInt>(in.size());
    stream.next_out = reinterpret_cast<Bytef*>(text.data());
    stream.avail_out = static_cast<uInt>(text.size());
    const bool begun = inflateInit2(&stream, 15 + 16) == Z_OK;
    const bool whole = begun && inflate(&stream, Z_FINISH) == Z_STREAM_END;
    inflateEnd(&stream);
    INVARIANT(whole, "the page in the program is whole");
    return text;
}

Reply no_page() {
    return problem(501, "no page", "this program was built without the dashboard",
                   "install nodejs and npm and build it again with -DDAYBOOK_DASHBOARD=ON; "
                   "GET /openapi.json lists what answers here");
}

}  // namespace

bool takes_gzip(std::string_view accept_encoding) {
    while (!accept_encoding.empty()) {
        std::string_view coding = next_part(accept_encoding, ',');
        if (next_part(coding, ';') != "gzip") continue;
        return !is_zero_weight(trimmed(coding));
    }
    return false;
}

Page::Page(const std::vector<PageFile>& files) {
    for (const PageFile& file : files) files_.push_back({file, tag_of(file.gzip)});
}

Reply Page::answer(const Request& request) const {
    const auto at = std::ranges::find_if(
        files_, [&](const Kept& kept) { return kept.file.path == request.path; });
    if (at == files_.end()) return no_page();
    Reply reply{200, std::string{at->file.type}, {}, {}};
    reply.headers = {
        {"Cache-Control", "no-cache"},      {"ETag", at->tag},
        {"Vary", "Accept-Encoding"},        {"Content-Security-Policy", std::string{kPolicy}},
        {"Referrer-Policy", "no-referrer"}, {"Cross-Origin-Opener-Policy", "same-origin"}};
    if (names_tag(request.if_none_match, at->tag)) {
        reply.status = 304;
        return reply;
    }
    const bool compressed = takes_gzip(request.accept_encoding);
    if (compressed) reply.headers.emplace_back("Content-Encoding", "gzip");
    reply.body = compressed ? std::string{at->file.gzip} : inflated(at->file.gzip);
    return reply;
}

}  // namespace daybook::server
