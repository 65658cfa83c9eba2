//! What waits to sound, frame by frame, and what has to be told about it: a plain value that knows
//! neither files nor threads. Positions are counted in frames that were drawn.

use super::seam::Seam;
use bytes::Bytes;
use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;

/// How long one frame sounds.
pub(super) const FRAME: Duration = Duration::from_millis(20);
/// Frames that have been drawn and are kept, so that a decoder can be brought to where the
/// listeners' decoders are (RFC 7845 asks for 80 ms).
pub(super) const HISTORY: usize = 8;
/// Stretches of sound that may follow each other; more than one turn is hardly ever ahead.
const SECTIONS_LIMIT: usize = 8;

/// Frames of silence before a sound that does not come, after which songbird rests.
const WAITS_LIMIT: u32 = 5;

/// How frames, as many as so much time takes, are counted.
pub(crate) fn frames(time: Duration) -> usize {
    usize::try_from(time.as_millis() / FRAME.as_millis()).unwrap_or(usize::MAX)
}

/// How long so many frames sound.
pub(crate) fn sounding(frames: u64) -> Duration {
    FRAME * u32::try_from(frames).unwrap_or(u32::MAX)
}

/// Where a frame came from, which is what it cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Made {
    /// Passed on as it lay on the disk.
    Ready,
    /// Decoded and encoded while it plays, since it had not been made ready.
    Cold,
    Live,
    Fade,
    Crossfade,
}

#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) made: Made,
    pub(super) opus: Bytes,
}

/// Frames of 20 ms that were handed out, by where they came from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Passed on from the cache as they are.
    pub ready: u64,
    /// Decoded and encoded by a process beside, because they were not ready.
    pub cold: u64,
    pub live: u64,
    pub fade: u64,
    pub crossfade: u64,
    /// Silence: nothing had come in time, in the middle of a sound.
    pub underruns: u64,
    /// Silence: the next sound had not begun to come.
    pub waits: u64,
    /// Times that songbird decoded, which it never has to.
    pub decoded: u64,
}

impl Counts {
    /// Both together.
    #[must_use]
    pub fn and(self, other: Counts) -> Counts {
        Counts {
            ready: self.ready + other.ready,
            cold: self.cold + other.cold,
            live: self.live + other.live,
            fade: self.fade + other.fade,
            crossfade: self.crossfade + other.crossfade,
            underruns: self.underruns + other.underruns,
            waits: self.waits + other.waits,
            decoded: self.decoded + other.decoded,
        }
    }

    fn add(&mut self, made: Made) {
        let count = match made {
            Made::Ready => &mut self.ready,
            Made::Cold => &mut self.cold,
            Made::Live => &mut self.live,
            Made::Fade => &mut self.fade,
            Made::Crossfade => &mut self.crossfade,
        };
        *count += 1;
    }
}

/// What a deck tells about its playbacks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Told {
    /// The first frame of it was drawn.
    Began { playback: u64, position: Duration },
    /// It ends soon, at this position.
    Ending {
        playback: u64,
        position: Duration,
        failed: bool,
    },
    /// It comes near the place where it is to be cut.
    Cut { playback: u64 },
    /// There is nothing to draw (yet): songbird may rest.
    Idle,
    /// There is something to draw again.
    Filled,
}

/// How a playback is to be played.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Manner {
    pub(crate) playback: u64,
    /// Whatever is before it goes when its first frames are there.
    pub(crate) replaces: bool,
    /// Frames that are to be waiting, at the least.
    pub(crate) ahead: usize,
    /// How many frames before its end that end is told.
    pub(crate) lead: usize,
    /// Where in the sound, as a position, it is told that the cut is near.
    pub(crate) cut_told_at: Option<Duration>,
}

/// What comes after the frames that wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum After {
    More,
    /// Nothing: it was the end.
    Nothing,
    /// Nothing: it could not be read any further.
    Failure,
}

