//! Discord's permission bits and the arithmetic of who may do what where, after the permissions
//! page of Discord's API documentation. Pure: it is handed roles and overwrites and knows neither
//! guilds nor members.

/// A set of permission bits.
pub type Bits = u64;

macro_rules! bits {
    ($($name:ident = $bit:literal,)*) => {
        $(pub const $name: Bits = 1 << $bit;)*
        /// Every permission with its documented name, lowest bit first.
        pub const NAMED: &[(&str, Bits)] = &[$((stringify!($name), $name),)*];
    };
}

bits! {
    CREATE_INSTANT_INVITE = 0,
    KICK_MEMBERS = 1,
    BAN_MEMBERS = 2,
    ADMINISTRATOR = 3,
    MANAGE_CHANNELS = 4,
    MANAGE_GUILD = 5,
    ADD_REACTIONS = 6,
    VIEW_AUDIT_LOG = 7,
    PRIORITY_SPEAKER = 8,
    STREAM = 9,
    VIEW_CHANNEL = 10,
    SEND_MESSAGES = 11,
    SEND_TTS_MESSAGES = 12,
    MANAGE_MESSAGES = 13,
    EMBED_LINKS = 14,
    ATTACH_FILES = 15,
    READ_MESSAGE_HISTORY = 16,
    MENTION_EVERYONE = 17,
    USE_EXTERNAL_EMOJIS = 18,
    VIEW_GUILD_INSIGHTS = 19,
    CONNECT = 20,
    SPEAK = 21,
    MUTE_MEMBERS = 22,
    DEAFEN_MEMBERS = 23,
    MOVE_MEMBERS = 24,
    USE_VAD = 25,
    CHANGE_NICKNAME = 26,
    MANAGE_NICKNAMES = 27,
    MANAGE_ROLES = 28,
    MANAGE_WEBHOOKS = 29,
    MANAGE_GUILD_EXPRESSIONS = 30,
    USE_APPLICATION_COMMANDS = 31,
    REQUEST_TO_SPEAK = 32,
    MANAGE_EVENTS = 33,
    MANAGE_THREADS = 34,
    CREATE_PUBLIC_THREADS = 35,
    CREATE_PRIVATE_THREADS = 36,
    USE_EXTERNAL_STICKERS = 37,
    SEND_MESSAGES_IN_THREADS = 38,
    USE_EMBEDDED_ACTIVITIES = 39,
    MODERATE_MEMBERS = 40,
    VIEW_CREATOR_MONETIZATION_ANALYTICS = 41,
    USE_SOUNDBOARD = 42,
    CREATE_GUILD_EXPRESSIONS = 43,
    CREATE_EVENTS = 44,
    USE_EXTERNAL_SOUNDS = 45,
    SEND_VOICE_MESSAGES = 46,
    SET_VOICE_CHANNEL_STATUS = 48,
    SEND_POLLS = 49,
    USE_EXTERNAL_APPS = 50,
    PIN_MESSAGES = 51,
}

/// Every permission there is; what owners and administrators have.
pub const ALL: Bits = {
    let mut all = 0;
    let mut rest = NAMED;
    while let Some(((_, bit), tail)) = rest.split_first() {
        all |= *bit;
        rest = tail;
    }
    all
};

/// What @everyone may do in a new guild.
pub const DEFAULT: Bits = CREATE_INSTANT_INVITE
    | ADD_REACTIONS
    | STREAM
    | VIEW_CHANNEL
    | SEND_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | READ_MESSAGE_HISTORY
    | MENTION_EVERYONE
    | USE_EXTERNAL_EMOJIS
    | CONNECT
    | SPEAK
    | USE_VAD
    | CHANGE_NICKNAME
    | USE_APPLICATION_COMMANDS
    | REQUEST_TO_SPEAK
    | CREATE_PUBLIC_THREADS
    | CREATE_PRIVATE_THREADS
    | USE_EXTERNAL_STICKERS
    | SEND_MESSAGES_IN_THREADS
    | USE_EMBEDDED_ACTIVITIES
    | USE_SOUNDBOARD
    | USE_EXTERNAL_SOUNDS
    | SEND_VOICE_MESSAGES
    | SET_VOICE_CHANNEL_STATUS
    | SEND_POLLS
    | USE_EXTERNAL_APPS;

/// What is left to a member in time-out, whatever their roles say.
pub const TIMED_OUT: Bits = VIEW_CHANNEL | READ_MESSAGE_HISTORY;

