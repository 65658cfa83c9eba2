//! A relay follows one stage for all who look at its live page: it draws what has changed, a few
//! times a second however much happens, and holds the newest picture for everybody. Whoever is slow
//! misses pictures between, never the newest; nothing waits for anyone.

use super::super::SharedWeb;
use super::super::notice::Absence;
use super::parts::{self, End};
use super::picture::{Part, Picture};
use super::said::{LINES_LIMIT, Lines, Said};
use crate::domain::ids::{MemberId, SessionId};
use crate::domain::view::View;
use crate::stage::StageFailure;
use crate::storage::{Page, PageKind, PageSubject, StorageFailure};
use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, broadcast, watch};
use tokio::time::{Instant, sleep, sleep_until};

/// A new picture at most once in this time, however much happens.
const PICTURE_PAUSE: Duration = Duration::from_millis(250);
/// How often it is looked whether the page was withdrawn, a name hidden, somebody forgotten, or
/// everybody has gone.
const LOOK_PAUSE: Duration = Duration::from_secs(2);
/// How many such looks a relay stays when nobody looks at it.
const LINGER_LOOKS: u32 = 15;
/// How often, and after which pause, the end looks for the page of the session, which is made at the
/// same time.
const LINK_TRIES: u32 = 20;
const LINK_PAUSE: Duration = Duration::from_millis(250);
/// Streams of one page at the same time.
const VIEWERS_LIMIT: usize = 200;

/// Comments that are looked up at once: those of a page, and what may come behind them.
const KEPT_LIMIT: u32 = 4_096;

/// What a look has brought.
enum Look {
    Over(End),
    /// Other names are hidden, or lines are gone.
    Changed,
    Same,
}

/// A way to what a relay shows. Its task and the streams end together.
#[derive(Clone, Debug)]
pub(super) struct Relay {
    pub(super) pictures: watch::Receiver<Arc<Picture>>,
    pub(super) viewers: Arc<Semaphore>,
}

impl Relay {
    pub(super) fn of(picture: Picture) -> (watch::Sender<Arc<Picture>>, Relay) {
        let (shown, pictures) = watch::channel(Arc::new(picture));
        let viewers = Arc::new(Semaphore::new(VIEWERS_LIMIT));
        (shown, Relay { pictures, viewers })
    }
}

impl From<StageFailure> for Absence {
    fn from(failure: StageFailure) -> Absence {
        match failure {
            StageFailure::Busy | StageFailure::Gone => Absence::Busy,
            StageFailure::NotKept => Absence::Failure(failure.into()),
        }
    }
}

/// The relay of that page, started if need be. A page whose stage is over has one that has ended.
pub(super) async fn join(web: &SharedWeb, page: Page) -> Result<Relay, Absence> {
    if let Some(relay) = web.live.relay(&page.token) {
        return Ok(relay);
    }
    let stage = web.stages.stage(page.subject.guild).await?;
    let mut view = stage.watch();
    let seen = Arc::clone(&view.borrow_and_update());
    let mut follower = Follower {
        web: Arc::clone(web),
        base: format!("{}{}", web.address.prefix(), page.path()),
        view,
        // Heard from now on and read after that, so that no comment falls between.
        said: web.live.hear(),
        hidden: Arc::new(web.store.hidden_names(page.subject.guild).await?),
        lines: Lines::default(),
        page,
    };
    let blank = Picture::blank(Arc::clone(&seen), Arc::clone(&follower.hidden));
    if !follower.is_open(&seen) {
        let over = follower.over(End::Closed, 1).await?;
        return Ok(Relay::of(blank.over(over)).1);
    }
    follower.read_comments().await?;
    let picture = follower.draw(&blank, &seen)?;
    Ok(web.live.enter(follower, picture))
}

/// What follows one stage.
pub(super) struct Follower {
    web: SharedWeb,
    pub(super) page: Page,
    /// Where the page is, without a `/` at its end.
    base: String,
    view: watch::Receiver<Arc<View>>,
    said: broadcast::Receiver<Said>,
    hidden: Arc<HashSet<MemberId>>,
    lines: Lines,
}

impl Follower {
    /// Runs until the stage is over, nobody looks any more, or the process stops.
    pub(super) async fn run(mut self, shown: watch::Sender<Arc<Picture>>) {
        let web = Arc::clone(&self.web);
        let end = tokio::select! {
            () = web.stop.cancelled() => None,
            end = self.follow(&shown) => end,
        };
        if let Some(end) = end {
            match self.over(end, LINK_TRIES).await {
                Ok(over) => shown.send_modify(|shown| *shown = Arc::new(shown.over(over))),
                Err(absence) => tracing::error!(?absence, "a live page ends without a word"),
            }
        }
        web.live.forget(&self.page.token);
    }

