#pragma once

#include <string>
#include <string_view>

#include "src/ingest/book_check.hpp"
#include "src/ingest/input.hpp"

namespace daybook::ingest {

/// The door of Polymarket: frames of its market, user and price channels, answers of its CLOB,
/// Gamma and Data APIs, and what recorders keep beside them (Binance, Coinbase, Pyth) become
/// events.
///
/// `read` decides by content, opens nothing and never fails: what it does not understand becomes an
/// `unparsed` event that says why. The only state is the books whose hashes are checked, so two
/// readers given the same inputs in the same order give the same events.
class Polymarket {
  public:
    explicit Polymarket(Settings settings) : settings_(std::move(settings)) {}

    /// The events of one frame, in order. Empty only for keep-alive text (PING, PONG, blanks; an
    /// empty answer to an order leaves that order in doubt): every other frame leaves at least one
    /// event, and the first one carries the frame as `raw`.
    [[nodiscard]] Batch read(const Input& input);
    /// The same for one line of a file: see unwrap(). A wrapper that makes no sense is kept whole.
    [[nodiscard]] Batch read_line(std::string_view line);

    [[nodiscard]] const BookCheck& books() const { return books_; }

  private:
    Settings settings_;
    BookCheck books_;
};

/// One line of a file as an Input: a bare frame, our own wrapper
/// {"received","mono","channel","order","market","payload"} (contract §1), or the wrapper of the
/// raw captures {"source","recv_wall_ts","recv_mono_ns","payload"}. A payload that is a text is
/// taken out of its quotes, anything else as it stands in the line. The Input points into `line`
/// and `storage`; both must outlive it. Fails with malformed when it is a wrapper and one of its
/// own members makes no sense.
[[nodiscard]] Result<Input> unwrap(std::string_view line, std::string& storage);

}  // namespace daybook::ingest