/// One stretch of sound.
#[derive(Debug)]
struct Section {
    manner: Manner,
    /// Position of the first frame.
    from: Duration,
    frames: VecDeque<Frame>,
    drawn: u64,
    after: After,
    end_told: bool,
    cut_told: bool,
    /// Somebody waits for room in it, or for frames in it.
    changed: Arc<Notify>,
}

impl Section {
    /// No more frames will come.
    fn is_complete(&self) -> bool {
        self.after != After::More
    }

    fn position(&self) -> Duration {
        self.from + sounding(self.drawn)
    }

    fn end(&self) -> Duration {
        let waiting = u64::try_from(self.frames.len()).unwrap_or(0);
        self.from + sounding(self.drawn + waiting)
    }

    /// What is to be told now that a frame was drawn, or that no more come.
    fn tell(&mut self, told: &mut VecDeque<Told>) {
        let playback = self.manner.playback;
        if self.is_complete() && !self.end_told && self.frames.len() <= self.manner.lead {
            self.end_told = true;
            told.push_back(Told::Ending {
                playback,
                position: self.end(),
                failed: self.after == After::Failure,
            });
        }
        let near = self
            .manner
            .cut_told_at
            .is_some_and(|at| at <= self.position());
        if near && !self.cut_told {
            self.cut_told = true;
            told.push_back(Told::Cut { playback });
        }
    }
}

/// What is known of a playback for making a part of it anew.
#[derive(Clone, Debug, Default)]
pub(super) struct Part {
    /// The frames drawn last, oldest first.
    pub(super) before: Vec<Bytes>,
    /// Number of the first of `frames`, counted from the beginning of the playback.
    pub(super) first: u64,
    pub(super) frames: Vec<Bytes>,
    pub(super) complete: bool,
}

#[derive(Debug, Default)]
pub(super) struct Queue {
    sections: VecDeque<Section>,
    history: VecDeque<Bytes>,
    told: VecDeque<Told>,
    /// It was last told that there is something to draw, and not that there is nothing.
    filled: bool,
    /// Frames of silence in a row before a sound that has not begun to come.
    waits: u32,
    counts: Counts,
}

impl Queue {
    pub(super) fn counts(&self) -> Counts {
        self.counts
    }

    pub(super) fn next_told(&mut self) -> Option<Told> {
        self.told.pop_front()
    }

    pub(super) fn has_told(&self) -> bool {
        !self.told.is_empty()
    }

    /// Whether songbird is to draw.
    pub(super) fn is_filled(&self) -> bool {
        self.filled
    }

    /// A new stretch behind all others.
    pub(super) fn begin(&mut self, manner: Manner, from: Duration) {
        while self.sections.len() >= SECTIONS_LIMIT {
            self.sections.pop_back().inspect(let_go);
        }
        self.sections.push_back(Section {
            manner,
            from,
            frames: VecDeque::new(),
            drawn: 0,
            after: After::More,
            end_told: false,
            cut_told: false,
            changed: Arc::default(),
        });
    }

    fn find(&mut self, playback: u64) -> Option<&mut Section> {
        let mut sections = self.sections.iter_mut();
        sections.find(|section| section.manner.playback == playback)
    }

    /// Where the sound begins after all, told before its first frame.
    pub(super) fn begins_from(&mut self, playback: u64, from: Duration) {
        if let Some(section) = self.find(playback) {
            section.from = from;
        }
    }

    pub(super) fn set_lead(&mut self, playback: u64, lead: usize) {
        if let Some(section) = self.find(playback) {
            section.manner.lead = lead;
        }
    }

