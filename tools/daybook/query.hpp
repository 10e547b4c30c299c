#pragma once

#include "tools/daybook/session.hpp"

namespace daybook {

/// Cuts a listing to the `--limit` of the call.
void limit(Listing& listing, const Call& call);
/// no_match for an empty listing.
[[nodiscard]] Exit exit_of(const Listing& listing);
/// Tells people which mode, moment and epoch the answer below is of.
void note_mode(const Session& session, const Scope& scope, const Call& call);
/// Tells of lost events and stalled projections: the answer stands, but says less than it would.
/// Such a `done` becomes `incomplete`.
[[nodiscard]] Exit tell_incomplete(const Session& session, const Call& call, Exit exit);
/// An answer that is a table: the JSON object holds it under `name`.
Exit print_listing(const Session& session, const Call& call, std::string_view kind,
                   std::string_view name, const Scope* scope, Listing listing);

/// The queries about the record itself and about the course of a day.
[[nodiscard]] Result<Exit> query_claims(Session& session, const Call& call);
[[nodiscard]] Result<Exit> query_daily(Session& session, const Call& call);
[[nodiscard]] Result<Exit> query_findings(Session& session, const Call& call);
[[nodiscard]] Result<Exit> query_groups(Session& session, const Call& call);
[[nodiscard]] Result<Exit> query_health(Session& session, const Call& call);
[[nodiscard]] Result<Exit> query_hedge(Session& session, const Call& call);
[[nodiscard]] Result<Exit> query_liquidity(Session& session, const Call& call);

}  // namespace daybook
