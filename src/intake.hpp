#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "src/recorder.hpp"

namespace daybook {

/// What the events of one line are to the journal: one batch, all of it or nothing.
struct Frame {
    std::vector<Event> events;
    std::string line;        ///< as it came
    std::uint64_t number{};  ///< of the event in the dump it comes from; 0 elsewhere
    bool counted{};          ///< the occurrences of its events stand
};

/// How an event is counted in a tally.
enum class Kind : std::uint8_t {
    understood,
    unparsed,  ///< counted once, with its last part
    part,
};
[[nodiscard]] Kind kind_of(const Event& event);

/// Who is told what became of frames, in the order in which they were put.
class Teller {
  public:
    virtual ~Teller() = default;
    virtual void recorded(const std::vector<Kind>& kinds, std::uint64_t number,
                          const std::vector<Recorded>& answers) = 0;
    /// What is kept instead of a frame that came as `line` and cannot be taken; empty: nothing,
    /// then the refusal is an error.
    [[nodiscard]] virtual std::vector<Event> instead(const std::string& line,
                                                     const std::string& why) = 0;
};

/// Where frames go: into the journal, or to the recorder that holds it.
class Intake {
  public:
    virtual ~Intake() = default;
    /// Takes a frame; `teller` hears of it at the next commit() at the latest. Only what stops
    /// everything is an error.
    [[nodiscard]] virtual Result<void> put(Frame frame, Teller& teller) = 0;
    /// All that was put is durable and told; gives the durable sequence.
    [[nodiscard]] virtual Result<Sequence> commit(Teller& teller) = 0;
    /// The sequence the next new event gets, if nobody else records meanwhile.
    [[nodiscard]] virtual Sequence next() const = 0;
    /// Whether what is told of is durable, before a commit() too.
    [[nodiscard]] virtual bool durable_when_told() const = 0;
    /// What the journal set aside when it was opened, in words; empty when nothing.
    [[nodiscard]] virtual std::string recovered() const = 0;
    /// After a commit(): frees the locks; the object is of no use after it.
    [[nodiscard]] virtual Result<void> close() = 0;
};

/// The journal of `data_dir`, or the recorder that holds it when that can be reached over its
/// socket. Fails as Recorder::open.
[[nodiscard]] Result<std::unique_ptr<Intake>> open_intake(const std::string& data_dir,
                                                          Time (*now)());

}  // namespace daybook
