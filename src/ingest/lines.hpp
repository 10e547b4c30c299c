#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace daybook::ingest {

inline constexpr std::size_t kLineBytesMax = std::size_t{1} << 20U;  ///< 1 MiB (contract §1)

/// One line of an input, or one part of a line that is longer than kLineBytesMax.
struct Line {
    std::string_view text;   ///< without line end; valid until the next call on its Lines
    std::uint64_t number{};  ///< place in the input: 1, 2, 3 …, blank lines counted
    std::uint32_t part{};    ///< 0, 1, … of a long line; 0 of any other
    bool last{true};         ///< no further part of this line follows

    [[nodiscard]] bool whole() const { return part == 0 && last; }
};

/// Cuts a stream of bytes into lines. Takes LF and CRLF, a UTF-8 byte order mark at the very start,
/// and a last line without a line end; blank lines are left out. A line longer than kLineBytesMax
/// comes in parts of at most that size, so memory stays bounded by it and by the longest push.
/// Whether the text is UTF-8 is the caller's question.
class Lines {
  public:
    /// The next bytes of the input. Take every line out with next() before pushing again.
    void push(std::string_view bytes);
    /// No more bytes will come: what is left is the last line.
    void finish() { finished_ = true; }
    /// Puts the next line or part into `line`; false when more bytes are needed, or none are left.
    bool next(Line& line);

  private:
    [[nodiscard]] std::string_view unread() const {
        return std::string_view{buffer_}.substr(read_);
    }
    bool skip_byte_order_mark();
    bool take(std::size_t content, std::size_t consumed, bool last, Line& line);

    std::string buffer_;
    std::size_t read_{};     ///< bytes of buffer_ that were handed out
    std::size_t scanned_{};  ///< bytes of unread() known to hold no line end
    std::uint64_t number_{1};
    std::uint32_t part_{};
    bool started_{};
    bool finished_{};
};

}  // namespace daybook::ingest
