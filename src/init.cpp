#include "src/init.hpp"

#include <filesystem>
#include <fstream>

#include "journal/writer.hpp"
#include "schemas/codec.hpp"
#include "src/config.hpp"
#include "tools/files/keys.hpp"
#include "tools/files/posix_files.hpp"

namespace daybook {
namespace {

Result<void> write_settings(const std::string& path) {
    if (std::filesystem::exists(path)) return ok();
    std::ofstream file{path};
    file << default_config();
    file.close();
    if (!file) return Error{Errc::disk, "cannot write " + path, "check space and rights"};
    return ok();
}

}  // namespace

Result<void> init(const std::string& data_dir) {
    TRYV(files::make_folder(data_dir, 0700));  // nobody but its owner may look into the record
    journal::Options options;
    const auto schema = schema_bytes();
    options.schema.assign(schema.begin(), schema.end());
    TRYV(journal::create(data_dir, options));
    TRYV(files::signing_key(data_dir));
    TRYV(files::token(data_dir, "append"));
    TRYV(files::token(data_dir, "admin"));
    return write_settings(data_dir + "/daybook.toml");
}

}  // namespace daybook
