//! The columns that hold somebody's id: what each row says, and what becomes of it when they want to
//! be forgotten. A new column of a person is one entry more.

/// What becomes of it when somebody wants to be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Deleted,
    /// The row stays, without whose it is.
    Nameless,
    /// It stays as it is.
    Kept,
}

/// How a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// An id of Discord's: too long for the numbers of many readers of JSON.
    Id,
    Number,
    Flag,
    Text,
    /// Milliseconds since 1970.
    At,
    /// A text of JSON, in which the ids of other people are taken out.
    Json,
}

/// Something that is kept about people.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) name: &'static str,
    pub(super) table: &'static str,
    /// The column with the member.
    pub(super) member: &'static str,
    /// The column with their name, where a row stays without it.
    pub(super) called: Option<&'static str>,
    pub(super) fate: Fate,
    /// Whether it is of one guild.
    pub(super) is_of_guild: bool,
    /// Names, what is selected for each, and how it is shown.
    pub(super) shown: &'static [(&'static str, &'static str, Shape)],
}

const SERVER: (&str, &str, Shape) = ("server", "guild_id", Shape::Id);
const PLAY: (&str, &str, Shape) = ("play", "turn_id", Shape::Number);
const TRACK: (&str, &str, Shape) = ("track", "track", Shape::Json);
const CALLED: (&str, &str, Shape) = ("as", "member_name", Shape::Text);

const fn kind(
    name: &'static str,
    (table, member): (&'static str, &'static str),
    fate: Fate,
    shown: &'static [(&'static str, &'static str, Shape)],
) -> Kind {
    Kind {
        name,
        table,
        member,
        called: None,
        fate,
        is_of_guild: true,
        shown,
    }
}

impl Kind {
    const fn called(mut self, column: &'static str) -> Kind {
        self.called = Some(column);
        self
    }

    const fn of_no_guild(mut self) -> Kind {
        self.is_of_guild = false;
        self
    }
}

