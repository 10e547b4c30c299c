#include "projections/fold/history.hpp"

#include <algorithm>
#include <set>

#include "projections/fold/assembly.hpp"
#include "projections/fold/money_projections.hpp"

namespace daybook {
namespace {

constexpr std::string_view kStates = "position_states";
constexpr std::string_view kMarkets = "market_states";
constexpr std::string_view kSaid = "outcomes_said";
constexpr std::size_t kStatesPerRow = 64;
constexpr int kRowsToJump = 4;  // fewer are passed by one after the other: that is quicker

/// What a holder had after each of some events that changed it, packed one behind the other; no
/// bytes: nothing any more, as its market turned out to be another one.
struct StateRun {
    Holder holder;
    std::vector<Sequence> seqs;
    std::vector<std::uint32_t> ends;  ///< of each state in `packed`
    std::string packed;
    auto fields() { return std::tie(holder, seqs, ends, packed); }

    [[nodiscard]] std::string_view state(std::size_t at) const {
        const std::size_t begin = at == 0 ? 0 : ends[at - 1];
        return std::string_view{packed}.substr(begin, ends[at] - begin);
    }
    void add(Sequence seq, std::string_view state) {
        seqs.push_back(seq);
        packed += state;
        ends.push_back(static_cast<std::uint32_t>(packed.size()));
    }
    void drop_last() {
        seqs.pop_back();
        ends.pop_back();
        packed.resize(ends.empty() ? 0 : ends.back());
    }
};

/// A StateRun where its row lies: one state of it is wanted, and not all of them.
class PackedRun {
  public:
    explicit PackedRun(std::string_view row) : row_{row} {
        row_detail::Reader reader{row};
        reader.get(holder);
        at_ = row.size() - reader.left();
        count_ = number<std::uint32_t>(at_);
    }

    Holder holder;
    /// The last state that is not behind `upto`; empty when there is none, or it says nothing.
    [[nodiscard]] std::string_view state(Sequence upto) const {
        std::size_t low = 0;
        for (std::size_t high = count_; low < high;) {
            const std::size_t middle = (low + high) / 2;
            number<std::uint64_t>(seqs() + 8 * middle) <= upto.raw ? low = middle + 1
                                                                   : high = middle;
        }
        if (low == 0) return {};
        const std::size_t begin = low == 1 ? 0 : end_of(low - 2);
        return row_.substr(packed() + begin, end_of(low - 1) - begin);
    }

  private:
    static constexpr std::size_t kCount = sizeof(std::uint32_t);
    template <class Integer>
    [[nodiscard]] Integer number(std::size_t at) const {
        INVARIANT(at + sizeof(Integer) <= row_.size(), "a run holds all its states");
        Integer value{};
        std::memcpy(&value, row_.data() + at, sizeof value);
        return value;
    }
    [[nodiscard]] std::size_t seqs() const { return at_ + kCount; }
    [[nodiscard]] std::size_t ends() const { return seqs() + 8 * count_ + kCount; }
    [[nodiscard]] std::size_t packed() const { return ends() + 4 * count_ + kCount; }
    [[nodiscard]] std::size_t end_of(std::size_t index) const {
        return number<std::uint32_t>(ends() + 4 * index);
    }

    std::string_view row_;
    std::size_t at_;  ///< where the states begin
    std::size_t count_;
};

/// Of keys whose newest row comes first: what was last at a sequence is the first row from there.
std::string newest_first(Sequence seq) { return key_part(~seq.raw); }
constexpr std::size_t kSequenceBytes = 8;
std::string_view holder_in(std::string_view key) {
    return key.substr(0, key.size() - kSequenceBytes);
}
/// Not before any row of that holder, nor behind the first of the next one.
std::string behind(std::string_view holder) {
    return std::string{holder} + std::string(kSequenceBytes, '\xFF') + '\xFF';
}

/// What a movement called its outcome, in a market whose outcomes nobody had defined.
struct OutcomeSaid {
    Sequence since;  ///< known to be said of this holder
    std::string outcome;
    auto fields() { return std::tie(since, outcome); }
};

struct OutcomeOf {
    std::string_view operator()(const Fill& fill) const { return fill.outcome; }
    std::string_view operator()(const Redemption& redeemed) const { return redeemed.outcome; }
    std::string_view operator()(const Transfer& moved) const { return moved.outcome; }
    std::string_view operator()(const auto&) const { return {}; }
};

/// Writes the state of each position and market that an event changed.
class HistoryFold final : public LedgerWatch {
  public:
    HistoryFold(Rows& rows, Ledger& ledger)
        : ledger_{ledger},
          runs_{rows, kStates},
          newest_{rows, "newest_states"},
          markets_{rows, kMarkets},
          known_{rows, "known_markets"},
          said_{rows, kSaid} {
        ledger.tell(*this);
    }

    void apply(const Event& event) {
        const bool about_market = std::holds_alternative<MarketDefined>(event.body) ||
                                  std::holds_alternative<MarketChanged>(event.body) ||
                                  std::holds_alternative<MarketResolved>(event.body);
        if (about_market && !event.market.empty())
            put(event, ledger_.markets().lookup(event.venue, event.market).value());
    }
    void folded(const Event& event, const Holder& holder, const Position& after) override {
        if (known_.find(key_part(holder.market.raw)) == nullptr) put(event, holder.market);
        put(event.seq, holder, pack(after));
        note_outcome(event, holder);
    }
    void moved(const Event& event, const Holder& from, const Holder& to) override {
        put(event.seq, from, {});
        std::vector<std::pair<std::string, std::string>> said;
        said_.for_each(holder_key(from), [&](std::string_view key, const OutcomeSaid& row) {
            said.emplace_back(key.substr(key.size() - kSequenceBytes), row.outcome);
        });
        for (const auto& [seq, outcome] : said)
            said_.put(holder_key(to) + seq, {event.seq, outcome});
    }

