#include "src/ingest/export_rows.hpp"

namespace daybook::ingest {
namespace {

std::string_view without_blanks(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

std::string_view take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return without_blanks(line);
}

/// The cells of a line of CSV; a quoted one may hold commas and doubled quotes, no line break.
std::vector<std::string> cells_of(std::string_view line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (quoted && line[i] == '"' && i + 1 < line.size() && line[i + 1] == '"') {
            cells.back() += line[++i];
        } else if (line[i] == '"') {
            quoted = !quoted;
        } else if (line[i] == ',' && !quoted) {
            cells.emplace_back();
        } else {
            cells.back() += line[i];
        }
    }
    return cells;
}

Json text_json(std::string text) {
    Json value;
    value.kind = Json::Kind::text;
    value.text = std::move(text);
    return value;
}

Result<std::vector<Json>> csv_rows(std::string_view text) {
    const std::vector<std::string> names = cells_of(take_line(text));
    std::vector<Json> rows;
    for (std::uint64_t number = 2; !text.empty(); ++number) {
        const std::string_view line = take_line(text);
        if (line.empty()) continue;
        std::vector<std::string> cells = cells_of(line);
        if (cells.size() != names.size()) {
            return Error{Errc::malformed, "line " + std::to_string(number) + " has " +
                                              std::to_string(cells.size()) + " cells, the header " +
                                              std::to_string(names.size())};
        }
        Json row;
        row.kind = Json::Kind::object;
        for (std::size_t i = 0; i < names.size(); ++i)
            row.members.emplace_back(names[i], text_json(std::move(cells[i])));
        rows.push_back(std::move(row));
    }
    return rows;
}

Result<std::vector<Json>> line_rows(std::string_view text) {
    std::vector<Json> rows;
    for (std::uint64_t number = 1; !text.empty(); ++number) {
        const std::string_view line = take_line(text);
        if (line.empty()) continue;
        auto row = parse_json(line);
        if (!row)
            return Error{Errc::malformed,
                         "line " + std::to_string(number) + ": " + row.error().detail};
        rows.push_back(std::move(row).value());
    }
    return rows;
}

/// The rows of one JSON document: itself, or what the first array in it holds.
std::vector<Json> document_rows(Json document) {
    if (document.is(Json::Kind::array)) return std::move(document.items);
    const bool row = document.find("taker_order_id") != nullptr;  // it holds its makers' orders
    for (auto& [name, value] : document.members) {
        if (!row && value.is(Json::Kind::array)) return std::move(value.items);
    }
    std::vector<Json> rows;
    rows.push_back(std::move(document));
    return rows;
}

}  // namespace

Result<std::vector<Json>> export_rows(std::string_view text) {
    text = without_blanks(text);
    if (text.empty()) return Error{Errc::malformed, "the export is empty"};
    if (text.front() != '{' && text.front() != '[') return csv_rows(text);
    if (auto document = parse_json(text)) return document_rows(std::move(document).value());
    return line_rows(text);
}

}  // namespace daybook::ingest
