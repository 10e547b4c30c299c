#include "src/socket_intake.hpp"

#include <algorithm>
#include <chrono>
#include <thread>

#include "projections/event_reader.hpp"
#include "schemas/event_json.hpp"
#include "schemas/whole_number.hpp"

namespace daybook {
namespace {

constexpr std::size_t kBatchBytes = std::size_t{256} << 10U;  ///< what the recorder reads in a ms
constexpr std::size_t kBatchEvents = 1024;
constexpr int kAttempts = 600;  ///< while too much waits there; a minute in all
constexpr auto kPause = std::chrono::milliseconds{100};

Result<std::uint64_t> number_of(const Json& object, std::string_view name) {
    if (const auto number = whole_number(object.text_of(name))) return *number;
    return Error{Errc::disk, "the recorder's answer has no number '" + std::string{name} + "'"};
}

bool truth_of(const Json& object, std::string_view name) {
    const Json* const found = object.find(name);
    return found != nullptr && found->truth;
}

Result<std::vector<Recorded>> recorded_of(const Json& answer, std::size_t count) {
    if (answer.items.size() != count)
        return Error{Errc::disk, "the recorder answered for " +
                                     std::to_string(answer.items.size()) + " events of " +
                                     std::to_string(count)};
    std::vector<Recorded> events;
    for (const Json& each : answer.items) {
        TRY(const std::uint64_t seq, number_of(each, "seq"));
        events.push_back({{seq},
                          truth_of(each, "duplicate"),
                          truth_of(each, "conflicting"),
                          truth_of(each, "unparsed")});
    }
    return events;
}

}  // namespace

SocketIntake::Waiting SocketIntake::waiting_of(Frame frame) {
    Waiting waiting;
    for (const Event& event : frame.events) {
        const Identity identity = identity_of(event);
        const bool counts = !identity.natural && !frame.counted;
        waiting.contents.push_back(counts ? std::optional{identity.content} : std::nullopt);
        waiting.occurrences.push_back(frame.counted ? event.occurrence : 0);
        waiting.kinds.push_back(kind_of(event));
        waiting.events.push_back(to_json(event));
    }
    waiting.line = std::move(frame.line);
    waiting.number = frame.number;
    waiting.counted = frame.counted;
    return waiting;
}

Result<void> SocketIntake::put(Frame frame, Teller& teller) {
    waiting_.push_back(waiting_of(std::move(frame)));
    for (const std::string& event : waiting_.back().events) bytes_ += event.size();
    events_ += waiting_.back().events.size();
    return bytes_ >= kBatchBytes || events_ >= kBatchEvents ? send_all(teller) : ok();
}

Result<Sequence> SocketIntake::commit(Teller& teller) {
    TRYV(send_all(teller));
    TRY(auto reader, EventReader::open(data_dir_));
    return std::max(last_, reader.journal().head().durable);
}

std::string SocketIntake::batch_of(const Waiting* frames, std::size_t count) {
    std::string occurrences, events;
    for (const Waiting* frame = frames; frame != frames + count; ++frame) {
        for (std::size_t i = 0; i < frame->events.size(); ++i) {
            const auto& content = frame->contents[i];
            const std::string comma = events.empty() ? "" : ",";
            occurrences +=
                comma + std::to_string(content ? seen_[*content]++ : frame->occurrences[i]);
            events += comma + frame->events[i];
        }
    }
    return R"({"occurrences":[)" + occurrences + R"(],"events":[)" + events + "]}";
}

void SocketIntake::uncount(const Waiting* frames, std::size_t count) {
    for (const Waiting* frame = frames; frame != frames + count; ++frame) {
        for (const auto& content : frame->contents) {
            if (content) --seen_[*content];
        }
    }
}

Result<SocketIntake::Answers> SocketIntake::send(const Waiting* frames, std::size_t count) {
    const std::string batch = batch_of(frames, count);
    std::size_t events = 0;
    for (std::size_t i = 0; i < count; ++i) events += frames[i].events.size();
    for (int attempt = 1;; ++attempt) {
        TRY(const Json answer, link_.ask(batch));
        if (answer.is(Json::Kind::array)) {
            TRY(auto recorded, recorded_of(answer, events));
            for (const Recorded& each : recorded) last_ = std::max(last_, each.seq);
            return Answers{std::move(recorded)};
        }
        TRY(const std::uint64_t status, number_of(answer, "status"));
        why_ = answer.text_of("detail");
        if (status == 503 && attempt < kAttempts) {
            std::this_thread::sleep_for(kPause);
            continue;
        }
        uncount(frames, count);
        if (status == 400 || status == 413) return Answers{};
        return Error{Errc::disk, "the recorder refuses: " + why_,
                     std::string{answer.text_of("try")}};
    }
}

Result<void> SocketIntake::send_all(Teller& teller) {
    const auto frames = std::exchange(waiting_, {});
    bytes_ = events_ = 0;
    if (frames.empty()) return ok();
    TRY(const Answers answers, send(frames.data(), frames.size()));
    if (!answers) {  // all or none: which of them it was shows when each is sent alone
        for (const Waiting& frame : frames) {
            TRYV(send_alone(frame, teller));
        }
        return ok();
    }
    auto next = answers->begin();
    for (const Waiting& frame : frames) {
        const auto end = next + static_cast<std::ptrdiff_t>(frame.kinds.size());
        teller.recorded(frame.kinds, frame.number, {next, end});
        next = end;
    }
    return ok();
}

Result<void> SocketIntake::send_alone(const Waiting& frame, Teller& teller) {
    TRY(Answers answers, send(&frame, 1));
    if (answers) {
        teller.recorded(frame.kinds, frame.number, *answers);
        return ok();
    }
    auto events = teller.instead(frame.line, why_);
    if (events.empty()) return Error{Errc::malformed, why_};
    const Waiting instead = waiting_of({std::move(events), {}, 0, frame.counted});
    TRY(answers, send(&instead, 1));
    if (!answers) return Error{Errc::disk, "the recorder refuses: " + why_};
    teller.recorded(instead.kinds, instead.number, *answers);
    return ok();
}

}  // namespace daybook
