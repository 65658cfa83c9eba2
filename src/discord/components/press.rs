//! What a button means, read from its id. The ids are written where the buttons are: `seat:take`,
//! `rate:<turn>:<stars>`, `board:<board>:<period>:<page>` and so on.

use super::super::commands::collection::Tab;
use super::super::commands::privacy::Scope;
use crate::domain::ids::{CollectionId, MemberId, SessionId, TurnId};
use crate::domain::leaderboard::{Board, Period};
use crate::domain::protocol::Stars;
use crate::domain::recap::Stretch;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Press {
    TakeSeat,
    LeaveSeat,
    Skip(TurnId),
    Grab(TurnId),
    Comment(TurnId),
    Rate(TurnId, Stars),
    Board(Board, Period, usize),
    /// What was played before that turn; `None` for the latest.
    History(Option<TurnId>),
    Playlists(Option<SessionId>),
    Playlist(SessionId, usize),
    Queue(MemberId, usize),
    Log(usize),
    Collection(CollectionId, usize),
    /// The presser's own grabs.
    Grabs(usize),
    Shelf(Tab, usize),
    PlayCollection(CollectionId),
    SaveCollection(CollectionId),
    DeleteCollection(CollectionId),
    KeepCollection(CollectionId),
    /// Shows a recap to everyone: the server's, or the presser's own.
    Recap(Stretch, bool),
    /// The form for a token of a scrobbling service.
    Token,
    /// The bot was let in at Last.fm.
    Approved,
    Forget(Scope),
}

impl Press {
    /// `None` for a button of another version of the bot.
    pub(super) fn of(custom_id: &str) -> Option<Press> {
        let parts: Vec<&str> = custom_id.split(':').collect();
        let turn = |text: &str| text.parse().ok().map(TurnId);
        Some(match *parts.as_slice() {
            ["seat", "take"] => Press::TakeSeat,
            ["seat", "leave"] => Press::LeaveSeat,
            ["skip", at] => Press::Skip(turn(at)?),
            ["grab", at] => Press::Grab(turn(at)?),
            ["comment", at] => Press::Comment(turn(at)?),
            ["rate", at, stars] => Press::Rate(turn(at)?, Stars::new(stars.parse().ok()?)?),
            ["board", board, period, page] => Press::Board(
                Board::named(board)?,
                Period::named(period)?,
                page.parse().ok()?,
            ),
            ["history", "newest"] => Press::History(None),
            ["history", before] => Press::History(Some(turn(before)?)),
            ["playlists", "newest"] => Press::Playlists(None),
            ["playlists", before] => Press::Playlists(Some(SessionId(before.parse().ok()?))),
            ["playlist", session, page] => {
                Press::Playlist(SessionId(session.parse().ok()?), page.parse().ok()?)
            }
            ["queue", member, page] => {
                Press::Queue(MemberId(member.parse().ok()?), page.parse().ok()?)
            }
            ["recap", "server", stretch] => Press::Recap(Stretch::named(stretch)?, false),
            ["recap", "own", stretch] => Press::Recap(Stretch::named(stretch)?, true),
            ["scrobble", "token"] => Press::Token,
            ["scrobble", "approved"] => Press::Approved,
            ["forget", scope] => Press::Forget(Scope::named(scope)?),
            ["log", page] => Press::Log(page.parse().ok()?),
            ["collection", ref rest @ ..] => Press::of_collection(rest)?,
            _ => return None,
        })
    }

    fn of_collection(parts: &[&str]) -> Option<Press> {
        let id = |text: &str| text.parse().ok().map(CollectionId);
        Some(match *parts {
            ["show", of, page] => Press::Collection(id(of)?, page.parse().ok()?),
            ["grabs", page] => Press::Grabs(page.parse().ok()?),
            ["shelf", tab] => Press::Shelf(Tab::named(tab)?, 0),
            ["browse", tab, page] => Press::Shelf(Tab::named(tab)?, page.parse().ok()?),
            ["play", of] => Press::PlayCollection(id(of)?),
            ["save", of] => Press::SaveCollection(id(of)?),
            ["delete", of] => Press::DeleteCollection(id(of)?),
            ["keep", of] => Press::KeepCollection(id(of)?),
            _ => return None,
        })
    }

    /// Whether the answer takes the place of the message with the button.
    pub(super) fn turns_page(self) -> bool {
        matches!(
            self,
            Press::Board(..)
                | Press::History(_)
                | Press::Playlists(_)
                | Press::Playlist(..)
                | Press::Queue(..)
                | Press::Log(_)
                | Press::Collection(..)
                | Press::Grabs(_)
                | Press::Shelf(..)
                | Press::DeleteCollection(_)
                | Press::KeepCollection(_)
                | Press::Forget(_)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Press, Scope, Tab};
    use crate::domain::ids::{CollectionId, MemberId, SessionId, TurnId};
    use crate::domain::leaderboard::{Board, Period};
    use crate::domain::protocol::Stars;

    #[test]
    fn every_buttons_id_is_understood() {
        let stars = Stars::new(4).unwrap();
        for (id, press) in [
            ("seat:take", Press::TakeSeat),
            ("seat:leave", Press::LeaveSeat),
            ("skip:7", Press::Skip(TurnId(7))),
            ("grab:7", Press::Grab(TurnId(7))),
            ("comment:7", Press::Comment(TurnId(7))),
            ("rate:7:4", Press::Rate(TurnId(7), stars)),
            (
                "board:loopers:week:2",
                Press::Board(Board::Loopers, Period::Week, 2),
            ),
            ("history:newest", Press::History(None)),
            ("history:90", Press::History(Some(TurnId(90)))),
            ("playlists:3", Press::Playlists(Some(SessionId(3)))),
            ("playlist:3:1", Press::Playlist(SessionId(3), 1)),
            ("queue:55:0", Press::Queue(MemberId(55), 0)),
            ("log:1", Press::Log(1)),
            ("collection:show:9:2", Press::Collection(CollectionId(9), 2)),
            ("collection:grabs:1", Press::Grabs(1)),
            ("collection:shelf:alike", Press::Shelf(Tab::Alike, 0)),
            ("collection:browse:saved:3", Press::Shelf(Tab::Saved, 3)),
            ("collection:play:9", Press::PlayCollection(CollectionId(9))),
            (
                "collection:delete:9",
                Press::DeleteCollection(CollectionId(9)),
            ),
            ("scrobble:token", Press::Token),
            ("scrobble:approved", Press::Approved),
            ("forget:everywhere", Press::Forget(Scope::Everywhere)),
        ] {
            assert_eq!(Press::of(id), Some(press), "{id}");
        }
    }

    #[test]
    fn other_ids_mean_nothing() {
        for id in [
            "",
            "seat",
            "seat:fly",
            "rate:7:6",
            "rate:x:1",
            "board:a:b:1",
            "log:last",
            "collection:eat:9",
            "collection:shelf:best",
            "forget:me",
            "a:b:c",
        ] {
            assert_eq!(Press::of(id), None, "{id}");
        }
    }
}
