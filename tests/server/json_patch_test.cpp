#include "src/server/json_patch.hpp"

#include <random>

#include "support/catch.hpp"

namespace daybook::server {
namespace {

Json read(std::string_view text) {
    auto value = parse_json(text);
    REQUIRE(value);
    return std::move(value).value();
}

/// RFC 6901: the parts of a pointer, read.
std::vector<std::string> parts_of(std::string_view pointer) {
    std::vector<std::string> parts;
    for (std::size_t at = 0; at < pointer.size(); ++at) {
        if (pointer[at] == '/') {
            parts.emplace_back();
        } else if (pointer[at] == '~') {
            parts.back() += pointer[++at] == '0' ? '~' : '/';
        } else {
            parts.back() += pointer[at];
        }
    }
    return parts;
}

/// RFC 6902 §4, what a client does with one operation.
void carry_out(Json& document, const Json& operation) {
    const auto parts = parts_of(operation.text_of("path"));
    const auto verb = operation.text_of("op");
    const Json* const value = operation.find("value");
    if (parts.empty()) {
        document = *value;
        return;
    }
    Json* place = &document;
    for (std::size_t i = 0; i + 1 < parts.size(); ++i) {
        if (place->is(Json::Kind::array)) {
            place = &place->items.at(std::stoul(parts[i]));
            continue;
        }
        const auto member =
            std::ranges::find(place->members, parts[i], &std::pair<std::string, Json>::first);
        REQUIRE(member != place->members.end());
        place = &member->second;
    }
    if (place->is(Json::Kind::array)) {
        const std::size_t index = std::stoul(parts.back());
        REQUIRE(index <= place->items.size());
        const auto at = place->items.begin() + static_cast<std::ptrdiff_t>(index);
        if (verb == "add")
            place->items.insert(at, *value);
        else if (verb == "remove")
            place->items.erase(at);
        else
            place->items.at(index) = *value;
        return;
    }
    std::erase_if(place->members, [&](const auto& each) { return each.first == parts.back(); });
    if (verb != "remove") place->members.emplace_back(parts.back(), *value);
}

/// Members have no order in JSON.
Json sorted(Json value) {
    for (Json& item : value.items) item = sorted(item);
    for (auto& [name, member] : value.members) member = sorted(member);
    std::ranges::sort(value.members, {}, &std::pair<std::string, Json>::first);
    return value;
}

class Any {
  public:
    explicit Any(std::uint32_t seed) : random_{seed} {}

    std::string value(int depth) {
        switch (below(depth > 0 ? 6 : 4)) {
            case 0:
                return "null";
            case 1:
                return below(2) ? "true" : "false";
            case 2:
                return std::to_string(below(3));
            case 3:
                return '"' + std::string(below(3), "a~/\u00e9"[below(3)]) + '"';
            case 4: {
                std::string items;
                for (std::size_t i = below(5); i > 0; --i)
                    items += value(depth - 1) + (i > 1 ? "," : "");
                return '[' + items + ']';
            }
            default: {
                std::string members;
                for (const char* const name : {"", "a", "/", "~", "~1"}) {
                    if (below(2)) continue;
                    members += (members.empty() ? "\"" : ",\"") + std::string{name} +
                               "\":" + value(depth - 1);
                }
                return '{' + members + '}';
            }
        }
    }

  private:
    std::size_t below(std::size_t most) { return random_() % most; }
    std::mt19937 random_;
};

TEST_CASE("a patch makes the second of two documents of the first", "[server][law]") {
    std::size_t told = 0;
    for (std::uint32_t seed = 1; seed <= 20'000; ++seed) {
        Any any{seed};
        const Json from = read(any.value(3)), to = read(any.value(3));
        Json document = from;
        const Json patch = read(json_patch(from, to));
        for (const Json& operation : patch.items) carry_out(document, operation);
        INFO("seed " << seed << ": " << write_json(from) << " -> " << write_json(to));
        REQUIRE(write_json(sorted(document)) == write_json(sorted(to)));
        told += patch.items.size();
        CHECK(json_patch(to, to) == "[]");
    }
    CHECK(told > 20'000);
}

TEST_CASE("a patch tells what changed and nothing else", "[server]") {
    const auto patch = [](std::string_view from, std::string_view to) {
        return json_patch(read(from), read(to));
    };
    CHECK(patch(R"({"rows":[{"a":"1"},{"a":"2"}]})", R"({"rows":[{"a":"1"},{"a":"3"}]})") ==
          R"([{"op":"replace","path":"/rows/1/a","value":"3"}])");
    CHECK(patch("[1,2,3]", "[0,1,2,3]") == R"([{"op":"add","path":"/0","value":0}])");
    CHECK(patch("[1,2,3]", "[1,3]") == R"([{"op":"remove","path":"/1"}])");
    CHECK(patch("[1]", "[1,2,3]") ==
          R"([{"op":"add","path":"/1","value":2},{"op":"add","path":"/2","value":3}])");
    CHECK(patch(R"({"a/b":1,"c":2})", R"({"a/b":"1"})") ==
          R"([{"op":"remove","path":"/c"},{"op":"replace","path":"/a~1b","value":"1"}])");
    CHECK(patch("1.0", "1.00") == R"([{"op":"replace","path":"","value":1.00}])");
}

}  // namespace
}  // namespace daybook::server
