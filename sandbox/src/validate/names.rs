//! Small forms of one or two fields: the topic of a stage, the status of a voice channel, the names
//! of channels, threads and webhooks. It does not know who may set them.

use serde_json::Value;

use super::form::Form;
use crate::error::ApiError;

const TOPIC_LIMIT: usize = 120;
const VOICE_STATUS_LIMIT: usize = 500;
const NAME_LIMIT: usize = 100;
const WEBHOOK_NAME_LIMIT: usize = 80;
const SLOWMODE_LIMIT_S: i64 = 21_600;
/// Minutes after which a quiet thread may be archived.
const ARCHIVE_MINUTES: [i64; 4] = [60, 1440, 4320, 10080];

/// `POST /stage-instances`, and with `is_edit` the `PATCH` of one.
pub fn stage_instance(body: &Value, is_edit: bool) -> Result<(), ApiError> {
    Form::check(body, |form| {
        let topic = form.get("topic");
        let topic = if is_edit { topic } else { topic.required() };
        topic.text(1..=TOPIC_LIMIT);
        if !is_edit {
            form.get("channel_id").required().snowflake();
            form.get("send_start_notification").flag();
        }
        // PUBLIC (1) is deprecated but still a value.
        form.get("privacy_level").one_of(&[1, 2]);
    })
}

/// `PUT /channels/{id}/voice-status`; null clears it.
pub fn voice_status(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        if form.is_model() {
            form.get("status").text(0..=VOICE_STATUS_LIMIT);
        }
    })
}

/// `POST /channels/{id}/threads` and `.../messages/{id}/threads`.
pub fn thread_create(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        form.get("name").required().text(1..=NAME_LIMIT);
        form.get("auto_archive_duration").one_of(&ARCHIVE_MINUTES);
        form.get("type").one_of(&[10, 11, 12]);
        form.get("invitable").flag();
        form.get("rate_limit_per_user").int(0..=SLOWMODE_LIMIT_S);
    })
}

/// A new channel, or with `is_edit` a changed one.
pub fn channel_create(body: &Value, is_edit: bool) -> Result<(), ApiError> {
    Form::check(body, |form| {
        let name = form.get("name");
        let name = if is_edit { name } else { name.required() };
        name.text(1..=NAME_LIMIT);
        form.get("topic").text(0..=1024);
        form.get("user_limit").int(0..=10_000);
        form.get("bitrate").int(8_000..=384_000);
        form.get("rate_limit_per_user").int(0..=SLOWMODE_LIMIT_S);
        form.get("parent_id").snowflake();
    })
}

/// `POST /channels/{id}/webhooks`. The words Discord keeps to itself are refused in a name.
pub fn webhook_create(body: &Value) -> Result<(), ApiError> {
    Form::check(body, |form| {
        let name = form.get("name").required();
        let text = name
            .text(1..=WEBHOOK_NAME_LIMIT)
            .unwrap_or_default()
            .to_lowercase();
        for word in ["clyde", "discord"] {
            if text.contains(word) {
                name.complain(
                    "USERNAME_INVALID_CONTAINS",
                    format!("Username cannot contain \"{word}\""),
                );
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::form::codes;
    use super::*;

    #[test]
    fn a_stage_topic_has_1_to_120_characters() {
        let with = |length: usize| {
            stage_instance(
                &json!({ "channel_id": "1", "topic": "t".repeat(length) }),
                false,
            )
        };
        assert_eq!(with(1), Ok(()));
        assert_eq!(with(120), Ok(()));
        assert_eq!(codes(with(0), "topic"), ["BASE_TYPE_REQUIRED"]);
        assert_eq!(codes(with(121), "topic"), ["BASE_TYPE_BAD_LENGTH"]);
        assert_eq!(stage_instance(&json!({ "privacy_level": 2 }), true), Ok(()));
    }

    #[test]
    fn a_voice_status_has_500_characters_or_is_null() {
        assert_eq!(voice_status(&json!({ "status": null })), Ok(()));
        assert_eq!(voice_status(&json!({ "status": "s".repeat(500) })), Ok(()));
        assert_eq!(
            codes(
                voice_status(&json!({ "status": "s".repeat(501) })),
                "status"
            ),
            ["BASE_TYPE_MAX_LENGTH"]
        );
    }

    #[test]
    fn threads_channels_and_webhooks_are_named() {
        let name = |length: usize| json!({ "name": "n".repeat(length) });
        for check in [thread_create, |body: &Value| channel_create(body, false)] {
            assert_eq!(check(&name(100)), Ok(()));
            assert_eq!(codes(check(&name(101)), "name"), ["BASE_TYPE_BAD_LENGTH"]);
            assert_eq!(codes(check(&json!({})), "name"), ["BASE_TYPE_REQUIRED"]);
        }
        assert_eq!(webhook_create(&name(80)), Ok(()));
        assert_eq!(
            codes(webhook_create(&name(81)), "name"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            codes(webhook_create(&json!({ "name": "My Discord" })), "name"),
            ["USERNAME_INVALID_CONTAINS"]
        );
        assert_eq!(
            codes(
                thread_create(&json!({ "name": "x", "auto_archive_duration": 61 })),
                "auto_archive_duration"
            ),
            ["BASE_TYPE_CHOICES"]
        );
    }
}
