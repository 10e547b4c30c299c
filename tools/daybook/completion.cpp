// The verb completion: what a shell needs to ask this program how a line may go on.
#include "tools/daybook/call.hpp"

namespace daybook {
namespace {

constexpr const char* kBash = R"(# bash completion of daybook; the program itself knows what fits.
_daybook() {
    local kind word meaning
    COMPREPLY=()
    {
        read -r kind
        while IFS=$'\t' read -r word meaning; do COMPREPLY+=("$word"); done
    } < <("$1" complete -- "${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
    case $kind in
        files) compopt -o default ;;
        folders) compopt -o dirnames ;;
    esac
}
complete -F _daybook daybook
)";

constexpr const char* kZsh = R"(#compdef daybook
# zsh completion of daybook; the program itself knows what fits.
_daybook() {
    local kind line
    local -a lines fitting
    lines=("${(@f)$("$words[1]" complete -- "${(@)words[2,CURRENT]}" 2>/dev/null)}")
    kind=$lines[1]
    for line in "${(@)lines[2,-1]}"; do
        fitting+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
    done
    case $kind in
        files) _files ;;
        folders) _files -/ ;;
        *) _describe daybook fitting ;;
    esac
}
if [[ $funcstack[1] == _daybook ]]; then _daybook "$@"; else compdef _daybook daybook; fi
)";

constexpr const char* kFish = R"(# fish completion of daybook; the program itself knows what fits.
function __daybook_complete
    set -l words (commandline -opc)
    set -l unfinished (commandline -ct)
    set -l program $words[1]
    set -e words[1]
    set -l lines ($program complete -- $words "$unfinished" 2>/dev/null)
    switch "$lines[1]"
        case files
            __fish_complete_path "$unfinished"
        case folders
            __fish_complete_directories "$unfinished"
        case '*'
            set -e lines[1]
            string join \n -- $lines
    end
end
complete -c daybook -f -a '(__daybook_complete)'
)";

}  // namespace

Result<Exit> run_completion(const Call& call) {
    print_out(call.what == "bash" ? kBash : call.what == "zsh" ? kZsh : kFish);
    return Exit::done;
}

}  // namespace daybook
