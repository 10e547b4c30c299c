#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace daybook {

/// What a shell is told that asks how a line may go on. The first line of it is `words`, `files` or
/// `folders` (whose names the shell knows itself); below stand the words that fit, each with a tab
/// and what it means. `words` are those behind the program's name, up to the cursor; the last one
/// is unfinished, and may be empty. All of it is read from `app`, so it cannot lag behind the help.
[[nodiscard]] std::string completions(const CLI::App& app, std::vector<std::string> words);

/// The words of a call `complete -- WORDS…`, which is how a shell asks; nothing for another call.
[[nodiscard]] std::optional<std::vector<std::string>> words_to_complete(int argc, char** argv);

}  // namespace daybook
