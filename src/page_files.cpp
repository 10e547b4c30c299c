#include "src/page_files.hpp"

#include <array>

extern "C" {
struct DaybookPageFile {
    const char* bytes;
    std::size_t size;  ///< 0: built without the page
};
// As tools/cmake/dashboard.cmake lays them: index.html, app.js, app.css, favicon.svg.
extern const DaybookPageFile daybook_page[4];
}

namespace daybook {
namespace {

constexpr std::array<std::array<std::string_view, 2>, 4> kFiles{{
    {"/", "text/html; charset=utf-8"},
    {"/app.js", "text/javascript; charset=utf-8"},
    {"/app.css", "text/css; charset=utf-8"},
    {"/favicon.svg", "image/svg+xml"},
}};

}  // namespace

std::vector<server::PageFile> page_files() {
    std::vector<server::PageFile> files;
    for (std::size_t i = 0; i < kFiles.size(); ++i) {
        const DaybookPageFile& at = daybook_page[i];
        if (at.size > 0) files.push_back({kFiles[i][0], kFiles[i][1], {at.bytes, at.size}});
    }
    return files;
}

}  // namespace daybook
