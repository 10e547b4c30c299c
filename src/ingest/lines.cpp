#include "src/ingest/lines.hpp"

namespace daybook::ingest {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::size_t without_carriage_return(std::string_view line) {
    return line.ends_with('\r') ? line.size() - 1 : line.size();
}

bool is_blank(std::string_view text) {
    return text.find_first_not_of(" \t\r") == std::string_view::npos;
}

}  // namespace

void Lines::push(std::string_view bytes) {
    buffer_.erase(0, read_);
    read_ = 0;
    buffer_ += bytes;
}

bool Lines::next(Line& line) {
    if (!skip_byte_order_mark()) return false;
    while (true) {
        const std::string_view rest = unread();
        const std::size_t end = rest.find('\n', scanned_);
        const bool ended = end != std::string_view::npos;
        if (!ended && !finished_) {
            scanned_ = rest.size();
            // One byte more than a carriage return could explain: the line is longer than a part.
            return rest.size() > kLineBytesMax + 1 &&
                   take(kLineBytesMax, kLineBytesMax, false, line);
        }
        if (rest.empty()) return false;
        const std::string_view bytes = rest.substr(0, end);
        scanned_ = bytes.size();
        const std::size_t content = without_carriage_return(bytes);
        if (content > kLineBytesMax) return take(kLineBytesMax, kLineBytesMax, false, line);
        const bool skip = part_ == 0 && is_blank(bytes);
        take(content, bytes.size() + (ended ? 1 : 0), true, line);
        if (!skip) return true;
    }
}

/// True once the first bytes are decided: the mark is gone, or there was none.
bool Lines::skip_byte_order_mark() {
    if (started_) return true;
    const bool undecided =
        buffer_.size() < kByteOrderMark.size() && !finished_ && kByteOrderMark.starts_with(buffer_);
    if (undecided) return false;
    started_ = true;
    if (unread().starts_with(kByteOrderMark)) read_ = kByteOrderMark.size();
    return true;
}

/// Hands out the first `content` unread bytes and moves `consumed` bytes on. Always true.
bool Lines::take(std::size_t content, std::size_t consumed, bool last, Line& line) {
    line = {unread().substr(0, content), number_, part_, last};
    read_ += consumed;
    scanned_ = scanned_ > consumed ? scanned_ - consumed : 0;
    part_ = last ? 0 : part_ + 1;
    if (last) ++number_;
    return true;
}

}  // namespace daybook::ingest
