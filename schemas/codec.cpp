#include "schemas/codec.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "schemas/fields.hpp"

namespace daybook {
namespace {

using flatbuffers::FlatBufferBuilder;
using flatbuffers::Table;
using flatbuffers::uoffset_t;
using flatbuffers::voffset_t;

fb::Wide to_wire(RefPrice price) {
    return {static_cast<std::uint64_t>(price.attos), static_cast<std::int64_t>(price.attos >> 64)};
}
RefPrice from_wire(const fb::Wide& wire) {
    return {(static_cast<Wide>(wire.high()) << 64) | static_cast<Wide>(wire.low())};
}
fb::Level to_wire(const Level& level) { return {level.price.micros, level.shares.micros}; }
Level from_wire(const fb::Level& wire) { return {{wire.price()}, {wire.shares()}}; }
fb::Change to_wire(const Change& change) {
    return {change.price.micros, change.shares.micros, static_cast<fb::Side>(change.side)};
}
Change from_wire(const fb::Change& wire) {
    return {{wire.price()}, {wire.shares()}, static_cast<Side>(wire.side())};
}

/// The integer that stands in the table for a scalar of ours.
template <class T>
auto scalar(const T& value) {
    if constexpr (Micros<T>) {
        return value.micros;
    } else if constexpr (std::is_same_v<T, Time>) {
        return value.nanos;
    } else if constexpr (std::is_enum_v<T> || std::is_same_v<T, bool>) {
        return static_cast<std::uint8_t>(value);
    } else {
        return value;
    }
}
template <class T, class Raw>
T from_scalar(Raw raw) {
    if constexpr (Micros<T> || std::is_same_v<T, Time>) {
        return T{raw};
    } else if constexpr (std::is_same_v<T, bool>) {
        return raw != 0;
    } else {
        return static_cast<T>(raw);
    }
}

template <class T>
uoffset_t write_table(FlatBufferBuilder& out, const T& value);

template <class T>
uoffset_t write_vector(FlatBufferBuilder& out, const std::vector<T>& items) {
    if constexpr (std::is_same_v<T, std::string>) {
        return out.CreateVectorOfStrings(items).o;
    } else if constexpr (Micros<T>) {
        return out
            .CreateVector<std::int64_t>(items.size(),
                                        [&items](std::size_t i) { return items[i].micros; })
            .o;
    } else if constexpr (Described<T>) {
        std::vector<flatbuffers::Offset<void>> offsets;
        offsets.reserve(items.size());
        for (const T& item : items) offsets.emplace_back(write_table(out, item));
        return out.CreateVector(offsets).o;
    } else {
        using WireStruct = decltype(to_wire(items.front()));
        std::vector<WireStruct> wire;
        wire.reserve(items.size());
        for (const T& item : items) wire.push_back(to_wire(item));
        return out.CreateVectorOfStructs(wire).o;
    }
}

/// Everything a table refers to is written before the table; 0 for what stands inside it or is
/// absent.
template <class T>
uoffset_t prepare(FlatBufferBuilder& out, const T& value) {
    if constexpr (std::is_same_v<T, std::string>) {
        return value.empty() ? 0 : out.CreateString(value).o;
    } else if constexpr (kIsVector<T>) {
        return value.empty() ? 0 : write_vector(out, value);
    } else if constexpr (Described<T>) {
        return write_table(out, value);
    } else if constexpr (kIsOptional<T>) {
        using Inner = typename T::value_type;
        if (!value) return 0;
        if constexpr (kIsVector<Inner>)
            return write_vector(out, *value);  // empty is not absent
        else
            return prepare(out, *value);
    } else {
        return 0;
    }
}

template <class T>
void add(FlatBufferBuilder& out, voffset_t place, const T& value, uoffset_t prepared) {
    if (prepared != 0) {
        out.AddOffset(place, flatbuffers::Offset<void>{prepared});
    } else if constexpr (std::is_same_v<T, RefPrice>) {
        const fb::Wide wire = to_wire(value);
        out.AddStruct(place, &wire);
    } else if constexpr (kIsOptional<T>) {
        using Inner = typename T::value_type;
        if constexpr (!kIsVector<Inner> && !Described<Inner>) {
            if (value) add(out, place, *value, 0);
        }
    } else if constexpr (!kIsVector<T> && !std::is_same_v<T, std::string> && !Described<T>) {
        out.AddElement(place, scalar(value));
    }
}

template <class T>
uoffset_t write_table(FlatBufferBuilder& out, const T& value) {
    return std::apply(
        [&](const auto&... each) {
            const std::array<uoffset_t, sizeof...(each)> prepared{
                prepare(out, value.*each.member)...};
            const uoffset_t start = out.StartTable();
            std::size_t i = 0;
            (add(out, each.place, value.*each.member, prepared[i++]), ...);
            return out.EndTable(start);
        },
        Fields<T>::list);
}

template <class T>
void read_table(const Table& table, T& value);

/// A struct or number by value, wherever it stands: FlatBuffers' verifier does not look at the
/// alignment of what is inside a vector.
template <class Item>
Item copied(const std::uint8_t* bytes, std::size_t place = 0) {
    Item item{};
    std::memcpy(static_cast<void*>(&item), bytes + place * sizeof item, sizeof item);
    return item;
}

template <class T>
void read_vector(const Table& table, voffset_t place, std::vector<T>& items) {
    if constexpr (std::is_same_v<T, std::string>) {
        const auto* wire =
            table.GetPointer<const flatbuffers::Vector<flatbuffers::Offset<flatbuffers::String>>*>(
                place);
        for (const flatbuffers::String* item : *wire) items.push_back(item->str());
    } else if constexpr (Micros<T>) {
        const auto* wire = table.GetPointer<const flatbuffers::Vector<std::int64_t>*>(place);
        for (uoffset_t i = 0; i < wire->size(); ++i) {
            items.push_back(T{copied<std::int64_t>(wire->Data(), i)});
        }
    } else if constexpr (Described<T>) {
        const auto* wire =
            table.GetPointer<const flatbuffers::Vector<flatbuffers::Offset<Table>>*>(place);
        for (const Table* item : *wire) read_table(*item, items.emplace_back());
    } else {
        using WireStruct = decltype(to_wire(T{}));
        const auto* wire = table.GetPointer<const flatbuffers::Vector<const WireStruct*>*>(place);
        items.reserve(wire->size());
        for (uoffset_t i = 0; i < wire->size(); ++i) {
            items.push_back(from_wire(copied<WireStruct>(wire->Data(), i)));
        }
    }
}

template <class T>
void read(const Table& table, voffset_t place, T& value) {
    if (!table.CheckField(place)) return;
    if constexpr (std::is_same_v<T, std::string>) {
        value = table.GetPointer<const flatbuffers::String*>(place)->string_view();
    } else if constexpr (kIsVector<T>) {
        read_vector(table, place, value);
    } else if constexpr (Described<T>) {
        read_table(*table.GetPointer<const Table*>(place), value);
    } else if constexpr (std::is_same_v<T, RefPrice>) {
        value = from_wire(copied<fb::Wide>(table.GetStruct<const std::uint8_t*>(place)));
    } else if constexpr (kIsOptional<T>) {
        read(table, place, value.emplace());
    } else {
        using Raw = decltype(scalar(value));
        value = from_scalar<T>(table.GetField<Raw>(place, Raw{}));
    }
}

template <class T>
void read_table(const Table& table, T& value) {
    for_each_field<T>([&](const auto& each) { read(table, each.place, value.*each.member); });
}

/// An enum value out of range would be a broken writer: it is told, never shown as something else.
template <class T>
bool enums_known(const T& value) {
    if constexpr (std::is_enum_v<T>) {
        return static_cast<std::size_t>(value) < EnumText<T>::names.size();
    } else if constexpr (kIsOptional<T>) {
        return !value || enums_known(*value);
    } else if constexpr (kIsVector<T>) {
        return std::ranges::all_of(value, [](const auto& item) { return enums_known(item); });
    } else if constexpr (std::is_same_v<T, Change>) {
        return enums_known(value.side);
    } else if constexpr (Described<T>) {
        bool known = true;
        for_each_field<T>(
            [&](const auto& each) { known = known && enums_known(value.*each.member); });
        return known;
    } else {
        return true;
    }
}

/// An empty alternative of the variant. One that stands there already keeps its memory.
template <std::size_t index>
auto& emptied(Body& body) {
    static const std::variant_alternative_t<index, Body> empty{};
    auto* const same = std::get_if<index>(&body);
    if (same == nullptr) return body.emplace<index>();
    return *same = empty;
}

/// Reads the body of union type `index + 1` into the variant.
template <std::size_t index = 0>
void read_body(std::size_t wanted, const Table& table, Body& body) {
    if constexpr (index + 1 < kEventTypes) {
        if (wanted != index) return read_body<index + 1>(wanted, table, body);
    }
    read_table(table, emptied<index>(body));
}

Error bad(const Envelope& envelope, std::string what) {
    return {Errc::corrupt, "event " + std::to_string(envelope.seq.raw) + ": " + std::move(what),
            "run: daybook verify"};
}

Result<void> read_event(const fb::Event& wire, const Envelope& envelope, Event& event) {
    const auto text = [](const flatbuffers::String* from) {
        return from == nullptr ? std::string_view{} : from->string_view();
    };
    event.seq = envelope.seq;
    event.received = envelope.received;
    event.mode = envelope.mode;
    event.time.reset();
    if (wire.time().has_value()) event.time = Time{*wire.time()};
    event.mono.reset();
    if (wire.mono().has_value()) event.mono = *wire.mono();
    event.origin = static_cast<Origin>(wire.origin());
    event.venue = text(wire.venue());
    event.market = text(wire.market());
    event.account = wire.account() == nullptr ? "main" : text(wire.account());
    event.id = text(wire.id());
    event.correlation = text(wire.correlation());
    event.cause.reset();
    if (wire.cause().has_value()) event.cause = *wire.cause();
    event.occurrence = wire.occurrence();
    event.conflicts_with = {wire.conflicts_with()};
    event.extra = text(wire.extra());
    event.raw.clear();
    if (wire.raw() != nullptr) event.raw.assign(wire.raw()->begin(), wire.raw()->end());
    read_body(static_cast<std::size_t>(wire.body_type()) - 1,
              *static_cast<const Table*>(wire.body()), event.body);
    const bool known = enums_known(event.origin) &&
                       std::visit([](const auto& body) { return enums_known(body); }, event.body);
    if (!known) return bad(envelope, "holds an enum value this program does not know");
    return ok();
}

}  // namespace

extern "C" {
extern const std::byte daybook_schema_begin[];
extern const std::byte daybook_schema_end[];
}

std::span<const std::byte> schema_bytes() { return {daybook_schema_begin, daybook_schema_end}; }

struct Encoder::Builder {
    FlatBufferBuilder out{4096};
};

Encoder::Encoder() : builder_{std::make_unique<Builder>()} {}
Encoder::~Encoder() = default;

std::span<const std::byte> Encoder::encode(const Event& event, bool name_market) {
    FlatBufferBuilder& out = builder_->out;
    out.Clear();
    const auto text = [&out](const std::string& from) {
        return from.empty() ? flatbuffers::Offset<flatbuffers::String>{} : out.CreateString(from);
    };
    const auto venue = name_market ? text(event.venue) : text({});
    const auto market = name_market ? text(event.market) : text({});
    const auto account = event.account == "main" ? text({}) : out.CreateString(event.account);
    const auto id = text(event.id);
    const auto correlation = text(event.correlation);
    const auto extra = text(event.extra);
    const auto raw = event.raw.empty()
                         ? flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>{}
                         : out.CreateVector(reinterpret_cast<const std::uint8_t*>(event.raw.data()),
                                            event.raw.size());
    const uoffset_t body =
        std::visit([&out](const auto& value) { return write_table(out, value); }, event.body);

    fb::EventBuilder table{out};
    if (event.time) table.add_time(event.time->nanos);
    if (event.mono) table.add_mono(*event.mono);
    if (event.cause) table.add_cause(*event.cause);
    table.add_conflicts_with(event.conflicts_with.raw);
    table.add_occurrence(event.occurrence);
    table.add_venue(venue);
    table.add_market(market);
    table.add_account(account);
    table.add_id(id);
    table.add_correlation(correlation);
    table.add_extra(extra);
    table.add_raw(raw);
    table.add_body(flatbuffers::Offset<void>{body});
    table.add_origin(static_cast<fb::Origin>(event.origin));
    table.add_body_type(static_cast<fb::Body>(type_number(event)));
    fb::FinishEventBuffer(out, table.Finish());

    const auto* bytes = reinterpret_cast<const std::byte*>(out.GetBufferPointer());
    return {bytes, out.GetSize()};
}

Result<Event> decode(std::span<const std::byte> payload, const Envelope& envelope) {
    Event event;
    TRYV(decode_into(event, payload, envelope));
    return event;
}

bool links_names(std::span<const std::byte> payload) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(payload.data());
    flatbuffers::Verifier verifier{bytes, payload.size()};
    const uoffset_t root = verifier.VerifyOffset(0);
    if (root == 0) return true;
    const auto& event = *reinterpret_cast<const Table*>(bytes + root);
    if (!event.VerifyTableStart(verifier) ||
        !event.VerifyField<std::uint8_t>(verifier, fb::Event::VT_BODY_TYPE, 1) ||
        !event.VerifyOffsetRequired(verifier, fb::Event::VT_BODY) ||
        event.GetField<std::uint8_t>(fb::Event::VT_BODY_TYPE, 0) !=
            static_cast<std::uint8_t>(fb::Body::OrderStatus))
        return true;
    const auto& status = *event.GetPointer<const Table*>(fb::Event::VT_BODY);
    return !status.VerifyTableStart(verifier) ||
           (status.CheckField(fb::OrderStatus::VT_ORDER) &&
            status.CheckField(fb::OrderStatus::VT_VENUE_ORDER));
}

Result<void> decode_into(Event& event, std::span<const std::byte> payload,
                         const Envelope& envelope) {
    if (envelope.type == 0 || envelope.type > kEventTypes) {
        return Error{Errc::newer,
                     "event " + std::to_string(envelope.seq.raw) + " is of type " +
                         std::to_string(envelope.type) + "; this program knows 1 to " +
                         std::to_string(kEventTypes),
                     "use the version of daybook that recorded it, or a newer one"};
    }
    flatbuffers::Verifier verifier{reinterpret_cast<const std::uint8_t*>(payload.data()),
                                   payload.size(), 8, 100'000};
    if (!fb::VerifyEventBuffer(verifier)) return bad(envelope, "payload is no valid Event");
    const fb::Event& wire = *fb::GetEvent(payload.data());
    if (static_cast<std::uint16_t>(wire.body_type()) != envelope.type) {
        return bad(envelope, "the frame says type " + std::to_string(envelope.type) +
                                 ", the payload " +
                                 std::to_string(static_cast<int>(wire.body_type())));
    }
    return read_event(wire, envelope, event);
}

}  // namespace daybook
