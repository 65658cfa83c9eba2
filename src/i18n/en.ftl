# Everything Rondo says in English. A language is one file: `zh-CN.ftl` has the same keys with the
# same variables, which a test checks.

## Answers to what was asked and done

notice-opened = The stage is open in { $channel }. Put on a song with `/play`, or take a seat with `/seat take`.
notice-closed =
    { $plays ->
        [0] The stage is closed. Nothing was played this time.
        [one] The stage is closed after one song. Thank you for listening!
       *[other] The stage is closed after { $plays } songs. Thank you for listening!
    }
notice-locked = The stage is locked: only residents can take a seat or wait for one. `/stage unlock` opens it to everyone again.
notice-unlocked = The stage is unlocked: everyone can take a seat again.
notice-themed = Done. The card shows the new theme.
notice-added = Added **{ $title }**.
notice-added-by = 🎵 { $name } added **{ $title }**.
notice-added-playing = It plays now.
notice-added-place =
    { $place ->
        [1] It is next in the setlist.
       *[other] It is number { $place } in the setlist.
    }
notice-added-opened = The stage is open: come and listen!
notice-added-seat = They sit in seat { $seat }.
notice-added-waiting = All seats are taken; they are number { $place } on the waitlist.
notice-added-repeat = It was played here { $played }; if that is still so recent when its turn comes, the next track plays instead.
notice-seated = You have seat { $seat }. Add a song with `/play` and wait for the spotlight.
notice-waiting = All seats are taken. You are number { $place } on the waitlist; I'll call you when a seat is free.
notice-left-seat = You left seat { $seat }. What you are playing plays on, and your setlist is kept.
notice-left-waitlist = You don't wait for a seat any more. Your setlist is kept.
notice-kicked = { $member } is off the stage.
notice-banned = { $member } can't take a seat or wait for one here any more. `/stage unban` takes that back.
notice-unbanned = { $member } can take a seat again.
notice-moved = { $member } now has seat { $seat }.
notice-sought = **{ $title }** goes on at { $position }.
notice-skipped = Skipped **{ $title }**.
notice-rated = You gave **{ $title }** { $stars } of 5.
notice-rated-changed = You gave **{ $title }** { $stars } of 5 instead of { $before }.
notice-unrated = Your rating is taken back.
notice-forgotten = The stage knows nothing of you any more.
notice-voided-all = Nothing that { $member } has rated so far counts any more. It stands in the log.
notice-voided = The rating of { $member } doesn't count any more. It stands in the log.
notice-commented = Your comment is kept with the song.
notice-grabbed = **{ $title }** is among your grabs now. `/collection show` has them all.
notice-grabbed-already = **{ $title }** was among your grabs already.
notice-removed = **{ $title }** is out of your setlist.
notice-reordered = **{ $title }** is now number { $place } in your setlist.
notice-shuffled =
    { $count ->
        [one] There is only one track in your setlist; it stays where it is.
       *[other] Your { $count } tracks are shuffled.
    }
notice-cleared =
    { $count ->
        [one] One track is out of your setlist; it is empty now.
       *[other] { $count } tracks are out of your setlist; it is empty now.
    }
notice-configured = The setting is changed.
notice-track-banned = **{ $title }** can't be played here any more. `/settings unban-track` takes that back.
notice-track-unbanned = **{ $title }** can be played here again.

## Why something was not done

refusal-not-in-voice = You are not in a voice channel, so nobody could hear it with you. Join one and try again.
refusal-other-channel = The stage stands in { $channel }. Join it there and try again.
refusal-no-stage = There is no stage open at the moment. Join a voice channel and open one with `/play` or `/stage open`.
refusal-already-open = The stage is open already, in { $channel }. Come in, or let its host close it first with `/stage close`.
refusal-nothing-playing = Nothing is playing at the moment. Add a song with `/play`.
refusal-need-host = Only the stage's host and moderators can do that. Ask one of them if it is needed.
refusal-need-moderator = Only moderators can do that. Ask one of them if it is needed.
refusal-need-admin = Only admins (who may manage this server) can do that. Ask one of them if it is needed.
refusal-locked = The stage is locked, so only residents can take a seat or wait for one. You can listen and rate; ask the host if you would like to play.
refusal-stage-banned = A moderator has taken you off the stage of this server, so you can't take a seat. You can still listen and rate; talk to the moderators about it.
refusal-already-seated = You have seat { $seat } already. Add a song with `/play`.
refusal-seat-taken = Seat { $seat } is taken. Leave out the number to get the next free one or a place on the waitlist.
refusal-no-such-seat =
    { $seats ->
        [one] This stage has only one seat, number 1.
       *[other] This stage has the seats 1 to { $seats }. Choose one of them, or leave out the number.
    }
refusal-already-waiting = You are on the waitlist already, as number { $place }. I'll call you when a seat is free.
refusal-waitlist-full =
    { $limit ->
        [one] The waitlist is full (one person). Try again when somebody has left.
       *[other] The waitlist is full ({ $limit } people). Try again when somebody has left.
    }
refusal-not-on-stage = You have no seat and are not waiting for one. Take one with `/seat take`.
refusal-they-are-not-on-stage = { $member } has no seat and is not waiting for one. The card shows who is on stage.
refusal-too-long = That track is { $length } long; tracks here can be up to { $limit }. Choose a shorter one or a shorter version.
refusal-too-long-crowded = That track is { $length } long; while so many are waiting, tracks can be up to { $limit }. Choose a shorter one, or add it when it is quieter.
refusal-setlist-full =
    { $limit ->
        [one] Your setlist is full (one track). Remove it with `/queue remove` first.
       *[other] Your setlist is full ({ $limit } tracks). Make room with `/queue remove` first.
    }
refusal-already-in-setlist = That track is in your setlist already, as number { $place }. `/queue move` puts it elsewhere.
refusal-track-banned = **{ $title }** is on this server's list of banned tracks. Choose another one, or ask a moderator.
refusal-word-banned = That holds a word that is not wanted on this server. Choose something else, or ask a moderator.
refusal-no-such-entry = That track is not in your setlist (any more). `/queue show` shows what is.
refusal-empty-setlist = Your setlist is empty. Add a song with `/play`.
refusal-own-track = You can't rate what you play yourself. The others do!
refusal-not-listening = Only those who listen can rate: be in the stage's voice channel, not deafened, while the song plays.
refusal-rating-voided = A moderator voided your rating of this song, so you can't rate it again. You can rate the next one; talk to the moderators about it.
refusal-too-late = That song can't be rated any more: a song can be rated until the one after it has ended.
refusal-no-such-turn = I don't know that song any more. Try it with the card at the bottom of the channel.
refusal-no-rating = There is no rating of theirs for that song.
refusal-empty-text = There is nothing in it. Write a few words and try again.
refusal-text-too-long =
    { $limit ->
        [one] That is too long: at most one character. Shorten it and try again.
       *[other] That is too long: at most { $limit } characters. Shorten it and try again.
    }
refusal-vote-instead = Only the looper, the host and moderators can skip at once. The audience votes with the lowest rating: { $votes } of { $needed } votes so far.
refusal-beyond-end = The song is only { $length } long. Choose a place before its end, or `/skip` it.
refusal-turn-too-long = Back there your turn would last longer than { $limit }, the limit here. Choose a later place.
refusal-live-has-no-place = This is live: there is nothing to go back or forward to. `/skip` ends it.
refusal-vote-off = Only the looper, the host and moderators can skip; voting is off on this server.

## Reasons

reason-off-theme = off theme
reason-too-loud = too loud
reason-bad-quality = bad sound quality
reason-played-already = played already
reason-unsuitable = not suitable here

## Commands: names and descriptions

