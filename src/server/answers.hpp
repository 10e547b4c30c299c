#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace daybook::server {

/// What the reading program said.
struct Answer {
    int exit{-1};  ///< its exit code (contract §2); -1: it ended without an answer, -2: too late
    std::string text;  ///< standard output
};

/// Asks `daybook`, which lies beside this program, in processes of its own that are kept for the
/// next question: whatever a question does to the program that answers it, recording goes on, and
/// the program that records needs no code that answers. For one thread.
class Answers {
  public:
    /// At most `processes` at once; more questions wait, 256 at most.
    Answers(boost::asio::any_io_executor executor, std::string program, std::string data_dir,
            std::size_t processes, std::chrono::seconds patience);
    ~Answers();
    Answers(const Answers&) = delete;
    Answers& operator=(const Answers&) = delete;

    /// The words of a call behind `daybook --data DIR`. `done` is called once; false: too many
    /// wait.
    [[nodiscard]] bool ask(std::vector<std::string> words, std::function<void(Answer)> done);
    /// Ends the processes; who waits gets no answer.
    void stop();

  private:
    struct State;
    std::shared_ptr<State> state_;
};

/// The path of the program `daybook` beside this one.
[[nodiscard]] std::string reading_program();

}  // namespace daybook::server
