#!/usr/bin/python3
"""Reads a Daybook journal by journal/README.md alone: shares no code with Daybook.

reader.py JOURNAL          prints its frames as `daybook dump --frames` does
reader.py --chain JOURNAL  prints the chain at its head

Every hash, root and footer on the way is computed again; the first that differs ends it (exit 3).
"""
import datetime
import hashlib
import json
import pathlib
import struct
import sys

import xxhash  # Debian: python3-xxhash

BLOCK = 4096
FRAMES_BEGIN = 8192
TYPES = (
    "market_defined market_changed market_resolved book book_change quote trade price feed "
    "order_intent order_status fill fill_settlement fill_correction merge split redemption "
    "transfer balance decision guard claim halt resume flag limits epoch note log unparsed "
    "recorder_started recorder_stopped recovered model_calibrated lost").split()


def expect(holds, what):
    if not holds:
        sys.exit(print(f"not as the page says: {what}", file=sys.stderr) or 3)


def xxh3(data, seed=0):
    return xxhash.xxh3_64_intdigest(data, seed)


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def u64(*numbers):
    return struct.pack(f"<{len(numbers)}Q", *numbers)


def read_head(folder):
    """The valid slot with the larger counter."""
    data = (folder / "HEAD").read_bytes()
    expect(len(data) == 8192, "HEAD has 8192 bytes")
    slots = []
    for place in (0, 1):
        slot = data[place * BLOCK:place * BLOCK + 512]
        magic, version, clean, uuid, *numbers = struct.unpack_from("<8sII16s6Q", slot)
        if magic == b"DAYBKHED" and version == 1 and xxh3(slot[:504]) == struct.unpack_from(
                "<Q", slot, 504)[0]:
            names = ("counter", "segment", "end", "durable", "last_hash", "sealed")
            slots.append(dict(zip(names, numbers), uuid=uuid))
    expect(slots, "a slot of HEAD verifies")
    return max(slots, key=lambda slot: slot["counter"])


def read_header(data, number, uuid):
    first, second = data[:BLOCK], data[BLOCK:2 * BLOCK]
    expect(first == second, f"the two headers of segment {number} are the same")
    expect(not any(first[104:]), f"zeros follow the header of segment {number}")
    magic, version, _, owner, own, size, first_sequence, previous, schema, xxh = struct.unpack_from(
        "<8sII16sQQQQ32sQ", first)
    expect(magic == b"DAYBKSEG" and version == 1, f"segment {number} begins with its magic")
    expect(owner == uuid and own == number, f"segment {number} is of this journal")
    expect(xxh == xxh3(first[:96]), f"the hash of header {number}")
    return {"first": first_sequence, "previous": previous, "schema": schema, "size": size}


def walk(data, number, uuid, first, last):
    """The frames `first` … `last` of a segment, one behind the other."""
    seed = xxh3(uuid + u64(number))
    offset, inside = FRAMES_BEGIN, False
    for sequence in range(first, last + 1):
        xxh, magic, length, own, received, key, kind, flags, _ = struct.unpack_from(
            "<Q4sIQqQHHI", data, offset)
        end = offset + 48 + (length + 7) // 8 * 8
        place = f"frame {sequence} of segment {number} at {offset}"
        expect(magic == b"DBF\x01" and 1 <= length <= 1 << 20, f"{place} begins with its magic")
        expect(own == sequence, f"{place} has its sequence")
        expect(xxh == xxh3(data[offset + 8:end], (seed + offset) % 2**64), f"{place} has its hash")
        expect(not any(data[offset + 48 + length:end]), f"{place} is padded with zeros")
        expect(bool(flags & 8) != inside, f"{place} stands at its place in a batch")
        inside = not flags & 16
        yield {"seq": sequence, "type": kind, "received": received, "key": key, "flags": flags,
               "bytes": length, "hash": xxh, "offset": offset, "end": end}
        offset = end
    expect(not inside, f"the last batch of segment {number} is whole")


def root(leaves):
    """RFC 6962: the largest power of two below their number goes left."""
    if not leaves:
        return sha256()
    if len(leaves) == 1:
        return leaves[0]
    left = 1 << (len(leaves) - 1).bit_length() - 1
    return sha256(b"\x01", root(leaves[:left]), root(leaves[left:]))