  private:
    void put(const Event& event, MarketKey named) {
        const MarketRow market = *ledger_.markets().row(named);
        markets_.put(key_part(market.key.raw) + newest_first(event.seq), market);
        known_.put(key_part(market.key.raw), {event.seq});
    }
    void note_outcome(const Event& event, const Holder& holder) {
        const std::string_view outcome = std::visit(OutcomeOf{}, event.body);
        if (outcome.empty() || !ledger_.markets().row(holder.market)->outcomes.empty()) return;
        said_.put(holder_key(holder) + key_part(event.seq.raw), {event.seq, std::string{outcome}});
    }
    void put(Sequence seq, const Holder& holder, std::string_view state) {
        const std::string key = holder_key(holder);
        const Newest* const newest = newest_.find(key);
        if (newest != nullptr && added(key + newest_first(newest->first), seq, state)) return;
        newest_.put(key, {seq});
        runs_.change(key + newest_first(seq), [&](StateRun& run) {
            run.holder = holder;
            run.add(seq, state);
        });
    }
    /// Whether the run has room for it, or says it already.
    bool added(const std::string& key, Sequence seq, std::string_view state) {
        const StateRun& last = *runs_.find(key);
        const bool again = last.seqs.back() == seq;  // one event can change a holder twice
        if (!again && last.state(last.seqs.size() - 1) == state) return true;
        if (!again && last.seqs.size() == kStatesPerRow) return false;
        runs_.change(key, [&](StateRun& run) {
            if (again) run.drop_last();
            run.add(seq, state);
        });
        return true;
    }

    struct Newest {
        Sequence first;
        auto fields() { return std::tie(first); }
    };
    Ledger& ledger_;
    Table<StateRun> runs_;      ///< (account, mode, market, first seq, newest first)
    Table<Newest> newest_;      ///< (account, mode, market): the run that grows
    Table<MarketRow> markets_;  ///< (market, seq, newest first)
    Table<Newest> known_;       ///< (market)
    Table<OutcomeSaid> said_;   ///< (account, mode, market, seq)
};

void assemble(Assembly& assembly) {
    Ledger& ledger = assembly.part<Ledger>();
    assembly.part<HistoryFold>(ledger);
}

}  // namespace

PastLedger::PastLedger(Rows& rows, Sequence at) : rows_{rows}, ledger_{rows}, at_{at} {}

void PastLedger::for_each(const std::function<void(const Holder&, const Position&)>& visit) const {
    const std::string wanted = newest_first(at_);
    std::string told;  // the holder whose rows that are left say what was before
    int passed = 0;
    rows_.walk(kStates, "", [&](std::string_view key, std::string_view row) -> Rows::Onward {
        const std::string_view holder = holder_in(key);
        const bool done = holder == told;
        if (done || key.substr(holder.size()) < wanted) {
            if (++passed < kRowsToJump) return {};
            passed = 0;
            return {true, done ? behind(holder) : std::string{holder} + wanted};
        }
        told = holder;
        passed = 0;
        const PackedRun run{row};
        const std::string_view state = run.state(at_);
        if (!state.empty()) visit(run.holder, unpack<Position>(state));
        return {};
    });
}

Position PastLedger::position(const Holder& holder) const {
    Position found;
    const std::string prefix = holder_key(holder);
    rows_.walk(kStates, prefix + newest_first(at_),
               [&](std::string_view key, std::string_view row) {
                   const std::string_view state =
                       key.starts_with(prefix) ? PackedRun{row}.state(at_) : std::string_view{};
                   if (!state.empty()) found = unpack<Position>(state);
                   return Rows::Onward{false};
               });
    return found;
}

std::optional<MarketRow> PastLedger::market(MarketKey market) const {
    std::optional<MarketRow> found;
    const std::string prefix = key_part(market.raw);
    rows_.walk(kMarkets, prefix + newest_first(at_),
               [&](std::string_view key, std::string_view row) {
                   if (key.starts_with(prefix)) found = unpack<MarketRow>(row);
                   return Rows::Onward{false};
               });
    return found;
}

std::optional<MarketKey> PastLedger::lookup(std::string_view venue, std::string_view name) const {
    return ledger_.markets().lookup(venue, name);
}

std::vector<std::string> PastLedger::outcomes(const Holder& holder) const {
    std::vector<std::string> said;
    rows_.scan(kSaid, holder_key(holder), [&](std::string_view, std::string_view row) {
        auto each = unpack<OutcomeSaid>(row);
        if (each.since <= at_) said.push_back(std::move(each.outcome));
        return true;
    });
    return said;
}

std::vector<WalletEntry> PastLedger::wallet(std::string_view account, Mode mode) const {
    std::vector<WalletEntry> entries = ledger_.wallet(account, mode);
    std::erase_if(entries, [this](const WalletEntry& entry) { return entry.seq > at_; });
    return entries;
}

std::vector<std::pair<std::string, Mode>> PastLedger::accounts() const {
    std::set<std::pair<std::string, Mode>> found;
    for_each(
        [&](const Holder& holder, const Position&) { found.emplace(holder.account, holder.mode); });
    for (const auto& [account, mode] : ledger_.accounts()) {
        if (!wallet(account, mode).empty()) found.emplace(account, mode);
    }
    return {found.begin(), found.end()};
}

const Projection& history_projection() {
    static const Projection projection{"history", 1, "What was held at any past moment?",
                                       ledger_types(), assemble};
    return projection;
}

}  // namespace daybook
