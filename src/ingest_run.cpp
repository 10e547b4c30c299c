#include "src/ingest_run.hpp"

#include <array>
#include <chrono>
#include <memory>
#include <thread>
#include <unordered_map>
#include <utility>

#include "schemas/invariant.hpp"
#include "src/ingest/contract.hpp"
#include "src/ingest/kalshi.hpp"
#include "src/ingest/lines.hpp"
#include "src/ingest/polymarket.hpp"

namespace daybook {
namespace {

constexpr std::uint64_t kEventsPerCommit = 4096;
constexpr std::size_t kPartBytes = std::size_t{1000} * 1024;  ///< raw of an event that fits a frame
constexpr std::size_t kGatheredBytesMax = std::size_t{64} << 20U;  ///< of a line over 1 MiB

/// Turns one whole line into a batch; one for each source.
using Read = std::function<ingest::Batch(std::string_view line)>;

Read reader_for(Source source, const ingest::Settings& settings) {
    switch (source) {
        case Source::contract:
            return [](std::string_view line) { return ingest::read_contract_line(line); };
        case Source::polymarket: {
            auto reader = std::make_shared<ingest::Polymarket>(settings);
            return [reader](std::string_view line) { return reader->read_line(line); };
        }
        case Source::kalshi: {
            auto reader = std::make_shared<ingest::Kalshi>(settings);
            return [reader](std::string_view line) {
                ingest::Input input;
                input.payload = line;
                return reader->read(input);
            };
        }
    }
    INVARIANT(false, "every source has a reader");
}

/// A raw text too long for one frame, in parts that fit, numbered from `number`.
ingest::Batch in_parts(std::string_view raw, const std::string& why, std::uint32_t number = 0) {
    ingest::Batch parts;
    do {
        Event part = ingest::unparsed(raw.substr(0, kPartBytes), why);
        raw.remove_prefix(std::min(raw.size(), kPartBytes));
        auto& body = std::get<Unparsed>(part.body);
        body.part = number++;
        body.last = raw.empty();
        parts.push_back(std::move(part));
    } while (!raw.empty());
    return parts;
}

class Run : public Teller {
  public:
    /// With `counts`, equal events are counted there instead of in this input.
    Run(Intake& intake, Source source, const ingest::Settings& settings,
        FollowCheckpoint* counts = nullptr)
        : intake_{intake},
          counts_{counts},
          read_{reader_for(source, settings)},
          contract_{source == Source::contract} {}

    Result<void> take(const ingest::Line& line) {
        if (line.last) ++tally_.lines;
        if (!line.whole()) return take_part(line);
        if (contract_ && tally_.lines == 1 && ingest::is_dump_header(line.text)) {
            dump_ = true;
            keep_numbers_ = intake_.next().raw == 1;
            return ok();
        }
        return record(read_(line.text), line.text);
    }
    Result<void> commit() {
        TRY(tally_.durable, intake_.commit(*this));
        staged_ = 0;
        waiting_ = false;
        safe_ = tally_;
        return ok();
    }
    [[nodiscard]] bool full() const { return staged_ >= kEventsPerCommit; }
    [[nodiscard]] bool waiting() const { return waiting_; }
    [[nodiscard]] const Tally& tally() const { return tally_; }
    /// What is durable and acknowledged of it.
    [[nodiscard]] const Tally& safe() const { return intake_.durable_when_told() ? tally_ : safe_; }

  private:
    /// A line over 1 MiB is gathered, because a credential may lie across its parts. One over the
    /// bound is cut behind a comma, so that a name and its value stay together.
    Result<void> take_part(const ingest::Line& line) {
        gathered_ += line.text;
        if (!line.last && gathered_.size() < kGatheredBytesMax) return ok();
        if (line.last && dump_ && long_part_ == 0) {  // a raw text of 1 MiB, and its escapes
            const std::string whole = std::exchange(gathered_, {});
            return record(read_(whole), whole);
        }
        const std::size_t comma = line.last ? std::string::npos : gathered_.rfind(',');
        const std::size_t cut = comma == std::string::npos ? gathered_.size() : comma + 1;
        const std::string clean =
            ingest::without_credentials(std::string_view{gathered_}.substr(0, cut));
        gathered_.erase(0, cut);
        ingest::Batch parts = in_parts(clean, "line is longer than 1 MiB", long_part_);
        if (!line.last) std::get<Unparsed>(parts.back().body).last = false;
        long_part_ = line.last ? 0 : long_part_ + static_cast<std::uint32_t>(parts.size());
        for (Event& part : parts) {
            ingest::Batch batch;
            batch.push_back(std::move(part));
            TRYV(put(std::move(batch)));
        }
        return ok();
    }

    /// `batch` as it is; what the intake refuses to take is kept unparsed instead.
    Result<void> record(ingest::Batch batch, std::string_view line) {
        if (batch.empty()) return ok();
        if (dump_) {
            TRY(const std::string why, why_unfit_for_dump(batch.front()));
            if (!why.empty()) return put(in_parts(ingest::without_credentials(line), why));
        }
        const bool numbered = dump_ && !keep_numbers_;
        const std::uint64_t number = numbered ? batch.front().seq.raw : 0;
        return hand_over({std::move(batch), std::string{line}, number});
    }

