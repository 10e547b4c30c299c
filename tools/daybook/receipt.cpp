// What leaves the host: receipts and proofs.
#include "journal/receipt.hpp"

#include "journal/hex.hpp"
#include "journal/proof.hpp"
#include "tools/daybook/session.hpp"
#include "tools/files/keys.hpp"

namespace daybook {
namespace {

/// The journal that is to be signed, at one head.
struct Signing {
    std::unique_ptr<journal::ReadDirectory> directory;
    journal::SigningKey key;
    journal::Receipt receipt;
};

Result<Signing> sign_head(const Call& call) {
    auto directory = journal::open_directory(call.data + "/journal");
    if (!directory && directory.error().code == Errc::not_found) return no_journal(call.data);
    if (!directory) return directory.error();
    TRY(const auto head, journal::read_head(*directory.value()));
    TRY(auto key, files::signing_key(call.data));
    TRY(const auto statement, journal::statement_at(*directory.value(), head, now()));
    return Signing{std::move(directory.value()), key, journal::sign(statement, key)};
}

/// Prints `text`, or writes it to the file that was asked for and prints `told` instead.
Result<Exit> hand_out(const Call& call, const std::string& text, const std::string& told) {
    if (call.output.empty()) {
        print_out(text + '\n');
        return Exit::done;
    }
    TRYV(files::write_file(call.output, text + '\n', 0644, files::Existing::kept));
    print_out(call.json ? text + '\n' : told);
    return Exit::done;
}

/// A file of ours has no place in the record.
Result<void> check_output(const Call& call) {
    if (call.output.empty() || !files::lies_in(call.output, call.data + "/journal")) return ok();
    return Error{Errc::usage, call.output + " would lie in the journal", "name another file"};
}

}  // namespace

Result<Exit> run_receipt(const Call& call) {
    TRYV(check_output(call));
    TRY(const auto signing, sign_head(call));
    const std::string public_key = files::public_key_file(call.data).string();
    const journal::Statement& said = signing.receipt.statement;
    return hand_out(call, journal::to_text(signing.receipt),
                    "signed: events up to " + std::to_string(said.sequence.raw) + ", chain " +
                        journal::to_hex(said.chain) + "\nreceipt in " + call.output +
                        "\ncopy it and " + public_key +
                        " to where this host cannot reach; there or here:\n  daybook --data " +
                        call.data + " verify --receipt " + call.output + " --pubkey receipt.pub\n");
}

Result<Exit> run_prove(const Call& call) {
    TRYV(check_output(call));
    TRY(const auto signing, sign_head(call));
    TRY(const auto proof, journal::prove(*signing.directory, {call.sequence}, signing.receipt,
                                         signing.key.public_key()));
    return hand_out(call, journal::to_text(proof),
                    "proof of event " + std::to_string(call.sequence) + " in " + call.output +
                        "\nwho has the public key checks it anywhere:\n  daybook verify --proof " +
                        call.output + " --pubkey receipt.pub\n");
}

}  // namespace daybook
