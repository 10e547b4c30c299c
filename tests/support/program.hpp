#pragma once

#include <sys/types.h>

#include <chrono>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "schemas/json.hpp"

namespace daybook::test {

using Words = std::vector<std::string>;

/// How a program ended, and what it said.
struct Ran {
    int exit{};  ///< 128 + signal when one ended it
    std::string out, err;
    long peak_kib{};  ///< most memory it held at once, looked at 50 times a second
    std::chrono::duration<double> took{};
};

/// A program at work: its input stays open until close_input(). What it says is collected by the
/// waiting calls. One that still runs at the end is killed.
class Running {
  public:
    explicit Running(const Words& words);
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Hands `text` to its input, as far as it reads it.
    void write(std::string_view text);
    void close_input();
    void signal(int number) const;
    /// Waits until its output has `count` lines, ten seconds at most.
    [[nodiscard]] std::vector<std::string> lines(std::size_t count);
    /// Waits for its end.
    [[nodiscard]] Ran wait();

  private:
    void read_some(bool input_waits);
    void look_at_memory();

    pid_t pid_{-1};
    int in_{-1}, out_{-1}, err_{-1};
    std::chrono::steady_clock::time_point began_{std::chrono::steady_clock::now()}, looked_{};
    Ran ran_{};
};

/// Path of `daybook` or `daybookd` as they were built with this test, or of those in the folder
/// that the environment's DAYBOOK_PROGRAMS names.
[[nodiscard]] std::string program(const std::string& name);

/// Runs a program without a shell; `input` is its standard input.
[[nodiscard]] Ran run(const Words& words, std::string_view input = {});

/// A folder of its own that goes away with it.
class TemporaryFolder {
  public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  private:
    std::filesystem::path path_;
};

/// A data directory with an empty journal, asked and fed through the two programs.
class DataDirectory {
  public:
    DataDirectory();

    [[nodiscard]] std::string path() const { return (folder_.path() / "data").string(); }
    /// `daybook --data PATH words…`
    [[nodiscard]] Words command(const Words& words) const;
    [[nodiscard]] Ran run(const Words& words, std::string_view input = {}) const;
    /// What `ingest --json -` tells of `lines`. Fails the test when it does not exit with `exit`.
    Json ingest(std::string_view lines, const Words& options = {}, int exit = 0) const;
    /// The JSON of `daybook words… --json`. Fails the test unless it exits with 0.
    [[nodiscard]] Json ask(const Words& words) const;
    /// The objects of a stream (`query events`, `tail`), in order.
    [[nodiscard]] std::vector<Json> stream(const Words& words) const;
    /// Digest of every projection, brought up to the head.
    [[nodiscard]] std::map<std::string, std::string> digests() const;
    /// SHA-256 of every file below journal/, by name.
    [[nodiscard]] std::map<std::string, std::string> journal_files() const;

  private:
    TemporaryFolder folder_;
};

[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// The names of all projections, as `projections list` has them.
[[nodiscard]] const Words& projection_names();

/// Members of an answer; a test that asks for what is not there fails. Of an answer that goes away
/// they are copies.
[[nodiscard]] const Json& member(const Json& object, std::string_view name);
[[nodiscard]] Json member(Json&& object, std::string_view name);
[[nodiscard]] const std::vector<Json>& rows(const Json& answer, std::string_view name);
[[nodiscard]] std::vector<Json> rows(Json&& answer, std::string_view name);
/// The row whose member `name` says `value`.
[[nodiscard]] const Json& row(const std::vector<Json>& rows, std::string_view name,
                              std::string_view value);
[[nodiscard]] Json row(std::vector<Json>&& rows, std::string_view name, std::string_view value);
/// An outcome of a row of `query positions`.
[[nodiscard]] const Json& outcome(const Json& position, std::string_view name);
[[nodiscard]] Json outcome(Json&& position, std::string_view name);

/// A decimal in the shortest form, as answers have it: "5.00" is "5".
[[nodiscard]] std::string shortest(std::string_view decimal);

}  // namespace daybook::test
