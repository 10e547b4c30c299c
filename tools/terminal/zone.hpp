#pragma once

#include <string>

#include "schemas/time.hpp"

namespace date {
class time_zone;
}

namespace daybook {

/// A time zone of the system's database (Debian: tzdata), for what people read. Programs are always
/// told UTC. Cheap to copy; without a name it is UTC and needs no database.
class Zone {
  public:
    Zone() = default;
    /// "America/New_York". Fails with usage when the database has no such zone.
    [[nodiscard]] static Result<Zone> find(const std::string& name);

    [[nodiscard]] const std::string& name() const { return name_; }
    /// RFC 3339 with the zone's offset at that moment: "2025-12-13T09:31:00-05:00"; UTC ends in Z.
    [[nodiscard]] std::string print(Time time) const;
    /// The date there, in days since 1970-01-01.
    [[nodiscard]] std::int64_t day_of(Time time) const;
    /// When day `day` begins there; where midnight is skipped, the first moment behind the gap.
    [[nodiscard]] Time begin_of(std::int64_t day) const;

  private:
    [[nodiscard]] std::int64_t offset_seconds(Time time) const;

    std::string name_{"UTC"};
    const date::time_zone* zone_{};  ///< null: UTC
};

/// "2025-12-13" of a day since 1970-01-01, and back. Fails with malformed on what is no date.
[[nodiscard]] std::string date_text(std::int64_t day);
[[nodiscard]] Result<std::int64_t> parse_date(std::string_view text);

/// The zone a person is answered in: `wish` (--tz), else `timezone` of daybook.toml in `data`, else
/// UTC. Fails with usage when there is no such zone, with malformed when daybook.toml cannot be
/// read; that file is not looked at when `wish` says.
[[nodiscard]] Result<Zone> choose_zone(const std::string& wish, const std::string& data);

}  // namespace daybook
