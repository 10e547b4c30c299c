#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "projections/answers/findings.hpp"
#include "projections/fold/assembly.hpp"

namespace daybook {

/// How the findings of a scope came to be: folds events in RAM and keeps since which event each
/// finding has stood. One that goes again (of a pair whose second leg was still to come) is
/// forgotten.
class FindingCourse {
  public:
    explicit FindingCourse(const Scope& scope);

    void apply(const Event& event);
    /// What `query findings` has now, by the event since which it stands; gravest first. What only
    /// time has brought stands since the last event.
    [[nodiscard]] std::map<Sequence, std::vector<FindingView>> lasting();

  private:
    /// A finding stays the same one while evidence is added behind.
    using Name = std::tuple<std::string_view /*rule*/, std::string /*account*/,
                            std::string /*market*/, Sequence /*first evidence*/>;
    struct Standing {
        Sequence since;
        FindingView view;
    };

    [[nodiscard]] Scope about(const Event& event) const;
    void judge(const Scope& about);

    Scope scope_;
    MemoryRows findings_, ledger_, claims_;
    Assembly folds_;
    TypeSet judged_;
    Sequence seq_;
    std::optional<Time> now_;
    std::map<Name, Standing> standing_;
};

}  // namespace daybook
