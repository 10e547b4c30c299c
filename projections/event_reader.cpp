#include "projections/event_reader.hpp"

namespace daybook {

Result<EventReader> EventReader::open(const std::string& data_dir) {
    TRY(auto reader, journal::Reader::open(data_dir));
    return EventReader{std::move(reader)};
}

Result<EventReader> EventReader::again() const {
    TRY(auto reader, reader_.again());
    return EventReader{std::move(reader)};
}

Result<void> EventReader::seek(Sequence first, const TypeSet& wanted, Check check) {
    all_statuses_ = wanted.all_statuses();
    const auto takes = [wanted](std::uint16_t type) {
        return wanted.has(type) || type == 0 || type > kEventTypes;
    };
    return reader_.seek(first, takes, check);
}

Result<const Step*> EventReader::next() {
    TRY(const bool there, next(step_, {UINT64_MAX}));
    return there ? &step_ : nullptr;
}

Result<bool> EventReader::next(Step& step, Sequence last) {
    for (;;) {
        TRY(const auto record, reader_.next_until(last));
        if (!record) return false;
        if (passes_by(*record)) continue;
        step.seq = record->sequence;
        step.hash = record->hash;
        TRYV(read(*record, step.event));
        return true;
    }
}

bool EventReader::passes_by(const journal::Record& record) const {
    static const std::uint16_t status = type_by_name("order_status").value();
    return !all_statuses_ && record.type == status && !links_names(record.payload);
}

Result<Event> EventReader::at(Sequence seq) {
    TRY(const auto record, reader_.at(seq));
    Event event;
    TRYV(read(record, event));
    return event;
}

Result<void> EventReader::for_each(Sequence first, Sequence last, const TypeSet& wanted,
                                   const std::function<bool(const Event&)>& visit) {
    TRYV(seek(first, wanted));
    for (;;) {
        TRY(const auto step, next());
        if (step == nullptr || (last.raw != 0 && step->seq > last)) return ok();
        if (!visit(step->event)) return ok();
    }
}

Result<void> EventReader::read(const journal::Record& record, Event& event) {
    Envelope envelope;
    envelope.seq = record.sequence;
    envelope.received = {record.received};
    envelope.type = record.type;
    envelope.mode = static_cast<Mode>(record.flags & journal::kModeMask);
    const std::uint64_t key = record.key;
    TRYV(decode_into(event, record.payload, envelope));
    return key == 0 ? ok() : name_market(event, key);
}

Result<void> EventReader::name_market(Event& event, std::uint64_t key) {
    if (event.seq.raw == key) {
        names_.try_emplace(key, MarketName{event.venue, event.market});
        return ok();
    }
    auto known = names_.find(key);
    if (known == names_.end()) {
        TRY(const Event first, at({key}));  // it names itself and is kept by that
        if (std::holds_alternative<Lost>(first.body)) return name_lost_market(event, key);
        if (first.market.empty()) {
            return Error{Errc::corrupt, "event " + std::to_string(event.seq.raw) +
                                            " is about the market first named at " +
                                            std::to_string(key) + ", but that event names none"};
        }
        known = names_.try_emplace(key, MarketName{first.venue, first.market}).first;
    }
    event.venue = known->second.venue;
    event.market = known->second.market;
    return ok();
}

/// Who named the market is lost with its name: what was said of it stays together under its number.
Result<void> EventReader::name_lost_market(Event& event, std::uint64_t key) {
    const MarketName name{"lost", "lost:" + std::to_string(key)};
    names_.try_emplace(key, name);
    event.venue = name.venue;
    event.market = name.market;
    return ok();
}

}  // namespace daybook
