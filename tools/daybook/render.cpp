#include "tools/daybook/render.hpp"

#include "schemas/print.hpp"

namespace daybook {
namespace {

Cell cell_of(const ListColumn& column, const ListValue& value, const Zone& zone) {
    if (!value) return {};
    if (column.form == Form::time) {
        const auto time = parse_time(*value);
        return {time ? zone.print(time.value()) : *value};
    }
    if (column.form != Form::money) return {*value};
    const auto micros = parse_micros(*value);
    if (!micros) return {*value};
    return {format_rounded(micros.value(), 2), micros.value() < 0 ? Style::red : Style::plain};
}

bool is_number(Form form) {
    return form == Form::shares || form == Form::money || form == Form::number;
}

}  // namespace

std::string render(const Listing& listing, const Terminal& terminal, const Zone& zone) {
    std::vector<Column> columns;
    for (const ListColumn& column : listing.columns) {
        if (column.title.empty()) continue;
        const std::string title{column.title};
        columns.push_back(is_number(column.form) ? number_column(title) : text_column(title));
    }
    TextTable table{std::move(columns)};
    for (const auto& row : listing.rows) {
        std::vector<Cell> cells;
        for (std::size_t i = 0; i < row.size(); ++i) {
            if (!listing.columns[i].title.empty())
                cells.push_back(cell_of(listing.columns[i], row[i], zone));
        }
        table.add(std::move(cells));
    }
    return table.str(terminal);
}

std::string render_pairs(const Listing& listing, const Terminal& terminal) {
    TextTable table{{text_column(""), number_column("")}};
    for (const auto& row : listing.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            const ListColumn& column = listing.columns[i];
            if (!column.title.empty())
                table.add({{std::string{column.title}}, cell_of(column, row[i], {})});
        }
    }
    const std::string text = table.str(terminal);
    return text.substr(text.find('\n') + 1);  // no header
}

std::string line_of(const Event& event, const Zone& zone) {
    const auto clock = clock_of(event);
    return print(event, clock ? zone.print(*clock) : "-");
}

}  // namespace daybook
