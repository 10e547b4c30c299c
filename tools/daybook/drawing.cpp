#include "tools/daybook/drawing.hpp"

#include <algorithm>

#include "tools/terminal/display_text.hpp"

namespace daybook {

std::string safe(std::string_view text) {
    std::string out;
    for (const char c : printable(text)) {
        if (c == '&') {
            out += "&amp;";
        } else if (c == '<') {
            out += "&lt;";
        } else if (c == '>') {
            out += "&gt;";
        } else if (c == '"') {
            out += "&quot;";
        } else {
            out += c;
        }
    }
    return out;
}

std::string rect(std::int64_t x, std::int64_t y, std::int64_t width, std::int64_t height,
                 std::string_view css) {
    return "<rect x=\"" + std::to_string(x) + "\" y=\"" + std::to_string(y) + "\" width=\"" +
           std::to_string(std::max<std::int64_t>(width, 2)) + "\" height=\"" +
           std::to_string(height) + "\" class=\"" + std::string{css} + "\"/>";
}

std::string drawing(std::string_view shapes, std::string_view says, std::int64_t height,
                    std::string_view css) {
    std::string out = "<svg viewBox=\"0 0 1000 " + std::to_string(height) +
                      "\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"" + safe(says) +
                      '"';
    if (!css.empty()) out += " class=\"" + std::string{css} + '"';
    return out + ">" + std::string{shapes} + "</svg>";
}

std::string figure_row(std::string_view label, std::string_view drawing, std::string_view value) {
    return "<span>" + safe(label) + "</span>" + std::string{drawing} + "<span class=\"num\">" +
           std::string{value} + "</span>\n";
}

HedgeMarks::HedgeMarks(const HedgeLimits& limits)
    : critical{limits.critical_hedge_ratio.micros * kUnits / kMicro},
      least{limits.min_hedge_ratio.micros * kUnits / kMicro} {}

std::string_view HedgeMarks::color(std::int64_t ratio) const {
    if (ratio < critical) return "f-loss";
    return ratio < least ? "f-down" : "f-win";
}

std::string HedgeMarks::says() const {
    return "the lines stand at " + std::to_string(critical / 10) + " % and " +
           std::to_string(least / 10) + " %";
}

}  // namespace daybook
