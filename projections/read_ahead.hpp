#pragma once

#include <array>
#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "projections/event_reader.hpp"

namespace daybook {

/// The events of a journal in order, read in stretches by two threads: one of its own, and that of
/// the caller whenever the stretch it needs next is not there yet. So a long fold and the reading
/// of its events share two cores, whichever of them is dearer. A short way is read by the caller
/// alone.
class ReadAhead {
  public:
    static constexpr std::uint64_t kStretch = 4096;  ///< events of the journal
    /// Events of the types `wanted` from `first` to `last`. `reader` outlives this and is not used
    /// by others meanwhile.
    [[nodiscard]] static Result<std::unique_ptr<ReadAhead>> begin(EventReader& reader,
                                                                  Sequence first, Sequence last,
                                                                  const TypeSet& wanted,
                                                                  Check check,
                                                                  std::uint64_t stretch = kStretch);
    ~ReadAhead();
    ReadAhead(const ReadAhead&) = delete;
    ReadAhead& operator=(const ReadAhead&) = delete;

    /// Null behind the last one. The step is good until the next call. Fails where the reading of
    /// the next event does, and throws what it throws.
    [[nodiscard]] Result<const Step*> next();

  private:
    struct Stretch {
        std::vector<Step> steps;  ///< kept for their memory; `count` of them are read
        std::size_t count{};
        std::optional<Error> failed;  ///< behind them
        std::exception_ptr thrown;
        bool ready{};
    };
    static constexpr std::size_t kAhead = 8;

    ReadAhead(EventReader& reader, Sequence first, Sequence last, std::uint64_t stretch);
    [[nodiscard]] Stretch& at(std::uint64_t index) { return stretches_[index % kAhead]; }
    [[nodiscard]] std::uint64_t stretches() const;
    [[nodiscard]] bool may_read() const;
    void read_one(EventReader& reader, std::unique_lock<std::mutex>& lock);
    void fill(EventReader& reader, std::uint64_t index);
    void read_beside();
    void bring();

    EventReader& reader_;
    std::optional<EventReader> beside_;
    Sequence first_, last_;
    std::uint64_t length_;  ///< of a stretch
    std::array<Stretch, kAhead> stretches_;
    std::size_t step_{};  ///< of the stretch that is being taken
    std::mutex mutex_;
    std::condition_variable changed_;
    std::uint64_t taken_{};  ///< stretches done with
    std::uint64_t begun_{};  ///< stretches that somebody reads or has read
    bool stop_{};
    std::thread thread_;
};

}  // namespace daybook
