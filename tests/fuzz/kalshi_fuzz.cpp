#include <cstdint>
#include <string_view>

#include "fuzz/target.hpp"
#include "src/ingest/kalshi.hpp"

/// Two frames on one reader, cut at the first zero byte: the second meets the count of the first.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace daybook::ingest;
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    const std::size_t cut = input.find('\0');
    Kalshi venue{Settings{}};
    Input frame;
    frame.payload = input.substr(0, cut);
    (void)venue.read(frame);
    if (cut == std::string_view::npos) return 0;
    frame.payload = input.substr(cut + 1);
    (void)venue.read(frame);
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    return {
        R"({"type":"orderbook_snapshot","sid":1,"seq":1,"msg":{"market_ticker":"KX-1","yes_dollars_fp":[["0.0100","966425.00"],[0.02,"1.5"]]}})",
        R"({"type":"orderbook_delta","sid":1,"seq":24,"msg":{"market_ticker":"KX-1","price_dollars":"0.4300","delta_fp":"-100.00","side":"yes","ts":"2026-08-07T06:46:28.97871Z","ts_ms":1786085188978}})",
        R"({"type":"ticker","sid":11,"msg":{"market_ticker":"KX-1","price_dollars":"0.480"}})",
        std::string(R"({"type":"ok","sid":1,"seq":1,"msg":{}})") + '\0' +
            R"({"id":5,"sid":42,"seq":100,"type":"unsubscribed"})",
    };
}
