//! The scores against servers of which the truth is known. The whole table is printed by
//! `cargo run --release --example fairness`; here it is that what is claimed of it holds, and that is
//! not everything: where everybody is honest and enough is rated, a plain mean is as good.

use crate::simulation::{Scene, Way, run};

#[test]
fn the_index_finds_what_is_good_also_among_people_who_do_not_play_fair() {
    let mut wrong = Vec::new();
    for scene in Scene::ALL {
        let found = run(3, scene);
        let ours = found[&Way::Index];
        let least = match scene {
            Scene::Clean | Scene::Friends | Scene::Farm => 0.9,
            Scene::Brigade => 0.75,
        };
        let mut claim = |holds: bool, what: &str| {
            if !holds {
                wrong.push(format!("{scene:?}, {what}: {found:#?}"));
            }
        };
        claim(ours.loopers > least, "loopers");
        claim(ours.tracks > least, "tracks");
        claim(ours.loopers > found[&Way::Sum].loopers, "loopers by sum");
        claim(ours.tracks > found[&Way::Sum].tracks, "tracks by sum");
        for way in [Way::Mean, Way::Wilson] {
            let theirs = found[&way];
            if matches!(scene, Scene::Farm | Scene::Brigade) {
                claim(ours.loopers > theirs.loopers, "loopers");
                claim(ours.friend < theirs.friend, "the favoured one");
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
