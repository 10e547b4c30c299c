#include "campaigns/scenes.hpp"

#include "campaigns/load.hpp"
#include "campaigns/restart.hpp"
#include "schemas/invariant.hpp"

namespace daybook::campaigns {
namespace {

journal::Writer open_writer(Scene& scene) {
    auto writer = journal::Writer::open(scene.disk.directory(), small_options());
    INVARIANT(writer.has_value(), "an unharmed journal opens");
    return std::move(writer.value());
}

/// As after kill -9, so that what was refused before does not go on.
Scene settled(Scene scene) {
    scene.disk = scene.disk.after_kill();
    return scene;
}

}  // namespace

Scene empty_scene() {
    Scene scene;
    scene.created = journal::create(*scene.disk.directory(), small_options()).has_value();
    INVARIANT(scene.created, "an unharmed journal is created");
    return settled(std::move(scene));
}

Scene stopped_scene() {
    Scene scene = empty_scene();
    auto writer = open_writer(scene);
    Dice dice(5);
    const bool stopped =
        work(writer, scene.book, 40, dice).has_value() && stop(writer, scene.book).has_value();
    INVARIANT(stopped, "an unharmed journal stops");
    return settled(std::move(scene));
}

Scene torn_scene() {
    Scene scene = empty_scene();
    auto writer = open_writer(scene);
    std::vector<std::byte> head;
    for (int commits = 0; commits < 6; ++commits) {
        if (commits == 4) head = scene.disk.content(journal::kHeadName);
        if (commits == 5) scene.disk.refuse(1, true, test::Blow::inside);
        const bool went =
            scene.book.append(writer, 3).has_value() && scene.book.commit(writer).has_value();
        INVARIANT(went == (commits < 5), "the last commit is refused");
    }
    scene = settled(std::move(scene));
    scene.disk.overwrite(journal::kHeadName, head);
    return scene;
}

Result<void> begin_life(Scene& scene) {
    TRY(auto reader, journal::Reader::open(scene.disk.for_reading()));
    if (const auto finding = scene.book.restart(reader)) return Error{Errc::corrupt, *finding};
    return ok();
}

}  // namespace daybook::campaigns
