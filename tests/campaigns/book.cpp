#include "campaigns/book.hpp"

#include <algorithm>

namespace daybook::campaigns {
namespace {

constexpr std::uint64_t kKeys = 5;

/// A batch as a writer takes it, and the bytes it points to.
struct Batch {
    std::vector<std::string> payloads;
    std::vector<journal::Entry> entries;
};

journal::Entry entry_of(std::uint64_t sequence, const std::string& payload) {
    return {.received = static_cast<std::int64_t>(1000 + sequence * 7 % 1024),
            .key = sequence % kKeys,
            .type = static_cast<std::uint16_t>(1 + sequence % 4),
            .flags = 1,
            .payload = std::as_bytes(std::span{payload})};
}

Batch make_batch(std::uint64_t life, std::uint64_t first, std::uint64_t count) {
    Batch batch;
    for (std::uint64_t i = 0; i < count; ++i) batch.payloads.push_back(payload_of(life, first + i));
    for (std::uint64_t i = 0; i < count; ++i) {
        batch.entries.push_back(entry_of(first + i, batch.payloads[i]));
    }
    return batch;
}

std::string in_words(std::uint64_t number) { return std::to_string(number); }

}  // namespace

std::string payload_of(std::uint64_t life, std::uint64_t sequence) {
    Dice dice(life, sequence);
    std::string text = "life " + in_words(life) + " event " + in_words(sequence) + " ";
    const std::uint64_t most = dice.chance(4) ? 5000 : 300;
    const std::uint64_t length = text.size() + dice.below(most);
    while (text.size() < length) text += static_cast<char>('a' + dice.below(26));
    return text;
}

void Book::enter(std::uint64_t count) {
    for (std::uint64_t i = 1; i <= count; ++i) events_.push_back({life_, i == count});
}

Result<void> Book::check_next(const journal::Writer& writer) const {
    if (writer.next().raw == appended() + 1) return ok();
    return Error{Errc::corrupt, "the writer goes on at " + in_words(writer.next().raw) +
                                    ", the book at " + in_words(appended() + 1)};
}

Result<std::uint64_t> Book::append(journal::Writer& writer, std::uint64_t count) {
    const std::uint64_t first = appended() + 1;
    TRYV(check_next(writer));
    const Batch batch = make_batch(life_, first, count);
    enter(count);
    TRY(const Sequence given, writer.append(batch.entries));
    if (given.raw == first) return appended();
    return Error{Errc::corrupt, "event " + in_words(first) + " was given " + in_words(given.raw)};
}

Result<void> Book::append_and_wait(journal::Writer& writer, std::uint64_t count) {
    const std::uint64_t first = appended() + 1;
    TRYV(check_next(writer));
    const Batch batch = make_batch(life_, first, count);
    enter(count);
    const std::uint64_t last = appended();
    TRYV(writer.append(batch.entries, [this, first, last](const Result<Sequence>& durable) {
        if (durable) acknowledge(last);
        if (durable && durable.value().raw != first) misled_ = true;
    }));
    return ok();
}

Result<void> Book::commit(journal::Writer& writer) {
    TRY(const Sequence durable, writer.commit());
    acknowledge(durable.raw);
    return ok();
}

Finding Book::judge(const journal::Record& record, std::uint64_t place) const {
    if (record.sequence.raw != place) {
        return "sequence " + in_words(record.sequence.raw) + " stands where " + in_words(place) +
               " should";
    }
    if (place > events_.size()) return "event " + in_words(place) + " was never appended";
    const std::string payload = payload_of(events_[place - 1].life, place);
    const journal::Entry wanted = entry_of(place, payload);
    const bool same = std::ranges::equal(record.payload, wanted.payload) &&
                      record.received == wanted.received && record.key == wanted.key &&
                      record.type == wanted.type;
    if (same) return std::nullopt;
    return "event " + in_words(place) + " is not what was appended";
}

Finding Book::judge_end(std::uint64_t found) const {
    if (misled_) return "who waited for one batch was told of another";
    if (found < acknowledged_) {
        return "acknowledged up to " + in_words(acknowledged_) + ", found up to " + in_words(found);
    }
    if (found != 0 && !events_[found - 1].ends_batch) {
        return "the journal ends inside a batch, at " + in_words(found);
    }
    return std::nullopt;
}

Finding Book::compare(journal::Reader& reader) const {
    if (const auto sought = reader.seek({1}); !sought) return sought.error().detail;
    std::uint64_t found = 0;
    for (;;) {
        const auto record = reader.next();
        if (!record)
            return "reading stops behind " + in_words(found) + ": " + record.error().detail;
        if (!record.value()) break;
        if (auto finding = judge(*record.value(), ++found)) return finding;
    }
    if (found != reader.head().durable.raw) {
        return "HEAD says " + in_words(reader.head().durable.raw) + ", found " + in_words(found);
    }
    return judge_end(found);
}

Finding Book::restart(journal::Reader& reader) {
    if (auto finding = compare(reader)) return finding;
    events_.resize(reader.head().durable.raw);
    acknowledged_ = events_.size();
    ++life_;
    return std::nullopt;
}

}  // namespace daybook::campaigns
