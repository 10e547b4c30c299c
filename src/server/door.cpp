#include "src/server/door.hpp"

#include <functional>
#include <iterator>

#include "schemas/event_json.hpp"
#include "schemas/whole_number.hpp"
#include "src/ingest/kalshi.hpp"
#include "src/ingest/polymarket.hpp"

namespace daybook::server {
namespace {

std::optional<Refused> add(ingest::Batch& batch, const Json& line, std::size_t element) {
    auto event = from_json(line);
    if (!event) return Refused{element, event.error().detail};
    batch.push_back(std::move(event).value());
    return std::nullopt;
}

/// Every line that is not blank, with its number, until `take` says it refuses one.
std::optional<Refused> for_each_line(
    std::string_view text,
    const std::function<std::optional<Refused>(std::string_view, std::size_t)>& take) {
    for (std::size_t number = 1; !text.empty(); ++number) {
        const std::size_t end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (line.ends_with('\r')) line.remove_suffix(1);
        if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
        if (auto refused = take(line, number)) return refused;
    }
    return std::nullopt;
}

Read finished(ingest::Batch batch, std::optional<Refused> refused) {
    if (refused) return *std::move(refused);
    if (batch.empty()) return Refused{0, "there is no event in it"};
    return batch;
}

/// Events whose sender counted the equal ones before each in an input that is longer than a batch:
/// {"occurrences":[0,0,1],"events":[…]}.
std::optional<Refused> add_counted(ingest::Batch& batch, const Json& line) {
    const Json* const counts = line.find("occurrences");
    const Json* const events = line.find("events");
    if (events == nullptr || counts->items.size() != events->items.size())
        return Refused{1, "'events' and 'occurrences' are not two arrays of one length"};
    for (std::size_t i = 0; i < events->items.size(); ++i) {
        if (auto refused = add(batch, events->items[i], i + 1)) return refused;
        const auto occurrence = whole_number<std::uint32_t>(counts->items[i].text);
        if (!occurrence) return Refused{i + 1, "its occurrence is no whole number"};
        batch.back().occurrence = *occurrence;
    }
    return std::nullopt;
}

Read read_array(const Json& array) {
    ingest::Batch batch;
    for (std::size_t i = 0; i < array.items.size(); ++i) {
        if (auto refused = add(batch, array.items[i], i + 1)) return *std::move(refused);
    }
    return finished(std::move(batch), std::nullopt);
}

}  // namespace

Door::Door(ingest::Settings settings) : settings_{std::move(settings)} {}
Door::Door(Door&&) noexcept = default;
Door& Door::operator=(Door&&) noexcept = default;
Door::~Door() = default;

Read Door::read_events(std::string_view body) {
    const std::string clean = ingest::without_credentials(body);
    const std::size_t first = clean.find_first_not_of(" \t\r\n");
    if (first != std::string::npos && clean[first] == '[') {
        const auto array = parse_json(clean);
        if (!array) return Refused{1, array.error().detail};
        return read_array(array.value());
    }
    ingest::Batch batch;
    auto refused = for_each_line(
        clean, [&](std::string_view line, std::size_t number) -> std::optional<Refused> {
            const auto json = parse_json(line);
            if (!json) return Refused{number, json.error().detail};
            if (json.value().find("occurrences") != nullptr && json.value().find("type") == nullptr)
                return add_counted(batch, json.value());
            return add(batch, json.value(), number);
        });
    return finished(std::move(batch), std::move(refused));
}

Read Door::read_frames(std::string_view venue, std::string_view body) {
    const bool polymarket = venue == "polymarket";
    if (!polymarket && venue != "kalshi")
        return Refused{0, "there is no venue '" + std::string{venue} + "': polymarket, kalshi"};
    if (polymarket && !polymarket_) polymarket_ = std::make_unique<ingest::Polymarket>(settings_);
    if (!polymarket && !kalshi_) kalshi_ = std::make_unique<ingest::Kalshi>(settings_);
    ingest::Batch batch;
    auto refused = for_each_line(body, [&](std::string_view line, std::size_t) {
        ingest::Input input;
        input.payload = line;
        auto events = polymarket ? polymarket_->read_line(line) : kalshi_->read(input);
        std::move(events.begin(), events.end(), std::back_inserter(batch));
        return std::optional<Refused>{};
    });
    if (batch.empty()) return batch;  // keep-alives
    return finished(std::move(batch), std::move(refused));
}

}  // namespace daybook::server
