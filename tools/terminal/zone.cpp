#include "tools/terminal/zone.hpp"

#include <date/tz.h>
#include <toml++/toml.h>

#include <fstream>
#include <sstream>

namespace daybook {
namespace {

constexpr std::int64_t kSecondsOfDay = 86'400;

date::sys_time<std::chrono::nanoseconds> point_of(Time time) {
    return date::sys_time<std::chrono::nanoseconds>{std::chrono::nanoseconds{time.nanos}};
}

/// Toward minus infinity, so that the second before 1970 is of 1969-12-31.
std::int64_t divide_down(std::int64_t value, std::int64_t by) {
    return value / by - (value % by < 0 ? 1 : 0);
}

std::string offset_text(std::int64_t seconds) {
    const std::int64_t minutes = (seconds < 0 ? -seconds : seconds) / 60;
    const auto two = [](std::int64_t number) {
        return (number < 10 ? "0" : "") + std::to_string(number);
    };
    return (seconds < 0 ? "-" : "+") + two(minutes / 60) + ':' + two(minutes % 60);
}

Error unknown_zone(const std::string& name) {
    return {Errc::usage, "there is no time zone '" + name + "'",
            "a name of the tz database, such as America/New_York, Europe/Berlin or UTC"};
}

Result<std::string> configured_zone(const std::string& data) {
    std::ifstream file{data + "/daybook.toml"};
    if (!file) return std::string{};
    std::stringstream text;
    text << file.rdbuf();
    try {
        const toml::table table = toml::parse(text.str());
        const auto* setting = table.get("timezone");
        if (setting == nullptr) return std::string{};
        if (const auto name = setting->value<std::string>()) return *name;
        return Error{Errc::malformed, "daybook.toml: timezone is no text",
                     "timezone = \"America/New_York\"; or say --tz"};
    } catch (const toml::parse_error& error) {
        return Error{Errc::malformed,
                     "daybook.toml line " + std::to_string(error.source().begin.line) + ": " +
                         std::string{error.description()},
                     "say --tz UTC to be answered without that file"};
    }
}

}  // namespace

Result<Zone> Zone::find(const std::string& name) {
    Zone zone;
    if (name == "UTC" || name == "Z") return zone;
    try {
        zone.zone_ = date::locate_zone(name);
        zone.name_ = name;
        return zone;
    } catch (const std::exception&) {  // no such zone, or no database
        return unknown_zone(name);
    }
}

std::int64_t Zone::offset_seconds(Time time) const {
    if (zone_ == nullptr) return 0;
    const auto info = zone_->get_info(date::floor<std::chrono::seconds>(point_of(time)));
    return info.offset.count();
}

std::string Zone::print(Time time) const {
    if (zone_ == nullptr) return format_time(time);
    const std::int64_t offset = offset_seconds(time);
    std::string text = format_time(Time{time.nanos + offset * kNanosPerSecond});
    text.pop_back();  // the Z of UTC
    return text + offset_text(offset);
}

std::int64_t Zone::day_of(Time time) const {
    const std::int64_t seconds = divide_down(time.nanos, kNanosPerSecond) + offset_seconds(time);
    return divide_down(seconds, kSecondsOfDay);
}

Time Zone::begin_of(std::int64_t day) const {
    if (zone_ == nullptr) return {day * kSecondsOfDay * kNanosPerSecond};
    const date::local_seconds midnight{std::chrono::seconds{day * kSecondsOfDay}};
    // Of a midnight that comes twice the first begins the day; of one that is skipped, what
    // follows.
    const auto begin = zone_->to_sys(midnight, date::choose::earliest);
    return {begin.time_since_epoch().count() * kNanosPerSecond};
}

std::string date_text(std::int64_t day) {
    return format_time(Time{day * kSecondsOfDay * kNanosPerSecond}).substr(0, 10);
}

Result<std::int64_t> parse_date(std::string_view text) {
    const Error wrong{Errc::malformed, "'" + std::string{text} + "' is no date", "2025-12-13"};
    if (text.size() != 10) return wrong;
    const auto midnight = parse_time(std::string{text} + "T00:00:00Z");
    if (!midnight) return wrong;
    return divide_down(midnight.value().nanos, kSecondsOfDay * kNanosPerSecond);
}

Result<Zone> choose_zone(const std::string& wish, const std::string& data) {
    if (!wish.empty()) return Zone::find(wish);
    TRY(const std::string configured, configured_zone(data));
    if (configured.empty()) return Zone{};
    auto zone = Zone::find(configured);
    if (!zone) zone.error().detail += ", which daybook.toml names";
    return zone;
}

}  // namespace daybook
