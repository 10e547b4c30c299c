#pragma once

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/terminate.hpp>
#include <boost/outcome/try.hpp>
#include <cstdint>
#include <string>

namespace daybook {

/// A code exists only where some caller can react differently to it; the rest is told in the text.
enum class Errc : std::uint8_t {
    malformed,   ///< input bytes are not what they claim to be: reject, and record the rejection
    corrupt,     ///< our own bytes fail their hash: stop reading there, never overwrite
    disk,        ///< the disk refused: stop recording, say so
    not_found,   ///< nothing under that name, key or sequence
    overflow,    ///< the exact answer does not fit in the type
    conflict,    ///< somebody else holds the lock, or the world moved since the plan was made
    newer,       ///< written by a newer format than this program knows
    incomplete,  ///< the answer would leave something out
    usage,       ///< the caller asked for something that does not exist
};

struct Error {
    Errc code;
    std::string detail;    ///< what, where (file, byte offset, sequence), expected, found
    std::string remedy{};  ///< what the reader can do about it; empty when nothing is known
};

template <class T>
using Result = boost::outcome_v2::basic_result<T, Error, boost::outcome_v2::policy::terminate>;

inline auto ok() { return boost::outcome_v2::success(); }

}  // namespace daybook

/// `auto name = value-or-return-the-error`; `TRYV` for a Result<void>.
#define TRY BOOST_OUTCOME_TRY
#define TRYV BOOST_OUTCOME_TRYV