/// All of them, in the order in which they are told. Deeds are changed elsewhere, since their text
/// holds people too.
pub(super) const KINDS: &[Kind] = &[
    kind(
        "setlist",
        ("setlist_entry", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            ("place", "place", Shape::Number),
            TRACK,
            ("added_at", "added_at_ms", Shape::At),
        ],
    ),
    kind(
        "plays",
        ("play", "looper_id"),
        Fate::Nameless,
        &[
            SERVER,
            PLAY,
            ("session", "session_id", Shape::Number),
            ("as", "looper_name", Shape::Text),
            ("seat", "seat", Shape::Number),
            TRACK,
            ("began_at", "began_at_ms", Shape::At),
            ("ended_at", "ended_at_ms", Shape::At),
            ("played_ms", "played_ms", Shape::Number),
            ("ended_how", "ended_how", Shape::Json),
            ("audience", "audience", Shape::Number),
            (
                "ratings",
                "(select count(*) from rating r where r.guild_id = play.guild_id \
                 and r.turn_id = play.turn_id and r.voided_by is null)",
                Shape::Number,
            ),
            (
                "stars_in_all",
                "(select cast(coalesce(sum(r.stars), 0) as bigint) from rating r \
                 where r.guild_id = play.guild_id and r.turn_id = play.turn_id \
                 and r.voided_by is null)",
                Shape::Number,
            ),
        ],
    )
    .called("looper_name"),
    kind(
        "ratings",
        ("rating", "rater_id"),
        Fate::Deleted,
        &[
            SERVER,
            PLAY,
            ("stars", "stars", Shape::Number),
            ("way", "way", Shape::Json),
            ("rated_at", "rated_at_ms", Shape::At),
            ("counts", "counts", Shape::Flag),
            ("voided_at", "voided_at_ms", Shape::At),
        ],
    ),
    kind(
        "comments",
        ("comment", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            PLAY,
            CALLED,
            ("words", "words", Shape::Text),
            ("said_at", "said_at_ms", Shape::At),
            ("offset_ms", "offset_ms", Shape::Number),
            ("message", "message_id", Shape::Id),
        ],
    ),
    kind(
        "heard",
        ("heard", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            PLAY,
            CALLED,
            ("heard_ms", "heard_ms", Shape::Number),
            ("counts", "counts", Shape::Flag),
            ("member_since", "nullif(joined_at_ms, 0)", Shape::At),
        ],
    ),
    kind(
        "heard-own",
        ("looper_heard", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            PLAY,
            ("heard_ms", "heard_ms", Shape::Number),
            ("counts", "counts", Shape::Flag),
        ],
    ),
    kind(
        "grabs",
        ("grab", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            PLAY,
            TRACK,
            ("grabbed_at", "grabbed_at_ms", Shape::At),
        ],
    ),
    kind(
        "collections",
        ("collection", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            ("collection", "collection_id", Shape::Number),
            CALLED,
            ("name", "name", Shape::Text),
            ("description", "description", Shape::Text),
            ("created_at", "created_at_ms", Shape::At),
            ("changed_at", "changed_at_ms", Shape::At),
            ("published_at", "published_at_ms", Shape::At),
        ],
    ),
    kind(
        "collection-saves",
        ("collection_save", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            ("collection", "collection_id", Shape::Number),
            ("saved_at", "saved_at_ms", Shape::At),
        ],
    ),
    kind(
        "scrobble-links",
        ("scrobble_link", "member_id"),
        Fate::Deleted,
        &[
            ("service", "service", Shape::Text),
            ("account", "account", Shape::Text),
            ("linked_at", "linked_at_ms", Shape::At),
            ("broken_at", "broken_at_ms", Shape::At),
            ("broken_why", "broken_why", Shape::Text),
            ("trouble", "trouble", Shape::Text),
            ("language", "locale", Shape::Text),
        ],
    )
    .of_no_guild(),
    kind(
        "scrobbles",
        ("scrobble", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            PLAY,
            ("service", "service", Shape::Text),
            ("listened_at", "listened_at_ms", Shape::At),
            ("sent_at", "sent_at_ms", Shape::At),
            ("tries", "tries", Shape::Number),
            ("refused", "refused", Shape::Text),
        ],
    ),
    kind(
        "scrobbles-off",
        ("scrobble_off", "member_id"),
        Fate::Deleted,
        &[SERVER, ("off_at", "off_at_ms", Shape::At)],
    ),
    kind(
        "playlists-sent",
        ("sent_playlist", "member_id"),
        Fate::Deleted,
        &[
            SERVER,
            ("session", "session_id", Shape::Number),
            ("account", "account", Shape::Text),
            ("playlist", "playlist_mbid", Shape::Text),
            ("made_at", "made_at_ms", Shape::At),
        ],
    ),
    kind(
        "places",
        ("board_own", "member_id"),
        Fate::Deleted,
        &[SERVER, ("places", "places", Shape::Json)],
    ),
    kind(
        "hidden",
        ("hidden_name", "member_id"),
        Fate::Deleted,
        &[SERVER, ("hidden_at", "hidden_at_ms", Shape::At)],
    ),
    kind(
        "sessions",
        ("session", "host_id"),
        Fate::Nameless,
        &[
            SERVER,
            ("session", "session_id", Shape::Number),
            ("channel", "channel_id", Shape::Id),
            ("theme", "theme", Shape::Text),
            ("opened_at", "opened_at_ms", Shape::At),
            ("closed_at", "closed_at_ms", Shape::At),
        ],
    ),
    kind(
        "pages",
        ("page", "made_by"),
        Fate::Nameless,
        &[
            SERVER,
            ("kind", "kind", Shape::Text),
            ("of", "subject_id", Shape::Number),
            ("made_at", "made_at_ms", Shape::At),
        ],
    ),
    kind(
        "pages-withdrawn",
        ("page", "withdrawn_by"),
        Fate::Nameless,
        &[
            SERVER,
            ("kind", "kind", Shape::Text),
            ("of", "subject_id", Shape::Number),
            ("withdrawn_at", "withdrawn_at_ms", Shape::At),
        ],
    ),
    kind(
        "ratings-voided",
        ("rating", "voided_by"),
        Fate::Nameless,
        &[SERVER, PLAY, ("voided_at", "voided_at_ms", Shape::At)],
    ),
    kind(
        "collections-barred",
        ("collection", "barred_by"),
        Fate::Nameless,
        &[SERVER, ("collection", "collection_id", Shape::Number)],
    ),
    kind(
        "deeds",
        ("deed", "by_id"),
        Fate::Nameless,
        &[
            SERVER,
            ("as", "by_name", Shape::Text),
            ("done_at", "done_at_ms", Shape::At),
            ("deed", "deed", Shape::Json),
        ],
    ),
    kind("ban", ("stage_ban", "member_id"), Fate::Kept, &[SERVER]),
];
