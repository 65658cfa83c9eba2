//! Forms about members, overwrites, voice states and webhooks. It does not know who may send them.

use serde_json::Value;

use super::form::Form;
use crate::error::ApiError;

const NICK_LIMIT: usize = 32;
const ROLES_LIMIT: usize = 250;
const WEBHOOK_NAME_LIMIT: usize = 80;

/// `PATCH /guilds/{id}/members/{id}`
pub fn member_edit(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        form.get("nick").text(0..=NICK_LIMIT);
        for role in form.get("roles").list(0..=ROLES_LIMIT) {
            role.required().snowflake();
        }
        form.get("mute").flag();
        form.get("deaf").flag();
        form.get("channel_id").snowflake();
        form.get("communication_disabled_until").text(1..=64);
    })
}

/// `PATCH /guilds/{id}/voice-states/{id}`; somebody else's takes the channel they are in.
pub fn voice_state(body: &Value, is_own: bool) -> Result<(), ApiError> {
    Form::check(body, |form| {
        let channel = form.get("channel_id");
        let channel = if is_own { channel } else { channel.required() };
        channel.snowflake();
        form.get("suppress").flag();
        form.get("request_to_speak_timestamp").text(1..=64);
    })
}

/// `PUT /channels/{id}/permissions/{id}`: `type` 0 is a role, 1 a member.
pub fn overwrite(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        form.get("type").required().one_of(&[0, 1]);
        form.get("allow").snowflake();
        form.get("deny").snowflake();
    })
}

/// `PATCH /guilds/{id}`
pub fn guild_edit(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        form.get("name").text(2..=100);
    })
}

/// `PATCH /users/@me`
pub fn own_user(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        form.get("username").text(2..=32);
    })
}

/// `POST /users/@me/channels`
pub fn direct_channel(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        form.get("recipient_id").required().snowflake();
    })
}

/// `PATCH /webhooks/{id}`
pub fn webhook_edit(body: &Value) -> Result<(), ApiError> {
    if body.get("name").is_none() {
        return Ok(());
    }
    super::webhook_create(body)
}

/// What a message of a webhook has beside the message.
pub fn webhook_message(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        form.get("username").text(1..=WEBHOOK_NAME_LIMIT);
        form.get("avatar_url").url(&["http", "https"], 2048);
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::form::codes;
    use super::*;

    #[test]
    fn a_nick_has_32_characters() {
        assert_eq!(member_edit(&json!({ "nick": "n".repeat(32) })), Ok(()));
        assert_eq!(member_edit(&json!({ "nick": null })), Ok(()));
        let long = json!({ "nick": "n".repeat(33), "mute": "yes" });
        assert_eq!(codes(member_edit(&long), "nick"), ["BASE_TYPE_MAX_LENGTH"]);
        assert_eq!(codes(member_edit(&long), "mute"), ["BOOLEAN_TYPE_CONVERT"]);
    }

    #[test]
    fn an_overwrite_says_whose_it_is() {
        let body = json!({ "type": 1, "allow": "1024", "deny": "0" });
        assert_eq!(overwrite(&body), Ok(()));
        let without = overwrite(&json!({ "allow": "1024" }));
        assert_eq!(codes(without, "type"), ["BASE_TYPE_REQUIRED"]);
    }

    #[test]
    fn a_webhook_keeps_off_reserved_names() {
        let named = webhook_edit(&json!({ "name": "Clyde" }));
        assert_eq!(codes(named, "name"), ["USERNAME_INVALID_CONTAINS"]);
        let picture = webhook_message(&json!({ "avatar_url": "ftp://example.org" }));
        assert_eq!(codes(picture, "avatar_url"), ["URL_TYPE_INVALID_SCHEME"]);
    }
}
