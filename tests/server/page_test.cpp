#include "src/server/page.hpp"

#include <zlib.h>

#include "support/catch.hpp"

namespace daybook::server {
namespace {

std::string gzip(std::string text) {
    std::string packed(text.size() + 64, '\0');
    z_stream stream{};
    stream.next_in = reinterpret_cast<Bytef*>(text.data());
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    REQUIRE(deflateInit2(&stream, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK);
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    packed.resize(stream.total_out);
    deflateEnd(&stream);
    return packed;
}

const std::string kText = "<!doctype html><title>" + std::string(5'000, 'x') + "</title>";

/// One file at "/", packed.
struct Built {
    std::string packed = gzip(kText);
    Page page{{{"/", "text/html; charset=utf-8", packed}}};

    [[nodiscard]] Reply get(const std::string& accept, const std::string& tag = {}) const {
        Request request;
        request.path = "/";
        request.accept_encoding = accept;
        request.if_none_match = tag;
        return page.answer(request);
    }
};

std::string header(const Reply& reply, const std::string& wanted) {
    for (const auto& [name, value] : reply.headers) {
        if (name == wanted) return value;
    }
    return {};
}

}  // namespace

TEST_CASE("whoever takes gzip gets the page compressed, others the text of it", "[server][page]") {
    const Built built;
    const Reply packed = built.get("gzip, deflate, br");
    CHECK(packed.status == 200);
    CHECK(header(packed, "Content-Encoding") == "gzip");
    CHECK(packed.body == built.packed);
    const Reply plain = built.get("");
    CHECK(header(plain, "Content-Encoding").empty());
    CHECK(plain.body == kText);
}

TEST_CASE("gzip is taken by name, and not with weight 0", "[server][page]") {
    for (const char* const yes : {"gzip", "br, gzip", "deflate;q=0.5, gzip;q=1.0", "gzip ; q=0.1"})
        CHECK(takes_gzip(yes));
    for (const char* const no : {"", "br", "gzip;q=0", "gzip; q=0.000", "x-gzip", "identity"})
        CHECK_FALSE(takes_gzip(no));
}

TEST_CASE("who has these very bytes is told so without a body", "[server][page]") {
    const Built built;
    const std::string tag = header(built.get("gzip"), "ETag");
    CHECK(tag == header(built.get(""), "ETag"));
    for (const std::string& said : {tag, "\"other\", " + tag, std::string{"*"}}) {
        const Reply reply = built.get("gzip", said);
        CHECK(reply.status == 304);
        CHECK(reply.body.empty());
        CHECK(header(reply, "ETag") == tag);
    }
    CHECK(built.get("gzip", "W/\"other\"").status == 200);
}

TEST_CASE("another text has another ETag", "[server][page]") {
    const Built built;
    const std::string packed = gzip(kText + "!");
    const Page other{{{"/", "text/html", packed}}};
    Request request;
    request.path = "/";
    CHECK(header(other.answer(request), "ETag") != header(built.get(""), "ETag"));
}

TEST_CASE("the page may load and call nothing but its own server", "[server][page]") {
    const Reply reply = Built{}.get("gzip");
    const std::string policy = header(reply, "Content-Security-Policy");
    for (const char* const rule : {"default-src 'none'", "script-src 'self'", "connect-src 'self'",
                                   "frame-ancestors 'none'", "form-action 'none'"})
        CHECK_THAT(policy, test::contains(rule));
    CHECK_THAT(policy, !test::contains("unsafe"));
    CHECK(header(reply, "Cache-Control") == "no-cache");
}

TEST_CASE("a program without a page says how to get it", "[server][page]") {
    Request request;
    request.path = "/";
    const Reply reply = Page{}.answer(request);
    CHECK(reply.status == 501);
    CHECK_THAT(reply.body, test::contains("nodejs"));
}

}  // namespace daybook::server
