#pragma once

#include <cstdint>

/// Mistakes that journals and what is built from them are known to make, planted on purpose: a
/// campaign that cannot find them proves nothing. PLANTED(name) is the constant false in every
/// build but that of the libraries that `campaigns_planted` links, where the mistake is chosen
/// while it runs. The programs contain nothing of it, which a test checks.
#ifdef DAYBOOK_PLANTED

namespace daybook {

enum class Mistake : std::uint8_t {
    none,
    ack_before_sync,         ///< commit() answers for what was never synced
    no_folder_sync,          ///< names of new segments may be lost
    retried_sync,            ///< a refused sync is tried again, and believed
    silent_stop,             ///< damage in the middle is taken for the end of the journal
    append_behind_tail,      ///< new events go behind a torn tail that was left there
    head_before_data,        ///< HEAD is written before what it names
    length_unchecked,        ///< a length is believed before it is held against anything
    last_segment_unchecked,  ///< verify skips the segment that is open
    checkpoint_apart,        ///< rows and the sequence they reached, in two transactions
    current_in_place,        ///< CURRENT is written over, and not replaced
    removed_in_place,        ///< a generation is removed file by file under its own name
};
inline Mistake planted_mistake = Mistake::none;

}  // namespace daybook

#define PLANTED(mistake) (::daybook::planted_mistake == ::daybook::Mistake::mistake)
#else
#define PLANTED(mistake) false
#endif
