#include "campaigns/power_cut.hpp"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "campaigns/restart.hpp"

namespace daybook::campaigns {
namespace {

constexpr std::uint64_t kBatches = 100'000;
constexpr std::uint64_t kSeed = 1;

/// Batches of the same sizes in both programs: the book of one is that of the other.
std::uint64_t batch_size(Dice& dice) { return dice.chance(10) ? dice.between(5, 60) : 1; }

journal::Options options() {
    journal::Options chosen = small_options(16, 256);
    chosen.background = true;
    return chosen;
}

int fails(const std::string& why) {
    std::fprintf(stderr, "%s\n", why.c_str());
    return 1;
}

bool tell(std::uint64_t sequence) {
    const std::string line = std::to_string(sequence) + "\n";
    return ::write(STDOUT_FILENO, line.data(), line.size()) == static_cast<ssize_t>(line.size());
}

std::uint64_t last_whole_line(const char* file) {
    std::ifstream lines(file);
    std::uint64_t last = 0;
    for (std::string line; std::getline(lines, line) && !lines.eof();) last = std::stoull(line);
    return last;
}

/// What the load appended when it had told of `told`: all up to there, and one more batch.
Book book_up_to(std::uint64_t told) {
    Book book;
    Dice dice(kSeed);
    while (book.appended() < told) book.enter(batch_size(dice));
    book.acknowledge(told);
    book.enter(batch_size(dice));
    return book;
}

}  // namespace

int load(const char* folder) {
    if (const auto made = journal::create(folder, options()); !made) {
        return fails(made.error().detail);
    }
    auto writer = journal::Writer::open(folder, options());
    if (!writer) return fails(writer.error().detail);
    Book book;
    Dice dice(kSeed);
    for (std::uint64_t batch = 0; batch < kBatches; ++batch) {
        const auto last = book.append(writer.value(), batch_size(dice));
        if (!last) return fails(last.error().detail);
        if (const auto done = book.commit(writer.value()); !done) return fails(done.error().detail);
        if (!tell(last.value())) return 1;
    }
    return 0;
}

int check(const char* folder, const char* acknowledged) {
    const std::uint64_t told = last_whole_line(acknowledged);
    const std::filesystem::path journal = std::filesystem::path(folder) / "journal";
    if (!std::filesystem::exists(journal / journal::kHeadName)) {
        if (told != 0) return fails("acknowledged " + std::to_string(told) + ", found no HEAD");
        const auto made = journal::create(folder, options());  // cut off in creation: begin again
        return made ? 0 : fails(made.error().detail);
    }
    Book book = book_up_to(told);
    const auto finding =
        check_restart([&] { return journal::open_for_writing(journal).value(); }, book);
    return finding ? fails(*finding) : 0;
}

}  // namespace daybook::campaigns
