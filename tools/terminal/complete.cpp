#include "tools/terminal/complete.hpp"

#include <CLI/CLI.hpp>
#include <set>

namespace daybook {
namespace {

bool takes_value(const CLI::Option& option) { return option.get_items_expected_max() > 0; }
bool is_shown(const CLI::Option& option) { return !option.get_group().empty(); }

std::vector<const CLI::App*> verbs_of(const CLI::App& app) {
    return app.get_subcommands([](const CLI::App* verb) { return !verb->get_group().empty(); });
}

/// The option `word` of a verb, or of the program it belongs to.
const CLI::Option* option_named(const CLI::App* app, const std::string& word) {
    for (; app != nullptr; app = app->get_parent()) {
        if (const CLI::Option* const option = app->get_option_no_throw(word)) return option;
    }
    return nullptr;
}

/// bash makes three words of --mode=live; what stands behind the sign is the option's value.
void drop_equal_signs(std::vector<std::string>& words) {
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (words[i] != "=" || !words[i - 1].starts_with("--")) continue;
        if (i + 1 == words.size()) {
            words[i].clear();
        } else {
            words.erase(words.begin() + static_cast<std::ptrdiff_t>(i));
        }
    }
}

/// Where the words before the cursor lead to.
struct Cursor {
    const CLI::App* app;
    const CLI::Option* awaiting{};  ///< the option whose value comes next
    std::size_t given{};            ///< values without a name so far

    void pass(const std::string& word) {
        if (awaiting != nullptr) {
            awaiting = nullptr;
        } else if (word.starts_with('-')) {
            const CLI::Option* const option = option_named(app, word);
            if (option != nullptr && takes_value(*option)) awaiting = option;
        } else if (!descend(word)) {
            ++given;
        }
    }
    bool descend(const std::string& word) {
        for (const CLI::App* const verb : verbs_of(*app)) {
            if (verb->get_name() != word) continue;
            app = verb;
            return true;
        }
        return false;
    }
    /// The value without a name that comes next; the last one takes all that follow.
    [[nodiscard]] const CLI::Option* next_value() const {
        const auto values =
            app->get_options([](const CLI::Option* each) { return each->get_positional(); });
        if (given < values.size()) return values[given];
        const bool goes_on = !values.empty() && values.back()->get_items_expected_max() > 1;
        return goes_on ? values.back() : nullptr;
    }
};

/// What is told, word by word.
class Told {
  public:
    explicit Told(std::string unfinished) : unfinished_{std::move(unfinished)} {}

    void add(const std::string& word, const std::string& meaning) {
        if (!word.starts_with(unfinished_) || !told_.insert(word).second) return;
        text_ += word + '\t' + meaning + '\n';
    }
    void add_options(const CLI::App& app) {
        for (const CLI::Option* const option : app.get_options()) {
            if (!is_shown(*option)) continue;
            for (const std::string& name : option->get_snames())
                add('-' + name, option->get_description());
            for (const std::string& name : option->get_lnames())
                add("--" + name, option->get_description());
        }
    }
    /// The values `option` may have, where they can be listed; `before` stands in front of each.
    void add_values(const CLI::Option& option, const std::string& before) {
        const std::string type = option.get_type_name();  // as in TEXT:{live,dry_run}
        if (type.starts_with("FILE")) kind_ = "files";
        if (type.starts_with("DIR")) kind_ = "folders";
        const std::size_t begin = type.find(":{");
        if (begin == std::string::npos || !type.ends_with('}')) return;
        for (const std::string& value :
             CLI::detail::split(type.substr(begin + 2, type.size() - begin - 3), ','))
            add(before + value, "");
    }
    [[nodiscard]] std::string text() const { return kind_ + '\n' + text_; }

  private:
    std::string unfinished_, kind_{"words"}, text_;
    std::set<std::string> told_;  ///< each verb has a --help of its own
};

void add_all_options(Told& told, const CLI::App* app) {
    for (; app != nullptr; app = app->get_parent()) told.add_options(*app);
}

}  // namespace

std::string completions(const CLI::App& app, std::vector<std::string> words) {
    drop_equal_signs(words);
    const std::string unfinished = words.empty() ? "" : words.back();
    if (!words.empty()) words.pop_back();
    Cursor cursor{&app};
    for (const std::string& word : words) cursor.pass(word);
    Told told{unfinished};
    const std::size_t sign = unfinished.find('=');
    if (cursor.awaiting != nullptr) {
        told.add_values(*cursor.awaiting, "");
    } else if (unfinished.starts_with("--") && sign != std::string::npos) {
        const CLI::Option* const option = option_named(cursor.app, unfinished.substr(0, sign));
        if (option != nullptr) told.add_values(*option, unfinished.substr(0, sign + 1));
    } else if (unfinished.starts_with('-')) {
        add_all_options(told, cursor.app);
    } else if (const auto verbs = verbs_of(*cursor.app); !verbs.empty()) {
        for (const CLI::App* const verb : verbs)
            told.add(verb->get_name(), verb->get_description());
    } else if (const CLI::Option* const value = cursor.next_value()) {
        told.add_values(*value, "");
    } else {
        add_all_options(told, cursor.app);
    }
    return told.text();
}

std::optional<std::vector<std::string>> words_to_complete(int argc, char** argv) {
    const std::vector<std::string> words{argv + 1, argv + argc};
    const std::size_t at = !words.empty() && words[0].starts_with("--run-by=") ? 1 : 0;
    if (words.size() < at + 2 || words[at] != "complete" || words[at + 1] != "--")
        return std::nullopt;
    return std::vector(words.begin() + static_cast<std::ptrdiff_t>(at) + 2, words.end());
}

}  // namespace daybook
