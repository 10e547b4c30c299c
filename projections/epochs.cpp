#include "projections/epochs.hpp"

#include <algorithm>

namespace daybook {

Result<std::vector<EpochSpan>> epochs_of(EventReader& reader, Sequence upto) {
    std::vector<EpochSpan> epochs;
    if (upto.raw == 0) return epochs;
    TRYV(reader.for_each({1}, upto, {"epoch"}, [&](const Event& event) {
        if (!epochs.empty()) epochs.back().end = event.seq;
        epochs.push_back({std::get<Epoch>(event.body).name, event.seq, std::nullopt});
        return true;
    }));
    return epochs;
}

Result<std::optional<EpochSpan>> choose_epoch(EventReader& reader, Sequence upto,
                                              const std::string& name) {
    if (name == "all") return std::nullopt;
    TRY(const auto epochs, epochs_of(reader, upto));
    if (name.empty()) return epochs.empty() ? std::nullopt : std::optional{epochs.back()};
    const auto found = std::find_if(epochs.rbegin(), epochs.rend(),
                                    [&](const EpochSpan& epoch) { return epoch.name == name; });
    if (found != epochs.rend()) return std::optional{*found};
    std::string known;
    for (const EpochSpan& epoch : epochs) known += ' ' + epoch.name;
    return Error{Errc::usage, "no epoch '" + name + "' was begun",
                 known.empty() ? "daybook epoch " + name + " begins it now"
                               : "there are:" + known + "; or all"};
}

}  // namespace daybook