    /// References of a dump are to its own numbers: kept in an empty journal, translated elsewhere.
    Result<std::string> why_unfit_for_dump(Event& event) {
        if (keep_numbers_) {
            const bool fits = event.seq.raw == 0 || event.seq == intake_.next();
            if (fits) return std::string{};
            return "the dump says seq " + std::to_string(event.seq.raw) + ", the journal is at " +
                   std::to_string(intake_.next().raw);
        }
        if (!event.cause) return std::string{};
        if (numbers_.count(*event.cause) == 0) {
            TRYV(commit());  // then all before it are told
        }
        const auto known = numbers_.find(*event.cause);
        if (known == numbers_.end())
            return "'cause' is " + std::to_string(*event.cause) + ", which is not in this dump";
        event.cause = known->second;
        return std::string{};
    }

    Result<void> put(ingest::Batch batch) { return hand_over({std::move(batch), {}, 0}); }

    Result<void> hand_over(Frame frame) {
        waiting_ = true;
        frame.counted = counts_ != nullptr;
        if (frame.counted) {
            for (Event& event : frame.events) counts_->count(event);
        }
        return intake_.put(std::move(frame), *this);
    }

    void recorded(const std::vector<Kind>& kinds, std::uint64_t number,
                  const std::vector<Recorded>& answers) override {
        if (number != 0) numbers_[number] = answers.front().seq.raw;
        for (std::size_t i = 0; i < answers.size(); ++i) count(answers[i], kinds[i]);
    }
    std::vector<Event> instead(const std::string& line, const std::string& why) override {
        auto parts = in_parts(ingest::without_credentials(line), why);
        if (counts_ != nullptr) {
            for (Event& part : parts) counts_->count(part);
        }
        return parts;
    }

    void count(const Recorded& answer, Kind kind) {
        if (!answer.duplicate) ++staged_;
        if (kind == Kind::part) return;
        if (answer.duplicate) {
            ++tally_.duplicate;
        } else if (kind == Kind::unparsed) {
            ++tally_.unparsed;
        } else if (answer.conflicting) {
            ++tally_.conflicting;
        } else {
            ++tally_.accepted;
        }
    }

    Intake& intake_;
    FollowCheckpoint* counts_;
    Read read_;
    bool contract_;
    bool dump_{}, keep_numbers_{};
    std::unordered_map<std::uint64_t, std::uint64_t> numbers_;  ///< of a dump -> of this journal
    std::string gathered_;                                      ///< of a line over 1 MiB
    std::uint32_t long_part_{};
    std::uint64_t staged_{};
    bool waiting_{};
    Tally tally_, safe_;
};

/// What stopped it, and how far everything is safe.
Error unfinished(const Error& error, const Tally& tally) {
    const std::uint64_t told =
        tally.accepted + tally.duplicate + tally.conflicting + tally.unparsed;
    const std::string safe =
        "; until then " + std::to_string(told) + " events were acknowledged (accepted " +
        std::to_string(tally.accepted) + ", duplicate " + std::to_string(tally.duplicate) +
        ", conflicting " + std::to_string(tally.conflicting) + ", unparsed " +
        std::to_string(tally.unparsed) + "), those behind them may be recorded or not";
    const std::string first = error.remedy.empty() ? "" : error.remedy + "; then ";
    return {error.code, error.detail + safe,
            first + "run it again with the whole input: what is recorded is not doubled"};
}

Result<void> read_all(Run& run, InputFile& input, const IngestHooks& hooks) {
    ingest::Lines lines;
    ingest::Line line;
    std::array<char, 64 * 1024> buffer{};
    std::uint64_t bytes = 0;
    for (bool more = true; more && !hooks.stop();) {
        if (run.waiting() && !input.ready()) {
            TRYV(run.commit());
        }
        TRY(const std::size_t count, input.read(buffer));
        more = count > 0;
        if (more) lines.push({buffer.data(), count});
        if (!more && !hooks.stop()) lines.finish();
        while (lines.next(line)) {
            TRYV(run.take(line));
            if (run.full()) {
                TRYV(run.commit());
            }
        }
        bytes += count;
        hooks.progress(bytes);
    }
    return run.commit();
}

}  // namespace

Result<Tally> record_input(Intake& intake, InputFile& input, Source source,
                           const ingest::Settings& settings, const IngestHooks& hooks) {
    Run run{intake, source, settings};
    const auto read = read_all(run, input, hooks);
    if (!read) return unfinished(read.error(), run.safe());
    return run.tally();
}

Result<Tally> follow_file(Intake& intake, FollowedFile& file, FollowCheckpoint& checkpoint,
                          Source source, const ingest::Settings& settings,
                          const IngestHooks& hooks) {
    constexpr auto kGlance = std::chrono::milliseconds{50};
    Run run{intake, source, settings, &checkpoint};
    ingest::Lines lines;
    ingest::Line line;
    while (!hooks.stop()) {
        TRY(const std::string bytes, file.read());
        lines.push(bytes);
        while (lines.next(line)) {
            TRYV(run.take(line));
        }
        if (run.waiting()) {
            TRYV(run.commit());
        }
        TRYV(checkpoint.keep(file.place()));
        if (bytes.empty()) std::this_thread::sleep_for(kGlance);
    }
    return run.tally();
}

}  // namespace daybook
