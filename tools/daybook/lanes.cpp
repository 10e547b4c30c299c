// The timeline of each market: what was wished, what waited, what changed hands, what became of it.
#include <algorithm>

#include "tools/daybook/drawing.hpp"
#include "tools/daybook/postmortem.hpp"

namespace daybook {
namespace {

constexpr std::int64_t kHeight = 60, kMiddle = 29;
constexpr std::int64_t kRight = 960;  ///< where the last event stands; behind it is who won

/// One half of the lane: the first outcome above, the second below the middle.
struct Half {
    std::int64_t top{};      ///< of 28 high
    std::int64_t settled{};  ///< where marks of settlement stand, beside the middle
};
constexpr std::array kHalves{Half{1, 24}, Half{31, 31}};

class Lane {
  public:
    explicit Lane(const MarketDay& day) : day_{day}, file_{day.file} {
        for (const CaseEvent& event : file_.events) {
            if (!std::holds_alternative<Claim>(event.what)) see(event.time);
        }
        see(file_.market.opens);
        see(file_.market.closes);
        see(resolved());
    }
    [[nodiscard]] bool empty() const { return !begin_ || *end_ <= *begin_; }

    [[nodiscard]] std::string draw() {
        std::string shapes = draw_hours() + rect(0, kMiddle, kUnits, 1, "f-line");
        for (const CaseOrder& order : file_.orders) shapes += draw_live(order);
        for (const CaseOrder& order : file_.orders) shapes += draw_order(order);
        shapes += draw_resolution();
        return drawing(shapes, says(), kHeight, "lane");
    }
    [[nodiscard]] std::string head(const Zone& zone) const {
        const bool days = zone.day_of(*begin_) != zone.day_of(*end_);
        const auto clock = [&](Time time) {
            const std::string text = zone.print(time);
            return (days ? text.substr(5, 5) + ' ' : "") + text.substr(11, 5);
        };
        return clock(*begin_) + "–" + clock(*end_) + ", " + result();
    }
    [[nodiscard]] const std::array<std::string, 2>& outcomes() const {
        return day_.at_end.outcomes;
    }

  private:
    void see(const std::optional<Time>& time) {
        if (!time) return;
        if (!begin_ || *time < *begin_) begin_ = time;
        if (!end_ || *time > *end_) end_ = time;
    }
    [[nodiscard]] std::optional<Time> resolved() const {
        return file_.market.resolution ? file_.market.resolution->time : std::nullopt;
    }
    [[nodiscard]] std::int64_t at(Time time) const {
        return static_cast<std::int64_t>(Wide{time.nanos - begin_->nanos} * kRight /
                                         (end_->nanos - begin_->nanos));
    }
    [[nodiscard]] const Half& half(const CaseOrder& order) const {
        return kHalves.at(file_.side_of(order).value_or(0));
    }

    [[nodiscard]] std::string draw_hours() const {
        const auto& [opens, closes] = std::pair{file_.market.opens, file_.market.closes};
        if (!opens || !closes) return {};
        return rect(at(*opens), 0, at(*closes) - at(*opens), kHeight, "f-hours") +
               rect(at(*closes), 0, 2, kHeight, "f-open");
    }

    /// From the word that it is live until it was filled, cancelled or expired, or the market paid.
    std::string draw_live(const CaseOrder& order) {
        std::string shapes;
        std::optional<Time> live;
        for (const CaseEvent* event : order.said) {
            const auto* status = std::get_if<OrderStatus>(&event->what);
            if (!event->time) continue;
            if (live && is_final(order.state(event->seq))) {
                shapes += draw_span(order, *live, *event->time);
                live.reset();
            } else if (!live && status != nullptr && status->status == OrderStatusCode::live) {
                live = event->time;
            }
        }
        return live ? shapes + draw_span(order, *live, resolved().value_or(*end_)) : shapes;
    }
    std::string draw_span(const CaseOrder& order, Time from, Time to) {
        ++waited_;
        return rect(at(from), half(order).top + 7, std::max<std::int64_t>(at(to) - at(from), 8), 14,
                    "f-live");
    }

