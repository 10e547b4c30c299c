#include "projections/answers/listing.hpp"

namespace daybook {
namespace {

void write_value(JsonWriter& out, Form form, const ListValue& value) {
    if (!value) {
        out.null();
    } else if (form == Form::number || form == Form::boolean || form == Form::json) {
        out.verbatim(*value);
    } else {
        out.text(*value);
    }
}

}  // namespace

void write_members(JsonWriter& out, const Listing& listing, std::size_t index) {
    for (std::size_t i = 0; i < listing.columns.size(); ++i) {
        const ListColumn& column = listing.columns[i];
        if (!column.key.empty())
            write_value(out.key(column.key), column.form, listing.rows[index][i]);
    }
}

void write(JsonWriter& out, const Listing& listing) {
    out.begin_array();
    for (std::size_t i = 0; i < listing.rows.size(); ++i) {
        out.begin_object();
        write_members(out, listing, i);
        out.end_object();
    }
    out.end_array();
}

}  // namespace daybook
