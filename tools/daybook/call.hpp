#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "schemas/json.hpp"
#include "tools/terminal/failure.hpp"
#include "tools/terminal/screen.hpp"
#include "tools/terminal/zone.hpp"

namespace daybook {

/// What the user asked for: the global options and those of the verb.
struct Call {
    std::string data;
    bool json{}, quiet{}, verbose{}, no_color{};
    std::string tz;                      ///< --tz as it was said
    Zone zone;                           ///< whose clock people are shown
    std::uint64_t limit{};               ///< rows at most; 0: all
    std::string market, mode, at, type;  ///< filters; empty: all
    std::string from, to;                ///< sequences or times
    std::string epoch;                   ///< its name, or all; empty: the current one
    std::string what;                    ///< the query, or the projections' sub-verb
    std::vector<std::string> names;      ///< projections
    std::string plan;
    double speed{};  ///< of a replay; 0: as fast as it goes
    bool follow{}, frames{}, all{}, grown{}, until_finding{};
    std::string receipt, proof, pubkey;  ///< files to verify with; empty: none
    std::string output;                  ///< file or folder to write; empty: standard output
    std::string day, format, group;      ///< of a post-mortem
    std::string account;                 ///< whose statement is reconciled; empty: all
    std::vector<std::string> own;        ///< its addresses and API key ids
    bool record{};                       ///< keep what was reconciled as events
    std::uint64_t sequence{};            ///< of the event to prove
};

/// Begins an answer: {"v":1,"kind":…
[[nodiscard]] inline JsonWriter begin_answer(std::string_view kind) {
    JsonWriter out;
    out.begin_object().key("v").number(std::uint64_t{1}).key("kind").text(kind);
    return out;
}
/// Ends it and prints it as one line.
inline void print_answer(JsonWriter&& out) {
    out.end_object();
    print_out(std::move(out).str() + '\n');
}

[[nodiscard]] Result<Exit> run_status(const Call& call);
[[nodiscard]] Result<Exit> run_query(const Call& call);
[[nodiscard]] Result<Exit> run_postmortem(const Call& call);
[[nodiscard]] Result<Exit> run_reconcile(const Call& call);
[[nodiscard]] Result<Exit> run_diff(const Call& call);
[[nodiscard]] Result<Exit> run_why(const Call& call);
[[nodiscard]] Result<Exit> run_tail(const Call& call);
[[nodiscard]] Result<Exit> run_dump(const Call& call);
[[nodiscard]] Result<Exit> run_replay(const Call& call);
[[nodiscard]] Result<Exit> run_projections_list(const Call& call);
[[nodiscard]] Result<Exit> run_projections_reset(const Call& call);
[[nodiscard]] Result<Exit> run_projections_apply(const Call& call);
[[nodiscard]] Result<Exit> run_projections_revert(const Call& call);
[[nodiscard]] Result<Exit> run_projections_prune(const Call& call);
[[nodiscard]] Result<Exit> run_verify(const Call& call);
[[nodiscard]] Result<Exit> run_receipt(const Call& call);
[[nodiscard]] Result<Exit> run_prove(const Call& call);
[[nodiscard]] Result<Exit> run_backup(const Call& call);
[[nodiscard]] Result<Exit> run_doctor(const Call& call);
[[nodiscard]] Result<Exit> run_completion(const Call& call);

}  // namespace daybook
