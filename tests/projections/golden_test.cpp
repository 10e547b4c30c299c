// A journal of every type of event, as bytes of its format, and what becomes of it: tests/golden.
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include "journal/format.hpp"
#include "journal/writer.hpp"
#include "projections/desk.hpp"
#include "projections/fold/catalogue.hpp"
#include "projections/fold/identity.hpp"
#include "schemas/event_json.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

const std::string kGolden = std::string{DAYBOOK_SOURCE_DIR} + "/tests/golden/";
const std::string kFrames = kGolden + "format-" + std::to_string(journal::kFormatVersion) + ".txt";

/// Told by whoever runs the test: write what is there now instead of holding it against the files.
bool write_anew() {
    const char* const wish = std::getenv("DAYBOOK_GOLDEN");
    return wish != nullptr && std::string_view{wish} == "write";
}

std::vector<std::string> lines_of(const std::string& path) {
    std::ifstream file{path};
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
}

std::string hex(std::span<const std::byte> bytes) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text;
    for (const std::byte each : bytes) {
        text += kDigits[std::to_integer<unsigned>(each) >> 4U];
        text += kDigits[std::to_integer<unsigned>(each) & 15U];
    }
    return text;
}

std::vector<std::byte> bytes_of(std::string_view text) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(text.data() + i, text.data() + i + 2, value, 16);
        bytes.push_back(static_cast<std::byte>(value));
    }
    return bytes;
}

Event event_of(const std::string& line) {
    INFO(line);
    auto event = from_json(parse_json(line).value());
    REQUIRE(event.has_value());
    return std::move(event).value();
}

journal::Options fixed_options() {
    journal::Options options;
    options.journal = journal::Uuid{{9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9, 9}};
    const auto schema = schema_bytes();
    options.schema.assign(schema.begin(), schema.end());
    return options;
}

/// The events as the recorder of today puts them down.
void record_events(const std::string& folder) {
    REQUIRE(journal::create(folder, fixed_options()).has_value());
    auto recorder = Recorder::open(folder, kNow).value();
    for (const std::string& line : lines_of(kGolden + "events.jsonl"))
        REQUIRE(recorder.record({event_of(line)}, kNow).has_value());
    REQUIRE(recorder.close().has_value());
}

/// A frame of the file, as its words stand there.
struct Frame {
    std::uint64_t seq{};
    journal::Entry entry;
    std::uint64_t hash{};
    std::vector<std::byte> payload;
};

Frame frame_of(const std::string& line) {
    Frame frame;
    std::string payload;
    std::istringstream words{line};
    words >> frame.seq >> frame.entry.type >> frame.entry.key >> frame.entry.flags >>
        frame.entry.received >> frame.hash >> payload;
    frame.payload = bytes_of(payload);
    return frame;
}

/// The journal of the file, byte by byte what its writer was handed back then.
void write_frames(const std::string& folder) {
    constexpr unsigned kBatch = journal::kFirstOfBatch | journal::kLastOfBatch;
    REQUIRE(journal::create(folder, fixed_options()).has_value());
    auto writer = journal::Writer::open(folder, fixed_options()).value();
    for (const std::string& line : lines_of(kFrames)) {
        Frame frame = frame_of(line);
        frame.entry.flags = static_cast<std::uint16_t>(frame.entry.flags & ~kBatch);
        frame.entry.payload = frame.payload;
        REQUIRE(writer.append({&frame.entry, 1}).has_value());
    }
    REQUIRE(writer.close().has_value());
}

std::string frames_text(const std::string& folder) {
    std::ostringstream text;
    auto reader = journal::Reader::open(folder).value();
    for (auto record = reader.next().value(); record; record = reader.next().value()) {
        text << record->sequence.raw << ' ' << record->type << ' ' << record->key << ' '
             << record->flags << ' ' << record->received << ' ' << record->hash << ' '
             << hex(record->payload) << '\n';
    }
    return text.str();
}

/// What stands in `digests.txt`.
struct Digested {
    std::uint32_t version{};
    std::string digest;
};
std::map<std::string, Digested> golden_digests() {
    std::map<std::string, Digested> digests;
    for (const std::string& line : lines_of(kGolden + "digests.txt")) {
        std::istringstream words{line};
        std::string name;
        Digested each;
        words >> name >> each.version >> each.digest;
        digests[name] = each;
    }
    return digests;
}

std::map<std::string, Digested> digests_now(const std::string& folder) {
    std::map<std::string, Digested> digests;
    auto reader = EventReader::open(folder).value();
    std::vector<Projection> all{catalogue().begin(), catalogue().end()};
    all.push_back(identity_projection());  // what the recorder tells repetitions by
    for (const Projection& projection : all) {
        MemoryRows rows;
        const Sequence head = reader.journal().head().durable;
        REQUIRE(fold_into(reader, projection, rows, head, {}).has_value());
        store::Digest sum;
        for (const auto& [key, value] : rows.all())
            sum.add(store::digest_of_row(key.first, key.second, value));
        digests[std::string{projection.name}] = {projection.version, sum.hex()};
    }
    return digests;
}

}  // namespace

TEST_CASE("the golden journal has every type of event", "[projections][golden]") {
    std::set<std::uint16_t> types;
    for (const std::string& line : lines_of(kGolden + "events.jsonl"))
        types.insert(type_number(event_of(line)));
    CHECK(types.size() == kEventTypes);
}

TEST_CASE("the frames of each format are read as the events they were written for",
          "[projections][golden]") {
    const Folder folder;
    if (write_anew() && !std::filesystem::exists(kFrames)) {
        const Folder recorded;
        record_events(recorded.path());
        std::ofstream{kFrames} << frames_text(recorded.path());
    }
    write_frames(folder.path());
    std::ostringstream golden;
    for (const std::string& line : lines_of(kFrames)) golden << line << '\n';
    CHECK(frames_text(folder.path()) == golden.str());  // the same bytes have the same hashes
    const auto lines = lines_of(kGolden + "events.jsonl");
    auto reader = EventReader::open(folder.path()).value();
    std::size_t read = 0;
    const auto all = reader.for_each({1}, {}, all_types(), [&](const Event& event) {
        Event wanted = event_of(lines.at(read++));
        wanted.seq = event.seq;
        wanted.occurrence = event.occurrence;
        wanted.conflicts_with = event.conflicts_with;
        CHECK(to_json(event) == to_json(wanted));
        return true;
    });
    CHECK(all.has_value());
    CHECK(read == lines.size());
}

TEST_CASE("the rows of a projection change with its version, and never without",
          "[projections][golden]") {
    const Folder folder;
    write_frames(folder.path());
    const auto now = digests_now(folder.path());
    if (write_anew()) {
        std::ofstream file{kGolden + "digests.txt"};
        for (const auto& [name, each] : now)
            file << name << ' ' << each.version << ' ' << each.digest << '\n';
    }
    const auto golden = golden_digests();
    for (const auto& [name, each] : now) {
        const auto known = golden.find(name);
        const std::string anew = "DAYBOOK_GOLDEN=write build/dev/recorder_tests '[golden]'";
        if (known == golden.end()) {
            FAIL_CHECK(name << " is new; write its digest: " << anew);
        } else if (known->second.version != each.version) {
            FAIL_CHECK(name << " has another version; write its digest: " << anew);
        } else if (known->second.digest != each.digest) {
            FAIL_CHECK("the rows of `" << name << "` changed: raise its version, then " << anew);
        }
    }
    CHECK(golden.size() == now.size());
}
