#include <fstream>
#include <sstream>

#include "schemas/fields.hpp"
#include "support/catch.hpp"

using namespace daybook;

namespace {

std::string readme() {
    std::ifstream file{std::string{DAYBOOK_SOURCE_DIR} + "/schemas/README.md"};
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// The row of type `number` in the table of the catalogue; empty when there is none.
std::string row_of(const std::string& text, std::size_t number) {
    const std::string name{type_name(static_cast<std::uint16_t>(number))};
    const std::size_t at = text.find("\n| " + std::to_string(number) + " | `" + name + "`");
    return at == std::string::npos ? "" : text.substr(at + 1, text.find('\n', at + 1) - at - 1);
}

template <std::size_t index = 0>
void check_rows(const std::string& text) {
    if constexpr (index < kEventTypes) {
        using Type = std::variant_alternative_t<index, Body>;
        const std::string row = row_of(text, index + 1);
        INFO("type " << index + 1 << ": " << row);
        REQUIRE_FALSE(row.empty());
        CHECK(has_mode(index + 1) == (row.find("°") != std::string::npos));
        if constexpr (!std::is_same_v<Type, Limits>) {  // its fields are any names
            for_each_field<Type>([&](const auto& field) {
                CHECK_THAT(row, test::contains("`" + std::string{field.name} + "`"));
            });
        }
        check_rows<index + 1>(text);
    }
}

}  // namespace

TEST_CASE("the catalogue lists every type with its number, its mode and every field",
          "[schemas][catalogue]") {
    check_rows(readme());
}
