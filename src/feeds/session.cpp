#include "src/feeds/session.hpp"

#include <algorithm>
#include <iterator>

namespace daybook::feeds {
namespace {

constexpr milliseconds kFirstPause{250}, kLongestPause{30'000};
constexpr milliseconds kWorks{10'000};    ///< open for so long, it was not opened in vain
constexpr milliseconds kMending{20'000};  ///< books of a subscription made anew take less
constexpr int kDoublings = 5;

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

/// `new_market` is told to everybody, and answers to commands come on a dead subscription too:
/// they say nothing about ours.
bool is_data(const Event& event) {
    return !std::holds_alternative<MarketDefined>(event.body) &&
           !std::holds_alternative<Feed>(event.body);
}

bool is_book(const Event& event) { return std::holds_alternative<Book>(event.body); }

}  // namespace

milliseconds back_off(int failures, std::uint64_t random) {
    const milliseconds most =
        std::min(kLongestPause, 2 * kFirstPause * (1 << std::clamp(failures - 1, 0, 10)));
    const auto half = static_cast<std::uint64_t>(most.count() / 2);
    return milliseconds{static_cast<std::int64_t>(half + random % (half + 1))};
}

Feed Session::note(FeedState state, std::string detail) const {
    return {protocol_->manner().channel, state, std::move(detail), {}, {}, {}};
}

Notes Session::opened(Now now) {
    open_ = true;
    begun_ = false;
    opened_ = data_ = any_ = pinged_ = now;
    Notes notes{note(FeedState::connected,
                     failures_ > 0 ? "after attempt " + std::to_string(failures_ + 1) : "")};
    if (gap_)
        notes.push_back(note(FeedState::gap, "nothing was recorded " + bounds(*gap_, now.wall) +
                                                 ": " + why_ +
                                                 "; made good: " + protocol_->manner().made_good));
    subscribed_.clear();
    answers_.clear();
    holes_.clear();
    why_.clear();
    return notes;
}

void Session::expect(const Items& items, Now now) {
    if (!protocol_->manner().books) return;
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
    look_for_holes(events, now);
    if (std::ranges::none_of(events, is_data)) return {};
    data_ = now;
    if (!std::ranges::any_of(events, is_book)) fruitless_ = 0;
    return fetched(events, now);
}

void Session::look_for_holes(const ingest::Batch& events, Now now) {
    for (const Event& event : events) {
        const auto* const feed = std::get_if<Feed>(&event.body);
        const bool hole = feed != nullptr && feed->state == FeedState::gap &&
                          !feed->stream.empty() && feed->channel == protocol_->manner().counted;
        if (!hole) continue;
        holes_.push_back({data_.wall, *feed});
        asked_.clear();
        expect(subscribed_, now);
    }
    std::ranges::move(protocol_->answer(events, subscribed_), std::back_inserter(answers_));
}

Notes Session::fetched(const ingest::Batch& events, Now now) {
    if (!open_ || !begun_) return {};  // a gap goes on, whatever was asked for before it
    for (const Event& event : events) {
        const auto* book = std::get_if<Book>(&event.body);
        if (book != nullptr) awaited_.erase(protocol_->item_of(event, *book));
    }
    return awaited_.empty() ? resync(now) : Notes{};
}

Notes Session::resync(Now now) {
    Notes notes;
    for (const Hole& hole : holes_) {
        Feed mended = hole.told;
        mended.state = FeedState::resynced;
        mended.detail = "whole again; not so " + bounds(hole.from, now.wall);
        notes.push_back(std::move(mended));
    }
    holes_.clear();
    if (!gap_) return notes;
    const Time from = *gap_;
    gap_.reset();
    // Orders, trades and prices that were missed stay missed.
    if (protocol_->manner().books)
        notes.push_back(note(FeedState::resynced, "whole again; not so " + bounds(from, now.wall)));
    return notes;
}

void Session::subscribe(Now now, Due& due) {
    due.texts = protocol_->begin(wanted_);
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
    due.texts = protocol_->more(added);
    std::ranges::move(protocol_->fewer(gone), std::back_inserter(due.texts));
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
    const Manner& manner = protocol_->manner();
    if (begun_ && manner.silence && quiet >= *manner.silence * (1 << fruitless_))
        return "stale: open, but no data for " + seconds_text(quiet.count() * kNanosPerMilli);
    if (now.steady - any_.steady >= 3 * manner.ping)
        return "no answer to PING for " +
               seconds_text((now.steady - any_.steady).count() * kNanosPerMilli);
    if (!holes_.empty() && now.steady - expected_.steady >= kMending)
        return "no books after a hole in " + holes_.front().told.stream;
    return std::nullopt;
}

Due Session::due(Now now) {
    Due due;
    if (!open_) return due;
    due.cut = verdict(now);
    if (due.cut) {
        if (due.cut->starts_with("stale")) {
            due.notes.push_back(note(FeedState::stale, bounds(data_.wall, now.wall)));
            fruitless_ = std::min(fruitless_ + 1, kDoublings);
        }
        return due;
    }
    if (!begun_) {
        subscribe(now, due);
    } else if (wanted_ != subscribed_) {
        change(now, due);
    }
    std::ranges::move(std::exchange(answers_, {}), std::back_inserter(due.texts));
    if (now.steady - pinged_.steady >= protocol_->manner().ping) {
        const std::string& text = protocol_->manner().ping_text;
        due.ping = text.empty();
        if (!due.ping) due.texts.push_back(text);
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
    Time known = from ? std::min(*from, data_.wall) : data_.wall;
    for (const Hole& hole : holes_) known = std::min(known, hole.from);
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