const NEEDS_SEND: Bits = SEND_TTS_MESSAGES
    | EMBED_LINKS
    | ATTACH_FILES
    | MENTION_EVERYONE
    | SEND_POLLS
    | SEND_VOICE_MESSAGES;
const NEEDS_CONNECT: Bits = PRIORITY_SPEAKER
    | STREAM
    | SPEAK
    | MUTE_MEMBERS
    | DEAFEN_MEMBERS
    | MOVE_MEMBERS
    | USE_VAD
    | REQUEST_TO_SPEAK
    | USE_EMBEDDED_ACTIVITIES
    | USE_SOUNDBOARD
    | USE_EXTERNAL_SOUNDS
    | SET_VOICE_CHANNEL_STATUS;

/// Whether the set holds all of `wanted`.
pub fn has(set: Bits, wanted: Bits) -> bool {
    set & wanted == wanted
}

/// The documented names of the bits in a set, for messages.
pub fn names(set: Bits) -> Vec<&'static str> {
    NAMED
        .iter()
        .filter(|(_, bit)| set & bit != 0)
        .map(|(name, _)| *name)
        .collect()
}

/// Whether an overwrite speaks of a role or of a member. @everyone is the role with the guild's id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Role(u64),
    Member(u64),
}

/// A channel's exception for one role or member.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Overwrite {
    pub target: Target,
    pub allow: Bits,
    pub deny: Bits,
}

/// The one whose permissions are asked.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    pub user_id: u64,
    pub guild_id: u64,
    pub is_owner: bool,
    pub is_timed_out: bool,
    /// The ids and bits of the member's roles, without @everyone.
    pub roles: &'a [(u64, Bits)],
    /// The bits of @everyone.
    pub everyone: Bits,
}

/// What the channel's kind adds to the implicit denials.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Text, announcement, forum, category.
    Text,
    /// Voice and stage channels, where nothing is possible without CONNECT.
    Voice,
    /// A thread, with its parent's overwrites: writing takes `SEND_MESSAGES_IN_THREADS`.
    Thread,
}

/// Permissions in the guild as a whole: @everyone's bits and those of every role together; an
/// owner and an administrator have all.
pub fn in_guild(subject: &Subject<'_>) -> Bits {
    let base = base(subject);
    if subject.is_timed_out && base != ALL {
        base & TIMED_OUT
    } else {
        base
    }
}

fn base(subject: &Subject<'_>) -> Bits {
    let sum = subject
        .roles
        .iter()
        .fold(subject.everyone, |sum, (_, bits)| sum | bits);
    if subject.is_owner || has(sum, ADMINISTRATOR) {
        ALL
    } else {
        sum
    }
}

/// Permissions in a channel: those in the guild, then the overwrites for @everyone, for the
/// member's roles (all denials, then all allowances) and for the member, each denial before its
/// allowance; then the implicit denials.
pub fn in_channel(subject: &Subject<'_>, overwrites: &[Overwrite], place: Place) -> Bits {
    let base = base(subject);
    if base == ALL {
        return ALL;
    }
    let gather = |wanted: &dyn Fn(Target) -> bool| {
        overwrites
            .iter()
            .filter(|overwrite| wanted(overwrite.target))
            .fold((0, 0), |(deny, allow), overwrite| {
                (deny | overwrite.deny, allow | overwrite.allow)
            })
    };
    let everyone = gather(&|target| target == Target::Role(subject.guild_id));
    let roles = gather(&|target| {
        matches!(target, Target::Role(id)
            if id != subject.guild_id && subject.roles.iter().any(|(role, _)| *role == id))
    });
    let member = gather(&|target| target == Target::Member(subject.user_id));
    let set = [everyone, roles, member]
        .into_iter()
        .fold(base, |set, (deny, allow)| (set & !deny) | allow);
    let set = without_implicitly_denied(set, place);
    if subject.is_timed_out {
        set & TIMED_OUT
    } else {
        set
    }
}

fn without_implicitly_denied(set: Bits, place: Place) -> Bits {
    if !has(set, VIEW_CHANNEL) {
        return 0;
    }
    let mut set = set;
    let send = if place == Place::Thread {
        SEND_MESSAGES_IN_THREADS
    } else {
        SEND_MESSAGES
    };
    if !has(set, send) {
        set &= !NEEDS_SEND;
    }
    if place == Place::Voice && !has(set, CONNECT) {
        set &= !NEEDS_CONNECT;
    }
    set
}

#[cfg(test)]
mod tests {
    use super::*;

    const GUILD: u64 = 1;
    const DJ: u64 = 2;
    const QUIET: u64 = 3;
    const ANA: u64 = 9;

