#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace daybook {

enum class Align : std::uint8_t { left, right };
enum class Style : std::uint8_t { plain, bold, red, yellow, green };

struct Column {
    std::string title;
    Align align{Align::left};
    bool shrinks{true};  ///< text may be cut to fit; numbers never
};
[[nodiscard]] inline Column text_column(std::string title) { return {std::move(title)}; }
[[nodiscard]] inline Column number_column(std::string title) {
    return {std::move(title), Align::right, false};
}

struct Cell {
    std::string text;
    Style style{Style::plain};
};

struct Terminal {
    std::size_t width{};  ///< columns; 0: no limit, as in a file or a pipe
    bool color{};
};

/// A plain-text table: a header, one line a row, columns two blanks apart. Cells are made printable
/// first, so no cell can move the cursor or fake a line.
class TextTable {
  public:
    explicit TextTable(std::vector<Column> columns);

    /// As many cells as there are columns; fewer leave the last ones empty.
    void add(std::vector<Cell> cells);
    [[nodiscard]] bool empty() const { return rows_.empty(); }

    /// The table for `terminal`, each line ended by LF. Where it is too wide, the widest columns
    /// that may shrink give way first, down to a few characters; it stays too wide rather than cut
    /// a number.
    [[nodiscard]] std::string str(const Terminal& terminal) const;

  private:
    [[nodiscard]] std::vector<std::size_t> widths(std::size_t limit) const;
    void append_line(std::string& out, const std::vector<Cell>& cells,
                     const std::vector<std::size_t>& widths, bool color) const;

    std::vector<Column> columns_;
    std::vector<Cell> header_;
    std::vector<std::vector<Cell>> rows_;
};

}  // namespace daybook
