#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "schemas/event.hpp"

namespace daybook {

/// What the journal's frame says of an event; the payload does not repeat it.
struct Envelope {
    Sequence seq{};
    Time received;
    std::uint16_t type{};
    Mode mode{Mode::none};
};

/// Who a market key stands for.
struct MarketName {
    std::string venue;
    std::string market;
    friend auto operator<=>(const MarketName&, const MarketName&) = default;
};

/// Turns events into payloads. One Encoder serves one writer; it reuses its memory.
class Encoder {
  public:
    Encoder();
    ~Encoder();
    Encoder(const Encoder&) = delete;
    Encoder& operator=(const Encoder&) = delete;

    /// The payload of `event`: a FlatBuffer by schemas/event.fbs.
    /// `name_market`: write venue and market too; leave them out when the frame's key names them.
    /// The bytes live until the next call.
    [[nodiscard]] std::span<const std::byte> encode(const Event& event, bool name_market);

  private:
    struct Builder;
    std::unique_ptr<Builder> builder_;
};

/// The event in `payload`. `market` and `venue` are empty when the payload leaves them to the key.
/// Fails with corrupt when the bytes are no valid Event or not of the type the frame names, with
/// newer when the type is one this program does not know.
[[nodiscard]] Result<Event> decode(std::span<const std::byte> payload, const Envelope& envelope);

/// The same into `event`, whatever it held; texts of an event of the same type leave it their
/// memory. After a failure it holds nothing of use.
[[nodiscard]] Result<void> decode_into(Event& event, std::span<const std::byte> payload,
                                       const Envelope& envelope);
/// Whether an order_status says two names of its order, looking at nothing else of it. True also
/// where the bytes are no order_status: decode() tells what is wrong with them.
[[nodiscard]] bool links_names(std::span<const std::byte> payload);

/// The binary schema (.bfbs) that describes the payloads; kept with every journal.
[[nodiscard]] std::span<const std::byte> schema_bytes();

}  // namespace daybook
