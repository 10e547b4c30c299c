#include "projections/fold_group.hpp"

#include <new>

#include "schemas/invariant.hpp"

namespace daybook {

Result<void> Target::begin() {
    TRY(rows_, environment_.write());
    TRY(const auto meta, rows_->meta());
    if (reached_.raw != 0 && meta.seq != reached_) {
        rows_.reset();
        return Error{Errc::conflict, "somebody else has folded projection " +
                                         std::string{projection_.name} + " meanwhile"};
    }
    reached_ = meta.seq;
    return ok();
}

Result<void> Target::commit(Sequence seq, std::uint64_t hash) {
    TRYV(rows_->commit(seq, hash));
    reached_ = seq;
    rows_.reset();
    return ok();
}

void FoldGroup::assemble() {
    for (const auto& target : targets) assembly.add(target->projection(), *target);
}

Result<void> FoldGroup::begin() {
    for (const auto& target : targets) {
        TRYV(target->begin());
    }
    return ok();
}

Result<void> FoldGroup::commit(Sequence seq, std::uint64_t hash) {
    assembly.flush();
    for (const auto& target : targets) {
        TRYV(target->commit(seq, hash));
    }
    reached = seq;
    return ok();
}

std::optional<std::string> refusal(Assembly& assembly, const Event& event) {
    try {
        const RulesGuarded guarded;
        assembly.apply(event);
        return std::nullopt;
    } catch (const BrokenRule& broken) {
        return std::string{"its fold breaks the rule: "} + broken.rule;
    } catch (const std::bad_alloc&) {
        throw;  // the machine's trouble, and not this event's
    } catch (const std::exception& error) {
        return std::string{"its fold fails: "} + error.what();
    }
}

}  // namespace daybook