def tree_root(data, end):
    return root([sha256(b"\x00", data[at:min(at + BLOCK, end)]) for at in range(0, end, BLOCK)])


def grouped(frames, name):
    """Counts and offsets by type or key."""
    counts, offsets = b"", []
    for value in sorted({frame[name] for frame in frames}):
        own = [frame["offset"] // 8 for frame in frames if frame[name] == value]
        counts += u64(value, len(offsets), len(own))
        offsets += own
    return counts, offsets


def footer(frames, number, uuid, first, end, roots):
    """All bytes from the footer's first to the end of the file."""
    types, by_type = grouped(frames, "type")
    keys, by_key = grouped(frames, "key")
    sparse, latest = b"", -2**63
    for frame in frames:
        if frame["offset"] >= FRAMES_BEGIN + len(sparse) // 24 * 65536:
            sparse += struct.pack("<QQq", frame["seq"], frame["offset"], latest)
        latest = max(latest, frame["received"])
    times = [frame["received"] for frame in frames] or [0]
    body = struct.pack("<8sIIQQQQqqQQQQ", b"DAYBKFTR", 1, 0, number, first,
                       first + len(frames) - 1, end, min(times), max(times), len(types) // 24,
                       len(keys) // 24, len(sparse) // 24, len(frames))
    offsets = [frame["offset"] // 8 for frame in frames] + by_type + by_key
    body += b"".join(roots) + types + keys + sparse + struct.pack(f"<{len(offsets)}I", *offsets)
    body += bytes(-len(body) % 8)
    begin = -(-end // BLOCK) * BLOCK
    trailer = b"DAYBKEND" + u64(number, begin, len(body), xxh3(body))
    return body + trailer + u64(xxh3(uuid + trailer))


def rfc3339(nanos):
    seconds, rest = divmod(nanos, 10**9)
    text = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc).strftime(
        "%Y-%m-%dT%H:%M:%S")
    return text + (f".{rest:09}".rstrip("0") if rest else "") + "Z"


def read_journal(folder, show):
    """Checks all that is durable, hands every frame to `show`, gives the chain."""
    head = read_head(folder)
    uuid, chain, previous, next_sequence = head["uuid"], bytes(32), 0, 1
    segment = lambda number: (folder / f"{number:08}.segment").read_bytes()
    for number in range(1, head["segment"] + 1):
        data = segment(number)
        header = read_header(data, number, uuid)
        expect(header["first"] == next_sequence, f"segment {number} goes on with the sequences")
        expect(header["previous"] == previous, f"segment {number} names the frame before")
        if any(header["schema"]):
            schema = (folder / "schema" / f"{header['schema'].hex()}.bfbs").read_bytes()
            expect(sha256(schema) == header["schema"], "a schema has its hash for a name")
        last = head["durable"]
        if number < head["segment"]:
            last = read_header(segment(number + 1), number + 1, uuid)["first"] - 1
        frames = []
        for frame in walk(data, number, uuid, header["first"], last):
            frames.append(frame)
            previous, next_sequence = frame["hash"], frame["seq"] + 1
            show(frame)
        end = frames[-1]["end"] if frames else FRAMES_BEGIN
        tree = tree_root(data, end)
        after = sha256(b"\x02", chain, uuid, u64(number, header["first"], last, end), tree)
        if number <= head["sealed"]:
            begin = -(-end // BLOCK) * BLOCK
            built = footer(frames, number, uuid, header["first"], end, (chain, tree, after))
            expect(not any(data[end:begin]), f"zeros lie before the footer of segment {number}")
            expect(data[begin:] == built, f"the footer of segment {number}")
        chain = after
    expect(end == head["end"] and previous == head["last_hash"], "HEAD names the last frame")
    return chain.hex()


def print_frame(frame):
    kind = TYPES[frame["type"] - 1] if 1 <= frame["type"] <= len(TYPES) else ""
    line = {"seq": frame["seq"], "type": kind, "received": rfc3339(frame["received"])}
    line.update((name, frame[name]) for name in ("key", "flags", "bytes", "hash"))
    print(json.dumps(line, separators=(",", ":")))


if __name__ == "__main__":
    only_chain = sys.argv[1:2] == ["--chain"]
    found = read_journal(pathlib.Path(sys.argv[-1]), (lambda frame: None) if only_chain
                         else print_frame)
    if only_chain:
        print(found)
