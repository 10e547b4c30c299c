#pragma once

#include "src/verbs.hpp"

namespace CLI {
class App;
}

namespace daybook {

/// The options of the verb record; they are read into `wish`, which must outlive `verb`.
void add_record_options(CLI::App& verb, RecordWish& wish);

}  // namespace daybook
