#include <cstdint>
#include <string_view>

#include "fuzz/target.hpp"
#include "schemas/invariant.hpp"
#include "src/ingest/lines.hpp"

using namespace daybook::ingest;

namespace {

/// Bytes of content handed out when `input` arrives in chunks of `chunk` bytes.
std::uint64_t content(std::string_view input, std::size_t chunk) {
    Lines lines;
    Line line;
    std::uint64_t bytes = 0;
    const auto drain = [&] {
        while (lines.next(line)) {
            INVARIANT(line.text.size() <= kLineBytesMax, "a part is at most 1 MiB");
            INVARIANT(line.text.find('\n') == std::string_view::npos, "a line holds no line end");
            bytes += line.text.size() + line.number;
        }
    };
    for (; !input.empty(); drain()) {
        const std::string_view head = input.substr(0, chunk);
        lines.push(head);
        input.remove_prefix(head.size());
    }
    lines.finish();
    drain();
    return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view input{reinterpret_cast<const char*>(data), size};
    INVARIANT(content(input, 1) == content(input, size + 1), "chunks do not change the lines");
    return 0;
}

std::vector<std::string> daybook::fuzz::seeds() {
    return {
        "one\ntwo\r\nthree",
        std::string(3000, 'x') + "\n\n\n" + std::string(100, 'y'),
        "\n",
    };
}
