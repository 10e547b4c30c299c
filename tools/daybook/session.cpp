#include "tools/daybook/session.hpp"

#include <chrono>
#include <thread>

#include "projections/fold/catalogue.hpp"
#include "projections/fold/gaps.hpp"
#include "projections/fold/health.hpp"
#include "schemas/whole_number.hpp"

namespace daybook {
namespace {

constexpr auto kPatience = std::chrono::seconds{1};
constexpr auto kGlance = std::chrono::milliseconds{20};

std::optional<Sequence> sequence_of(std::string_view text) {
    const auto number = whole_number(text);
    return number ? std::optional{Sequence{*number}} : std::nullopt;
}

/// A journal that is not the one of yesterday is news to whoever asks; another version is not.
void note_renewed(const store::ProjectionStore& store, const Call& call) {
    const store::Fitness& was = store.renewed();
    const bool news = was.unfit == store::Unfit::foreign_journal ||
                      was.unfit == store::Unfit::restored_journal ||
                      was.unfit == store::Unfit::forked_journal;
    if (was.unfit == store::Unfit::no || call.quiet || (!news && !call.verbose)) return;
    std::fprintf(stderr, "note: %s is built again: %s\n", store.projection().name.data(),
                 was.why.c_str());
}

}  // namespace

Time now() {
    using std::chrono::nanoseconds;
    return {
        std::chrono::duration_cast<nanoseconds>(std::chrono::system_clock::now().time_since_epoch())
            .count()};
}

namespace {

/// The last event before the first one with a clock behind `time`; none before `from` has one.
Result<Sequence> last_until(EventReader& reader, Time time, Sequence from) {
    const Sequence head = reader.journal().head().durable;
    Sequence last = std::min(head, Sequence{from.raw - 1});
    if (last == head) return head;
    TRYV(reader.for_each(from, head, all_types(), [&](const Event& event) {
        const auto clock = clock_of(event);
        if (clock && *clock > time) return false;
        last = event.seq;
        return true;
    }));
    return last;
}

Result<Time> time_in(const std::string& text) {
    auto time = parse_time(text);
    if (time) return time.value();
    return Error{Errc::usage, "'" + text + "' is neither a sequence nor an RFC 3339 time",
                 "2025-12-13T15:16:30Z, or 42"};
}

}  // namespace

Result<Sequence> moment_of(EventReader& reader, const std::string& text) {
    if (const auto seq = sequence_of(text)) return std::min(*seq, reader.journal().head().durable);
    TRY(const Time time, time_in(text));
    return last_until(reader, time, {1});
}

/// The clocks of a long journal are not all read: `health` keeps where they stood.
Result<Sequence> Session::moment(const std::string& text) {
    constexpr std::uint64_t kReadAtOnce = 65'536;
    if (seq_.raw < kReadAtOnce || sequence_of(text)) return moment_of(reader_, text);
    TRY(const Time time, time_in(text));
    TRYV(need_with_past({"health"}));
    return last_until(reader_, time, look_from(rows("health"), time));
}

Result<std::unique_ptr<Session>> Session::open(const Call& call) {
    auto reader = EventReader::open(call.data);
    if (!reader && reader.error().code == Errc::not_found) return no_journal(call.data);
    if (!reader) return reader.error();
    std::unique_ptr<Session> session{new Session{std::move(reader).value(), call}};
    TRYV(session->find_moment());
    return session;
}

Result<void> Session::find_moment() {
    Sequence seq = reader_.journal().head().durable;
    seq_ = seq;
    if (!call_.at.empty()) {
        TRY(seq, moment(call_.at));
        past_ = true;
    }
    TRY(epoch_, choose_epoch(reader_, seq, call_.epoch));
    if (epoch_ && epoch_->end) {
        seq = *epoch_->end;
        past_ = true;
    }
    return stand_at(seq);
}

Result<Session*> Session::at_epoch() {
    if (!at_epoch_) {
        TRY(auto reader, EventReader::open(call_.data));
        at_epoch_.reset(new Session{std::move(reader), call_});
        at_epoch_->past_ = true;
        at_epoch_->whole_ = this;
        TRYV(at_epoch_->stand_at(epoch_->begin));
    }
    return at_epoch_.get();
}

Result<void> Session::stand_at(Sequence seq) {
    seq_ = seq;
    if (seq_.raw == 0) return ok();
    TRY(const Event event, reader_.at(seq_));
    time_ = clock_of(event);
    return ok();
}

Result<void> Session::need(std::initializer_list<std::string_view> names) {
    return past_ ? need_in_ram(names) : need_with_past(names);
}

Result<void> Session::need_with_past(std::initializer_list<std::string_view> names) {
    if (whole_ != nullptr) return whole_->need_with_past(names);
    auto projections = store::Directory::open(call_.data + "/projections", true);
    if (!projections || !projections.value().writable()) return need_in_ram(names);
    const auto done = need_on_disk(projections.value(), names);
    if (done || done.error().code != Errc::disk) return done;
    if (!call_.quiet)
        std::fprintf(stderr, "note: answered without the disk: %s\n", done.error().detail.c_str());
    return need_in_ram(names);
}

Result<void> Session::need_in_ram(std::initializer_list<std::string_view> names) {
    ProgressLine line{"folding", "events", call_.quiet};
    for (const std::string_view name : names) {
        if (in_ram_.contains(name)) continue;
        auto rows = std::make_unique<MemoryRows>();
        if (seq_.raw != 0) {
            TRYV(fold_into(reader_, *find_projection(name), *rows, seq_,
                           [&](auto done, auto last) { line.show(done, last); }));
        }
        in_ram_[std::string{name}] = std::move(rows);
    }
    return ok();
}

Result<void> Session::need_on_disk(const store::Directory& projections,
                                   std::initializer_list<std::string_view> names) {
    const store::Source source = source_of(reader_, now());
    std::vector<store::ProjectionStore> building;
    for (const std::string_view name : names) {
        if (stored_.contains(name)) continue;  // LMDB opens an environment once in a process
        const Projection& projection = *find_projection(name);
        auto opened = store::ProjectionStore::open_to_build(projections, projection, source);
        if (!opened && opened.error().code == Errc::conflict) {
            TRYV(wait_for(projections, projection));
            continue;
        }
        if (!opened) return opened.error();
        note_renewed(opened.value(), call_);
        building.push_back(std::move(opened).value());
    }
    std::vector<store::ProjectionStore*> targets;
    for (store::ProjectionStore& each : building) targets.push_back(&each);
    {
        ProgressLine line{"folding", "events", call_.quiet};
        TRYV(
            catch_up(reader_, targets, seq_, [&](auto done, auto last) { line.show(done, last); }));
    }
    for (store::ProjectionStore& each : building) {
        if (!each.followed()) {
            TRYV(each.environment().sync());
        }
        TRYV(keep(std::move(each)));
    }
    return ok();
}

Result<void> Session::wait_for(const store::Directory& projections, const Projection& projection) {
    TRY(auto store, store::ProjectionStore::open_to_read(projections, projection));
    const auto until = std::chrono::steady_clock::now() + kPatience;
    for (;;) {
        TRY(const auto meta, store.meta());
        if (meta.seq >= seq_ || std::chrono::steady_clock::now() > until)
            return keep(std::move(store));
        std::this_thread::sleep_for(kGlance);
    }
}

Result<void> Session::keep(store::ProjectionStore store) {
    const std::string name{store.projection().name};
    store.free_lock();  // nothing is built from here on
    auto stored = std::make_unique<Stored>(Stored{std::move(store), nullptr});
    TRY(stored->rows, stored->store.environment().read());
    TRY(const auto stall, stored->rows->stalled());
    TRY(const auto meta, stored->rows->meta());
    if (stall) stalled_[name] = *stall;
    lag_ = std::max(lag_, seq_.raw - std::min(meta.seq.raw, seq_.raw));
    stored_[name] = std::move(stored);
    return ok();
}

void Session::let_go() {
    stored_.clear();
    in_ram_.clear();
}

Result<void> Session::count_lost() {
    TRYV(need({"gaps"}));
    lost_ = lost_events(rows("gaps"));
    return ok();
}

Rows& Session::rows(std::string_view name) {
    if (const auto found = in_ram_.find(name); found != in_ram_.end()) return *found->second;
    if (const auto found = stored_.find(name); found != stored_.end()) return *found->second->rows;
    return whole_->rows(name);
}

void Session::write_as_of(JsonWriter& out) const {
    out.key("as_of").begin_object().key("seq").number(seq_.raw).key("time");
    time_ ? out.text(format_time(*time_)) : out.null();
    out.end_object();
    if (epoch_) {
        out.key("epoch").begin_object().key("name").text(epoch_->name);
        out.key("begin").number(epoch_->begin.raw).end_object();
    }
    if (lag_ > 0) out.key("lag").number(lag_);
    if (lost_ > 0) out.key("lost").number(lost_);
    if (stalled_.empty()) return;
    out.key("stalled").begin_array();
    for (const auto& [name, stall] : stalled_) {
        out.begin_object().key("projection").text(name).key("seq").number(stall.seq.raw);
        out.key("why").text(stall.why).end_object();
    }
    out.end_array();
}

Result<std::vector<PositionView>> positions_at(Session& session, const Scope& scope) {
    if (session.past()) {
        TRYV(session.need_with_past({"history", "orders"}));
        return past_positions_of(session.rows("history"), session.rows("orders"), scope,
                                 session.seq());
    }
    TRYV(session.need({"positions", "orders"}));
    return positions_of(session.rows("positions"), session.rows("orders"), scope);
}

Result<HedgeLimits> limits_at(Session& session) {
    if (!session.past()) {
        TRYV(session.need({"positions"}));
        return hedge_limits(session.rows("positions"));
    }
    MemoryRows rows;
    TRYV(fold_into(session.reader(), limits_projection(), rows, session.seq(), {}));
    return hedge_limits(rows);
}

namespace {

Result<bool> has_mode(Session& session, Mode mode) {
    if (session.past()) {
        TRYV(session.need_with_past({"history", "orders"}));
        return had_mode_rows(session.rows("history"), session.rows("orders"), mode, session.seq());
    }
    TRYV(session.need({"positions", "orders"}));
    return has_mode_rows(session.rows("positions"), session.rows("orders"), mode);
}

}  // namespace

Result<Scope> scope_of(Session& session, const Call& call) {
    Scope scope;
    scope.market = call.market;
    if (session.epoch()) scope.after = session.epoch()->begin;
    if (!call.mode.empty()) {
        scope.mode = from_text<Mode>(call.mode).value();
        return scope;
    }
    TRY(const bool live, has_mode(session, Mode::live));
    TRY(const bool dry_run, has_mode(session, Mode::dry_run));
    scope.mode = live || !dry_run ? Mode::live : Mode::dry_run;
    return scope;
}

}  // namespace daybook