    fn ana(roles: &[(u64, Bits)]) -> Subject<'_> {
        Subject {
            user_id: ANA,
            guild_id: GUILD,
            is_owner: false,
            is_timed_out: false,
            roles,
            everyone: DEFAULT,
        }
    }

    fn overwrite(target: Target, allow: Bits, deny: Bits) -> Overwrite {
        Overwrite {
            target,
            allow,
            deny,
        }
    }

    #[test]
    fn roles_add_up_in_the_guild() {
        let roles = [(DJ, MANAGE_EVENTS), (QUIET, 0)];
        assert_eq!(in_guild(&ana(&roles)), DEFAULT | MANAGE_EVENTS);
    }

    #[test]
    fn an_administrator_and_the_owner_ignore_overwrites_and_time_out() {
        let deny = [overwrite(Target::Member(ANA), 0, VIEW_CHANNEL)];
        let admin = ana(&[(DJ, ADMINISTRATOR)]);
        assert_eq!(in_channel(&admin, &deny, Place::Text), ALL);
        let owner = Subject {
            is_owner: true,
            is_timed_out: true,
            ..ana(&[])
        };
        assert_eq!(in_channel(&owner, &deny, Place::Text), ALL);
        assert_eq!(in_guild(&owner), ALL);
    }

    #[test]
    fn a_role_allowance_beats_a_role_denial_and_the_member_beats_both() {
        let roles = [(DJ, 0), (QUIET, 0)];
        let mut overwrites = vec![
            overwrite(Target::Role(GUILD), 0, SEND_MESSAGES),
            overwrite(Target::Role(QUIET), 0, SEND_MESSAGES),
            overwrite(Target::Role(DJ), SEND_MESSAGES, 0),
        ];
        assert!(has(
            in_channel(&ana(&roles), &overwrites, Place::Text),
            SEND_MESSAGES
        ));
        overwrites.push(overwrite(Target::Member(ANA), 0, SEND_MESSAGES));
        assert!(!has(
            in_channel(&ana(&roles), &overwrites, Place::Text),
            SEND_MESSAGES
        ));
    }

    #[test]
    fn someone_elses_overwrites_do_not_count() {
        let overwrites = [
            overwrite(Target::Role(DJ), 0, VIEW_CHANNEL),
            overwrite(Target::Member(ANA + 1), 0, VIEW_CHANNEL),
        ];
        assert!(has(
            in_channel(&ana(&[]), &overwrites, Place::Text),
            VIEW_CHANNEL
        ));
    }

    #[test]
    fn without_view_there_is_nothing() {
        let overwrites = [overwrite(Target::Role(GUILD), CONNECT, VIEW_CHANNEL)];
        assert_eq!(in_channel(&ana(&[]), &overwrites, Place::Voice), 0);
    }

    #[test]
    fn without_send_there_are_no_embeds_files_or_mentions() {
        let overwrites = [overwrite(Target::Role(GUILD), 0, SEND_MESSAGES)];
        let set = in_channel(&ana(&[]), &overwrites, Place::Text);
        assert_eq!(set & (EMBED_LINKS | ATTACH_FILES | MENTION_EVERYONE), 0);
        assert!(has(set, ADD_REACTIONS));
        let thread = in_channel(&ana(&[]), &overwrites, Place::Thread);
        assert!(has(thread, EMBED_LINKS | SEND_MESSAGES_IN_THREADS));
    }

    #[test]
    fn without_connect_there_is_no_speaking_in_a_voice_channel() {
        let overwrites = [overwrite(Target::Role(GUILD), 0, CONNECT)];
        let voice = in_channel(&ana(&[]), &overwrites, Place::Voice);
        assert_eq!(
            voice & (SPEAK | USE_SOUNDBOARD | SET_VOICE_CHANNEL_STATUS),
            0
        );
        assert!(has(voice, SEND_MESSAGES));
        assert!(has(in_channel(&ana(&[]), &overwrites, Place::Text), SPEAK));
    }

    #[test]
    fn a_timed_out_member_may_look_and_read_only() {
        let subject = Subject {
            is_timed_out: true,
            ..ana(&[(DJ, MANAGE_GUILD)])
        };
        assert_eq!(in_guild(&subject), TIMED_OUT);
        assert_eq!(in_channel(&subject, &[], Place::Text), TIMED_OUT);
    }

    #[test]
    fn every_bit_is_named_once() {
        assert_eq!(NAMED.iter().map(|(_, bit)| bit).sum::<u64>(), ALL);
        assert_eq!(names(SPEAK | CONNECT), ["CONNECT", "SPEAK"]);
    }
}
