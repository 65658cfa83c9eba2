//! Floor 1: from a link or a file to sound in a call. [`Intake`] fetches, inspects and stores what
//! members add; [`Speaker`] plays it. Neither knows whose turn it is, or why.
//!
//! Files are fetched whole, inspected (container, codec, tags, true length by walking the packets, a
//! first stretch really decoded) and stored under the hash of their content before they enter a setlist.
//! A track of a **site** has no file until its turn comes near: `source.rs` makes one enum of the
//! reference that a track carries, and whoever needs the file asks `Sources::file`, which fetches what is
//! far away. Sites are asked through yt-dlp (`source/site.rs`), run as an errand (`source/errand.rs`): a
//! list of arguments and never a shell, an environment of the search path alone, limits of time, output
//! and disk. A process between (`rondo keep`, `keeper.rs`) ends it with all that it started,
//! also when the bot is killed: it adopts orphans, and its standard input is the leash. What only a search says is enough for a
//! setlist; a process starts when typing pauses (`source/finder.rs`). Spotify, Apple Music and Deezer tell
//! what a song is called (`source/elsewhere.rs`), and the library and the sites are searched for it.
//! The looking is done by a process of its own (`rondo examine`, `examiner.rs`), without the
//! token and with a limit of time: decoders ask for as much memory as a file claims to need, so a
//! hostile file of a hundred bytes ends the process that opens it, and that must not be the bot.
//! Such a process has 256 MB, and processor time as the work gets on (`budget.rs`): two seconds
//! without a packet of sound, or without more of the file having been read, end it (and as much again
//! as its work took so far: the system's count runs ahead of the truth on a busy machine).
//! What comes next is **made ready ahead** (`preparer.rs`, `prepare.rs`): decoded to 48 kHz stereo,
//! measured over its whole length (EBU R128), brought to -14 LUFS as far as its peaks stay below -1 dBTP
//! (there is no limiter: nothing is crushed), encoded once as Opus in frames of 20 ms and kept in a folder
//! of limited size under the hash of its content. Songbird passes such a file on as it is, so playing it
//! costs neither decoding nor encoding; a story compares what was sent with the file, packet by packet.
//!
//! **The deck** (`deck.rs`, `deck/`). Songbird plays one track in each call, all evening: ours. Its
//! packets come from a short queue in memory at volume 1, so songbird always passes them on; it never
//! waits for a disk or a process. A task per playback keeps two seconds in the queue: from a file that is ready,
//! read a few seconds at a time as it lies; else from a process beside (`rondo stream`,
//! `stream.rs`) that decodes, levels and encodes. **Invariant:** the bot's own process decodes
//! nothing that a stranger made. The end of a song is told a little before it comes, so that the rules
//! can answer with the next one, which then stands in the queue behind it. Fades and cross-fades are made from
//! frames that wait (`deck/blend.rs`), with both codecs brought up to where the listeners' are.
//! Positions are counted in frames that were drawn. The deck counts what it handed out by what it
//! cost, and how often songbird decoded (never); both stand in the log when a party ends.
//!
//! A track that has to start at once begins at the loudness its tags tell, or its first seconds let
//! guess, and is corrected by at most 1 dB a second (`loudness/leveller.rs`).
//! What sounds or comes next is pinned in the folder, so that making room never takes it. On a full disk
//! tracks are played from their files without being made ready; it is tried again with each track.
//! Each guild has one speaker task, so joins, plays and stops keep their order.
//!
//! **Live streams** (`source/radio.rs`, `hls.rs`, `live.rs`) are found out when they are added and
//! received when their turn comes: bytes pass through a short queue to the process that decodes, and nothing
//! more is read from the server while nobody draws. `Track::length` of a live one is what it may play, set when
//! its turn begins, so that the rules need no other case: it is cut there.
//!
//! **The library** (`library/`) is an index in memory, kept true by what the system tells of its folders and
//! by a look through everything every 5 minutes. What was found out stands in `library.index` in the media
//! folder, so a restart opens only what has changed.

mod budget;
mod clean;
mod codec;
mod deck;
mod decode;
mod examiner;
mod fetch;
mod gate;
mod inspect;
mod intake;
mod keeper;
mod library;
mod loudness;
mod one_by_one;
mod pace;
mod place;
mod prepare;
mod preparer;
mod progress;
mod recordings;
mod room;
mod source;
mod speaker;
mod stream;
mod webm;

pub use budget::{limit_this_process, stand_back};
pub use clean::{cleaned, cleaned_to};
pub use deck::{Counts, Deck, LiveBytes, is_prepared};
pub use examiner::{DISK_FULL, examine};
pub use intake::{Given, Intake, IntakeConfig, IntakeFailure, SiteHit};
pub use keeper::keep;
pub use library::LibraryHit;
pub use pace::Pace;
pub use place::Places;
pub use prepare::{Prepared, prepare};
pub use preparer::{Preparer, PreparerConfig};
pub use progress::{Progress, Reporter};
pub use source::Sources;
pub use source::elsewhere::{Elsewhere, Named, Service};
pub use source::errand::{Done, Errand, Undone};
pub use source::live::Live;
pub use source::site::{SiteConfig, Tool};
pub use source::subsonic::{MusicServer, Song, SubsonicConfig};
pub use speaker::{Groups, Speaker, gather_ticks, songbird_config};
pub use stream::stream;