    /// More frames; `false` when nobody wants them any more.
    pub(super) fn push(&mut self, playback: u64, made: Made, new: Vec<Bytes>) -> bool {
        let Some(at) = self.place(playback) else {
            return false;
        };
        let Some(section) = self.sections.get_mut(at).filter(|it| !it.is_complete()) else {
            return false;
        };
        let first = section.drawn == 0 && section.frames.is_empty() && !new.is_empty();
        let new = new.into_iter().map(|opus| Frame { made, opus });
        section.frames.extend(new);
        section.changed.notify_waiters();
        if first && section.manner.replaces {
            // What sounds gives way in a moment.
            let from = usize::from(self.sounds().is_some()).min(at);
            self.sections.drain(from..at).for_each(|it| let_go(&it));
        }
        if first && !self.filled {
            self.filled = true;
            self.told.push_back(Told::Filled);
        }
        true
    }

    /// The seam to what replaces what sounds, once; without enough of both, one follows the other
    /// at once.
    pub(super) fn seam(&mut self, playback: u64) -> Option<Seam> {
        let one = self.sounds().filter(|one| *one != playback)?;
        let other = self.find(playback)?;
        if !std::mem::take(&mut other.manner.replaces) || other.frames.is_empty() {
            return None;
        }
        let seam = Seam::between(self, one, playback);
        if seam.is_none() {
            self.remove(one);
        }
        seam
    }

    /// From frame `at` of `one` on, `other` sounds: with `mixed` in place of as many of its frames.
    /// Nothing changes when `other` is gone meanwhile.
    pub(super) fn give_way(&mut self, (one, other): (u64, u64), at: u64, mixed: Vec<Bytes>) {
        if self.find(other).is_none_or(|it| it.drawn > 0) {
            return;
        }
        let Some(before) = self.find(one) else { return };
        before.cut_to(at);
        before.after = After::Nothing;
        // Nobody is to learn of its end: it was replaced.
        (before.end_told, before.cut_told) = (true, true);
        before.changed.notify_waiters();
        let late = usize::try_from(before.drawn.saturating_sub(at)).unwrap_or(usize::MAX);
        self.come_up(other, late.min(mixed.len()), mixed);
    }

    /// The playback begins with these frames in place of as many of its own, of which the first are
    /// over.
    fn come_up(&mut self, playback: u64, late: usize, mixed: Vec<Bytes>) {
        let Some(next) = self.find(playback) else {
            return;
        };
        next.frames.drain(..mixed.len());
        for opus in mixed.into_iter().skip(late).rev() {
            let made = Made::Crossfade;
            next.frames.push_front(Frame { made, opus });
        }
        next.from += sounding(u64::try_from(late).unwrap_or(0));
    }

    fn place(&self, playback: u64) -> Option<usize> {
        let mut sections = self.sections.iter();
        sections.position(|section| section.manner.playback == playback)
    }

    /// No more frames come. Of a playback that never sounded this is all that is told.
    pub(super) fn finish(&mut self, playback: u64, failed: bool) {
        let Some(section) = self.find(playback).filter(|it| !it.is_complete()) else {
            return;
        };
        section.after = if failed {
            After::Failure
        } else {
            After::Nothing
        };
        section.changed.notify_waiters();
        if section.frames.is_empty() && section.drawn == 0 {
            let mut told = VecDeque::new();
            section.tell(&mut told);
            self.told.extend(told);
            self.remove(playback);
        }
    }

    /// Takes the playback away, as if it had never been there.
    pub(super) fn remove(&mut self, playback: u64) {
        self.sections.retain(|section| {
            let stays = section.manner.playback != playback;
            if !stays {
                let_go(section);
            }
            stays
        });
    }

    pub(super) fn clear(&mut self) {
        self.sections.drain(..).for_each(|it| let_go(&it));
        self.history.clear();
    }

    /// What is told of when room or frames in the playback change; `None` when it is gone.
    pub(super) fn changed(&mut self, playback: u64) -> Option<Arc<Notify>> {
        let section = self.find(playback).filter(|it| !it.is_complete())?;
        Some(Arc::clone(&section.changed))
    }

    /// Whether more frames are wanted by now.
    pub(super) fn has_room(&mut self, playback: u64) -> bool {
        self.find(playback)
            .is_some_and(|section| section.frames.len() <= section.manner.ahead)
    }

