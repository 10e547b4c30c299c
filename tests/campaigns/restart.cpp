#include "campaigns/restart.hpp"

#include "campaigns/planted_folder.hpp"
#include "journal/verify.hpp"

namespace daybook::campaigns {
namespace {

using test::FaultyDisk;

std::string in_words(const Error& error) { return error.detail; }

Finding read_folder(const OpenFolder& open, Book& book) {
    auto reader = journal::Reader::open(open());
    if (!reader) return in_words(reader.error());
    return book.restart(reader.value());
}

/// What is served behind a recovery has to survive a power cut right there.
Finding survives_power_cut(const FaultyDisk& disk, const Book& book, Dice& dice) {
    const FaultyDisk left = disk.after_power_cut(dice.roll(), test::Sectors::one_torn);
    if (auto finding = verify_disk(*left.for_reading(), TornHead::may_be)) {
        return "after a power cut behind the restart, verify: " + *finding;
    }
    const auto writer = journal::Writer::open(as_planted(left.directory()), small_options());
    if (!writer) return "no second restart: " + in_words(writer.error());
    Book copy = book;
    if (auto finding = read_folder([&left] { return left.directory(); }, copy)) {
        return "second restart: " + *finding;
    }
    return std::nullopt;
}

Result<void> go_on(journal::Writer& writer, Book& book) {
    TRYV(book.append(writer, 2));
    return book.commit(writer);
}

}  // namespace

journal::Options small_options(std::uint64_t first_pages, std::uint64_t largest_pages) {
    journal::Options options;
    options.first_segment = first_pages * journal::kBlock;
    options.largest_segment = largest_pages * journal::kBlock;
    options.background = false;
    options.journal = journal::Uuid{{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16}};
    return options;
}

Finding verify_disk(const journal::ReadDirectory& directory, TornHead torn_head) {
    const auto verdict = journal::verify(directory);
    if (!verdict) return in_words(verdict.error());
    if (verdict.value().ok) return std::nullopt;
    const journal::Damage& bad = *verdict.value().first_bad;
    const bool head_only = bad.file == journal::kHeadName && verdict.value().damages == 1;
    if (head_only && torn_head == TornHead::may_be) return std::nullopt;
    return bad.file + " at " + std::to_string(bad.offset) + ": " + bad.reason +
           (verdict.value().damages > 1
                ? " (the first of " + std::to_string(verdict.value().damages) + ")"
                : "");
}

Finding check_restart(const OpenFolder& open, Book& book,
                      const std::function<Finding()>& while_open) {
    if (auto finding = verify_disk(*open(), TornHead::may_be)) {
        return "before the restart, verify: " + *finding;
    }
    auto writer = journal::Writer::open(open(), small_options());
    if (!writer) return "no restart: " + in_words(writer.error());
    if (auto finding = read_folder(open, book)) return finding;
    if (const auto gone_on = go_on(writer.value(), book); !gone_on) {
        return "does not go on: " + in_words(gone_on.error());
    }
    if (while_open) {
        if (auto finding = while_open()) return finding;
    }
    if (const auto closed = writer.value().close(); !closed) {
        return "does not stop: " + in_words(closed.error());
    }
    if (auto finding = verify_disk(*open(), TornHead::no)) {
        return "after a clean stop, verify: " + *finding;
    }
    return read_folder(open, book);
}

Finding check_restart(const FaultyDisk& disk, Book& book, Dice& dice) {
    return check_restart([&disk] { return as_planted(disk.directory()); }, book,
                         [&] { return survives_power_cut(disk, book, dice); });
}

}  // namespace daybook::campaigns
