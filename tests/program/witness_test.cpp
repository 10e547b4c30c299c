// Receipts and proofs, as somebody checks them who has the public key and nothing else.
#include <sys/stat.h>

#include <fstream>

#include "support/catch.hpp"
#include "support/program.hpp"

using namespace daybook;
using namespace daybook::test;

namespace {

std::string notes(int first, int last) {
    std::string lines;
    for (int i = first; i <= last; ++i) {
        lines += R"({"type":"note","text":"note )" + std::to_string(i) + "\"}\n";
    }
    return lines;
}

void write(const std::filesystem::path& path, std::string_view text) {
    std::ofstream{path} << text;
}

/// A data directory with notes, and beside it what left the host: a receipt and the public key.
struct Witnessed {
    DataDirectory data;
    TemporaryFolder elsewhere;
    std::string receipt = elsewhere.path() / "receipt.json";
    std::string key = elsewhere.path() / "receipt.pub";

    explicit Witnessed(int count) {
        data.ingest(notes(1, count));
        CHECK(data.run({"receipt", "-o", receipt}).exit == 0);
        std::filesystem::copy_file(data.path() + "/keys/receipt.pub", key);
    }
    [[nodiscard]] Ran verify() const {
        return data.run({"verify", "--receipt", receipt, "--pubkey", key});
    }
};

bool says(const Ran& ran, std::string_view words) {
    return ran.out.find(words) != std::string::npos || ran.err.find(words) != std::string::npos;
}

unsigned mode_of(const std::string& path) {
    struct stat status {};
    REQUIRE(::stat(path.c_str(), &status) == 0);
    return status.st_mode & 0777U;
}

}  // namespace

TEST_CASE("init makes a pair of keys, and only the owner may read the secret one",
          "[program][witness]") {
    const DataDirectory data;
    CHECK(mode_of(data.path() + "/keys") == 0700);
    CHECK(mode_of(data.path() + "/keys/receipt.key") == 0600);
    CHECK(read_file(data.path() + "/keys/receipt.pub").starts_with("-----BEGIN PUBLIC KEY-----"));
}

TEST_CASE("a receipt holds after the journal has grown, and not after it was set back",
          "[program][witness]") {
    const Witnessed host{5};
    CHECK(host.verify().exit == 0);
    host.data.ingest(notes(6, 9));
    const Ran later = host.verify();
    CHECK(later.exit == 0);
    CHECK(says(later, "history up to event 5 is what was signed"));

    const Json answer = host.data.ask({"verify", "--receipt", host.receipt});
    CHECK(member(member(answer, "receipt"), "own_key").truth);  // the key was not brought along
    CHECK(says(host.data.run({"verify", "--receipt", host.receipt}), "proves nothing against"));
}

TEST_CASE("OpenSSL alone confirms a receipt's signature", "[program][witness]") {
    const Witnessed host{3};
    const Json receipt = parse_json(read_file(host.receipt)).value();
    // The 96 bytes as journal/README.md draws them.
    const std::string script = R"(
import json, sys, struct, uuid, datetime
r = json.load(open(sys.argv[1]))
whole, _, part = r['time'].rstrip('Z').partition('.')
seconds = int(datetime.datetime.fromisoformat(whole + '+00:00').timestamp())
nanos = seconds * 10**9 + int((part + '000000000')[:9])
message = b'DAYBKRCP' + struct.pack('<II', 1, 0) + uuid.UUID(r['journal']).bytes
message += struct.pack('<QQQq', r['seq'], r['segment'], r['end'], nanos) + bytes.fromhex(r['chain'])
open(sys.argv[2], 'wb').write(message)
open(sys.argv[3], 'wb').write(bytes.fromhex(r['signature']))
)";
    const std::string message = host.elsewhere.path() / "message";
    const std::string signature = host.elsewhere.path() / "signature";
    REQUIRE(run({"python3", "-c", script, host.receipt, message, signature}).exit == 0);
    const Ran checked = run({"openssl", "pkeyutl", "-verify", "-pubin", "-inkey", host.key,
                             "-rawin", "-in", message, "-sigfile", signature});
    if (checked.exit != 0 && says(checked, "No such file")) {
        WARN("skipped: no openssl program");
        return;
    }
    CHECK(checked.exit == 0);
}