    /// The next frame; `None` is silence.
    pub(super) fn draw(&mut self) -> Option<&Bytes> {
        if self.step() {
            self.history.back()
        } else {
            None
        }
    }

    /// Whether the next frame now is the last of those that were drawn. None is copied, nor counted
    /// as one that somebody else has too: this is done 50 times a second in each call.
    fn step(&mut self) -> bool {
        loop {
            let Some(section) = self.sections.front_mut() else {
                self.rest();
                return false;
            };
            if let Some(frame) = section.frames.pop_front() {
                if section.drawn == 0 {
                    let (playback, position) = (section.manner.playback, section.from);
                    self.told.push_back(Told::Began { playback, position });
                }
                section.drawn += 1;
                self.waits = 0;
                if section.frames.len() == section.manner.ahead {
                    section.changed.notify_waiters();
                }
                section.tell(&mut self.told);
                self.counts.add(frame.made);
                if self.history.len() >= HISTORY {
                    self.history.pop_front();
                }
                self.history.push_back(frame.opus);
                return true;
            }
            if !section.is_complete() {
                if section.drawn == 0 {
                    self.counts.waits += 1;
                    self.waits += 1;
                    if self.waits >= WAITS_LIMIT {
                        self.rest();
                    }
                } else {
                    self.counts.underruns += 1;
                }
                return false;
            }
            section.tell(&mut self.told);
            self.sections.pop_front();
        }
    }

    fn rest(&mut self) {
        self.waits = 0;
        if std::mem::take(&mut self.filled) {
            self.told.push_back(Told::Idle);
        }
    }

    /// The frames of a playback that wait, at most so many, to make some of them anew.
    pub(super) fn part(&mut self, playback: u64, most: usize) -> Option<Part> {
        let is_front = self
            .sections
            .front()
            .is_some_and(|it| it.manner.playback == playback);
        let before = if is_front {
            self.history.iter().cloned().collect()
        } else {
            Vec::new()
        };
        let section = self.find(playback)?;
        let frames = section.frames.iter().take(most);
        Some(Part {
            before,
            first: section.drawn,
            frames: frames.map(|frame| frame.opus.clone()).collect(),
            complete: section.is_complete(),
        })
    }

    /// The playback that is drawn from now.
    pub(super) fn sounds(&self) -> Option<u64> {
        let section = self.sections.front()?;
        (section.drawn > 0).then_some(section.manner.playback)
    }

    /// The number of the frame at a position of the playback.
    pub(super) fn frame_at(&mut self, playback: u64, position: Duration) -> Option<u64> {
        let section = self.find(playback)?;
        let after = position.saturating_sub(section.from);
        u64::try_from(frames(after)).ok()
    }

    /// Where the playback is.
    pub(super) fn position(&mut self, playback: u64) -> Option<Duration> {
        self.find(playback).map(|section| section.position())
    }

    /// From frame `at` on, the playback is these frames, and then over.
    pub(super) fn end_with(&mut self, playback: u64, at: u64, new: Vec<Bytes>) {
        let Some(section) = self.find(playback) else {
            return;
        };
        section.cut_to(at);
        // What was drawn while they were made is left out of them.
        let late = usize::try_from(section.drawn.saturating_sub(at)).unwrap_or(usize::MAX);
        let made = Made::Fade;
        let new = new.into_iter().skip(late);
        section.frames.extend(new.map(|opus| Frame { made, opus }));
        section.after = After::Nothing;
        section.changed.notify_waiters();
    }

    /// From frame `at` of `one` on, `other` begins: with `mixed` in place of as many of its frames.
    /// Nothing changes when it has begun meanwhile.
    pub(super) fn splice(&mut self, one: u64, other: u64, at: u64, mixed: Vec<Bytes>) {
        let untouched = self
            .find(other)
            .is_some_and(|it| it.drawn == 0 && it.frames.len() >= mixed.len());
        let Some(before) = self.find(one).filter(|it| untouched && it.is_complete()) else {
            return;
        };
        before.cut_to(at);
        let late = usize::try_from(before.drawn.saturating_sub(at)).unwrap_or(usize::MAX);
        self.come_up(other, late, mixed);
    }
}

