#include "tools/terminal/table.hpp"

#include <algorithm>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>

#include "schemas/invariant.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

constexpr std::size_t kGap = 2;      // blanks between columns
constexpr std::size_t kTextMin = 6;  // a shrunk column still tells its cells apart
constexpr std::string_view kReset = "\x1b[0m";

std::string_view escape_of(Style style) {
    switch (style) {
        case Style::plain:
            return "";
        case Style::bold:
            return "\x1b[1m";
        case Style::red:
            return "\x1b[31m";
        case Style::yellow:
            return "\x1b[33m";
        case Style::green:
            return "\x1b[32m";
    }
    return "";
}

std::string styled(const std::string& text, Style style, bool color) {
    if (!color || style == Style::plain || text.empty()) return text;
    return std::string{escape_of(style)} + text + std::string{kReset};
}

std::size_t total(const std::vector<std::size_t>& widths) {
    const std::size_t gaps = widths.empty() ? 0 : (widths.size() - 1) * kGap;
    return std::accumulate(widths.begin(), widths.end(), gaps);
}

/// The widest column that may still shrink, of equally wide ones the last; nothing when none may.
std::optional<std::size_t> widest(const std::vector<Column>& columns,
                                  const std::vector<std::size_t>& widths) {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < widths.size(); ++i) {
        if (!columns[i].shrinks || widths[i] <= kTextMin) continue;
        if (!found || widths[i] >= widths[*found]) found = i;
    }
    return found;
}

}  // namespace

TextTable::TextTable(std::vector<Column> columns) : columns_{std::move(columns)} {
    for (Column& column : columns_) {
        column.title = printable(column.title);
        header_.push_back({column.title, Style::bold});
    }
}

void TextTable::add(std::vector<Cell> cells) {
    INVARIANT(cells.size() <= columns_.size(),
              "a row has no more cells than the table has columns");
    cells.resize(columns_.size());
    for (Cell& cell : cells) cell.text = printable(cell.text);
    rows_.push_back(std::move(cells));
}

std::string TextTable::str(const Terminal& terminal) const {
    const std::vector<std::size_t> fitting = widths(terminal.width);
    std::string out;
    append_line(out, header_, fitting, terminal.color);
    for (const auto& row : rows_) append_line(out, row, fitting, terminal.color);
    return out;
}

std::vector<std::size_t> TextTable::widths(std::size_t limit) const {
    std::vector<std::size_t> found;
    for (const Cell& title : header_) found.push_back(display_width(title.text));
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            found[i] = std::max(found[i], display_width(row[i].text));
        }
    }
    if (limit == 0) return found;
    while (total(found) > limit) {
        const std::optional<std::size_t> column = widest(columns_, found);
        if (!column) break;
        --found[*column];
    }
    return found;
}

void TextTable::append_line(std::string& out, const std::vector<Cell>& cells,
                            const std::vector<std::size_t>& widths, bool color) const {
    std::size_t pending = 0;  // blanks owed before the next text: a line ends in none
    for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::string text =
            columns_[i].shrinks ? shortened(cells[i].text, widths[i]) : cells[i].text;
        const std::size_t width = display_width(text);
        const std::size_t fill = widths[i] > width ? widths[i] - width : 0;
        const bool right = columns_[i].align == Align::right;
        if (right) pending += fill;
        if (!text.empty()) {
            out.append(pending, ' ');
            out += styled(text, cells[i].style, color);
            pending = 0;
        }
        pending += (right ? 0 : fill) + kGap;
    }
    out += '\n';
}

}  // namespace daybook
