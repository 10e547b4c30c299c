#include "schemas/print.hpp"

#include <algorithm>

#include "schemas/event_json.hpp"

namespace daybook {
namespace {

bool plain(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char c) {
        const auto byte = static_cast<unsigned char>(c);
        return byte > 0x20 && byte != 0x7F && c != '"' && c != '=';
    });
}

void append_text(std::string& out, std::string_view text) {
    if (plain(text)) {
        out += text;
    } else {
        append_json_string(out, text);
    }
}

void append_value(std::string& out, const Json& value) {
    if (value.is(Json::Kind::text)) {
        append_text(out, value.text);
    } else {
        out += write_json(value);
    }
}

}  // namespace

std::string print(const Event& event) {
    const auto clock = clock_of(event);
    return print(event, clock ? format_time(*clock) : "-");
}

std::string print(const Event& event, std::string_view clock) {
    std::string line = event.seq.raw == 0 ? "-" : std::to_string(event.seq.raw);
    line += ' ';
    line += clock;
    line += ' ';
    line += type_name(type_number(event));
    if (event.mode == Mode::dry_run) line += " dry_run";
    if (event.account != "main") {
        line += ' ';
        append_text(line, event.account);
    }
    if (!event.market.empty()) {
        line += ' ';
        append_text(line, event.market);
    }
    const auto body = parse_json("{" + body_json(event) + "}");
    for (const auto& [name, value] : body.value().members) {
        line += ' ' + name + '=';
        append_value(line, value);
    }
    if (event.conflicts_with.raw != 0)
        line += " conflicts_with=" + std::to_string(event.conflicts_with.raw);
    return line;
}

}  // namespace daybook
