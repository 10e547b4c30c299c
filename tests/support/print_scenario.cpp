// daybook-scenario FILE: the scenario as contract lines, ready for `daybook ingest -`.
#include <fstream>
#include <iostream>
#include <sstream>

#include "support/scenario.hpp"

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: daybook-scenario FILE | daybook ingest -\n";
        return 2;
    }
    std::ifstream file{argv[1]};
    std::stringstream text;
    text << file.rdbuf();
    if (!file) {
        std::cerr << argv[1] << ": cannot be read\n";
        return 1;
    }
    const auto scenario = daybook::test::read_scenario(text.str());
    if (!scenario) {
        std::cerr << argv[1] << ": " << scenario.error().detail << '\n';
        return 1;
    }
    for (const auto& event : scenario.value().events) std::cout << event.json << '\n';
    std::cout.flush();
    return std::cout ? 0 : 1;
}
