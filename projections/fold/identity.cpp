#include "projections/fold/identity.hpp"

#include <xxhash.h>

#include "projections/fold/assembly.hpp"
#include "projections/fold/row_codec.hpp"
#include "schemas/event_json.hpp"

namespace daybook {
namespace {

constexpr std::string_view kIds = "ids";
constexpr std::string_view kNames = "names";

Hash128 hash_of(std::string_view text) {
    const XXH128_hash_t hash = XXH3_128bits(text.data(), text.size());
    return {hash.low64, hash.high64};
}

/// The parts of a key, each closed, so that "ab"+"c" is not "a"+"bc".
class KeyText {
  public:
    explicit KeyText(const Event& event) {
        add(event.venue).add(to_text(event.mode)).add(type_name(type_number(event)));
    }
    KeyText& add(std::string_view part) {
        text_ += key_part(part);
        return *this;
    }
    KeyText& add(std::optional<Time> time) { return add(time ? format_time(*time) : ""); }
    template <class Amount>
    requires requires(Amount amount) { amount.micros; }
    KeyText& add(const std::optional<Amount>& amount) {
        return add(amount ? format_micros(amount->micros) : "");
    }
    [[nodiscard]] Hash128 hash() const { return hash_of(text_); }

  private:
    std::string text_;
};

using Key = std::optional<Hash128>;

/// merge, split, redemption, transfer: by transaction where there is one, else by what moved when.
template <class Amounts>
Key wallet_key(const Event& event, const std::string& tx, const std::string& outcome,
               Amounts&& add_amounts) {
    KeyText key{event};
    key.add(event.account).add(tx);
    if (tx.empty()) key.add(event.time);
    key.add(event.market).add(outcome);
    if (tx.empty()) add_amounts(key);
    return key.hash();
}

struct NaturalKey {
    const Event& event;

    Key operator()(const Fill& fill) const {
        return KeyText{event}.add(event.account).add(fill.trade).add(fill.order).hash();
    }
    Key operator()(const FillSettlement& settlement) const {
        return KeyText{event}
            .add(event.account)
            .add(settlement.trade)
            .add(settlement.order)
            .add(to_text(settlement.status))
            .hash();
    }
    Key operator()(const FillCorrection& correction) const {
        return KeyText{event}
            .add(event.account)
            .add(correction.trade)
            .add(correction.order)
            .add(correction.shares)
            .add(correction.cost)
            .add(correction.fee)
            .add(correction.fee_shares)
            .hash();
    }
    Key operator()(const OrderIntent& intent) const {
        return KeyText{event}.add(event.account).add(intent.order).hash();
    }
    Key operator()(const OrderStatus& status) const {
        return KeyText{event}
            .add(event.account)
            .add(status.order)
            .add(status.order.empty() ? status.venue_order : "")
            .add(to_text(status.status))
            .add(event.time)
            .add(status.claimed_matched)
            .hash();
    }
    Key operator()(const Merge& merge) const {
        return wallet_key(event, merge.tx, "",
                          [&](KeyText& key) { key.add(std::optional{merge.pairs}); });
    }
    Key operator()(const Split& split) const {
        return wallet_key(event, split.tx, "",
                          [&](KeyText& key) { key.add(std::optional{split.pairs}); });
    }
    Key operator()(const Redemption& redemption) const {
        return wallet_key(event, redemption.tx, redemption.outcome, [&](KeyText& key) {
            key.add(std::optional{redemption.cash}).add(redemption.shares);
        });
    }
    Key operator()(const Transfer& transfer) const {
        return wallet_key(event, transfer.tx, transfer.outcome,
                          [&](KeyText& key) { key.add(transfer.cash).add(transfer.shares); });
    }
    Key operator()(const auto&) const { return std::nullopt; }
};

std::string key_bytes(const Hash128& key) { return key_part(key[1]) + key_part(key[0]); }

std::string name_bytes(std::string_view venue, std::string_view market) {
    return make_key(venue, market);
}

struct KnownRow {
    Sequence seq;
    std::uint64_t content_low{}, content_high{};
    auto fields() { return std::tie(seq, content_low, content_high); }
};

KnownRow row_of(const Identity& identity, Sequence seq) {
    return {seq, identity.content[0], identity.content[1]};
}

/// Under this key stands the same identity with this very content: a conflict is kept only once.
std::string conflict_bytes(const Identity& identity) {
    const std::string content = key_part(identity.content[1]) + key_part(identity.content[0]);
    return key_bytes(identity.key) + content;
}

class IdentityFold {
  public:
    explicit IdentityFold(Rows& rows) : rows_{rows} {}
    void apply(const Event& event) { remember(rows_, event, identity_of(event)); }

  private:
    Rows& rows_;
};

}  // namespace

namespace {
/// A fill is told before and after its transaction is known: that is not another fill.
Event without_tx(Event event) {
    std::get<Fill>(event.body).tx.clear();
    return event;
}
}  // namespace

Hash128 key_of_content(const Hash128& content, std::uint32_t occurrence) {
    return hash_of("content" + key_part(content[0]) + key_part(content[1]) +
                   key_part(std::uint64_t{occurrence}));
}

Identity identity_of(const Event& event) {
    Identity identity;
    const auto* fill = std::get_if<Fill>(&event.body);
    const bool has_tx = fill != nullptr && !fill->tx.empty();
    identity.content = hash_of(to_json(has_tx ? without_tx(event) : event, JsonForm::content));
    Key key = event.id.empty() ? std::visit(NaturalKey{event}, event.body)
                               : KeyText{event}.add("id").add(event.id).hash();
    identity.natural = key.has_value();
    identity.key = key ? *key : key_of_content(identity.content, event.occurrence);
    return identity;
}

const Projection& identity_projection() {
    static const Projection projection{
        "ids",
        1,
        "Is this event recorded already, and what number has this market?",
        all_types(),
        assemble_of<IdentityFold>,
        true};
    return projection;
}

void remember(Rows& rows, const Event& event, const Identity& identity) {
    const Known known = find_known(rows, identity);
    if (known.kind == Known::Kind::unheard)
        rows.put(kIds, key_bytes(identity.key), pack(row_of(identity, event.seq)));
    if (known.kind == Known::Kind::conflicting)
        rows.put(kIds, conflict_bytes(identity), pack(row_of(identity, event.seq)));
    if (event.market.empty()) return;
    const std::string name = name_bytes(event.venue, event.market);
    if (!rows.get(kNames, name)) rows.put(kNames, name, key_part(event.seq.raw));
}

Known find_known(const Rows& rows, const Identity& identity) {
    const auto first = rows.get(kIds, key_bytes(identity.key));
    if (!first) return {};
    const auto row = unpack<KnownRow>(*first);
    if (row.content_low == identity.content[0] && row.content_high == identity.content[1]) {
        return {Known::Kind::duplicate, row.seq};
    }
    const auto again = rows.get(kIds, conflict_bytes(identity));
    if (again) return {Known::Kind::duplicate, unpack<KnownRow>(*again).seq};
    return {Known::Kind::conflicting, row.seq};
}

std::optional<MarketKey> find_market_key(const Rows& rows, std::string_view venue,
                                         std::string_view market) {
    const auto row = rows.get(kNames, name_bytes(venue, market));
    if (!row) return std::nullopt;
    std::uint64_t number = 0;
    for (const char c : *row) number = (number << 8U) | static_cast<unsigned char>(c);
    return MarketKey{number};
}

}  // namespace daybook
