#include "projections/store/reset_plan.hpp"

#include <algorithm>
#include <sstream>

#include "projections/fold/row_codec.hpp"

namespace daybook::store {
namespace {

constexpr std::string_view kPlans = "plans";

bool is_id(const std::string& id) {
    return id.size() == 32 && std::ranges::all_of(id, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

Error no_plan(const std::string& id) {
    return {Errc::not_found, "there is no plan '" + id + "'",
            "make one: daybook projections reset NAME"};
}

}  // namespace

std::string ResetPlan::id() const {
    std::string facts = make_key(head.raw, head_hash, chain);
    for (const Drop& drop : drops) {
        facts += make_key(drop.projection, drop.generation, drop.digest.low, drop.digest.high);
        for (const TableSize& table : drop.tables) facts += make_key(table.name, table.rows);
    }
    return digest_of_row("plan", "", facts).hex();
}

Result<Drop> drop_of(ProjectionStore& store) {
    Drop drop;
    drop.projection = store.projection().name;
    drop.generation = store.generation();
    TRY(const auto rows, store.environment().read());
    TRY(drop.tables, rows->tables());
    TRY(const Meta meta, rows->meta());
    drop.digest = meta.digest;
    TRY(drop.bytes, store.bytes());
    return drop;
}

Result<void> keep_plan(const Directory& projections, const ResetPlan& plan) {
    TRY(const auto folder, projections.child(kPlans, true));
    std::ostringstream text;
    text << plan.head.raw << ' ' << plan.head_hash << '\n';
    for (const Drop& drop : plan.drops)
        text << drop.projection << ' ' << drop.generation << ' ' << drop.digest.hex() << '\n';
    return folder.replace(plan.id(), text.str());
}

Result<KeptPlan> kept_plan(const Directory& projections, const std::string& id) {
    const auto folder = projections.child(kPlans, false);
    if (!is_id(id) || !folder) return no_plan(id);
    TRY(const auto text, folder.value().read(id));
    KeptPlan plan;
    std::istringstream words{text.value_or("")};
    words >> plan.head.raw >> plan.head_hash;
    for (KeptPlan::Target target; words >> target.projection >> target.generation >> target.digest;)
        plan.targets.push_back(target);
    if (plan.targets.empty()) return no_plan(id);
    return plan;
}

Result<void> forget_plan(const Directory& projections, const std::string& id) {
    TRY(const auto folder, projections.child(kPlans, false));
    return folder.remove_file(id);
}

}  // namespace daybook::store
