//! What can be seen of the stage: the view for cards and commands, made afresh each time.

use super::super::moment::Moment;
use super::super::protocol::Entry;
use super::super::view::{LooperView, NowView, OpenView, SeatView, View, WaitingView};
use super::seats::number;
use super::{Looper, Seat, Sound, Stage, Standing, Turn};
use std::sync::Arc;

/// How many gave 1, 2, 3, 4 and 5, and their mean.
pub(super) fn tally(turn: &Turn) -> ([u32; 5], Option<f64>) {
    let mut tally = [0_u32; 5];
    for rating in turn.ratings.values() {
        if let Some(count) = tally.get_mut(usize::from(rating.stars.get()) - 1) {
            *count += 1;
        }
    }
    let ratings: u32 = tally.iter().sum();
    let sum: u32 = tally
        .iter()
        .zip(1..)
        .map(|(count, stars)| count * stars)
        .sum();
    (
        tally,
        (ratings > 0).then(|| f64::from(sum) / f64::from(ratings)),
    )
}

impl Stage {
    pub fn view(&self, now: Moment) -> View {
        View {
            settings: Arc::clone(&self.settings),
            open: self.open.as_ref().map(|open| self.open_view(now, open)),
            setlists: Arc::clone(&self.setlists),
        }
    }

    fn open_view(&self, now: Moment, open: &Standing) -> OpenView {
        let waiting = open.waitlist.iter().map(|waiting| WaitingView {
            member: waiting.member,
            name: waiting.name.clone(),
            away: waiting.away_since.is_some(),
        });
        OpenView {
            session: open.session,
            channel: open.channel,
            text: open.text,
            host: open.host,
            theme: open.theme.clone(),
            rules: open.rules.clone(),
            speak: open.speak,
            opened_at: open.opened_at,
            locked: open.locked,
            seats: open
                .seats
                .iter()
                .enumerate()
                .map(|(at, seat)| self.seat(open, at, seat))
                .collect(),
            waitlist: waiting.collect(),
            now: open.turn.as_ref().map(|turn| self.now(now, turn)),
            last: open.last.as_ref().map(|turn| self.now(now, turn)),
            listeners: self.audience(None),
        }
    }

    fn seat(&self, open: &Standing, at: usize, seat: &Seat) -> SeatView {
        SeatView {
            seat: number(at),
            looper: seat.looper.as_ref().map(|looper| self.looper(looper)),
            offered: seat.offer.map(|offer| offer.member),
            spotlight: open.turn.is_some() && open.spotlight == Some(number(at)),
        }
    }

    fn looper(&self, looper: &Looper) -> LooperView {
        let setlist: &[Entry] = self.setlists.get(&looper.member).map_or(&[], Vec::as_slice);
        let next = setlist.first().filter(|_| self.settings.show_next);
        LooperView {
            member: looper.member,
            name: looper.name.clone(),
            away: looper.away_since.is_some(),
            next: next.map(|entry| entry.track.title.clone()),
            waiting_tracks: setlist.len(),
        }
    }

    fn now(&self, now: Moment, turn: &Turn) -> NowView {
        let (tally, mean) = tally(turn);
        let ended = turn.sound == Sound::Ended;
        let (skip_votes, skip_needed) = if ended { (0, None) } else { self.skip_votes() };
        let zero_at = match turn.sound {
            Sound::Flows { zero_at, .. } => zero_at,
            _ => turn.play.began_at,
        };
        let playing = matches!(turn.sound, Sound::Flows { .. });
        NowView {
            turn: turn.play.turn,
            looper: turn.play.looper,
            looper_name: turn.play.looper_name.clone(),
            seat: turn.play.seat,
            track: turn.play.track.clone(),
            on_air: turn.on_air.clone(),
            zero_at,
            playing,
            // While it plays, the position is for the reader to work out: a view that only differs
            // by the time is the same view.
            position: if playing {
                std::time::Duration::ZERO
            } else {
                turn.position(now)
            },
            tally,
            mean,
            grabs: u32::try_from(turn.grabs.len()).unwrap_or(u32::MAX),
            skip_votes,
            skip_needed,
        }
    }
}