    std::string draw_order(const CaseOrder& order) {
        std::string shapes;
        if (order.intent_time) {
            ++ordered_;
            shapes += rect(at(*order.intent_time), half(order).top, 3, 28, "f-rule");
        }
        for (const CaseFill& fill : order.fills) shapes += draw_fill(fill, half(order));
        return shapes;
    }
    std::string draw_fill(const CaseFill& fill, const Half& half) {
        if (!fill.time || !fill.state.recorded) return {};
        const bool failed = fill.state.settlement == Settlement::failed;
        const bool sold = fill.direction == Side::sell;
        failed ? ++voided_ : ++filled_;
        const std::string_view color = half.top < kMiddle ? "f-up" : "f-down";
        std::string shapes = rect(at(*fill.time), half.top + (sold ? 12 : 2), 10, sold ? 12 : 22,
                                  failed ? "f-void" : color);
        if (fill.settled_time)
            shapes +=
                rect(at(*fill.settled_time), half.settled, 10, 5, failed ? "f-loss" : "f-bar");
        return shapes;
    }

    [[nodiscard]] std::string draw_resolution() const {
        if (!resolved() || !day_.at_end.position.payout_up) return {};
        const std::int64_t up = day_.at_end.position.payout_up->micros;
        std::string shapes = rect(at(*resolved()), 0, 3, kHeight, "f-ink");
        for (std::size_t i = 0; i < 2; ++i) {
            if ((i == 0 ? up : kMicro - up) > 0)
                shapes += rect(kRight + 8, kHalves.at(i).top, kUnits - kRight - 8, 28, "f-win");
        }
        return shapes;
    }
    [[nodiscard]] std::string result() const {
        const auto& pays = day_.at_end.position.payout_up;
        if (!pays) return "open";
        if (pays->micros % kMicro != 0) return "void";
        return outcomes().at(pays->micros == 0 ? 1 : 0) + " won";
    }
    [[nodiscard]] std::string says() const {
        return title_of(file_.market) + ": orders " + std::to_string(ordered_) + ", waited " +
               std::to_string(waited_) + ", fills " + std::to_string(filled_) + ", voided " +
               std::to_string(voided_) + ", " + result();
    }

    const MarketDay& day_;
    const CaseFile& file_;
    std::optional<Time> begin_, end_;
    int ordered_{}, waited_{}, filled_{}, voided_{};
};

std::string legend() {
    std::string out;
    const auto sample = [](std::string_view css, std::int64_t width, std::int64_t height) {
        return rect(4, (20 - height) / 2, width, height, css);
    };
    const std::pair<std::string, std::string_view> keys[] = {
        {sample("f-rule", 3, 20), "order sent"},
        {sample("f-live", 24, 12), "waited (LIVE), no fill"},
        {sample("f-up", 8, 18) + rect(16, 1, 8, 18, "f-down"), "fill"},
        {rect(4, 10, 8, 9, "f-up") + rect(16, 10, 8, 9, "f-down"), "sale"},
        {sample("f-void", 9, 16), "voided fill"},
        {sample("f-bar", 9, 5), "settled"},
        {sample("f-loss", 9, 5), "failed to settle"},
        {sample("f-open", 2, 20), "close"},
        {sample("f-ink", 3, 20) + rect(12, 1, 18, 18, "f-win"), "resolved, winner's half"},
    };
    for (const auto& [shapes, means] : keys)
        out += "<span><svg viewBox=\"0 0 32 20\" aria-hidden=\"true\">" + shapes + "</svg>" +
               std::string{means} + "</span>\n";
    return "<div class=\"legend\">\n" + out + "</div>\n";
}

}  // namespace

std::string lanes(const PostMortem& facts, const Zone& zone) {
    std::string rows;
    for (const MarketDay& day : facts.markets) {
        Lane lane{day};
        if (lane.empty()) continue;
        const std::string drawn = lane.draw();
        rows += "<div class=\"timeline\">\n<p><b>" + safe(title_of(day.file.market)) +
                "</b> <small>" + safe(lane.head(zone)) + "</small></p>\n<p class=\"sides\"><span>" +
                safe(lane.outcomes()[0]) + "</span><span>" + safe(lane.outcomes()[1]) +
                "</span></p>\n" + drawn + "\n</div>\n";
    }
    return legend() + "<div class=\"timelines\">\n" + rows + "</div>\n";
}

}  // namespace daybook