    async fn follow(&mut self, shown: &watch::Sender<Arc<Picture>>) -> Option<End> {
        let mut look = tokio::time::interval(LOOK_PAUSE);
        let (mut due, mut drawn_at) = (None, Instant::now());
        let mut alone: u32 = 0;
        loop {
            let soon = drawn_at + PICTURE_PAUSE;
            tokio::select! {
                changed = self.view.changed() => {
                    // An error: the stage's task has ended, since the process stops.
                    changed.ok()?;
                    due = Some(soon);
                }
                said = self.said.recv() => if self.hear(said).await {
                    due = Some(soon);
                },
                _ = look.tick() => {
                    match self.look().await {
                        Look::Over(end) => return Some(end),
                        Look::Changed => due = Some(soon),
                        Look::Same => {}
                    }
                    alone = if shown.receiver_count() > 1 { 0 } else { alone + 1 };
                    if alone > LINGER_LOOKS && self.web.live.leave(&self.page.token, shown) {
                        return None;
                    }
                }
                () = sleep_until(due.unwrap_or(soon)), if due.is_some() => {
                    (due, drawn_at) = (None, Instant::now());
                    let view = Arc::clone(&self.view.borrow_and_update());
                    if !self.is_open(&view) {
                        return Some(End::Closed);
                    }
                    self.show(shown, &view);
                }
            }
        }
    }

    fn show(&self, shown: &watch::Sender<Arc<Picture>>, view: &Arc<View>) {
        let before = Arc::clone(&shown.borrow());
        match self.draw(&before, view) {
            Ok(picture) => {
                shown.send_if_modified(|shown| {
                    let changed = picture.has_news_since(shown.id);
                    if changed {
                        *shown = Arc::new(picture);
                    }
                    changed
                });
            }
            Err(failure) => tracing::error!(%failure, "a live page could not be drawn"),
        }
    }

    fn draw(&self, before: &Picture, view: &Arc<View>) -> askama::Result<Picture> {
        let style = (&self.web.words, self.base.as_str());
        before.next((view, &self.hidden), style, &self.lines)
    }

    fn session(&self) -> SessionId {
        SessionId(self.page.subject.number)
    }

    fn is_open(&self, view: &View) -> bool {
        let open = view.open.as_ref();
        open.is_some_and(|open| open.session == self.session())
    }

    /// Takes a comment; `true` when there is something new to show.
    async fn hear(&mut self, said: Result<Said, broadcast::error::RecvError>) -> bool {
        match said {
            Ok(said) if said.guild == self.page.subject.guild => self.lines.add(said.comment),
            Ok(_) => false,
            // So many were said at once that some are gone; they are on disk.
            Err(_) => match self.read_comments().await {
                Ok(()) => true,
                Err(failure) => {
                    tracing::warn!(%failure, "comments were missed on a live page");
                    false
                }
            },
        }
    }

    async fn read_comments(&mut self) -> Result<(), StorageFailure> {
        let (guild, session) = (self.page.subject.guild, self.session());
        let limit = u32::try_from(LINES_LIMIT).unwrap_or(u32::MAX);
        let latest = self
            .web
            .store
            .latest_comments(guild, session, limit)
            .await?;
        for comment in latest {
            self.lines.add(comment);
        }
        Ok(())
    }

    /// Whether the page was withdrawn, whose names are hidden by now, and who is forgotten.
    async fn look(&mut self) -> Look {
        match self.found().await {
            Ok(look) => look,
            Err(failure) => {
                tracing::warn!(%failure, "it is not known whether a live page still stands");
                Look::Same
            }
        }
    }

    async fn found(&mut self) -> Result<Look, StorageFailure> {
        let store = &self.web.store;
        let guild = self.page.subject.guild;
        let page = store.page(&self.page.token).await?;
        if page.is_none_or(|page| page.withdrawn.is_some()) {
            return Ok(Look::Over(End::Withdrawn));
        }
        // Read before the comments: whoever is forgotten in between is not named any more, and none
        // who hid their name is shown by it.
        let hidden = store.hidden_names(guild).await?;
        let mut is_other = false;
        if let Some(since) = self.lines.since() {
            let kept = store.comments_kept(guild, since, KEPT_LIMIT).await?;
            is_other = self.lines.retain(&kept);
        }
        if *self.hidden != hidden {
            self.hidden = Arc::new(hidden);
            is_other = true;
        }
        Ok(if is_other { Look::Changed } else { Look::Same })
    }

    /// What is shown at the end, with the link to the session's page.
    async fn over(&self, end: End, tries: u32) -> Result<Part, Absence> {
        let link = match end {
            End::Closed => self.session_page(tries).await?,
            End::Withdrawn => None,
        };
        let words = &self.web.words;
        let over = |locale| parts::over(words, locale, end, link.as_deref());
        Ok(Part::written(1, over)?)
    }

    async fn session_page(&self, tries: u32) -> Result<Option<String>, StorageFailure> {
        let subject = PageSubject {
            kind: PageKind::Session,
            ..self.page.subject
        };
        for left in (0..tries).rev() {
            if let Some(page) = self.web.store.standing_page(subject).await? {
                let prefix = self.web.address.prefix();
                return Ok(Some(format!("{prefix}{}", page.path())));
            }
            if left > 0 {
                tokio::select! {
                    () = self.web.stop.cancelled() => return Ok(None),
                    () = sleep(LINK_PAUSE) => {}
                }
            }
        }
        Ok(None)
    }
}
