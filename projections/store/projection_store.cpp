#include "projections/store/projection_store.hpp"

#include <charconv>

namespace daybook::store {
namespace {

constexpr std::string_view kCurrent = "CURRENT";
constexpr std::string_view kLock = "LOCK";

std::string folder_of(std::uint64_t generation) { return "g" + std::to_string(generation); }

/// The number in "g12"; 0 for any other name.
std::uint64_t generation_of(std::string_view name) {
    std::uint64_t number = 0;
    if (!name.starts_with('g')) return 0;
    const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
    return error == std::errc{} && end == name.data() + name.size() ? number : 0;
}

}  // namespace

Result<ProjectionStore> ProjectionStore::open_to_build(const Directory& projections,
                                                       const Projection& projection,
                                                       const Source& source) {
    TRY(auto folder, projections.child(projection.name, true));
    ProjectionStore store{projection, std::move(folder)};
    TRY(store.lock_, store.folder_.lock(kLock));
    const auto opened = store.open_current();
    std::string why = opened ? store.why_unfit(source) : opened.error().detail;
    if (!why.empty()) {
        TRYV(store.renew(source, opened || opened.error().code != Errc::not_found ? std::move(why)
                                                                                  : std::string{}));
    }
    return store;
}

Result<ProjectionStore> ProjectionStore::open_to_read(const Directory& projections,
                                                      const Projection& projection) {
    TRY(auto folder, projections.child(projection.name, false));
    ProjectionStore store{projection, std::move(folder)};
    TRYV(store.open_current());
    return store;
}

Result<void> ProjectionStore::open_current() {
    TRY(const auto current, folder_.read(kCurrent));
    if (!current)
        return Error{Errc::not_found,
                     "projection " + std::string{projection_->name} + " is not built yet"};
    generation_ = generation_of(std::string_view{*current}.substr(0, current->find('\n')));
    if (generation_ == 0)
        return Error{Errc::corrupt,
                     "CURRENT of " + std::string{projection_->name} + " names no generation"};
    const auto folder = folder_.child(folder_of(generation_), false);
    if (!folder)
        return Error{Errc::corrupt,
                     "CURRENT names " + folder_of(generation_) + ", which is not there"};
    TRY(environment_, Environment::open(folder.value(), nullptr));
    return ok();
}

std::string ProjectionStore::why_unfit(const Source& source) {
    const auto stored = meta();
    if (!stored) return stored.error().detail;
    const Meta& meta = stored.value();
    if (meta.journal != source.journal) return "it was built from another journal";
    if (meta.version != projection_->version)
        return "it was built by version " + std::to_string(meta.version);
    if (meta.boot != boot_id() && !meta.clean) return "the machine stopped before it was synced";
    if (meta.seq.raw == 0) return {};
    const auto hash = source.frame_hash(meta.seq);
    if (!hash || *hash != meta.frame_hash)
        return "the journal holds another event at sequence " + std::to_string(meta.seq.raw);
    return {};
}

Result<void> ProjectionStore::renew(const Source& source, std::string why) {
    environment_.reset();
    std::uint64_t number = 0;
    TRY(auto environment, begin_generation(source, number));
    TRYV(publish(std::move(environment), number));
    renewed_ = std::move(why);
    return ok();
}

Result<Meta> ProjectionStore::meta() {
    TRY(const auto rows, environment_->read());
    return rows->meta();
}

Result<std::uint64_t> ProjectionStore::bytes() const {
    TRY(const auto folder, folder_.child(folder_of(generation_), false));
    return folder.bytes();
}

Result<std::unique_ptr<Environment>> ProjectionStore::begin_generation(const Source& source,
                                                                       std::uint64_t& number) {
    TRY(const auto names, folder_.names());
    number = generation_;
    for (const std::string& name : names) number = std::max(number, generation_of(name));
    ++number;
    Meta fresh;
    fresh.journal = source.journal;
    fresh.version = projection_->version;
    fresh.boot = boot_id();
    fresh.built = source.now.nanos;
    TRY(const auto folder, folder_.child(folder_of(number), true));
    return Environment::open(folder, &fresh);
}

Result<void> ProjectionStore::publish(std::unique_ptr<Environment> built, std::uint64_t number) {
    TRYV(built->sync());
    TRYV(folder_.replace(kCurrent, folder_of(number) + '\n'));
    environment_ = std::move(built);
    generation_ = number;
    return ok();
}

}  // namespace daybook::store
