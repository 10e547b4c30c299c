#include "src/intake.hpp"

#include "src/socket_intake.hpp"

namespace daybook {
namespace {

std::vector<Kind> kinds_of(const std::vector<Event>& events) {
    std::vector<Kind> kinds;
    for (const Event& event : events) kinds.push_back(kind_of(event));
    return kinds;
}

/// Into the journal itself, one input.
class JournalIntake : public Intake {
  public:
    JournalIntake(Recorder recorder, Time (*now)()) : recorder_{std::move(recorder)}, now_{now} {
        recorder_.begin_input();
    }
    Result<void> put(Frame frame, Teller& teller) override;
    Result<Sequence> commit(Teller& /*told at once*/) override { return recorder_.commit(); }
    [[nodiscard]] Sequence next() const override { return recorder_.next(); }
    [[nodiscard]] bool durable_when_told() const override { return false; }
    [[nodiscard]] std::string recovered() const override { return recorder_.recovered(); }
    Result<void> close() override { return recorder_.close(); }

  private:
    Recorder recorder_;
    Time (*now_)();
};

Result<void> JournalIntake::put(Frame frame, Teller& teller) {
    std::uint64_t number = frame.number;
    auto kinds = kinds_of(frame.events);
    auto answers = recorder_.record(std::move(frame.events), now_());
    if (!answers && answers.error().code == Errc::malformed) {
        auto instead = teller.instead(frame.line, answers.error().detail);
        if (instead.empty()) return answers.error();
        kinds = kinds_of(instead);
        number = 0;  // nothing refers to what could not be read
        answers = recorder_.record(std::move(instead), now_());
    }
    if (!answers) return answers.error();
    teller.recorded(kinds, number, answers.value());
    return ok();
}

}  // namespace

Kind kind_of(const Event& event) {
    const auto* body = std::get_if<Unparsed>(&event.body);
    if (body == nullptr) return Kind::understood;
    return body->last.value_or(true) ? Kind::unparsed : Kind::part;
}

Result<std::unique_ptr<Intake>> open_intake(const std::string& data_dir, Time (*now)()) {
    auto recorder = Recorder::open(data_dir, now());
    if (recorder)
        return std::unique_ptr<Intake>{
            std::make_unique<JournalIntake>(std::move(recorder).value(), now)};
    if (recorder.error().code != Errc::conflict) return recorder.error();
    auto link = RecorderLink::open(data_dir);
    if (!link) return recorder.error();  // which names who holds the journal
    return std::unique_ptr<Intake>{
        std::make_unique<SocketIntake>(std::move(link).value(), data_dir)};
}

}  // namespace daybook