TEST_CASE("what was signed and what lies there now are told apart", "[program][witness]") {
    const Witnessed host{5};
    SECTION("another journal") {
        const DataDirectory other;
        other.ingest(notes(1, 5));
        const Ran ran = other.run({"verify", "--receipt", host.receipt, "--pubkey", host.key});
        CHECK(ran.exit == 3);
        CHECK(says(ran, "the receipt is about journal"));
    }
    SECTION("another key") {
        const DataDirectory other;
        const Ran ran = host.data.run(
            {"verify", "--receipt", host.receipt, "--pubkey", other.path() + "/keys/receipt.pub"});
        CHECK(ran.exit == 3);
        CHECK(says(ran, "was signed with key"));
    }
    SECTION("a journal that was set back") {
        const TemporaryFolder copies;
        const std::string old = copies.path() / "old";
        std::filesystem::copy(host.data.path(), old, std::filesystem::copy_options::recursive);
        host.data.ingest(notes(6, 7));
        std::filesystem::remove(host.receipt);
        CHECK(host.data.run({"receipt", "-o", host.receipt}).exit == 0);
        const Ran ran = run({program("daybook"), "--data", old, "verify", "--receipt", host.receipt,
                             "--pubkey", host.key});
        CHECK(ran.exit == 3);
        CHECK(says(ran, "the journal ends at sequence 5: it was set back"));
    }
    SECTION("a damaged byte before the receipt") {
        const std::string segment = host.data.path() + "/journal/00000001.segment";
        std::fstream file{segment, std::ios::in | std::ios::out | std::ios::binary};
        file.seekp(8192 + 60);
        file.put('X');
        file.close();
        const Ran ran = host.verify();
        CHECK(ran.exit == 3);
        CHECK(says(ran, "DAMAGED"));
        CHECK(says(ran, "event 1 (note)"));
        CHECK(says(ran, "salvage"));
        CHECK(says(ran, "RECEIPT REFUSED: history up to sequence 5"));
    }
    SECTION("a receipt whose words were changed") {
        std::string text = read_file(host.receipt);
        text.replace(text.find("\"seq\":5"), 7, "\"seq\":4");
        write(host.receipt, text);
        CHECK(host.verify().exit == 3);
    }
}

TEST_CASE("files that are no receipt, proof or key are told as such", "[program][witness]") {
    const Witnessed host{2};
    const std::string garbage = host.elsewhere.path() / "garbage";
    for (const std::string text :
         {"", "hello", "{}", "[1]", "{\"v\":1,\"kind\":\"dump\"}", "\xff"}) {
        CAPTURE(text);
        write(garbage, text);
        CHECK(host.data.run({"verify", "--receipt", garbage, "--pubkey", host.key}).exit == 2);
        CHECK(host.data.run({"verify", "--proof", garbage, "--pubkey", host.key}).exit == 2);
        CHECK(host.data.run({"verify", "--receipt", host.receipt, "--pubkey", garbage}).exit == 2);
    }
    CHECK(host.data.run({"verify", "--receipt", garbage + "-not-there"}).exit == 1);
    CHECK(host.data.run({"verify", "--receipt", host.elsewhere.path()}).exit == 2);
    CHECK(host.data.run({"verify", "--receipt", host.receipt, "--proof", garbage}).exit == 2);
}

TEST_CASE("an event is proven to somebody without the journal, and no byte of the proof may change",
          "[program][witness]") {
    const Witnessed host{20};
    const std::string proof = host.elsewhere.path() / "proof.json";
    CHECK(host.data.run({"prove", "7", "-o", proof}).exit == 0);
    const Words check{program("daybook"), "--data", "/nowhere", "--json", "verify",
                      "--proof",          proof,    "--pubkey", host.key};
    const Ran proven = run(check);
    CHECK(proven.exit == 0);
    const Json answer = parse_json(proven.out).value();
    CHECK(member(answer, "event").text_of("text") == "note 7");
    CHECK(answer.text_of("signed_seq") == "20");

    const std::string text = read_file(proof);
    for (std::size_t at = 0; at + 1 < text.size();
         at += 37) {  // all bits: tests/journal/proof_test
        std::string other = text;
        other[at] = static_cast<char>(other[at] ^ 1);
        write(proof, other);
        const int exit = run(check).exit;
        if (exit != 2 && exit != 3) FAIL("byte " << at << " was turned over: exit " << exit);
    }
    write(proof, text.substr(0, text.size() / 2));
    CHECK(run(check).exit == 2);
    CHECK(host.data.run({"prove", "21"}).exit == 1);
    CHECK(host.data.run({"prove", "many"}).exit == 2);
}

TEST_CASE("a receipt replaces no file and goes nowhere into the journal", "[program][witness]") {
    const Witnessed host{2};
    const std::string before = read_file(host.receipt);
    CHECK(host.data.run({"receipt", "-o", host.receipt}).exit == 5);
    CHECK(read_file(host.receipt) == before);
    CHECK(host.data.run({"receipt", "-o", host.data.path() + "/journal/x"}).exit == 2);
    CHECK(host.data.run({"prove", "1", "-o", host.data.path() + "/keys/../journal/x"}).exit == 2);
    CHECK(host.data.run({"receipt", "-o", "/nowhere/at/all"}).exit == 1);
    CHECK(host.data.run({"verify"}).exit == 0);
}

TEST_CASE("a directory without keys gets a pair with its first receipt, but never a second one",
          "[program][witness]") {
    const Witnessed host{2};
    std::filesystem::remove(host.data.path() + "/keys/receipt.key");
    const Ran ran = host.data.run({"receipt"});
    CHECK(ran.exit == 1);
    CHECK(says(ran, "receipt.key is missing"));
    std::filesystem::remove_all(host.data.path() + "/keys");
    CHECK(host.data.run({"receipt"}).exit == 0);
    CHECK(read_file(host.data.path() + "/keys/receipt.pub") != read_file(host.key));
}
