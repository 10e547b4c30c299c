#include "src/feeds/session.hpp"

#include <algorithm>
#include <iterator>

namespace daybook::feeds {
namespace {

constexpr milliseconds kFirstPause{250}, kLongestPause{30'000};
constexpr milliseconds kWorks{10'000};  ///< open for so long, it was not opened in vain

Items without(const Items& from, const Items& what) {
    Items rest;
    std::ranges::set_difference(from, what, std::inserter(rest, rest.end()));
    return rest;
}

std::string seconds_text(std::int64_t nanos) {
    const std::int64_t millis = std::max<std::int64_t>(nanos, 0) / kNanosPerMilli;
    std::string text = std::to_string(millis % 1000);
    text.insert(0, 3 - text.size(), '0');
    return std::to_string(millis / 1000) + '.' + text + " s";
}

/// "from … to … (1.250 s)"
std::string bounds(Time from, Time to) {
    return "from " + format_time(from) + " to " + format_time(to) + " (" +
           seconds_text(to.nanos - from.nanos) + ')';
}

/// `new_market` is told to everybody: it says nothing about our subscription.
bool is_data(const Event& event) { return !std::holds_alternative<MarketDefined>(event.body); }

}  // namespace

milliseconds back_off(int failures, std::uint64_t random) {
    const milliseconds most =
        std::min(kLongestPause, 2 * kFirstPause * (1 << std::clamp(failures - 1, 0, 10)));
    const auto half = static_cast<std::uint64_t>(most.count() / 2);
    return milliseconds{static_cast<std::int64_t>(half + random % (half + 1))};
}

Feed Session::note(FeedState state, std::string detail) const {
    return {protocol_.channel, state, std::move(detail), {}, {}, {}};
}

Notes Session::opened(Now now) {
    open_ = true;
    begun_ = false;
    opened_ = data_ = any_ = pinged_ = now;
    Notes notes{note(FeedState::connected,
                     failures_ > 0 ? "after attempt " + std::to_string(failures_ + 1) : "")};
    if (gap_)
        notes.push_back(
            note(FeedState::gap, "nothing was recorded " + bounds(*gap_, now.wall) + ": " + why_));
    subscribed_.clear();
    why_.clear();
    return notes;
}

void Session::expect(const Items& items, Now now) {
    if (!protocol_.books) return;
    awaited_.insert(items.begin(), items.end());
    expected_ = now;
}

void Session::doubt(Now now) {
    asked_.clear();
    expect(subscribed_, now);
}

Notes Session::heard(const ingest::Batch& events, Now now) {
    any_ = now;
    if (now.steady - opened_.steady > kWorks) failures_ = 0;
    if (std::ranges::none_of(events, is_data)) return {};
    data_ = now;
    return fetched(events, now);
}

Notes Session::fetched(const ingest::Batch& events, Now now) {
    if (!open_ || !begun_) return {};  // a gap goes on, whatever was asked for before it
    for (const Event& event : events) {
        const auto* book = std::get_if<Book>(&event.body);
        if (book != nullptr) awaited_.erase(book->outcome);
    }
    return awaited_.empty() ? resync(now) : Notes{};
}

Notes Session::resync(Now now) {
    if (!gap_) return {};
    const Time from = *gap_;
    gap_.reset();
    if (!protocol_.books) return {};  // orders, trades and prices that were missed stay missed
    return {note(FeedState::resynced, "whole again; not so " + bounds(from, now.wall))};
}

void Session::subscribe(Now now, Due& due) {
    for (const Items& part : parts_of(wanted_)) {
        const bool first = due.texts.empty();
        due.texts.push_back(first ? protocol_.first(part) : protocol_.more(part));
    }
    subscribed_ = wanted_;
    begun_ = true;
    data_ = now;
    awaited_.clear();
    asked_.clear();
    expect(wanted_, now);
    due.notes.push_back(note(FeedState::subscribed, std::to_string(wanted_.size()) + " items"));
}

void Session::change(Now now, Due& due) {
    const Items added = without(wanted_, subscribed_), gone = without(subscribed_, wanted_);
    for (const Items& part : parts_of(added)) due.texts.push_back(protocol_.more(part));
    for (const Items& part : parts_of(gone)) due.texts.push_back(protocol_.fewer(part));
    for (const std::string& item : gone) awaited_.erase(item);
    if (!added.empty()) {
        expect(added, now);
        due.notes.push_back(
            note(FeedState::subscribed, std::to_string(added.size()) + " more items"));
    }
    subscribed_ = wanted_;
}

std::optional<std::string> Session::verdict(Now now) const {
    const auto quiet = now.steady - data_.steady;
    if (begun_ && protocol_.silence && quiet >= *protocol_.silence)
        return "stale: open, but no data for " + seconds_text(quiet.count() * kNanosPerMilli);
    if (now.steady - any_.steady >= 3 * protocol_.ping)
        return "no answer to PING for " +
               seconds_text((now.steady - any_.steady).count() * kNanosPerMilli);
    return std::nullopt;
}

Due Session::due(Now now) {
    Due due;
    if (!open_) return due;
    due.cut = verdict(now);
    if (due.cut) {
        if (due.cut->starts_with("stale"))
            due.notes.push_back(note(FeedState::stale, bounds(data_.wall, now.wall)));
        return due;
    }
    if (!begun_) {
        subscribe(now, due);
    } else if (wanted_ != subscribed_) {
        change(now, due);
    }
    if (now.steady - pinged_.steady >= protocol_.ping) {
        due.texts.emplace_back("PING");
        pinged_ = now;
    }
    return due;
}

Items Session::missing_books(Now now, milliseconds patience) {
    if (!open_ || awaited_.empty() || now.steady - expected_.steady < patience) return {};
    Items missing = without(awaited_, asked_);
    asked_.insert(missing.begin(), missing.end());
    return missing;
}

Notes Session::ended(const std::string& why, Now now, std::optional<Time> from) {
    const bool was_open = open_, is_new = why != why_;
    const Time known = from ? std::min(*from, data_.wall) : data_.wall;
    open_ = false;
    ++failures_;
    why_ = why;
    if (was_open && begun_ && !gap_) gap_ = known;
    if (was_open)
        return {note(FeedState::lost,
                     why + "; open for " + seconds_text(now.wall.nanos - opened_.wall.nanos))};
    if (!is_new) return {};
    return {note(FeedState::lost, "cannot connect: " + why)};
}

milliseconds Session::pause(std::uint64_t random) const { return back_off(failures_, random); }

}  // namespace daybook::feeds
