//! What is left of the evening: the folder and the summary.

use crate::evening::{Evening, shown_pictures};
use crate::script::Played;
use discord_sandbox::ears::Silence;
use discord_sandbox::people::{Hearing, Member};
use std::fmt::Write;
use std::path::Path;

/// Longest silence within the evening that is still a change of songs, in milliseconds.
const GAP_LIMIT_MS: u64 = 1_000;

/// Writes the folder, prints the summary, and says whether what was heard is what was played.
pub(crate) fn leave(evening: &Evening, folder: &Path, played: &Played) -> anyhow::Result<bool> {
    let listener = listener(evening);
    let hearing = listener.hears();
    hearing.write_wav(&folder.join("heard.wav"))?;
    std::fs::write(folder.join("evening.txt"), evening.chat.join("\n") + "\n")?;
    let files = keep_messages(evening, folder, &listener)?;
    let frames = evening.sandbox.voice().ears().heard_by_all();
    let sum =
        |count: fn(&discord_sandbox::ears::Heard) -> u64| frames.iter().map(count).sum::<u64>();
    let violations: Vec<&String> = frames.iter().flat_map(|it| &it.violations).collect();
    let gap = frames.iter().map(|it| it.longest_gap_ms).max().unwrap_or(0);
    let (lost, broken) = (
        sum(|it| it.lost),
        sum(|it| it.undecryptable + it.nonce_reused),
    );
    let (words, mut is_right) = tones(&hearing, played);
    let silence = inner_silence(&hearing);
    is_right &=
        lost == 0 && broken == 0 && violations.is_empty() && files >= 2 && silence <= GAP_LIMIT_MS;
    println!("\nSummary");
    println!("  frames sent          {}", sum(|it| it.frames));
    println!("  frames lost          {lost}");
    println!("  longest gap          {gap} ms between two packets of speech");
    println!("  longest silence      {silence} ms between two songs");
    println!("  broken rules         {}", violations.len());
    print!("{words}");
    println!("\nIn the folder {}:", folder.display());
    println!("  heard.wav            what {} heard", listener.name);
    println!(
        "  rondo-session-*      the session playlist: its card, and {} files",
        files.saturating_sub(1)
    );
    println!("  messages.txt         everything that stands in the channel");
    println!("  evening.txt          the evening as printed here");
    println!("  bot.log              what the bot logged");
    println!(
        "\n{}",
        if is_right {
            "What was heard is what was played."
        } else {
            "What was heard is NOT what was played."
        }
    );
    Ok(is_right)
}

/// Who was there from the beginning to the end.
fn listener(evening: &Evening) -> Member {
    let world = evening.sandbox.hub().world();
    let guild = world.guilds.get(&evening.guild.id);
    let states = guild
        .map(|it| it.voice_states.keys().copied().collect::<Vec<_>>())
        .unwrap_or_default();
    drop(world);
    let mut people: Vec<Member> = states
        .into_iter()
        .filter(|id| *id != evening.bot.id)
        .map(|id| {
            Member::new(
                evening.sandbox.hub(),
                evening.guild.id,
                id,
                evening.guild.lounge,
            )
        })
        .collect();
    people.sort_by_key(Member::heard_ms);
    people.pop().unwrap_or_else(|| evening.guild.owner.clone())
}

/// The tones that were expected beside those that were heard.
fn tones(hearing: &Hearing, played: &Played) -> (String, bool) {
    let heard = hearing.tones_in_order();
    let mut words = String::new();
    let mut is_right = true;
    let mut line = |words_of_it: String| {
        // Writing to a string does not fail.
        let _written = writeln!(words, "  {words_of_it}");
    };
    if played.iter().all(|(_, hz)| hz.is_none()) {
        line(format!(
            "songs of yours       {} played, {} s heard",
            played.len(),
            hearing.length_ms() / 1000
        ));
        let silent = hearing.rms_dbfs(0, hearing.length_ms()) < -60.0;
        return (words, !silent);
    }
    line("tones                expected   heard".to_owned());
    for (index, (title, hz)) in played.iter().enumerate() {
        let expected = f64::from(hz.unwrap_or_default());
        let got = heard.get(index).copied();
        let fits = got.is_some_and(|got| (got - expected).abs() < expected * 0.02);
        is_right &= fits;
        let got = got.map_or_else(|| "nothing".to_owned(), |got| format!("{got:.1} Hz"));
        line(format!(
            "  {title:<19}{expected:>8.1} Hz   {got}{}",
            if fits { "" } else { "   WRONG" }
        ));
    }
    is_right &= heard.len() == played.len();
    let wrong = heard.len().abs_diff(played.len());
    line(format!("tones too many or too few: {wrong}"));
    (words, is_right)
}

/// The longest silence between the first and the last sound.
fn inner_silence(hearing: &Hearing) -> u64 {
    let all = hearing.silences(40);
    let inner = all
        .into_iter()
        .filter(|it| it.from_ms > 0 && it.to_ms + 20 < hearing.length_ms());
    inner.map(Silence::length_ms).max().unwrap_or(0)
}

/// Writes the channel's messages and their files; how many files.
fn keep_messages(evening: &Evening, folder: &Path, reader: &Member) -> anyhow::Result<usize> {
    let mut text = String::new();
    let mut count = 0;
    let world = evening.sandbox.hub();
    for channel in [evening.guild.lounge, evening.guild.text] {
        for seen in reader.looking_at(channel).sees() {
            writeln!(
                text,
                "[{}]{}\n{}\n",
                seen.author,
                if seen.is_edited { " (edited)" } else { "" },
                seen.text
            )?;
            let shown = shown_pictures(&seen);
            let attached = seen.files.into_iter().map(|file| file.url);
            for url in attached.chain(shown) {
                let kept = world
                    .world()
                    .files
                    .values()
                    .find(|it| url.contains(&it.path()))
                    .cloned();
                if let Some(kept) = kept.filter(|it| is_playlist(&it.name)) {
                    std::fs::write(folder.join(&kept.name), &kept.bytes)?;
                    count += 1;
                }
            }
        }
    }
    std::fs::write(folder.join("messages.txt"), text)?;
    Ok(count)
}

fn is_playlist(name: &str) -> bool {
    let extension = Path::new(name).extension();
    extension.is_some_and(|it| {
        ["png", "xspf", "jspf", "m3u8", "csv"]
            .iter()
            .any(|known| it == *known)
    })
}
