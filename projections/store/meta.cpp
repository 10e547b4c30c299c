#include "projections/store/meta.hpp"

#include <algorithm>
#include <optional>

#include "projections/fold/row_codec.hpp"
#include "schemas/invariant.hpp"

namespace daybook::store {
namespace {

/// The meta row as bytes; a copy of Meta with nothing but packable fields.
struct MetaRow {
    std::string journal;
    std::uint32_t version{};
    Sequence seq;
    std::uint64_t frame_hash{}, digest_low{}, digest_high{};
    std::string boot;
    bool clean{};
    std::int64_t built{};
    auto fields() {
        return std::tie(journal, version, seq, frame_hash, digest_low, digest_high, boot, clean,
                        built);
    }
};

struct StallRow {
    Sequence seq;
    std::string why;
    auto fields() { return std::tie(seq, why); }
};

/// Nothing when the bytes are no such row.
template <class Row>
std::optional<Row> row_of(std::string_view bytes) {
    try {
        const RulesGuarded guarded;
        return unpack<Row>(bytes);
    } catch (const BrokenRule&) {
        return std::nullopt;
    }
}

}  // namespace

std::string bytes_of(const Meta& meta) {
    return pack(MetaRow{{meta.journal.begin(), meta.journal.end()},
                        meta.version,
                        meta.seq,
                        meta.frame_hash,
                        meta.digest.low,
                        meta.digest.high,
                        meta.boot,
                        meta.clean,
                        meta.built});
}

std::string bytes_of(const Stall& stall) { return pack(StallRow{stall.seq, stall.why}); }

Error damaged(std::string_view what) {
    return {Errc::corrupt, "projection store: " + std::string{what},
            "projections can be rebuilt from the journal: daybook projections reset NAME"};
}

Result<Meta> meta_of(std::string_view bytes) {
    const auto found = row_of<MetaRow>(bytes);
    if (!found || found->journal.size() != sizeof(Meta::journal))
        return damaged("the meta row is no meta row");
    const MetaRow& row = *found;
    Meta meta;
    std::copy_n(row.journal.begin(), meta.journal.size(), meta.journal.begin());
    meta.version = row.version;
    meta.seq = row.seq;
    meta.frame_hash = row.frame_hash;
    meta.digest = {row.digest_low, row.digest_high};
    meta.boot = row.boot;
    meta.clean = row.clean;
    meta.built = row.built;
    return meta;
}

Result<Stall> stall_of(std::string_view bytes) {
    const auto row = row_of<StallRow>(bytes);
    if (!row) return damaged("the row of a standstill is none");
    return Stall{row->seq, row->why};
}

}  // namespace daybook::store
