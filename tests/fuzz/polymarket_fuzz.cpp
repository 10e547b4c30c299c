#include <cstdlib>

#include "fuzz/target.hpp"
#include "schemas/check.hpp"
#include "src/ingest/polymarket.hpp"

// Any bytes as lines of a file: no crash, nothing lost, no event the catalogue forbids.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): bytes are text here
    std::string_view rest{reinterpret_cast<const char*>(data), size};
    daybook::ingest::Polymarket door{{{}, size % 2 == 0}};
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(rest.size(), line.size() + 1));
        const daybook::ingest::Batch batch = door.read_line(line);
        for (const daybook::Event& event : batch) {
            const bool kept = std::holds_alternative<daybook::Unparsed>(event.body);
            if (daybook::why_invalid(event) || (kept && event.raw.empty())) std::abort();
        }
    }
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    return {
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
        R"({"conditionId":"0xc","type":"TRADE","timestamp":1789944392,"transactionHash":"0xt","outcome":"Up",)"};
}
