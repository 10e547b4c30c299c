#pragma once

#include "projections/answers/postmortem.hpp"

namespace daybook {

/// What a claim of the window rests on: the mistake that gives its figure to the cent where it
/// differs, what it leaves out where it does not, why nothing can be said where there is no fact.
/// `seqs`: the events to look at, the claim's own first. The mistakes tried are those people and
/// dashboards make; of several that fit the first is told.
[[nodiscard]] ClaimDay explained_claim(const PostMortem& report, const PostMortemRows& rows,
                                       const ClaimView& view);

}  // namespace daybook
