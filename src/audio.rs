//! Floor 1: from a link or a file to sound in a call. [`Intake`] fetches, inspects and stores what
//! members add; [`Speaker`] plays it. Neither knows whose turn it is, or why.

mod budget;
mod clean;
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
mod pace;
mod place;
mod prepare;
mod preparer;
mod progress;
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
