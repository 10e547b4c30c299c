#include <array>
#include <string>

#include "src/ingest/input.hpp"
#include "support/catch.hpp"

using daybook::ingest::without_credentials;

namespace {

struct Case {
    const char* text;
    const char* clean;
};

constexpr std::array kCases = std::to_array<Case>({
    {R"j({"apiKey":"K3Y","a":1})j", R"j({"apiKey":"(removed)","a":1})j"},
    {R"j({"secret" : "s\"3\\", "b":2})j", R"j({"secret" : "(removed)", "b":2})j"},
    {R"j({"auth":{"apiKey":"K3Y","x":{"y":"}"}},"type":"user"})j",
     R"j({"auth":"(removed)","type":"user"})j"},
    {R"j({"owner":"3e2c","order_owner":"3e2c","trade_owner":"3e2c","id":"0x1"})j",
     R"j({"owner":"(removed)","order_owner":"(removed)","trade_owner":"(removed)","id":"0x1"})j"},
    {R"j({"payload":"{\"auth\":{\"secret\":\"K3Y\"},\"type\":\"user\"}"})j",
     R"j({"payload":"{\"auth\":\"(removed)\",\"type\":\"user\"}"})j"},
    {R"j({"p":"{\"q\":\"{\\\"passphrase\\\":\\\"K\\\\\\\"3Y\\\"}\"}","k":1})j",
     R"j({"p":"{\"q\":\"{\\\"passphrase\\\":\\\"(removed)\\\"}\"}","k":1})j"},
    {R"j({"api\u004bey":"K3Y"})j", R"j({"api\u004bey":"(removed)"})j"},
    {R"j({"signature":"0xK3Y","private_key":"0xK3Y","salt":7})j",
     R"j({"signature":"(removed)","private_key":"(removed)","salt":7})j"},
    {R"j({"POLY_API_KEY":"K3Y","POLY_PASSPHRASE":"K3Y","poly_signature":"K3Y"})j",
     R"j({"POLY_API_KEY":"(removed)","POLY_PASSPHRASE":"(removed)","poly_signature":"(removed)"})j"},
    {R"j([["KALSHI-ACCESS-KEY","K3Y"],["Authorization","Bearer K3Y"]])j",
     R"j([["KALSHI-ACCESS-KEY","(removed)"],["Authorization","(removed)"]])j"},
    {"GET / HTTP/1.1\r\nAuthorization: Bearer K3Y\r\nPOLY_SIGNATURE: K3Y=\r\nHost: x\r\n",
     "GET / HTTP/1.1\r\nAuthorization: (removed)\r\nPOLY_SIGNATURE: (removed)\r\nHost: x\r\n"},
    {R"j({"log":"GET /x\nPOLY_API_KEY: K3Y\nHost: x"})j",
     R"j({"log":"GET /x\nPOLY_API_KEY: (removed)\nHost: x"})j"},
    {"https://x/y?apiKey=K3Y&secret=K3Y&a=1", "https://x/y?apiKey=(removed)&secret=(removed)&a=1"},
    {"{'POLY_API_KEY': 'K3Y', 'b': 1}", "{'POLY_API_KEY': '(removed)', 'b': 1}"},
    {R"j({"key":12345,"b":1})j", R"j({"key":"(removed)","b":1})j"},
    {"-----BEGIN EC PRIVATE KEY-----\nK3Y\n-----END EC PRIVATE KEY-----",
     "-----BEGIN EC PRIVATE KEY-----(removed)-----END EC PRIVATE KEY-----"},
    // torn frames
    {R"j({"a":1,"apiKey":"K3Y)j", R"j({"a":1,"apiKey":"(removed))j"},
    {R"j({"auth":{"apiKey":"K3Y","sec)j", R"j({"auth":"(removed)")j"},
    {R"j({"p":"{\"auth\":{\"apiKey\":\"K3Y\",\"se)j", R"j({"p":"{\"auth\":\"(removed)\")j"},
});

}  // namespace

TEST_CASE("credentials are removed wherever they stand, the rest stays", "[ingest][redact]") {
    for (const Case& each : kCases) {
        CAPTURE(each.text);
        CHECK(without_credentials(each.text) == each.clean);
        CHECK(without_credentials(each.clean) == each.clean);
    }
}

TEST_CASE("no piece of a credential survives, wherever the frame is torn", "[ingest][redact]") {
    for (const Case& each : kCases) {
        const std::string text = each.text;
        for (std::size_t end = 0; end <= text.size(); ++end) {
            const std::string clean = without_credentials(text.substr(0, end));
            CAPTURE(text.substr(0, end), clean);
            CHECK(clean.find("K3Y") == std::string::npos);
        }
    }
}

TEST_CASE("what only looks like a credential is left alone", "[ingest][redact]") {
    for (const std::string text :
         {R"j({"token":"7104","description":"The key: who owns the secret?","owner":null})j",
          R"j({"outcomes":[{"name":"Up","token":"1"}],"secret":"","keys":[1]})j",
          R"j({"order_id":"0xab","maker_address":"0xA3","transaction_hash":"0x16"})j", "PING", "",
          "\xff\xfe\"key", R"j({"key)j", R"j({"key":)j"}) {
        CHECK(without_credentials(text) == text);
    }
}
