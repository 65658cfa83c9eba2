//! The scores against a server of which the truth is known. The whole table is printed by
//! `cargo run --release --example fairness`; here it is that its claims hold.

use crate::simulation::{Scene, Way, run};

#[test]
fn the_index_finds_what_is_good_also_among_people_who_do_not_play_fair() {
    for scene in Scene::ALL {
        let found = run(3, scene);
        let ours = found[&Way::Index];
        for way in [Way::Sum, Way::Mean, Way::Wilson] {
            let theirs = found[&way];
            let seen = format!("{scene:?}: {ours:?} and {way:?} {theirs:?}");
            assert!(ours.loopers > theirs.loopers, "loopers, {seen}");
            assert!(ours.tracks > theirs.tracks, "tracks, {seen}");
        }
    }
}
