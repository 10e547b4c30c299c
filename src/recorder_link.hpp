#pragma once

#include <string>
#include <string_view>

#include "schemas/json.hpp"
#include "schemas/result.hpp"

namespace daybook {

/// A line to the recorder that holds a data directory: its Unix socket, a batch out, an answer in.
class RecorderLink {
  public:
    /// Fails with not_found when nobody listens there, with usage when the path fits no socket.
    [[nodiscard]] static Result<RecorderLink> open(const std::string& data_dir);
    RecorderLink(RecorderLink&& other) noexcept;
    RecorderLink& operator=(RecorderLink&&) = delete;
    ~RecorderLink();

    /// Sends `line` (without a line end) and waits for its answer, whatever it says; an interrupt
    /// waits with it. Fails with disk when the recorder went away or says nothing for long: what
    /// `line` holds may be recorded then, or not.
    [[nodiscard]] Result<Json> ask(std::string_view line);

  private:
    explicit RecorderLink(int fd) : fd_{fd} {}
    [[nodiscard]] Result<void> send(std::string_view text);
    [[nodiscard]] Result<std::string> receive();

    int fd_;
    std::string received_;  ///< behind the answer at hand
};

}  // namespace daybook
