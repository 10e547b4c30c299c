#include "src/ingest/book_check.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>

#include "src/ingest/fields.hpp"

namespace daybook::ingest {
namespace {

std::string sha1_hex(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
    unsigned size = 0;
    EVP_Digest(text.data(), text.size(), digest.data(), &size, EVP_sha1(), nullptr);
    std::string out;
    for (unsigned i = 0; i < size; ++i) {
        out.push_back(kHex[digest.at(i) >> 4U]);
        out.push_back(kHex[digest.at(i) & 15U]);
    }
    return out;
}

void add_member(std::string& out, std::string_view name, std::string_view value) {
    ((((out += '"') += name) += "\":\"") += value) += "\",";
}

void add_levels(std::string& out, std::string_view name, const std::vector<WireLevel>& levels) {
    ((out += '"') += name) += "\":[";
    for (const WireLevel& level : levels) {
        if (&level != &levels.front()) out += ',';
        ((((out += "{\"price\":\"") += level.price) += "\",\"size\":\"") += level.size) += "\"}";
    }
    out += "],";
}

/// Where `level` stands or would stand: bids ascend, asks descend.
auto place(std::vector<WireLevel>& levels, Side side, std::int64_t price) {
    return std::ranges::find_if(levels, [&](const WireLevel& level) {
        return side == Side::buy ? level.price_micros >= price : level.price_micros <= price;
    });
}

void set_level(WireBook& book, const WireChange& change) {
    std::vector<WireLevel>& levels = change.side == Side::buy ? book.bids : book.asks;
    const auto at = place(levels, change.side, change.level.price_micros);
    const bool there = at != levels.end() && at->price_micros == change.level.price_micros;
    if (change.removes) {
        if (there) levels.erase(at);
    } else if (there) {
        at->size = change.level.size;
    } else {
        levels.insert(at, change.level);
    }
}

void sort_levels(WireBook& book) {
    std::ranges::stable_sort(book.bids, std::ranges::less{}, &WireLevel::price_micros);
    std::ranges::stable_sort(book.asks, std::ranges::greater{}, &WireLevel::price_micros);
}

BookFinding mismatch(std::string_view expected, std::string_view found) {
    return {FeedState::stale, "book hash mismatch: expected " + std::string{expected} + " found " +
                                  std::string{found}};
}

}  // namespace

std::optional<std::string> book_hash(const WireBook& book) {
    if (!book.min_order_size || !book.tick_size || !book.neg_risk || !book.last_trade_price) {
        return std::nullopt;
    }
    std::string text = "{";
    add_member(text, "market", book.market);
    add_member(text, "asset_id", book.token);
    add_member(text, "timestamp", book.timestamp);
    add_member(text, "hash", "");
    add_levels(text, "bids", book.bids);
    add_levels(text, "asks", book.asks);
    add_member(text, "min_order_size", *book.min_order_size);
    add_member(text, "tick_size", *book.tick_size);
    ((text += "\"neg_risk\":") += *book.neg_risk) += ',';
    add_member(text, "last_trade_price", *book.last_trade_price);
    text.back() = '}';
    return sha1_hex(text);
}

void BookCheck::learn_market(std::string_view market, std::string_view min_order_size,
                             std::optional<bool> neg_risk) {
    MarketFacts& facts = markets_[std::string{market}];
    if (!min_order_size.empty()) facts.min_order_size = min_order_size;
    if (neg_risk) facts.neg_risk = *neg_risk ? "true" : "false";
}

void BookCheck::complete(WireBook& book) const {
    const auto facts = markets_.find(book.market);
    if (facts == markets_.end()) return;
    if (!book.min_order_size) book.min_order_size = facts->second.min_order_size;
    if (!book.neg_risk) book.neg_risk = facts->second.neg_risk;
}

/// Tries the usual facts where none were told: a hash that fits proves them.
bool BookCheck::guess_facts(WireBook& book) {
    if (book.min_order_size && book.neg_risk) return false;
    WireBook guess = book;
    if (!guess.min_order_size) guess.min_order_size = "5";
    for (const bool neg_risk : {false, true}) {
        if (!book.neg_risk) guess.neg_risk = neg_risk ? "true" : "false";
        if (book_hash(guess) != book.hash) continue;
        learn_market(book.market, *guess.min_order_size, *guess.neg_risk == "true");
        complete(book);
        return true;
    }
    return false;
}

std::optional<BookFinding> BookCheck::snapshot(WireBook book) {
    complete(book);
    const std::optional<std::string> found = book_hash(book);
    const bool fits = found == book.hash || guess_facts(book);
    const bool wrong = !fits && found && !book.hash.empty();
    std::uint64_t& count = fits ? books_.verified : wrong ? books_.mismatched : books_.unverified;
    ++count;
    sort_levels(book);
    std::string token = book.token;
    std::string expected = book.hash;
    tokens_.insert_or_assign(std::move(token), Tracked{std::move(book), 0, {}, wrong});
    if (!wrong) return std::nullopt;
    return mismatch(expected, *found);
}

/// The whole book fits, whatever was open before.
std::optional<BookFinding> BookCheck::settle(Tracked& tracked) {
    ++changes_.verified;
    tracked.open = 0;
    if (!tracked.stale) return std::nullopt;
    tracked.stale = false;
    return BookFinding{FeedState::resynced, "book hash fits again: " + tracked.book.hash};
}

std::optional<BookFinding> BookCheck::change(const WireChange& change) {
    const auto at = tokens_.find(change.token);
    if (at == tokens_.end() || change.hash.empty()) {
        ++changes_.unverified;
        if (at != tokens_.end()) set_level(at->second.book, change);
        return std::nullopt;
    }
    Tracked& tracked = at->second;
    WireBook& book = tracked.book;
    const bool same_batch = book.timestamp == change.timestamp && book.hash == change.hash;
    const std::string batch_before = std::exchange(book.hash, change.hash);
    book.timestamp = change.timestamp;
    set_level(book, change);
    complete(book);

    const std::optional<std::string> found = book_hash(book);
    const std::uint64_t open = tracked.open;
    if (found == change.hash) return settle(tracked);
    ++changes_.unverified;
    if (!found) return std::nullopt;
    const std::string found_before = std::exchange(tracked.open_found, *found);
    tracked.open = same_batch ? open + 1 : 1;
    if (same_batch || open == 0) return std::nullopt;
    changes_.unverified -= open;
    changes_.mismatched += open;
    if (std::exchange(tracked.stale, true)) return std::nullopt;
    return mismatch(batch_before, found_before);
}

std::optional<BookFinding> BookCheck::last_trade(std::string_view token, std::string_view price) {
    const auto at = tokens_.find(token);
    if (at == tokens_.end()) return std::nullopt;
    Tracked& tracked = at->second;
    tracked.book.last_trade_price = price;
    if (tracked.open == 0 || book_hash(tracked.book) != tracked.book.hash) return std::nullopt;
    --changes_.unverified;
    return settle(tracked);
}

void BookCheck::forget(std::string_view token) {
    const auto at = tokens_.find(token);
    if (at != tokens_.end()) tokens_.erase(at);
}

const WireBook* BookCheck::book(std::string_view token) const {
    const auto at = tokens_.find(token);
    return at == tokens_.end() ? nullptr : &at->second.book;
}

}  // namespace daybook::ingest
