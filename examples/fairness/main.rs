//! Prints how well Rondo's scores, and others, find what is really good:
//! `cargo run --release --example fairness [servers]`.

#![expect(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a table for who runs it"
)]

mod simulation;

use simulation::{Scene, Way, run};

fn main() {
    let servers = std::env::args()
        .nth(1)
        .and_then(|count| count.parse().ok())
        .unwrap_or(20);
    println!(
        "Mean over {servers} made-up servers. Rank correlation with the truth (1 is right), and"
    );
    println!("places that the favoured looper stands too high, and the attacked one too low.\n");
    println!("| scene | score | tracks | loopers | too high | too low |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for scene in Scene::ALL {
        for (way, found) in run(servers, scene) {
            let scene = format!("{scene:?}").to_lowercase();
            let way = match way {
                Way::Index => "index (Rondo)",
                Way::Sum => "sum of stars",
                Way::Mean => "mean of stars",
                Way::Wilson => "Wilson, likes",
                Way::MeanOfCounting => "mean, who counts",
            };
            println!(
                "| {scene} | {way} | {:.3} | {:.3} | {:.1} | {:.1} |",
                found.tracks, found.loopers, found.friend, found.victim
            );
        }
    }
}
