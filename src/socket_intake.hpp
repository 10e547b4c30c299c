#pragma once

#include <map>
#include <optional>

#include "projections/fold/identity.hpp"
#include "src/intake.hpp"
#include "src/recorder_link.hpp"

namespace daybook {

/// To the recorder that holds the journal, over its socket: frames are gathered, sent in batches of
/// a bounded size and told of when they are durable. Equal events without a key are counted here,
/// because they are of one input and the recorder sees its batches only.
class SocketIntake : public Intake {
  public:
    SocketIntake(RecorderLink link, std::string data_dir)
        : link_{std::move(link)}, data_dir_{std::move(data_dir)} {}
    Result<void> put(Frame frame, Teller& teller) override;
    /// Fails with disk when the recorder went away, and with what it says for a refusal.
    Result<Sequence> commit(Teller& teller) override;
    /// Past 1: a recorder has recorded its start.
    [[nodiscard]] Sequence next() const override { return {last_.raw + 2}; }
    [[nodiscard]] bool durable_when_told() const override { return true; }
    [[nodiscard]] std::string recovered() const override { return {}; }
    Result<void> close() override { return ok(); }

  private:
    struct Waiting {
        std::vector<std::string> events;               ///< as JSON
        std::vector<std::optional<Hash128>> contents;  ///< of those without a key of their own
        std::vector<std::uint32_t> occurrences;        ///< of those counted by the sender
        std::vector<Kind> kinds;
        std::string line;
        std::uint64_t number{};
        bool counted{};
    };
    /// What the recorder said to a batch; nothing where it refuses the batch itself, then `why_`.
    using Answers = std::optional<std::vector<Recorded>>;

    [[nodiscard]] static Waiting waiting_of(Frame frame);
    [[nodiscard]] std::string batch_of(const Waiting* frames, std::size_t count);
    void uncount(const Waiting* frames, std::size_t count);
    [[nodiscard]] Result<Answers> send(const Waiting* frames, std::size_t count);
    [[nodiscard]] Result<void> send_all(Teller& teller);
    [[nodiscard]] Result<void> send_alone(const Waiting& frame, Teller& teller);

    RecorderLink link_;
    std::string data_dir_;
    std::vector<Waiting> waiting_;
    std::size_t bytes_{}, events_{};
    std::map<Hash128, std::uint32_t> seen_;  ///< content -> how often in this input
    std::string why_;
    Sequence last_{};
};

}  // namespace daybook
