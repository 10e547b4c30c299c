#include "tools/terminal/failure.hpp"

#include <cstdio>
#include <cstdlib>

#include "schemas/json.hpp"
#include "tools/terminal/display_text.hpp"

namespace daybook {
namespace {

std::string_view name_of(Errc code) {
    switch (code) {
        case Errc::malformed:
            return "malformed";
        case Errc::corrupt:
            return "corrupt";
        case Errc::disk:
            return "disk";
        case Errc::not_found:
            return "not_found";
        case Errc::overflow:
            return "overflow";
        case Errc::conflict:
            return "conflict";
        case Errc::newer:
            return "newer";
        case Errc::incomplete:
            return "incomplete";
        case Errc::usage:
            return "usage";
    }
    return "failed";
}

std::string_view what_of(Errc code) {
    switch (code) {
        case Errc::malformed:
            return "the input does not make sense";
        case Errc::corrupt:
            return "recorded bytes are not what was written";
        case Errc::disk:
            return "the system refused";
        case Errc::not_found:
            return "not there";
        case Errc::overflow:
            return "a number does not fit";
        case Errc::conflict:
            return "something else is in the way";
        case Errc::newer:
            return "written by a newer version";
        case Errc::incomplete:
            return "the data is incomplete";
        case Errc::usage:
            return "the call does not make sense";
    }
    return "failed";
}

}  // namespace

Exit exit_of(Errc code) {
    switch (code) {
        case Errc::usage:
            return Exit::usage;
        case Errc::corrupt:
            return Exit::findings;
        case Errc::conflict:
            return Exit::conflict;
        case Errc::incomplete:
            return Exit::incomplete;
        case Errc::malformed:
        case Errc::disk:
        case Errc::not_found:
        case Errc::overflow:
        case Errc::newer:
            return Exit::failed;
    }
    return Exit::failed;
}

Error no_journal(const std::string& data) {
    return {Errc::not_found, "there is no journal in " + data,
            "daybook --data " + data + " init, or name another directory with --data"};
}

Exit report(const Error& error, bool json) {
    const std::string cause = printable(error.detail);
    std::string text = "error[" + std::string{name_of(error.code)} +
                       "]: " + std::string{what_of(error.code)} + "\n  cause: " + cause + '\n';
    if (!error.remedy.empty()) text += "  try: " + printable(error.remedy) + '\n';
    std::fputs(text.c_str(), stderr);
    if (json) {
        JsonWriter out;
        out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text("error");
        out.key("code").text(name_of(error.code)).key("what").text(what_of(error.code));
        out.key("cause").text(error.detail).key("try").text(error.remedy).end_object();
        print_out(std::move(out).str() + '\n');
    }
    return exit_of(error.code);
}

namespace {
Captured* captured = nullptr;

void refuse() {
    std::fputs(
        "error[disk]: cannot write to standard output\n  try: free some space, or write "
        "elsewhere\n",
        stderr);
    std::_Exit(static_cast<int>(Exit::failed));
}
}  // namespace

Captured::Captured() { captured = this; }
Captured::~Captured() { captured = nullptr; }

void print_out(const std::string& text) {
    if (captured != nullptr) {
        captured->text += text;
        return;
    }
    if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) refuse();
}

void flush_out() {
    if (std::fflush(stdout) != 0) refuse();
}

}  // namespace daybook