about-play = Put on a song: a link, an attached file, or words to search the library
name-play = play
about-play-query = A link to an audio file, or words to search for
name-play-query = query
about-play-file = An audio file from your device
name-play-file = file
about-playnext = Like /play, but first in your own setlist
name-playnext = playnext
about-playnext-query = A link to an audio file, or words to search for
name-playnext-query = query
about-playnext-file = An audio file from your device
name-playnext-file = file
about-queue = Your own setlist: see it and put it in order
name-queue = queue
about-queue-show = Show your setlist, or somebody else's
name-queue-show = show
about-queue-show-member = Whose setlist; yours if left out
name-queue-show-member = member
about-queue-remove = Take a track out of your setlist
name-queue-remove = remove
about-queue-remove-track = Which track
name-queue-remove-track = track
about-queue-move = Put a track at another place in your setlist
name-queue-move = move
about-queue-move-track = Which track
name-queue-move-track = track
about-queue-move-place = Its new place, 1 is next
name-queue-move-place = place
about-queue-shuffle = Shuffle your setlist
name-queue-shuffle = shuffle
about-queue-clear = Take everything out of your setlist
name-queue-clear = clear
about-seat = Take a seat on the stage, or leave it
name-seat = seat
about-seat-take = Take a seat, or wait for one; also accepts an offered seat
name-seat-take = take
about-seat-take-number = Which seat, 1 to 5 from left to right
name-seat-take-number = number
about-seat-leave = Leave your seat or the waitlist
name-seat-leave = leave
about-stage = Run the room: open, close, and keep order
name-stage = stage
about-stage-open = Open the stage in your voice channel
name-stage-open = open
about-stage-open-theme = What this evening is about
name-stage-open-theme = theme
about-stage-open-rules = What people should know
name-stage-open-rules = rules
about-stage-open-speak = Who may speak, if this is a Discord stage channel
name-stage-open-speak = speak
speak-seats = loopers: a seat is a speaker's place
speak-nobody = nobody more: a seat changes nothing
about-stage-close = Close the stage and post the playlist
name-stage-close = close
about-stage-lock = Only residents can take a seat
name-stage-lock = lock
about-stage-unlock = Everyone can take a seat again
name-stage-unlock = unlock
about-stage-theme = Change the theme and the rules; without both they are taken away
name-stage-theme = theme
about-stage-theme-theme = What this evening is about
name-stage-theme-theme = theme
about-stage-theme-rules = What people should know
name-stage-theme-rules = rules
about-stage-share = The link to a live page of the stage, and to one that lies over a stream
name-stage-share = share
about-stage-unshare = The link to the live page leads nowhere any more
name-stage-unshare = unshare
about-stage-kick = Take somebody off the stage or the waitlist
name-stage-kick = kick
about-stage-kick-member = Whom
name-stage-kick-member = member
about-stage-kick-reason = Why; stands in the log
name-stage-kick-reason = reason
about-stage-move = Move somebody to another seat; two loopers swap
name-stage-move = move
about-stage-move-member = Whom
name-stage-move-member = member
about-stage-move-seat = To which seat
name-stage-move-seat = seat
about-stage-skip = Skip the song that plays, with a reason
name-stage-skip = skip
about-stage-skip-reason = Why: choose one, or write your own words
name-stage-skip-reason = reason
about-stage-ban = Somebody may not take a seat here any more
name-stage-ban = ban
about-stage-ban-member = Whom
name-stage-ban-member = member
about-stage-ban-reason = Why; stands in the log
name-stage-ban-reason = reason
about-stage-unban = Somebody may take a seat again
name-stage-unban = unban
about-stage-unban-member = Whom
name-stage-unban-member = member
about-stage-unban-reason = Why; stands in the log
name-stage-unban-reason = reason
about-stage-void = Somebody's rating of a play counts no more
name-stage-void = void
about-stage-void-member = Whose rating
name-stage-void-member = member
about-stage-void-play = Number of the play (see /history); what plays now if left out
name-stage-void-play = play
about-stage-void-all = Everything that somebody has rated so far counts no more
name-stage-void-all = void-all
about-stage-void-all-member = Whose ratings
name-stage-void-all-member = member
about-seek = Go to another place in your own song; hosts and moderators in any
name-seek = seek
about-seek-to = Where: 1:30, or 90 seconds, or +10 or -10 from here
name-seek-to = to
about-skip = Skip your own song; hosts and moderators skip any
name-skip = skip
about-skip-reason = Why: choose one, or write your own words
name-skip-reason = reason
about-rate = Rate the song that plays, 1 to 5
name-rate = rate
about-rate-stars = 1 is the lowest, 5 the highest
name-rate-stars = stars
about-grab = Keep the song that plays
name-grab = grab
about-grab-collection = Also into one of your collections
name-grab-collection = collection
about-collection = Lists of tracks that people here curate: make, find, save and play them
name-collection = collection
about-collection-create = Make a new collection of your own
name-collection-create = create
about-collection-create-name = What it is called
name-collection-create-name = name
about-collection-create-description = What it is about
name-collection-create-description = description
about-collection-add = Add a track: a link, words, a file, what plays now, or a grab
name-collection-add = add
about-collection-add-collection = Which of your collections
name-collection-add-collection = collection
about-collection-add-query = A link, words to search for, or “now” for what plays
name-collection-add-query = query
about-collection-add-file = An audio file from your device
name-collection-add-file = file
about-collection-remove = Take a track out
name-collection-remove = remove
about-collection-remove-collection = Which of your collections
name-collection-remove-collection = collection
about-collection-remove-track = Which track
name-collection-remove-track = track
about-collection-reorder = Put a track at another place
name-collection-reorder = reorder
about-collection-reorder-collection = Which of your collections
name-collection-reorder-collection = collection
about-collection-reorder-track = Which track
name-collection-reorder-track = track
about-collection-reorder-place = Its new place, 1 is the first
name-collection-reorder-place = place
about-collection-describe = Change its name or what it says about itself
name-collection-describe = describe
about-collection-describe-collection = Which of your collections
name-collection-describe-collection = collection
about-collection-describe-name = Its new name
name-collection-describe-name = name
about-collection-describe-description = What it is about; “none” takes it away
name-collection-describe-description = description
about-collection-publish = Let everyone here find it, save it and play it
name-collection-publish = publish
about-collection-publish-collection = Which of your collections
name-collection-publish-collection = collection
about-collection-unpublish = Take it off the shelves again (moderators: anybody's)
name-collection-unpublish = unpublish
about-collection-unpublish-collection = Which collection
name-collection-unpublish-collection = collection
about-collection-delete = Delete one of your collections
name-collection-delete = delete
about-collection-delete-collection = Which of your collections
name-collection-delete-collection = collection
about-collection-browse = The newest, the most saved, and what people like you saved
name-collection-browse = browse
about-collection-show = Show a collection, or everything you have
name-collection-show = show
about-collection-show-collection = Which one; all of yours if left out
name-collection-show-collection = collection
about-collection-save = Keep somebody's collection at hand
name-collection-save = save
about-collection-save-collection = Which collection
name-collection-save-collection = collection
about-collection-unsave = Keep it at hand no more
name-collection-unsave = unsave
about-collection-unsave-collection = Which collection
name-collection-unsave-collection = collection
about-collection-share = The page of a published collection, as a link
name-collection-share = share
about-collection-share-collection = Which collection
name-collection-share-collection = collection
about-collection-withdraw = Take that page away for good
name-collection-withdraw = withdraw
about-collection-withdraw-collection = Which collection
name-collection-withdraw-collection = collection
about-collection-play = Add all of its tracks to your setlist
name-collection-play = play
about-collection-play-collection = Which collection
name-collection-play-collection = collection
about-history = What was played here, the latest first
name-history = history
about-playlist = The playlists that sessions left behind
name-playlist = playlist
about-playlist-list = All sessions, the latest first
name-playlist-list = list
about-playlist-show = The songs of a session
name-playlist-show = show
about-playlist-show-number = Which session; the latest if left out
name-playlist-show-number = number
about-playlist-export = A session as XSPF, JSPF, M3U8 and CSV files
name-playlist-export = export
about-playlist-export-number = Which session; the latest if left out
name-playlist-export-number = number
about-playlist-share = A link to the page of a session, for people without Discord too
name-playlist-share = share
about-playlist-share-number = Which session; the latest if left out
name-playlist-share-number = number
about-playlist-withdraw = Take the page of a session off the web
name-playlist-withdraw = withdraw
about-playlist-withdraw-number = Which session
name-playlist-withdraw-number = number
about-playlist-export-format = Only this kind of file; all of them if left out
name-playlist-export-format = format
about-playlist-import = Add the tracks of a playlist file to your setlist
name-playlist-import = import
about-playlist-import-file = A playlist file: XSPF, JSPF, M3U8 or CSV
name-playlist-import-file = file
about-playlist-import-collection = Into this collection of yours instead
name-playlist-import-collection = collection
format-xspf = XSPF, for music players
format-jspf = JSPF, for programs
format-m3u8 = M3U8, for music players
format-csv = CSV, for spreadsheets
about-leaderboard = The best of this server
name-leaderboard = leaderboard
about-leaderboard-tracks = Tracks by how much they were liked
name-leaderboard-tracks = tracks
about-leaderboard-tracks-period = How far back; a month if left out
name-leaderboard-tracks-period = period
about-leaderboard-loopers = Loopers by how much people like what they play
name-leaderboard-loopers = loopers
about-leaderboard-loopers-period = How far back; 90 days if left out
name-leaderboard-loopers-period = period
about-leaderboard-rookies = Loopers whom too few have heard to be ranked
name-leaderboard-rookies = rookies
about-leaderboard-rookies-period = How far back; 90 days if left out
name-leaderboard-rookies-period = period
about-leaderboard-listeners = Listeners by the time they listened
name-leaderboard-listeners = listeners
about-leaderboard-listeners-period = How far back; a month if left out
name-leaderboard-listeners-period = period
about-leaderboard-collections = Collections by what others made of them
name-leaderboard-collections = collections
about-leaderboard-collections-period = How far back; a month if left out
name-leaderboard-collections-period = period
about-leaderboard-why = How the scores come about, and yours
name-leaderboard-why = why
about-profile = What somebody played here, and how it was received
name-profile = profile
about-profile-member = Whose; yours if left out
name-profile-member = member
about-taste = How alike your ratings and somebody else's are, and the songs that tell it
name-taste = taste
about-taste-member = With whom
name-taste-member = member
about-recap = A week, a month or a year as a picture with its figures
name-recap = recap
about-recap-period = How far back; a week if left out
name-recap-period = period
about-recap-of = This server's or your own; the server's if left out
name-recap-of = of
about-recap-member = Somebody else's
name-recap-member = member
recap-choice-week = a week
recap-choice-month = a month
recap-choice-year = a year
recap-choice-server = this server
recap-choice-me = me
about-scrobble = Tell ListenBrainz or Last.fm what you hear
name-scrobble = scrobble
about-scrobble-link = Link your account; from then on what you hear is sent there
name-scrobble-link = link
about-scrobble-link-service = Which service
name-scrobble-link-service = service
about-scrobble-status = What is linked, what was sent, what waits, and what went wrong
name-scrobble-status = status
about-scrobble-unlink = Unlink your account; its token and everything about it is deleted
name-scrobble-unlink = unlink
about-scrobble-unlink-service = Which service
name-scrobble-unlink-service = service
about-scrobble-here = Whether what you hear on this server is sent
name-scrobble-here = here
about-scrobble-here-state = On or off
name-scrobble-here-state = state
about-scrobble-playlist = A session as a playlist of yours at ListenBrainz
name-scrobble-playlist = playlist
about-scrobble-playlist-number = Which session; the latest if left out
name-scrobble-playlist-number = number
about-scrobble-playlist-visible = Who sees it there; only you if left out
name-scrobble-playlist-visible = visible
about-settings = What this server sets; what moderators ban; the log
name-settings = settings
about-settings-show = All settings with their values
name-settings-show = show
about-settings-set = Change a setting (admins)
name-settings-set = set
about-settings-set-name = Which setting
name-settings-set-name = name
about-settings-set-value = Its new value
name-settings-set-value = value
about-settings-ban-track = A track may not be played here any more (moderators)
name-settings-ban-track = ban-track
about-settings-ban-track-track = Which track; search what was played here
name-settings-ban-track-track = track
about-settings-unban-track = A track may be played here again (moderators)
name-settings-unban-track = unban-track
about-settings-unban-track-track = Which track
name-settings-unban-track-track = track
about-settings-log = What hosts, moderators and admins did (moderators)
name-settings-log = log
about-settings-log-page = Which page
name-settings-log-page = page
about-privacy = What I keep about you: see it, delete it, hide your name
name-privacy = privacy
about-privacy-show = Everything I keep about you, as a file
name-privacy-show = show
about-privacy-delete = Have me forget you; first I say what that does
name-privacy-delete = delete
about-privacy-hide = Keep your name off this server's pages on the web
name-privacy-hide = hide
about-privacy-hide-name = Hidden if left out
name-privacy-hide-name = name
choice-privacy-hidden = hidden
choice-privacy-shown = shown
about-help = How this works, in a minute
name-help = help
about-about = What this bot is and what it keeps
name-about = about
period-week = the last 7 days
period-month = the last 30 days
period-quarter = the last 90 days
period-year = the last 365 days
period-all = all time

## Failures

failure = Something went wrong on my side. Please try again; if it happens again, tell the bot's owner this reference: `{ $reference }`
failure-busy = There is a lot going on right now, and I could not get to it. Please try again in a moment. (`{ $reference }`)
failure-not-kept = It is done, but I could not write it down yet, so a restart might undo it. Tell the bot's owner if this goes on: `{ $reference }`
command-unknown = I don't know this command any more. Restart Discord to see the present ones, or look at `/help`.
button-unknown = This button is from an earlier version of me and does nothing any more. The card at the bottom of the channel has the present ones.

## Welcome

welcome = **Welcome!** In { $channel } we listen together: up to five loopers take turns, one song each, and everyone hears the same moment.
welcome-theme = **Theme:** { $text }
welcome-rules = **Rules:** { $text }
welcome-rate = **Rate** the song with the reactions under its card, from 1 to 5: { $emoji }
welcome-seat = **Play** with `/play`: it seats you too, or puts you on the waitlist. `/help` tells the rest.

## /play

play-nothing = What would you like to hear? Give `/play` a link, words to search for, or an attached file.
play-both = That is a link or words and a file at once. Give me just one of them.
play-no-match = I found nothing for “{ $words }”. Try other words, a link to an audio file, or attach a file.
play-not-found = There is nothing at that address or under that choice any more. Check the link, or search again.
play-unreachable = The server of that link doesn't answer, or doesn't let me in. Try again later, or attach the file.
play-not-allowed = I can only fetch public http and https addresses. Attach the file instead.
play-not-sound = That is no audio file I can read. MP3, AAC/M4A, FLAC, ALAC, WAV, AIFF, CAF, Ogg Vorbis, Opus, and their sound in MP4, MKV or WebM work; links must lead to the file itself, not to a page.
play-protected = That stream is encrypted, so I can't play it. Try another one.
play-broken = That file is damaged: its sound can't be decoded. Try another copy of it.
play-empty = There is no sound in that file. Try another one.
play-too-fast = That was a lot in a short time. I can fetch the next one in { $seconds } s.
play-too-long = That is longer than { $limit }, the longest that I play to anybody. Choose a shorter track.
play-too-large = That file is too large; files can be up to { $limit } MB. Choose a smaller one.
play-not-set-up = I know where that is, but not how to get it: whoever runs me has not set that up. Attach the file, or give a link that leads to it.
play-not-a-track = I understand links to single tracks of that service, not to albums, playlists or artists. Copy the link of a track.
play-not-elsewhere = { $service } plays its music to nobody else, and I found { $song } nowhere else. Try a link to it on another site, or attach the file.
play-source-refuses = The music server doesn't let me in. Its owner can see why in my log; other sources work.
play-source-down = The site doesn't answer me at the moment. Try again in a few minutes, or attach the file.
play-live = That is live there right now, which I can't play from that site. Choose a recording of it.
play-gone = I no longer have the file of that song: files that were attached go some time after they were played. Attach it again, or give a link to it.
play-no-room = There is no room for another track on the machine I run on; whoever runs me is told. What is in the setlists and in the library still plays.
play-busy = I am still getting other tracks. Please try again in a moment.
play-instead = 🔎 { $service } link: found **{ $song }** { $place ->
        [library] in the library
        [server] on the music server
       *[other] on { $place }
    }.
play-a-list = a list
play-list-added =
    🎵 { $name } added { $count ->
        [one] the one track
       *[other] { $added } of { $count } tracks
    } of **{ $list }**.
play-list-none =
    { $count ->
        [one] I could not add the one track of **{ $list }**.
       *[other] I could add none of the { $count } tracks of **{ $list }**.
    }
play-list-cut = I take { $limit } tracks of a list at a time.
play-left-out = Left out **{ $title }**: { $why }
play-left-out-more = … and { $count } more left out.
progress-asking = 🔎 Looking for it …
progress-fetching = ⬇️ Fetching: { $done } of { $total } MB …
progress-fetching-some = ⬇️ Fetching: { $done } MB so far …
progress-looking = 👂 Listening into it …
progress-listing = 🔎 Looking at the list: { $done } of { $total } …
progress-adding = 🎵 Added { $done } of { $total } …
room-no-connect = I am not allowed to connect to { $channel }. Ask an admin to give me the permission, or choose another voice channel.
room-no-speak = I am not allowed to speak in { $channel }, so nobody would hear me. Ask an admin to give me the permission, or choose another voice channel.
room-afk = { $channel } is the channel for those who are away, where Discord lets nobody be heard. Choose another voice channel.
room-full = { $channel } is full, so I can't come in. Let somebody make room, raise its user limit, or choose another voice channel.

## /rate and comments

seek-unclear = I don't understand that place. Write `1:30`, `90` (seconds), or `+10` or `-10` to go on or back.
rate-range = A rating is a number from 1 to 5.
comment-title = Comment on this song
comment-label = Your words (kept with this moment)
comment-late = That song is over, so your comment was not kept. Write it with the card of the song that plays now.

## Lists

page = Page { $page } of { $pages }
queue-title = Your setlist
queue-title-theirs = A setlist
queue-empty = Your setlist is empty. Add a song with `/play`.
queue-empty-theirs = { $member } has no tracks waiting.
queue-hidden = This server doesn't show what others play next, so the setlist of { $member } stays a surprise.
queue-foot =
    { $count ->
        [one] One track
       *[other] { $count } tracks
    }, { $length } in all
history-title = Played here
history-empty = Nothing has been played here yet. Be the first, with `/play`!
playlist-list = Sessions
playlist-songs =
    { $count ->
        [one] one song
       *[other] { $count } songs
    }
playlist-none = There has been no session here yet. `/play` in a voice channel begins the first.
playlist-unknown = There is no session { $number } here. `/playlist list` shows which there are.
playlist-empty = Nothing was played in that session.
playlist-name = Session { $number }
playlist-on-air-more = … and { $count } more
playlist-name-theme = Session { $number }: { $theme }
playlist-shared =
    Session { $number } has a page: { $link }
    Who has the link can read it, without Discord too. `/privacy hide` keeps your name off it; its host, its loopers and moderators can take it away with `/playlist withdraw`.
playlist-withdrawn = The page of session { $number } is off the web, and its link will never work again. `/playlist share` makes another one, for those who may withdraw it.
playlist-not-shared = Session { $number } has no page on the web.
playlist-withdraw-not-yours = Only the host of session { $number }, its loopers and moderators can withdraw its page. Your own name goes with `/privacy hide`.
playlist-was-withdrawn = The page of session { $number } was withdrawn. Only its host, its loopers and moderators can make another one.
playlist-no-pages = There are no pages here: whoever runs me has set no public address (`RONDO_PUBLIC_URL`). `/playlist export` gives you the session as files.
playlist-exported =
    Session { $number } to take away, { $count ->
        [one] one song
       *[other] { $count } songs
    }. XSPF and M3U8 are for VLC and most other players, CSV for spreadsheets, JSPF for programs. `/playlist import` reads each of them again.
import-no-file = Attach a playlist file: XSPF, JSPF, M3U8 or CSV. `/playlist export` makes them.
import-too-large = That file is too large for a playlist; I read up to { $limit } kB.
import-not-text = That file is not in UTF-8. Save it as UTF-8 (M3U8 rather than M3U), and try again.
import-unknown = That is no playlist I can read. XSPF, JSPF, M3U8, and CSV whose first row names the columns (Title, Artist, Link ...) work.
import-malformed = That file is damaged: it ends too early, or its signs don't fit together. Export it again.
import-empty = There are no tracks in that playlist.
import-unreachable = I could not get that file from Discord. Attach it again.
import-at-work = Another playlist of yours is still being imported. Import this one when it is done.
import-title = the file { $file }
import-nowhere = found nowhere, neither here nor on the sites I can ask
import-no-time =
    ⏳ After { $minutes } min I stopped looking, and { $count ->
        [one] one track was
       *[other] { $count } tracks were
    } not looked for. The file below names all that are missing.
import-song = { $title } · { $artist }

## Collections

collection-created = **{ $name }** is there, for your eyes only so far. Fill it with `/collection add`, and show it to everyone with `/collection publish`.
collection-added = **{ $title }** is number { $place } in **{ $name }**.
collection-added-many =
    { $added ->
        [0] { $count ->
            [one] The one track did not go into **{ $name }**.
           *[other] None of the { $count } tracks went into **{ $name }**.
        }
       *[other] { $count ->
            [one] The one track went into **{ $name }**.
           *[other] { $added } of { $count } tracks went into **{ $name }**.
        }
    }
collection-why-already = it stands in it already
collection-why-no-room = there is no more room
collection-removed = **{ $title }** is out of **{ $name }**.
collection-reordered = **{ $title }** is now number { $place } in **{ $name }**.
collection-described = **{ $name }** is changed.
collection-published = **{ $name }** is published: everyone here finds it with `/collection browse`, can save it and play it. What you change in it is seen at once.
collection-link = Its page, for people without Discord too: { $link }
collection-shared = **{ $name }** to pass on: { $link }
collection-withdrawn = The page of **{ $name }** is gone for good; its address leads nowhere any more. On this server the collection stays published.
collection-was-withdrawn = The page of **{ $name }** was withdrawn, so only its curator and moderators can make a new one.
collection-not-shared = **{ $name }** has no page, so there is nothing to withdraw.
collection-withdraw-not-yours = Only the curator of **{ $name }** and moderators can withdraw its page. Ask one of them.
collection-share-unpublished = **{ $name }** is not published, so nobody could read its page. `/collection publish` changes that.
collection-unpublished = **{ $name }** is for your eyes only again. Who saved it has it back when you publish it anew.
collection-barred = **{ $name }** by { $member } is off the shelves, and only a moderator can put it back with `/collection publish`. It stands in the log.
collection-unbarred = **{ $name }** by { $member } is on the shelves again. It stands in the log.
collection-delete-ask =
    Delete **{ $name }** for good, with { $count ->
        [0] nothing in it
        [one] one track
       *[other] { $count } tracks
    }{ $saves ->
        [0] {""}
        [one] {" "}and one save by somebody
       *[other] {" "}and { $saves } saves by others
    }?
collection-deleted = **{ $name }** is deleted.
collection-kept = **{ $name }** stays as it is.
collection-saved = **{ $name }** is saved. `/collection show` lists it, and `/collection play` finds it first.
collection-unsaved = **{ $name }** is saved no more.
collection-no-such = There is no such collection here, or it is not published. Choose one from the list while you type, or see `/collection browse`.
collection-not-yours = **{ $name }** is somebody else's; only they can change it. `/collection save` keeps it at hand, and `/collection create` makes one of your own.
collection-empty-name = A collection needs a name. Write a few words and try again.
collection-name-too-long = That name is too long: at most { $limit } characters. Shorten it and try again.
collection-name-taken = You have a collection called **{ $name }** already. Choose another name, or add to that one.
collection-description-too-long = That description is too long: at most { $limit } characters. Shorten it and try again.
collection-too-many = You have { $limit } collections, which is as many as there can be. Delete one with `/collection delete` first.
collection-full = **{ $name }** is full ({ $limit } tracks). Make room with `/collection remove`, or begin another one.
collection-already-in = That track is in **{ $name }** already, as number { $place }. `/collection reorder` puts it elsewhere.
collection-no-such-track = There is no such track in **{ $name }** (any more). Choose one from the list while you type, or its number.
collection-nothing-in-it = There is nothing in **{ $name }** yet. Add tracks with `/collection add` first.
collection-already-published = **{ $name }** is published already. Everyone here finds it with `/collection browse`.
collection-not-published = **{ $name }** is not published, so there is nothing to take off the shelves.
collection-barred-already = A moderator took **{ $name }** off the shelves, so you can't publish it. You still have it; talk to the moderators about it.
collection-own-save = **{ $name }** is your own, so you have it anyway.
collection-already-saved = You have saved **{ $name }** already. `/collection show` lists it.
collection-not-saved = You have not saved **{ $name }**.
collection-too-many-saves = You have saved { $limit } collections, which is as many as there can be. Let go of one with `/collection unsave` first.
collection-add-nothing = What shall go in? Give `/collection add` a link, words to search for, an attached file, or `now` for what plays.
collection-nothing-to-change = Give `/collection describe` a new name or a new description (`none` takes the description away).
collection-grabs = Your grabs
collection-grabs-empty = You have grabbed nothing here yet. `/grab` or the button under the card keeps the song that plays.
collection-grabs-are-grabbed = Your grabs are filled with `/grab` and stay yours alone. Make a collection with `/collection create` and add what you grabbed: `/collection add` offers it.
collection-now = ▶ Playing now: { $song }
collection-grabbed = ♥ Grabbed: { $song }
collection-overview = Your collections
collection-none-own = You have no collection of your own yet. `/collection create` makes one.
collection-saved-head = **Saved**
collection-empty = Nothing is in it yet.
collection-by = by { $name }
collection-tracks =
    { $count ->
        [0] no track
        [one] one track
       *[other] { $count } tracks
    }
collection-saves =
    { $count ->
        [0] not saved yet
        [one] one save
       *[other] { $count } saves
    }
collection-published-when = published { $when }
collection-is-published = published
collection-is-private = only you see it
collection-is-barred = taken off the shelves by a moderator
browse-newest = Collections, the newest
browse-saved = Collections, the most saved
browse-alike = Collections that people like you saved
browse-tab-newest = Newest
browse-tab-saved = Most saved
browse-tab-alike = People like you
browse-hint = /collection show, save or play
browse-empty = Nobody has published a collection here yet. Be the first, with `/collection create`!
browse-alike-nobody = I don't know yet whose ratings are like yours: for that you and somebody else must have rated five songs or more together. Keep rating!
browse-alike-nothing =
    { $count ->
        [one] One person's ratings are like yours, but they have saved nothing that you don't have.
       *[other] The ratings of { $count } people are like yours, but they have saved nothing that you don't have.
    }
browse-alike-saves =
    { $count ->
        [one] saved by one like you
       *[other] saved by { $count } like you
    }
button-delete = Delete
button-keep = Keep it
button-play = Play
button-save = Save

## Leaderboards and profiles

board-tracks = Best tracks, { $period }
board-loopers = Best loopers, { $period }
board-rookies = Rookies to watch, { $period }
board-listeners = Most devoted listeners, { $period }
board-collections = Most cherished collections, { $period }
board-tracks-empty = No track has been heard by enough people yet. `/leaderboard why` says what it takes.
board-loopers-empty = Nobody has played enough to enough people yet: ten songs, and five people whose ratings count. See `/leaderboard rookies`.
board-rookies-empty = No newcomer has been heard by people whose ratings count yet.
board-listeners-empty = Nobody has listened in this time yet.
board-collections-empty = No collection has been saved or played by others who count in this time. `/collection browse` shows which there are.
board-scale-tracks = 100 is a usual song before an audience of that size · /leaderboard why
board-scale-loopers = 100 is liked as much as anyone · /leaderboard why
board-scale-collections = Saves and plays by others · /leaderboard why
board-plays =
    { $count ->
        [one] one play
       *[other] { $count } plays
    }
board-saves =
    { $count ->
        [one] one save
       *[other] { $count } saves
    }
board-voices =
    { $count ->
        [one] one listener
       *[other] { $count } listeners
    }
board-people =
    { $count ->
        [one] one person
       *[other] { $count } people
    }
board-own-place = You are number { $place }.
board-own-track = Your best is number { $place }: { $title }.
board-own-track-unlisted = { $title } needs more ears: { $share } % of what it takes to be listed.
board-own-no-track = No song of yours has been heard here in this time by people whose ratings count.
board-own-rookie = You are a rookie: { $raters } of { $raters-needed } people, { $plays } of { $plays-needed } songs until you are ranked.
board-own-ranked = You are no rookie any more: see `/leaderboard loopers`.
board-own-collection = Your best is number { $place }: { $name }.
board-own-no-collection = No collection of yours has been saved or played by others who count in this time.
board-own-none = You are not on this board yet.
board-unlisted = Need more ears: { $count } more.
why-title = How the boards come about
why-tracks = **Tracks.** What every listener who counts felt is added up: { $loved } is a whole heart, { $best } one and a quarter, { $good } half of one, { $worst } takes one away, silence is nothing, and a grab adds half of one. That is compared with what a usual song gets from an audience of that size, here { $few-usual } hearts from { $few } people and { $many-usual } from { $many }: 100 is usual. Few ears say little, so they lower the score, and very few do not put a song on the board. On the boards of a week and a month a play weighs half after 30 days.
why-loopers = **Loopers.** Of each listener who counts it is asked whether they like this looper's songs more than they usually like songs. Everybody is one voice, and no voice can be louder than another; who likes everything moves nothing. 100 is a looper who is liked as much as anyone. One is ranked from { $plays } songs and { $raters } people on, and a rookie before.
why-listeners = **Listeners** stand by the time they heard others' songs.
why-collections = **Collections.** A save counts one, by whoever counts as a listener and has it still. A play of a track that somebody took from it with `/collection play` counts one, if the play counts, and once in 7 days for each person. What the curator does with it counts nothing.
why-counts =
    {"**"}Who counts:** who heard half of a song ({ $heard } at least), with an account of { $age } or older, a member for { $member } or longer, who gave { $ratings ->
        [one] one rating
       *[other] { $ratings } ratings
    } or more to { $loopers ->
        [one] one looper
       *[other] { $loopers } loopers
    } or more in the time of the board. A play counts with { $listeners ->
        [one] one such listener
       *[other] { $listeners } such listeners
    }; somebody's ratings of the same song count once in 7 days.
why-made = Made { $when }; what is new is there within seconds.
why-not-made = The boards have not been made yet: they are, within seconds, once a song has been played.
why-own = **You**
why-own-looper =
    { $raters ->
        [one] In the last 90 days your songs were heard by one person whose ratings count
       *[other] In the last 90 days your songs were heard by { $raters } people whose ratings count
    }; { $warmer } liked them more than they usually like songs, { $cooler } less. That makes { $index }.
why-own-no-looper = In the last 90 days nobody whose ratings count has heard a song of yours.
why-own-track =
    Your best song of the last 30 days is { $title }: { $plays ->
        [one] one play
       *[other] { $plays } plays
    }, { $voices ->
        [one] one listener
       *[other] { $voices } listeners
    }, { $index }.
why-own-counts =
    { $count ->
        [one] Your ratings count: you gave one in the last 90 days.
       *[other] Your ratings count: you gave { $count } in the last 90 days.
    }
why-own-counts-not =
    Your ratings do not count for the boards yet: { $ratings } of { $ratings-needed ->
        [one] one rating
       *[other] { $ratings-needed } ratings
    } in the last 90 days, for { $loopers } of { $loopers-needed ->
        [one] one looper
       *[other] { $loopers-needed } loopers
    }.
profile-title = { $name }
profile-plays =
    { $count ->
        [0] Has played nothing here yet
        [one] Played one song here
       *[other] Played { $count } songs here
    }
profile-received = Received: { $score }
profile-heard = Listened for { $time }
profile-given =
    { $count ->
        [one] Gave one rating
       *[other] Gave { $count } ratings
    }
profile-kept =
    { $count ->
        [one] Kept one song
       *[other] Kept { $count } songs
    }
profile-best = Best loved
profile-since = Here since { $date }
profile-hours = Mostly here between { $from } and { $to }
profile-looper = As a looper
profile-listener = As a listener
profile-ears =
    { $people ->
        [one] Heard by one person
       *[other] Heard by { $people } people
    }, { $ears ->
        [one] once
       *[other] { $ears } times in all
    }
profile-index = Looper index { $index }: number { $place } of the last 90 days
profile-rookie = A rookie: { $raters } of { $raters-needed } people, { $plays } of { $plays-needed } songs until ranked
profile-artists = Plays most: { $names }
profile-artist = { $name } ({ $plays })
profile-temper-stern = Hard to please
profile-temper-choosy = Choosy: love has to be earned
profile-temper-balanced = Fair: a bit of everything
profile-temper-generous = Generous: most songs are liked
profile-temper-enthused = Enthusiastic: loves nearly everything
profile-loves-loopers = Loves the songs of { $names }
profile-loves-artists = Loves the music of { $names }
profile-empty-own = You have neither played nor heard anything here yet. Join a voice channel and use `/play`, or listen to what others play and rate it: then this is about you.
profile-empty = { $name } has neither played nor heard anything here yet.
profile-foot = How alike are your tastes? /taste · A week as a picture: /recap
taste-self = You agree with yourself in everything. Choose somebody else to compare with: `/taste member`.
taste-bot = { $name } is a bot and rates nothing, so there is nothing to compare. Choose a person.
taste-too-little =
    { $shared ->
        [0] Too little in common: you and { $name } have not rated the same play here yet
        [one] Too little in common: you and { $name } have rated only one play together here
       *[other] Too little in common: you and { $name } have rated only { $shared } plays together here
    }, and it takes { $needed } to say something. Listen together and rate what plays.
taste-title = You and { $name }
taste-percent = **{ $percent } %** alike
taste-kindred = Kindred spirits: what one of you loves, the other loves as well.
taste-close = Close: you mostly feel the same.
taste-near = Near: you often feel the same, and sometimes not at all.
taste-strange = As alike as two strangers: sometimes yes, sometimes no.
taste-opposite = Opposites: what one of you loves, the other would rather skip.
taste-basis = From { $shared } plays that both of you rated. 50 % is two strangers; few plays stay close to that.
taste-loved = Both loved
taste-fought = Fought over
taste-yours = You love them, { $name } has never heard them here
taste-theirs = { $name } loves them, you have never heard them here
taste-stars = you { $yours }, { $name } { $theirs }
recap-title-server-week = The week at { $guild }
recap-title-server-month = The month at { $guild }
recap-title-server-year = The year at { $guild }
recap-title-member-week = { $name }'s week
recap-title-member-month = { $name }'s month
recap-title-member-year = { $name }'s year
recap-this-server = this server
recap-when = { $from } – { $to }
recap-date = { $day } { $month } { $year }
recap-month = { $month } { $year }
recap-tile-plays =
    { $count ->
        [one] song played
       *[other] songs played
    }
recap-tile-heard = listened
recap-tile-listeners =
    { $count ->
        [one] listener
       *[other] listeners
    }
recap-tile-ratings =
    { $count ->
        [one] rating
       *[other] ratings
    }
recap-tile-grabs =
    { $count ->
        [one] song kept
       *[other] songs kept
    }
recap-tile-songs-heard =
    { $count ->
        [one] song heard
       *[other] songs heard
    }
recap-tile-given =
    { $count ->
        [one] rating given
       *[other] ratings given
    }
recap-more = +{ $share } %
recap-less = −{ $share } %
recap-same = as before
recap-new = none before
recap-now-week = these 7 days
recap-now-month = these 30 days
recap-now-year = these 12 months
recap-before-week = the 7 before
recap-before-month = the 30 before
recap-before-year = the 12 before
recap-plot-plays-day = Songs by day
recap-plot-plays-month = Songs by month
recap-plot-heard = Hours listened
recap-plot-heard-minutes = Minutes listened
recap-plot-ratings = Ratings
recap-plot-given = Ratings given
recap-plot-heat = When it is full
recap-plot-heat-member = When they listen
recap-best-tracks = Best songs
recap-best-loopers = Best loopers
recap-best-listeners = Most devoted
recap-best-loved = Loved most
recap-best-loved-loopers = Favourite loopers
recap-best-own = Their own songs
recap-best-none = Nothing rated yet
recap-best-nobody = Nobody yet
recap-songs =
    { $count ->
        [one] one song
       *[other] { $count } songs
    }
recap-foot = Times in UTC · changes against the time before · /recap
recap-empty-server = Nothing was played here in this time, so there is nothing to look back on. Open a stage with `/play`, or ask for a longer time: `/recap period`.
recap-empty-member = { $name } has neither heard nor played anything here in this time. Ask for a longer time with `/recap period`.
recap-words-best = **{ $title }:** { $names }
recap-words-busiest = Most on { $day }; fullest between { $from }:00 and { $to }:00 UTC.
recap-words-busiest-month = Most in { $day }; fullest between { $from }:00 and { $to }:00 UTC.
recap-alt = { $title }, { $when }, as a picture with plots. { $figures }
recap-share = Show it to everyone
recap-no-picture = The picture could not be drawn this time; here is the recap in words.
day-1 = Mon
day-2 = Tue
day-3 = Wed
day-4 = Thu
day-5 = Fri
day-6 = Sat
day-7 = Sun
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
time-days = { $count } d
time-hours = { $count } h
time-minutes = { $count } min
time-seconds = { $count } s

## Settings and the log

settings-title = Settings of this server
settings-foot = Admins change them with /settings set
settings-unknown = There is no setting “{ $name }”. Choose one from the list while you type, or see `/settings show`.
settings-changed = `{ $name }` is now **{ $after }** (it was { $before }).
settings-wrong = `{ $name }` takes { $wanted }.
settings-not-below = `{ $name }` must be shorter than `{ $other }`, which is { $value }. Change that first.
settings-not-above = `{ $name }` must be longer than `{ $other }`, which is { $value }. Change that first.
settings-no-track = I know no such track here. Choose one from the list while you type: it holds what was played on this server.
settings-no-ban = No such track is banned here. Choose one from the list while you type.
wanted-count = a whole number from { $least } to { $most }
wanted-span = a time from { $least } to { $most }, as `90s`, `5 min`, `1h30m` or `2:30`
wanted-flag = `on` or `off`
wanted-emoji = five different emoji with spaces between, from the lowest to the highest
wanted-language = `en` or `zh-CN`
wanted-channel = a channel, as `#name`, or `none`
wanted-role = a role, as `@name`, or `none`
wanted-words = up to 100 words of up to 40 characters with commas between, or `none`
value-on = on
value-off = off
value-none = none
setting-seats = seats on the stage
setting-offer = how long a freed seat is offered to one person
setting-turns = turns one gets while others wait
setting-passes = rounds without a track before stepping down
setting-idle = time without a sign of life before stepping down
setting-warning = how long before that one is warned
setting-seat-kept = how long the seat of who left is kept
setting-place-kept = how long the waitlist place of who left is kept
setting-length-limit = longest track
setting-crowded-length-limit = longest track while many wait
setting-crowd = how many are many
setting-setlist-limit = most tracks in one setlist
setting-repeat-window = how soon a song is a repeat
setting-crossfade = how long one song and the next sound together
setting-vote-skip = the audience can vote a song off
setting-rating-heard = least listening for a rating to count
setting-board-account-age = how old an account must be for its ratings to count on the boards
setting-board-member-for = how long one must be a member for that
setting-board-ratings = ratings one must have given for that
setting-board-loopers = of so many loopers
setting-board-listeners = listeners that count and make a play count
setting-heard-enough = listening that counts as heard in any case
setting-close-after = how long after the last person left the stage closes
setting-emoji = the reactions from 1 to 5
setting-chat-comments = chat during a song becomes comments
setting-show-next = others see what comes next
setting-seats-speak = in a Discord stage channel, who sits in a seat may speak
setting-language = language of what I post
setting-text-channel = where I post; where the stage was opened if none
setting-recap-channel = where I post the recap of the week on Monday mornings; not at all if none
setting-moderator-role = role of the moderators, besides Discord's permissions
setting-resident-role = role that may enter a locked stage
setting-banned-words = words that no title or comment may hold
log-title = What was done
log-empty = Nothing has been done yet that stands in the log.
deed-closed = closed the stage
deed-locked = locked the stage
deed-unlocked = unlocked the stage
deed-themed = set the theme “{ $theme }”
deed-unthemed = took the theme away
deed-kicked = took { $member } off the stage
deed-banned = banned { $member } from the stage
deed-unbanned = let { $member } on the stage again
deed-moved = moved { $member } to seat { $seat }
deed-skipped = skipped **{ $title }**
deed-voided-all = voided everything that { $member } had rated
deed-sought = went to { $position } in **{ $title }**
deed-voided = voided the rating of { $member } for play #{ $play }
deed-configured = changed a setting: { $what }
deed-track-banned = banned **{ $title }**
deed-barred = took the collection **{ $name }** by { $member } off the shelves
deed-unbarred = put the collection **{ $name }** by { $member } back
deed-track-unbanned = lifted the ban of **{ $title }**

## /scrobble

scrobble-service-listenbrainz = ListenBrainz
scrobble-service-lastfm = Last.fm
scrobble-state-on = on
scrobble-state-off = off
scrobble-visible-me = only me
scrobble-visible-everyone = everyone
scrobble-form-title = Link ListenBrainz
scrobble-form-label = Your user token
scrobble-form-hint = from listenbrainz.org/settings
scrobble-token-unknown = ListenBrainz does not know that token. Copy the user token from <https://listenbrainz.org/settings/> and try `/scrobble link` again.
scrobble-linked = Linked to **{ $account }** at { $service }. From now on the songs you hear (half of one, or four minutes) are sent there, from every server where I play. `/scrobble here` leaves this server out, `/scrobble unlink` ends it.
scrobble-approve =
    {"**"}1.** Open Last.fm with the button and let me in.
    {"**"}2.** Come back and press “I have let you in”.
scrobble-approve-open = Open Last.fm
scrobble-approve-done = I have let you in
scrobble-approve-not-yet = Last.fm says that you have not let me in yet. Open it with the first button, press “Yes, allow access” there, and then the second button again.
scrobble-approve-lost = That took too long, or was used before. Begin again with `/scrobble link`.
scrobble-no-key = Accounts cannot be linked here: whoever runs this bot has to set `RONDO_SECRET_KEY` first, with which your token is encrypted (`openssl rand -base64 32` makes one).
scrobble-no-lastfm = Last.fm is not set up here: whoever runs this bot has to set `RONDO_LASTFM_KEY` and `RONDO_LASTFM_SECRET`. ListenBrainz needs nothing of the kind.
scrobble-not-linked = Your account at { $service } is not linked. `/scrobble link` links it.
scrobble-unlinked = Unlinked from { $service }. The token is deleted, and so is everything that was or was still to be sent; what { $service } has already stays there.
scrobble-here-off = What you hear on this server is not sent any more.
scrobble-here-on = What you hear on this server is sent to the accounts you have linked.
scrobble-status-none = **{ $service }** · not linked
scrobble-status-linked = **{ $service }** · linked to { $account } { $since }
scrobble-status-counts = { $sent } sent · { $waiting } waiting · { $refused } not taken
scrobble-status-off = What you hear on this server is not sent (`/scrobble here`).
scrobble-status-revoked = ⚠️ { $service } does not take the token any more. Link again with `/scrobble link`; what waits is kept for 13 days.
scrobble-status-key = ⚠️ The bot's key was changed, so your token for { $service } cannot be read any more. Link again with `/scrobble link`; what waits is kept for 13 days.
scrobble-status-trouble = The last try failed: { $code ->
        [silent] { $service } did not answer
        [owner] { $service } does not take the bot's own key
       *[other] { $service } was busy ({ $code })
    }. It is tried again by itself.
scrobble-status-refused = Last one not taken: { $why }
scrobble-refused-artist = it is not known who made it
scrobble-refused-old = it could not be sent for 13 days
scrobble-refused-gone = the play is not kept here any more
scrobble-refused-said = { $service } says “{ $words }”
scrobble-away = { $service } does not answer at the moment. Try again a little later.
scrobble-revoked = { $service } does not take your token any more. Link again with `/scrobble link`.
scrobble-owner = { $service } does not take the key of whoever runs this bot, so nothing can be done until they put that right.
scrobble-said = { $service } did not take it: “{ $words }”
scrobble-broke-revoked = { $service } does not take the token of **{ $account }** any more, so I have stopped sending what you hear. To go on, use `/scrobble link` on a server where I am; what waits is kept for 13 days.
scrobble-broke-key = My key was changed, so I cannot read your token for **{ $account }** at { $service } any more and have stopped sending what you hear. To go on, use `/scrobble link` on a server where I am; what waits is kept for 13 days.
scrobble-playlist-about = Listened to together on { $guild } with Rondo
scrobble-playlist-none = { $service } found none of these songs at MusicBrainz, so there is nothing to make a playlist of.
scrobble-playlist-made = Your playlist at ListenBrainz, { $count ->
        [one] one song
       *[other] { $count } songs
    }: { $page }
scrobble-playlist-again =
    { $added ->
        [0] That session is a playlist of yours at ListenBrainz already, and nothing is missing in it: { $page }
        [one] Your playlist of that session at ListenBrainz has one song more now: { $page }
       *[other] Your playlist of that session at ListenBrainz has { $added } songs more now: { $page }
    }
scrobble-playlist-shown = Everyone can see it there now.
scrobble-playlist-hidden = Only you can see it there now.
scrobble-playlist-sending = Your last playlist is still on its way to ListenBrainz. Try again in a moment.
scrobble-playlist-missing =
    { $count ->
        [one] One song is not in it: MusicBrainz does not know it by that name.
       *[other] { $count } songs are not in it: MusicBrainz does not know them by those names.
    }
## /privacy

privacy-nothing = I keep nothing about you.
privacy-shown =
    { $files ->
        [one] Here is everything I keep about you, on this server and all others, with what each part is and why I keep it.
       *[other] Here is everything I keep about you, on this server and all others, with what each part is and why I keep it. It is so much that it comes in { $files } files.
    } Rows: { $rows }. Nobody else sees this message. `/privacy delete` takes it all away.
privacy-file = Everything that this bot keeps about you, on all servers. Times are UTC. Of other people nothing is in it. /privacy delete takes it away.
privacy-hidden = Your name is off this server's pages from now on: playlists, collections and the live page show your songs without it. In Discord nothing changes. `/privacy hide name: shown` takes that back.
privacy-hidden-already = Your name was off this server's pages already. `/privacy hide name: shown` shows it again.
privacy-unhidden = Your name stands on this server's pages again.
privacy-unhidden-already = Your name was not hidden on this server's pages.
privacy-delete-title = Shall I forget you?
privacy-here = **On this server**
privacy-everywhere =
    { $count ->
        [one] **Everywhere**
       *[other] **Everywhere**, on { $count } servers
    }
privacy-deleted = 🗑️ Deleted: { $what }
privacy-nameless = 👤 Kept without your name: { $what }
privacy-kept = 📌 Stays: { $what }
privacy-limits = Off the stage you go at once; a song of yours that plays, plays on without your name. Boards are made again without you within a minute. I take your name off the result lines of your { $count } newest songs here in Discord; what else I have posted I can't take back: ask the moderators to delete it. Copies that whoever runs me has made of the database are theirs to delete.
privacy-still-listening = You are still in a voice channel: from the next song on I keep what you hear, as of anybody. Leave the channel if you don't want that.
privacy-done-here = You are forgotten on this server
privacy-done-everywhere = You are forgotten everywhere
privacy-unchanged = Nothing was changed
privacy-nothing-left = There is nothing left to take away.
button-forget-here = Forget me on this server
button-forget-everywhere = Forget me everywhere
button-forget-nowhere = Keep everything
privacy-count-setlist =
    { $count ->
        [one] one waiting song
       *[other] { $count } waiting songs
    }
privacy-about-setlist = Songs that wait in your setlists, so that they are there at your next turn.
privacy-count-plays =
    { $count ->
        [one] one song you played
       *[other] { $count } songs you played
    }
privacy-about-plays = Songs you played, with how they were received (what others gave is only a sum): the evening's playlist, the history and the boards are made of them.
privacy-count-ratings =
    { $count ->
        [one] one rating
       *[other] { $count } ratings
    }
privacy-about-ratings = Ratings you gave: one stands for each song, and the boards are made of them.
privacy-count-comments =
    { $count ->
        [one] one comment
       *[other] { $count } comments
    }
privacy-about-comments = Words you said during a song, kept with the moment they were said at.
privacy-count-heard =
    { $count ->
        [one] one song you heard
       *[other] { $count } songs you heard
    }
privacy-about-heard = How long you heard each song: whose ratings count is found by it. Your voice is not kept.
privacy-count-heard-own =
    { $count ->
        [one] one song of your own you heard
       *[other] { $count } songs of your own you heard
    }
privacy-about-heard-own = How much you heard of the songs you played: needed to submit them for you if you have linked an account.
privacy-count-grabs =
    { $count ->
        [one] one grabbed song
       *[other] { $count } grabbed songs
    }
privacy-about-grabs = Songs you grabbed, to find them again.
privacy-count-collections =
    { $count ->
        [one] one collection
       *[other] { $count } collections
    }
privacy-about-collections = Your collections, followed by their songs.
privacy-count-collection-saves =
    { $count ->
        [one] one saved collection
       *[other] { $count } saved collections
    }
privacy-about-collection-saves = Collections of others that you saved.
privacy-count-scrobble-links =
    { $count ->
        [one] one linked account
       *[other] { $count } linked accounts
    }
privacy-about-scrobble-links = Your accounts at scrobbling services. Your token is kept too, encrypted, and not shown here.
privacy-count-scrobbles =
    { $count ->
        [one] one submitted song
       *[other] { $count } submitted songs
    }
privacy-about-scrobbles = Which songs you heard were or will be submitted there, so that none is submitted twice.
privacy-count-scrobbles-off =
    { $count ->
        [one] one server left out of submitting
       *[other] { $count } servers left out of submitting
    }
privacy-about-scrobbles-off = Where you did not want what you hear to be submitted.
privacy-count-playlists-sent =
    { $count ->
        [one] one playlist sent
       *[other] { $count } playlists sent
    }
privacy-about-playlists-sent = Sessions that you sent to ListenBrainz as playlists, so that sending one again changes that one. What is there stays there.
privacy-count-places =
    { $count ->
        [one] your places on the boards
       *[other] your places on the boards of { $count } servers
    }
privacy-about-places = Where you stand on the boards; made from songs, ratings and listening.
privacy-count-hidden =
    { $count ->
        [one] your wish to be hidden
       *[other] your wishes to be hidden on { $count } servers
    }
privacy-about-hidden = That your name is not shown on pages.
privacy-count-sessions =
    { $count ->
        [one] one evening you hosted
       *[other] { $count } evenings you hosted
    }
privacy-about-sessions = Evenings that you opened as their host.
privacy-count-pages =
    { $count ->
        [one] one page you made
       *[other] { $count } pages you made
    }
privacy-about-pages = Addresses of pages that you asked for.
privacy-count-pages-withdrawn =
    { $count ->
        [one] one page you withdrew
       *[other] { $count } pages you withdrew
    }
privacy-about-pages-withdrawn = Pages that you withdrew.
privacy-count-ratings-voided =
    { $count ->
        [one] one rating you voided
       *[other] { $count } ratings you voided
    }
privacy-about-ratings-voided = Ratings of others that you voided as a moderator; whose they are is theirs.
privacy-count-collections-barred =
    { $count ->
        [one] one collection you took off the shelves
       *[other] { $count } collections you took off the shelves
    }
privacy-about-collections-barred = Collections that you took off the shelves as a moderator.
privacy-count-deeds =
    { $count ->
        [one] one thing you did as host or moderator
       *[other] { $count } things you did as host or moderator
    }
privacy-about-deeds = What you did as host or moderator; the team of the server can read it.
privacy-count-ban =
    { $count ->
        [one] a ban from the stage
       *[other] bans from the stages of { $count } servers
    }
privacy-about-ban = That you may not take a seat. The ban is the server's: only its moderators lift it.
privacy-count-skips =
    { $count ->
        [one] one song of others you skipped
       *[other] { $count } songs of others you skipped
    }
privacy-about-skips = Songs of others that you skipped, with the reason you gave.
privacy-count-deeds-about =
    { $count ->
        [one] one note in the log about you
       *[other] { $count } notes in the log about you
    }
privacy-about-deeds-about = What hosts and moderators did to you; who it was is left out.
privacy-count-stage =
    { $count ->
        [one] what an open stage knows of you
       *[other] what { $count } open stages know of you
    }
privacy-about-stage = What an open stage knows of you until it closes: seat, waitlist, what you felt about the running song.
privacy-count-memos =
    { $count ->
        [one] a note that you may speak in a stage channel
       *[other] { $count } notes that you may speak in a stage channel
    }
privacy-about-memos = That I let you speak in a Discord stage channel, so that I take it back afterwards.

## /help and /about

help-title = Listening together with Rondo
help-first =
    {"**"}1.** Join a voice channel and use `/play` with a link, words or a file. That seats you, or puts you on the waitlist.
    {"**"}2.** Five seats take turns from left to right, one song each. Your setlist waits for its turns.
    {"**"}3.** Everyone rates from 1 to 5, with the reactions under the card: { $emoji }
help-play = **Play** · `/play` `/playnext` add songs · `/queue` puts your setlist in order · `/seat` takes or leaves a seat
help-rate = **Take part** · reactions, buttons or `/rate` · `/grab` keeps the song · `/collection` makes lists of songs to publish, find, save and play · the Comment button says something to this moment · `/skip` skips your own song, `/seek` goes to another place in it
help-look-back = **Look back** · `/history` · `/playlist` shows, shares, exports and imports sessions · `/leaderboard` · `/profile` · `/taste` · `/recap` · `/scrobble`
help-host = **Run a room** · `/stage open, close, lock, unlock, theme, share, unshare, kick, move, skip` for hosts and moderators · `/stage ban, unban, void, void-all` and `/settings` for the team
help-more = `/about` says what I am and what I keep · `/privacy` shows, deletes or hides what I keep about you.
about-title = Rondo
about-what = A stage with five seats: loopers take turns playing one song each, everyone hears the same moment, rates it and talks. When the party ends, the evening is a playlist.
about-version = Version { $version }
about-running = Running for { $time }
about-stages =
    { $count ->
        [one] One stage is open now
       *[other] { $count } stages are open now
    }
about-sessions = Sessions on this server: { $count }
about-plays = Songs played on this server: { $count }
about-sites = Sites are played with yt-dlp { $version }.
about-sites-aged = Sites are played with yt-dlp { $version }, { $days ->
        [0] made today
        [one] a day old
       *[other] { $days } days old
    }.
about-server-answers = The music server answers.
about-server-refuses = The music server refuses the user or password it was given (`RONDO_SUBSONIC_USER`, `RONDO_SUBSONIC_PASSWORD`).
about-server-silent = The music server doesn't answer (`RONDO_SUBSONIC_URL`); its songs can't be played at the moment.
about-sites-absent = Links to sites are not played: yt-dlp is not installed.
about-sites-broken = Links to sites are not played: yt-dlp is installed but does not run.
owner-disk-full = ⚠️ The disk of the machine I run on is full: I could not write to `{ $dir }`. The parties go on, but playing costs more than it should. Please make room there, or let me take less of it (`RONDO_CACHE_LIMIT_GB`). I say this at most once a day.
owner-room-full = ⚠️ There is no room for what members want to play: `{ $dir }` is as large as it may be (`RONDO_MEDIA_LIMIT_GB`), or its disk is full. New songs are refused until there is; what is in the setlists and in the library plays. Please make room there, or allow more. I say this at most once a day.
about-room-full = ⚠️ There is no room for what members want to play. New songs are refused; whoever runs me should make room or raise the limit.
about-disk-full = ⚠️ The disk of the machine I run on is full. Songs play all the same, but cost more; whoever runs me should make room.
about-stored = I keep what was played and by whom, ratings, comments, what people kept, and how long they heard each song; of those who link a scrobbling account also its name and its encrypted token. I keep no voices. `/privacy` shows you yours, deletes it, or keeps your name off pages.
about-stage-channels = In a Discord stage channel I can start the stage with your theme and let loopers speak, if my role has **Manage Channels**, **Mute Members** and **Move Members** there. Everywhere else I need none of these.

## Pages on the web

page-not-there = Nothing is here
page-not-there-text = This page does not exist. Perhaps its address was not copied whole.
page-withdrawn = This page was withdrawn
page-withdrawn-text = It was taken off the web by somebody whose page it was, or by a moderator. Its address will not work again.
page-busy = Too much at once
page-busy-text = The page could not be made in time. Please try again in a moment.
page-too-many = Too many requests
page-too-many-text = A lot was asked for from your network in a short time. Please try again in a moment.
page-failure = Something went wrong
page-failure-text = The page could not be made. Please try again later.
page-somebody = somebody
page-session-of = Session { $session } · { $guild }
page-collection-by = A collection by { $name }
page-songs = { $count ->
    [one] { $count } song
   *[other] { $count } songs
}
page-listeners = { $count ->
    [one] { $count } listener
   *[other] { $count } listeners
}
page-saves = { $count ->
    [one] saved by { $count } person
   *[other] saved by { $count } people
}
page-best = Best of the evening
page-best-is = Best: { $title }, { $score }
page-ratings = { $count ->
    [0] not rated
    [one] { $count } rating
   *[other] { $count } ratings
}
page-of-five = of 5
page-comments = { $count ->
    [one] { $count } comment
   *[other] { $count } comments
}
page-comments-more = … and { $count } more
page-on = The party is still on: songs come here once they have been played.
page-empty = There are no songs here yet.
page-more = … and { $count } more
page-loopers = On stage
page-list = The songs
page-curator = Curated by
page-played-by = played by { $name }
page-length = Length
page-find = Find it on
page-find-song = Find { $title } on
page-take = Take it away
page-covers = Covers of its songs
page-foot = Made with Rondo, a Discord bot for listening together.
page-unlisted = Only who has its address finds this page. Names can be hidden with /privacy hide, and the page withdrawn with { $command }, on Discord.
page-languages = Language
page-skip = To the songs

live-on = LIVE
live-title = Live on stage
live-about = Who is on stage, what plays, and what people feel about it, as it happens.
live-now = On now
live-seats = On stage
live-seat = Seat
live-plays = plays now
live-offered = Offered to the next who waits
live-looper = Played by { $name }
live-idle = In a moment somebody plays something.
live-of = of
live-stream = LIVE
live-of-five = out of 5
live-ratings = How many gave which rating
live-count = { $count ->
    [0] no ratings
    [one] { $count } rating
   *[other] { $count } ratings
}
live-comments = Comments
live-no-comments = Nobody has said anything yet.
live-lost = The connection is lost; it is tried again.
live-over = The party is over
live-over-text = The stage is closed. Thank you for listening!
live-over-playlist = What was played
stage-share-nowhere = There are no pages on the web here: the owner of this bot has set no address for them (`RONDO_PUBLIC_URL`).
stage-shared = 🔴 The live page of this stage, for anyone who has the link: { $link }
    Over a stream, as a browser source of 1920 × 1080 in OBS: { $overlay }
    It ends when the stage closes; `/stage unshare` withdraws it before.
stage-unshared = The link to the live page leads nowhere any more. `/stage share` makes another one.
stage-unshared-none = There is no live page to withdraw.

## cards and posts

card-idle = The stage is free
card-idle-hint = Nobody has a track right now. Use `/play` with words to search, a link or a file, and yours is next.
card-listeners = { $count ->
    [one] { $count } listener
   *[other] { $count } listeners
}
card-session = Session { $session }
card-locked = 🔒 Locked
card-free = Free
card-offered = Offered to { $member }
card-away = { $name } (away)
card-live = 🔴 **LIVE** · `{ $time }`
card-on-air = On air: { $title }
card-next = Next: { $title }
card-tracks = { $count ->
    [0] No track yet
    [one] { $count } track
   *[other] { $count } tracks
}
card-waitlist = Waiting ({ $count })
card-more = and { $count } more
card-score = { $mean } ★ ({ $count })
card-unrated = No ratings yet
card-grabs = { $count ->
    [one] { $count } grab
   *[other] { $count } grabs
}
card-skip-votes = 👎 { $votes } of { $needed } votes to skip
button-take-seat = Take a seat
button-leave-seat = Leave
button-skip = Skip
button-grab = Grab
button-comment = Comment
post-opened = 🎶 { $host } opened the stage in { $channel }. `/play` something: five seats, one song each, everyone rates.
post-theme = **Theme:** { $text }
post-rules = **Rules:** { $text }
post-offer = { $member }, seat { $seat } is offered to you; the offer ends { $until }. Press the button or use `/seat take`.
post-offer-lapsed = { $member } did not take seat { $seat } in time and keeps their place on the waitlist.
post-idle-warning = { $member }, are you still there? Without a sign of life (a rating, a word, a button) you step down { $at }.
post-down-turns = { $name } has played their turns and frees seat { $seat } for the waitlist.
post-down-passed = { $name } had no track for several rounds and frees seat { $seat }.
post-down-idle = { $name } gave no sign of life and frees seat { $seat }.
post-down-away = { $name } left the channel and frees seat { $seat }.
post-down-gone = { $name } left the server and frees seat { $seat }.
post-down-kicked = { $name } was taken off seat { $seat }.
post-down-seat = Seat { $seat } is no more; { $name } steps down.
post-hand-raised = ✋ I am in the audience of this stage channel, where nobody hears me. Please let me speak: press my raised hand, or give my role the permission **Mute Members** and I come up by myself.
post-muted = 🔇 Somebody muted me on this server, so nobody hears the music. A moderator can take that back: right-click me in the voice channel and untick **Server Mute**.
post-may-not-speak = 🔇 I am in { $channel }, but may not speak there, so nobody hears the music. Give my role the permission **Speak**, or choose another voice channel.
platform-topic = Listening together
platform-lacks-stage = The party is on, but I may not start the Discord stage of { $channel } under your theme. For that my role needs **Manage Channels**, **Mute Members** and **Move Members** there; once it has them, set the theme again with `/stage theme`. Everything else works without.
platform-lacks-speakers = The party is on, but I may not say who speaks in { $channel }, so who takes a seat stays in the audience. For that my role needs **Mute Members** there; or switch the setting `seats-speak` off.
post-track-failed = **{ $title }** by { $member } could not be played and was passed over.
post-repeat = **{ $title }** by { $member } was played here { $played }, so their next track plays instead.
post-closed-asked = The stage is closed. Thank you for listening together!
post-closed-empty = Everyone has left, so the stage is closed. Until next time!
post-closed-expelled = I was taken out of the voice channel, so the stage is closed. `/stage open` starts a new one.
result-song = **{ $title }** by { $looper }
result-unrated = not rated
result-heard = heard by { $count }
result-first = first play here
result-again = { $ending ->
    [one] { $count }st
    [two] { $count }nd
    [few] { $count }rd
   *[other] { $count }th
} play here, first by { $first }
result-limit = cut at the length limit
result-skipped-looper = skipped by its looper
result-skipped = skipped
result-skipped-reason = skipped: { $reason }
result-voted-off = voted off
result-failed = could not be played to its end
result-closed = the stage closed
playlist-title = Session { $session }
playlist-title-theme = Session { $session }: { $theme }
playlist-best = 🏆 Best of the evening: **{ $title }** by { $looper }, { $score }
playlist-more = … and { $count } more
playlist-tracks = { $count ->
    [one] { $count } track
   *[other] { $count } tracks
}
goodbye-link = 🔗 The evening as a page, to share: <{ $link }>
picture-best = The best of the evening
picture-played = What was played
picture-loopers = On stage
picture-listeners =
    { $count ->
        [0] nobody listened
        [one] one listened
       *[other] { $count } listened
    }
picture-ratings =
    { $count ->
        [one] one rating
       *[other] { $count } ratings
    }
picture-played-by = played by { $looper }
picture-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
} { $year }
picture-words = The card of the evening. Best songs: { $songs }. On stage: { $loopers }.
playlist-file-title = Session { $session }, { $guild }
playlist-file-note = Played by { $looper }, { $score }
rating-refused = Your rating of “{ $title }” was not taken: { $reason }
rating-refused-late = Your rating was not taken: { $reason }
