// A target without libFuzzer: its seeds, and the same mutations of them every time.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>

#include "campaigns/dice.hpp"
#include "fuzz/target.hpp"

namespace {

using daybook::campaigns::Dice;

constexpr std::uint64_t kRounds = 3000;

void feed(const std::string& input) {
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
}

void overwrite(std::string& text, std::size_t at, std::uint64_t value, std::size_t bytes) {
    bytes = std::min(bytes, text.size() - at);
    std::memcpy(text.data() + at, &value, bytes);
}

/// Numbers at which lengths and counts break.
std::uint64_t edge(Dice& dice) {
    const std::uint64_t power = std::uint64_t{1} << dice.below(64);
    return power - 1 + dice.below(3);
}

void mutate(std::string& text, const std::string& other, Dice& dice) {
    if (text.empty()) text = other;
    if (text.empty()) return;
    const std::size_t at = dice.below(text.size());
    const std::size_t length = std::min<std::size_t>(text.size() - at, dice.below(64));
    switch (dice.below(7)) {
        case 0:
            text[at] = static_cast<char>(text[at] ^ (1 << dice.below(8)));
            break;
        case 1:
            overwrite(text, at, edge(dice), std::size_t{1} << dice.below(4));
            break;
        case 2:
            text.resize(at);
            break;
        case 3:
            text.erase(at, length);
            break;
        case 4:
            text.insert(at, text.substr(at, length));
            break;
        case 5:
            text.insert(at, other.substr(std::min(at, other.size()), length));
            break;
        default:
            overwrite(text, at, dice.roll(), 8);
    }
}

int write_seeds(const std::vector<std::string>& seeds, const std::string& folder) {
    for (std::size_t i = 0; i < seeds.size(); ++i) {
        std::ofstream file(folder + "/seed-" + std::to_string(i), std::ios::binary);
        file << seeds[i];
        if (!file.flush()) return 1;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    const auto seeds = daybook::fuzz::seeds();
    if (argc == 3 && std::strcmp(argv[1], "--write") == 0) return write_seeds(seeds, argv[2]);
    const std::uint64_t rounds = argc == 2 ? std::strtoull(argv[1], nullptr, 10) : kRounds;
    for (const std::string& seed : seeds) feed(seed);
    for (std::uint64_t round = 0; round < rounds; ++round) {
        Dice dice(1, round);
        std::string input = seeds[dice.below(seeds.size())];
        for (std::uint64_t times = dice.between(1, 4); times > 0; --times) {
            mutate(input, seeds[dice.below(seeds.size())], dice);
        }
        feed(input);
    }
    std::printf("%zu seeds and %llu mutations of them\n", seeds.size(),
                static_cast<unsigned long long>(rounds));
    return 0;
}
