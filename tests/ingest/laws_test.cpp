#include "ingest/support.hpp"
#include "schemas/check.hpp"
#include "support/captures.hpp"

using namespace daybook;
using namespace daybook::ingest;
using namespace daybook::test;

// What holds for any bytes whatever.

namespace {

const std::vector<std::string> kFrames{
    R"({"event_type":"book","market":"0xm","asset_id":"11","timestamp":"1766789469958","hash":"ab",)"
    R"("bids":[{"price":"0.4","size":"3"}],"asks":[{"price":"0.6","size":"2"}]})",
    R"({"event_type":"price_change","market":"0xm","timestamp":"1766789469958","price_changes":[)"
    R"({"asset_id":"11","price":"0.4","side":"BUY","size":"1","hash":"a"}]})",
    R"({"event_type":"last_trade_price","market":"0xm","asset_id":"11","price":"0.4","size":"1","side":"BUY"})",
    R"({"event_type":"order","id":"0xo","market":"0xm","price":"0.4","side":"BUY","original_size":"3",)"
    R"("size_matched":"1","status":"LIVE","type":"UPDATE","timestamp":"1766789469958"})",
    R"({"event_type":"trade","id":"t","market":"0xm","taker_order_id":"0xo","outcome":"Up","side":"BUY",)"
    R"("price":"0.4","size":"1","status":"MINED","trader_side":"TAKER","maker_orders":[{"order_id":"0x1",)"
    R"("outcome":"Up","price":"0.4","matched_amount":"1"}]})",
    R"({"conditionId":"0xc","type":"TRADE","timestamp":1789944392,"transactionHash":"0xt","outcome":"Up",)"
    R"("side":"BUY","size":"1","price":"0.4","usdcSize":"0.4"})",
};

/// Every frame leaves something, valid, with the frame in the first event.
void check_laws(std::string_view frame, const Batch& batch) {
    REQUIRE_FALSE(batch.empty());
    CHECK(batch.front().raw == without_credentials(frame));
    for (const Event& event : batch) {
        CHECK(why_invalid(event) == std::nullopt);
        CHECK(event.venue == "polymarket");
        const auto* kept = std::get_if<Unparsed>(&event.body);
        CHECK((kept == nullptr || !kept->why.empty()));
    }
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("a frame torn anywhere is events or unparsed, never lost", "[ingest][laws]") {
    for (const std::string& frame : kFrames) {
        for (std::size_t end = 1; end <= frame.size(); ++end) {
            const std::string torn = frame.substr(0, end);
            CAPTURE(torn);
            const Batch batch = read(torn, {{}, true});
            check_laws(torn, batch);
            if (end < frame.size()) CHECK(types(batch) == "unparsed");
        }
    }
}

TEST_CASE("captured messages torn anywhere are kept", "[ingest][laws]") {
    const auto folder = captures("messages");
    if (!folder) return;
    for (const auto& file : std::filesystem::directory_iterator{*folder}) {
        const std::string text = read_all(file.path());
        for (std::size_t end = 1; end < text.size(); end += 1 + text.size() / 40) {
            const std::string torn = text.substr(0, end);
            check_laws(torn, read(torn));
        }
    }
}

TEST_CASE("figures that cannot be are kept with a reason", "[ingest][laws]") {
    for (const std::string& frame : kFrames) {
        for (const char* price : {"\"1.01\"", "\"-0.1\"", "\"NaN\"", "\"0.4000001\"", "true", "[]",
                                  "{}", "\"0x1\"", "1e999"}) {
            const std::string wrong =
                replaced(frame, "\"price\":\"0.4\"", std::string{"\"price\":"} + price);
            CAPTURE(wrong);
            const Batch batch = read(wrong);
            check_laws(wrong, batch);
            const bool average = frame.find("usdcSize") != std::string::npos &&
                                 std::string_view{price} == "\"0.4000001\"";
            CHECK(types(batch) == (average ? "claim" : "unparsed"));
        }
    }
}

TEST_CASE("sizes that cannot be are kept with a reason", "[ingest][laws]") {
    for (const char* size : {"\"-1\"", "\"123456789012345678901234567890\"", "\"Infinity\"",
                             "false", "\"1.0000001\"", "{}"}) {
        for (const std::string& frame : kFrames) {
            if (frame.find("\"size\":") == std::string::npos) continue;
            const std::size_t at = frame.find("\"size\":") + 7;
            const std::string wrong =
                frame.substr(0, at) + size + frame.substr(frame.find('"', at + 1) + 1);
            CAPTURE(wrong);
            check_laws(wrong, read(wrong));
            CHECK(types(read(wrong)) == "unparsed");
        }
    }
}

TEST_CASE("the same inputs give the same events", "[ingest][laws]") {
    for (const std::string& frame : kFrames) CHECK(read(frame) == read(frame));
}
