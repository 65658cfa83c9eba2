//! `/stage`: what hosts and moderators do with the room. Who may do what is for the rules to say.

mod sharing;

use super::call::{Call, Outcome};
use super::definition::Part;
use super::options::Options;
use super::skip;
use crate::domain::ids::{MemberId, SeatNo, TurnId};
use crate::domain::protocol::Command;

/// Longest theme, rules or reason, in characters.
const TEXT_LIMIT: usize = 200;
/// Who may speak in a Discord stage channel: the words' keys, and what is sent for them.
const SPEAK: [(&str, &str); 2] = [("speak-seats", "on"), ("speak-nobody", "off")];

pub(super) fn definition() -> Part {
    let theme = || Part::text("theme", TEXT_LIMIT);
    let rules = || Part::text("rules", TEXT_LIMIT);
    let member = || Part::member("member").required();
    let reason = || Part::text("reason", TEXT_LIMIT);
    Part::command("stage")
        .with(
            Part::sub("open")
                .with(theme())
                .with(rules())
                .with(Part::choice("speak", &SPEAK)),
        )
        .with(Part::sub("close"))
        .with(Part::sub("lock"))
        .with(Part::sub("unlock"))
        .with(Part::sub("theme").with(theme()).with(rules()))
        .with(Part::sub("share"))
        .with(Part::sub("unshare"))
        .with(Part::sub("kick").with(member()).with(reason()))
        .with(
            Part::sub("move")
                .with(member())
                .with(Part::number("seat", 1, 5).required()),
        )
        .with(Part::sub("skip").with(skip::reason_part()))
        .with(Part::sub("ban").with(member()).with(reason()))
        .with(Part::sub("unban").with(member()).with(reason()))
        .with(
            Part::sub("void")
                .with(member())
                .with(Part::number("play", 1, u32::MAX)),
        )
        .with(Part::sub("void-all").with(member()))
}

pub(super) async fn run(call: &Call, options: Options<'_>) -> Outcome {
    let text = |name| options.text(name).map(ToOwned::to_owned);
    let member = options
        .member("member")
        .map_or(MemberId(0), |(member, _)| member);
    let command = match options.sub.unwrap_or_default() {
        "open" => {
            let text_channel = super::room::text_channel(call);
            let (theme, rules) = (text("theme"), text("rules"));
            return open(
                call,
                Command::Open {
                    text: text_channel,
                    theme,
                    rules,
                    speak: options.text("speak").map(|it| it == "on"),
                },
            )
            .await;
        }
        "share" => return sharing::share(call).await,
        "unshare" => return sharing::unshare(call).await,
        "close" => Command::Close,
        "lock" => Command::Lock(true),
        "unlock" => Command::Lock(false),
        "theme" => Command::Theme {
            theme: text("theme"),
            rules: text("rules"),
        },
        "kick" => Command::Kick {
            member,
            reason: text("reason"),
        },
        "move" => {
            let seat = options
                .number("seat")
                .and_then(|seat| u8::try_from(seat).ok());
            Command::Move {
                member,
                seat: SeatNo(seat.unwrap_or_default()),
            }
        }
        "ban" => Command::StageBan {
            member,
            banned: true,
            reason: text("reason"),
        },
        "unban" => Command::StageBan {
            member,
            banned: false,
            reason: text("reason"),
        },
        "void" => {
            let Some(turn) = options
                .number("play")
                .map(TurnId)
                .or_else(|| last_play(call))
            else {
                return Err(call.refused(&crate::domain::protocol::Refusal::NothingPlaying));
            };
            Command::VoidRating {
                turn,
                rater: member,
            }
        }
        "void-all" => Command::VoidRater { rater: member },
        _ => return skip::run(call, options).await,
    };
    call.carry_out(command).await
}

/// Nobody opens a stage where the bot could not be heard.
async fn open(call: &Call, command: Command) -> Outcome {
    super::room::check(call)?;
    call.carry_out(command).await
}

/// The play that is on, or the last one.
fn last_play(call: &Call) -> Option<TurnId> {
    let open = call.view.open.as_ref()?;
    let play = open.now.as_ref().or(open.last.as_ref())?;
    Some(play.turn)
}
