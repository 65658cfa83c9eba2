//! What the owner of the bot reads in the terminal: how to get a token, how to invite the bot, what
//! went wrong at start. It never prints a secret.

/// What the bot has to be allowed in a guild, by Discord's permission bits: view channels, send
/// messages, embed links, attach files, read message history, add reactions, connect, speak.
const PERMISSIONS: u64 =
    1 << 10 | 1 << 11 | 1 << 14 | 1 << 15 | 1 << 16 | 1 << 6 | 1 << 20 | 1 << 21;

/// What it takes besides for Discord stage channels, where a server has them: manage channels, mute
/// members, move members (the three make a moderator of a Discord stage). Optional.
const STAGE_PERMISSIONS: u64 = 1 << 4 | 1 << 22 | 1 << 24;

const NO_TOKEN: &str = "\
Rondo needs the token of a Discord bot to log in. To get one:
  1. Open https://discord.com/developers/applications and press New Application.
  2. On its page Bot, press Reset Token and copy the token.
  3. Optional, same page: switch on Message Content Intent, so that chat can become comments.
  4. Copy .env.example to .env and write the token after DISCORD_TOKEN=
  5. Start Rondo again. It prints the link that invites it to your server.
Never show the token to anybody; whoever has it is your bot.
To see a whole evening first, without any account: make party";

/// The link that invites the bot, with exactly the scopes and permissions it needs, and these.
pub(super) fn link(application_id: u64, besides: u64) -> String {
    let permissions = PERMISSIONS | besides;
    format!(
        "https://discord.com/oauth2/authorize?client_id={application_id}\
         &scope=bot+applications.commands&permissions={permissions}"
    )
}

/// Says how to get a token.
#[expect(
    clippy::print_stderr,
    reason = "this is the program's answer in the terminal"
)]
pub(super) fn explain() {
    eprintln!("{NO_TOKEN}");
}

/// Says that the bot is there and how to invite it.
#[expect(
    clippy::print_stdout,
    reason = "this is the program's answer in the terminal"
)]
pub(super) fn greet(name: &str, application_id: u64) {
    println!("{name} is logging in. Invite it to a server with this link:");
    println!("{}", link(application_id, 0));
    println!("Or with this one, so that it also runs the Discord stages of stage channels:");
    println!("{}", link(application_id, STAGE_PERMISSIONS));
}

/// Says why the program ends.
#[expect(
    clippy::print_stderr,
    reason = "this is the program's answer in the terminal"
)]
pub(super) fn complain(error: &anyhow::Error) {
    eprintln!("Rondo cannot go on: {error:#}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_invitation_asks_for_exactly_what_is_needed() {
        assert_eq!(
            link(42, 0),
            "https://discord.com/oauth2/authorize?client_id=42\
             &scope=bot+applications.commands&permissions=3263552"
        );
        // With manage channels (16), mute members (4,194,304) and move members (16,777,216).
        assert!(link(42, STAGE_PERMISSIONS).ends_with("&permissions=24235088"));
    }

    #[test]
    fn the_explanation_fits_ten_lines_and_names_the_party() {
        assert!(NO_TOKEN.lines().count() <= 10);
        assert!(NO_TOKEN.contains("make party"));
    }
}