impl Section {
    /// Ends before the frame of this number.
    fn cut_to(&mut self, at: u64) {
        let keep = usize::try_from(at.saturating_sub(self.drawn)).unwrap_or(usize::MAX);
        self.frames.truncate(keep);
    }
}

/// Whoever waits for it learns that it is gone.
fn let_go(section: &Section) {
    section.changed.notify_waiters();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manner(playback: u64) -> Manner {
        Manner {
            playback,
            ahead: 4,
            lead: 2,
            ..Manner::default()
        }
    }

    /// Frames that tell whose they are.
    fn some(of: u8, count: usize) -> Vec<Bytes> {
        (0..count)
            .map(|at| Bytes::from(vec![of, u8::try_from(at).unwrap()]))
            .collect()
    }

    fn drawn(queue: &mut Queue, count: usize) -> Vec<Option<u8>> {
        (0..count).map(|_| queue.draw().map(|it| it[0])).collect()
    }

    fn told(queue: &mut Queue) -> Vec<Told> {
        std::iter::from_fn(|| queue.next_told()).collect()
    }

    fn playing(frames: &[(u8, usize)]) -> Queue {
        let mut queue = Queue::default();
        for (of, count) in frames {
            queue.begin(manner((*of).into()), Duration::ZERO);
            queue.push((*of).into(), Made::Ready, some(*of, *count));
            queue.finish((*of).into(), false);
        }
        queue
    }

    #[test]
    fn one_song_follows_another_without_a_frame_between() {
        let mut queue = playing(&[(1, 3), (2, 3)]);
        let heard = drawn(&mut queue, 7);
        let [a, b] = [Some(1), Some(2)];
        assert_eq!(heard, [a, a, a, b, b, b, None]);
        let told = told(&mut queue);
        let at = Duration::from_millis;
        let began = |playback| Told::Began {
            playback,
            position: at(0),
        };
        let ending = |playback| Told::Ending {
            playback,
            position: at(60),
            failed: false,
        };
        let expected = [
            Told::Filled,
            began(1),
            ending(1),
            began(2),
            ending(2),
            Told::Idle,
        ];
        assert_eq!(told, expected);
        let counts = queue.counts();
        assert_eq!((counts.ready, counts.underruns, counts.waits), (6, 0, 0));
    }

    #[test]
    fn silence_is_counted_by_whether_the_sound_had_begun() {
        let mut queue = Queue::default();
        queue.begin(manner(1), Duration::from_secs(9));
        assert_eq!(drawn(&mut queue, 2), [None, None]);
        queue.push(1, Made::Cold, some(1, 1));
        assert_eq!(drawn(&mut queue, 2), [Some(1), None]);
        let counts = queue.counts();
        assert_eq!((counts.waits, counts.underruns, counts.cold), (2, 1, 1));
        assert_eq!(queue.position(1), Some(Duration::from_millis(9_020)));
    }

    #[test]
    fn songbird_rests_while_a_sound_does_not_come_and_goes_on_when_it_does() {
        let mut queue = playing(&[(1, 1)]);
        queue.begin(manner(2), Duration::ZERO);
        assert!(queue.is_filled());
        assert_eq!(drawn(&mut queue, 6)[..2], [Some(1), None]);
        assert!(!queue.is_filled() && told(&mut queue).ends_with(&[Told::Idle]));
        queue.push(2, Made::Cold, some(2, 1));
        assert_eq!(told(&mut queue), [Told::Filled]);
        assert_eq!(drawn(&mut queue, 1), [Some(2)]);
    }

    #[test]
    fn what_replaces_waits_until_there_is_something_to_hear() {
        let mut queue = Queue::default();
        queue.begin(manner(1), Duration::ZERO);
        queue.push(1, Made::Ready, some(1, 9));
        let replacing = Manner {
            replaces: true,
            ..manner(2)
        };
        queue.begin(replacing, Duration::from_secs(5));
        assert_eq!(drawn(&mut queue, 2), [Some(1), Some(1)]);
        queue.push(2, Made::Ready, some(2, 1));
        assert!(queue.seam(2).is_none(), "one frame is too little");
        assert_eq!(drawn(&mut queue, 2), [Some(2), None]);
        assert!(
            !queue.push(1, Made::Ready, some(1, 1)),
            "nobody wants it any more"
        );
    }

    #[test]
    fn what_is_replaced_gives_way_within_some_frames_and_its_end_is_not_told() {
        let mut queue = Queue::default();
        queue.begin(manner(1), Duration::ZERO);
        queue.push(1, Made::Ready, some(1, 30));
        drawn(&mut queue, 3);
        let replacing = Manner {
            replaces: true,
            ..manner(2)
        };
        queue.begin(replacing, Duration::from_secs(5));
        queue.push(2, Made::Ready, some(2, 6));
        assert!(queue.seam(2).is_some() && queue.seam(2).is_none(), "once");
        // One of the two frames in which it is made is drawn meanwhile.
        drawn(&mut queue, 1);
        queue.give_way((1, 2), 5, some(9, 2));
        let [a, m, b] = [Some(1), Some(9), Some(2)];
        assert_eq!(drawn(&mut queue, 8), [a, m, m, b, b, b, b, None]);
        let ends = |it: &Told| matches!(it, Told::Ending { playback: 1, .. });
        assert!(!told(&mut queue).iter().any(ends));
        assert!(!queue.push(1, Made::Ready, some(1, 1)));
    }

    #[test]
    fn what_cannot_be_had_is_told_although_nothing_is_drawn() {
        let mut queue = Queue::default();
        queue.begin(manner(1), Duration::ZERO);
        queue.finish(1, true);
        let position = Duration::ZERO;
        let failed = Told::Ending {
            playback: 1,
            position,
            failed: true,
        };
        assert_eq!(told(&mut queue), [failed]);
        assert!(queue.sections.is_empty());
    }

    #[test]
    fn a_fade_that_comes_late_goes_on_where_the_song_is() {
        let mut queue = Queue::default();
        queue.begin(manner(1), Duration::ZERO);
        queue.push(1, Made::Ready, some(1, 9));
        drawn(&mut queue, 4);
        // Made for the frames from 2 on: two of them are over.
        queue.end_with(1, 2, some(7, 5));
        let seven = Some(7);
        assert_eq!(drawn(&mut queue, 4), [seven, seven, seven, None]);
        assert_eq!(queue.counts().fade, 3);
        assert!(told(&mut queue).contains(&Told::Idle));
    }

    #[test]
    fn a_cross_fade_takes_the_place_of_as_many_frames_of_both() {
        let mut queue = playing(&[(1, 6), (2, 6)]);
        drawn(&mut queue, 1);
        queue.splice(1, 2, 4, some(9, 2));
        let [a, m, b] = [Some(1), Some(9), Some(2)];
        assert_eq!(drawn(&mut queue, 10), [a, a, a, m, m, b, b, b, b, None]);
        assert_eq!(queue.counts().crossfade, 2);
    }

    #[test]
    fn the_cut_is_told_once_at_its_place() {
        let mut queue = Queue::default();
        let cut_told_at = Some(Duration::from_millis(60));
        queue.begin(
            Manner {
                cut_told_at,
                ..manner(1)
            },
            Duration::ZERO,
        );
        queue.push(1, Made::Ready, some(1, 9));
        drawn(&mut queue, 2);
        assert!(!told(&mut queue).contains(&Told::Cut { playback: 1 }));
        drawn(&mut queue, 3);
        let cuts = told(&mut queue);
        assert_eq!(
            cuts.iter()
                .filter(|it| **it == Told::Cut { playback: 1 })
                .count(),
            1
        );
    }
}
