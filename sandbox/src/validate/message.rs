//! The body of a message, new or edited, after the message and webhook resources of Discord's
//! documentation. It does not know the channel nor what an edited message held before.

use serde_json::Value;

use super::components::{self, IS_COMPONENTS_V2};
use super::embeds::embeds;
use super::form::Form;
use crate::error::ApiError;

/// Characters of `content`.
pub const CONTENT_LIMIT: usize = 2000;
/// Files of one message.
pub const FILES_LIMIT: usize = 10;
/// Bytes of one file without boosts.
pub const FILE_BYTES_LIMIT: usize = 10 * 1024 * 1024;
/// Bytes of a whole request.
pub const REQUEST_BYTES_LIMIT: usize = 25 * 1024 * 1024;
/// The message flag of an answer that only one person sees.
pub const EPHEMERAL: i64 = 1 << 6;

const NONCE_LIMIT: usize = 25;
const STICKERS_LIMIT: usize = 3;
const MENTIONS_LIMIT: usize = 100;
const FILE_DESCRIPTION_LIMIT: usize = 1024;
const LEGACY_FIELDS: [&str; 4] = ["content", "embeds", "poll", "sticker_ids"];

/// A new message: in a channel, as a follow-up, by a webhook. `files` is the number of uploaded
/// files beside the JSON.
pub fn message_create(body: &Value, files: usize) -> Result<(), ApiError> {
    Form::check(body, |form| fields(form, files, false))?;
    if is_empty(body, files) {
        return Err(ApiError::empty_message());
    }
    Ok(())
}

/// An edit. `is_v2` says whether the message already has the flag `IS_COMPONENTS_V2`, which cannot
/// be taken away. Whether the edited message would be empty is for the caller, who has its state.
pub fn message_edit(body: &Value, files: usize, is_v2: bool) -> Result<(), ApiError> {
    Form::check(body, |form| fields(form, files, is_v2))
}

/// The fields of a message, wherever they stand in a body.
pub(super) fn fields(form: &Form<'_>, files: usize, is_v2: bool) {
    if !form.is_model() {
        return;
    }
    let flags = form.get("flags").int(0..=i64::from(u32::MAX)).unwrap_or(0);
    let is_v2 = is_v2 || flags & IS_COMPONENTS_V2 != 0;
    form.get("content").text(0..=CONTENT_LIMIT);
    form.get("tts").flag();
    embeds(&form.get("embeds"));
    allowed_mentions(&form.get("allowed_mentions"));
    nonce(&form.get("nonce"));
    for sticker in form.get("sticker_ids").list(0..=STICKERS_LIMIT) {
        sticker.snowflake();
    }
    attachments(&form.get("attachments"), files);
    poll(&form.get("poll"));
    let reference = form.get("message_reference");
    if reference.is_model() {
        reference.get("message_id").required().snowflake();
        reference.get("channel_id").snowflake();
        reference.get("type").one_of(&[0, 1]);
    }
    if is_v2 {
        for key in LEGACY_FIELDS {
            let field = form.get(key);
            if is_filled(field.value) {
                field.complain(
                    "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2",
                    format!(
                        "The '{key}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2"
                    ),
                );
            }
        }
        components::new_style(&form.get("components"));
    } else {
        components::rows(&form.get("components"));
    }
}

/// Whether a new message would show nothing. Rows of buttons alone are not enough.
pub(super) fn is_empty(body: &Value, files: usize) -> bool {
    let filled = |key: &str| body.get(key).is_some_and(is_filled);
    let is_forward = body
        .pointer("/message_reference/type")
        .and_then(Value::as_i64)
        == Some(1);
    let is_v2 = body.get("flags").and_then(Value::as_i64).unwrap_or(0) & IS_COMPONENTS_V2 != 0;
    let shows = files > 0
        || is_forward
        || LEGACY_FIELDS.iter().any(|key| filled(key))
        || (is_v2 && filled("components"));
    !shows
}

fn is_filled(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.trim().is_empty(),
        Value::Array(items) => !items.is_empty(),
        _ => true,
    }
}

fn nonce(form: &Form<'_>) {
    if !form.value.is_number() {
        form.text(0..=NONCE_LIMIT);
    }
}

fn allowed_mentions(form: &Form<'_>) {
    if !form.is_model() {
        return;
    }
    form.get("replied_user").flag();
    let parse = form.get("parse");
    let mut parsed = Vec::new();
    for kind in parse.list(0..=3) {
        match kind.value.as_str() {
            Some(name @ ("users" | "roles" | "everyone")) => parsed.push(name),
            _ => kind.complain(
                "BASE_TYPE_CHOICES",
                "Value must be one of ('roles', 'users', 'everyone').",
            ),
        }
    }
    for key in ["users", "roles"] {
        let ids = form.get(key).list(0..=MENTIONS_LIMIT);
        for id in &ids {
            id.snowflake();
        }
        if !ids.is_empty() && parsed.contains(&key) {
            form.complain(
                "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE",
                format!("parse:[\"{key}\"] and {key}: [ids...] are mutually exclusive."),
            );
        }
    }
}

fn attachments(form: &Form<'_>, files: usize) {
    for attachment in form.get_all(FILES_LIMIT) {
        let Some(id) = attachment.get("id").required().snowflake() else {
            continue;
        };
        attachment.get("filename").text(0..=260);
        attachment
            .get("description")
            .text(0..=FILE_DESCRIPTION_LIMIT);
        // Ids this small are places among the uploaded files, not snowflakes.
        let is_place = id < 1 << 22;
        if is_place && usize::try_from(id).is_ok_and(|place| place >= files) {
            attachment.get("id").complain(
                "ATTACHMENT_NOT_FOUND",
                format!("Attachment {id} was not uploaded with this request"),
            );
        }
    }
}

fn poll(form: &Form<'_>) {
    if !form.is_model() {
        return;
    }
    let question = form.get("question").required();
    if question.is_model() {
        question.get("text").required().text(1..=300);
    }
    for answer in form.get("answers").required().list(1..=10) {
        answer.get("poll_media").get("text").required().text(1..=55);
    }
    form.get("duration").int(1..=768);
    form.get("allow_multiselect").flag();
    form.get("layout_type").one_of(&[1]);
}

impl Form<'_> {
    fn get_all(&self, limit: usize) -> Vec<Self> {
        let items = self.list(0..=limit).into_iter();
        items
            .filter(|item| item.clone().required().is_model())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::form::codes;
    use super::*;

    #[test]
    fn content_may_have_2000_characters() {
        assert_eq!(
            message_create(&json!({ "content": "é".repeat(2000) }), 0),
            Ok(())
        );
        let refused = message_create(&json!({ "content": "é".repeat(2001) }), 0);
        assert_eq!(codes(refused, "content"), ["BASE_TYPE_MAX_LENGTH"]);
    }

    #[test]
    fn a_message_that_shows_nothing_is_refused() {
        let buttons = json!([{ "type": 1, "components": [{ "type": 2, "style": 1, "label": "x", "custom_id": "x" }] }]);
        for body in [
            json!({}),
            json!({ "content": "  " }),
            json!({ "embeds": [] }),
            json!({ "components": buttons }),
        ] {
            assert_eq!(message_create(&body, 0).unwrap_err().code, 50006, "{body}");
            assert_eq!(message_create(&body, 1), Ok(()));
        }
    }

    #[test]
    fn components_v2_forbid_the_old_fields() {
        let flags = IS_COMPONENTS_V2;
        let shown = json!([{ "type": 10, "content": "hello" }]);
        assert_eq!(
            message_create(&json!({ "flags": flags, "components": shown }), 0),
            Ok(())
        );
        for (key, value) in [
            ("content", json!("x")),
            ("embeds", json!([{ "title": "x" }])),
            ("sticker_ids", json!(["1"])),
            (
                "poll",
                json!({ "question": { "text": "?" }, "answers": [{ "poll_media": { "text": "a" } }] }),
            ),
        ] {
            let refused = message_create(
                &json!({ "flags": flags, "components": shown, key: value }),
                0,
            );
            assert_eq!(
                codes(refused, key),
                ["MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2"]
            );
            let edited = message_edit(&json!({ "components": shown, key: value }), 0, true);
            assert!(edited.is_err(), "{key}");
        }
        let converting =
            json!({ "flags": flags, "content": null, "embeds": [], "components": shown });
        assert_eq!(message_edit(&converting, 0, false), Ok(()));
        let unflagged = message_create(&json!({ "content": "x", "components": shown }), 0);
        assert_eq!(
            codes(unflagged, "components.0.type"),
            ["UNION_TYPE_CHOICES"]
        );
    }

    #[test]
    fn mentions_are_parsed_or_listed_but_not_both() {
        let with =
            |mentions| message_create(&json!({ "content": "x", "allowed_mentions": mentions }), 0);
        assert_eq!(
            with(json!({ "parse": [], "users": vec!["1"; 100] })),
            Ok(())
        );
        assert_eq!(
            codes(
                with(json!({ "users": vec!["1"; 101] })),
                "allowed_mentions.users"
            ),
            ["BASE_TYPE_MAX_LENGTH"]
        );
        assert_eq!(
            codes(
                with(json!({ "parse": ["here"] })),
                "allowed_mentions.parse.0"
            ),
            ["BASE_TYPE_CHOICES"]
        );
        assert_eq!(
            codes(
                with(json!({ "parse": ["users"], "users": ["1"] })),
                "allowed_mentions"
            ),
            ["MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE"]
        );
    }

    #[test]
    fn counts_of_files_stickers_and_the_nonce_are_limited() {
        let at = |body: Value, files| message_create(&body, files);
        let list = |count: usize| {
            (0..count)
                .map(|id| json!({ "id": id, "filename": "a.png" }))
                .collect::<Vec<_>>()
        };
        assert_eq!(at(json!({ "attachments": list(10) }), 10), Ok(()));
        assert_eq!(
            codes(at(json!({ "attachments": list(11) }), 11), "attachments"),
            ["BASE_TYPE_MAX_LENGTH"]
        );
        assert_eq!(
            codes(at(json!({ "attachments": list(2) }), 1), "attachments.1.id"),
            ["ATTACHMENT_NOT_FOUND"]
        );
        assert_eq!(at(json!({ "sticker_ids": ["1", "2", "3"] }), 0), Ok(()));
        assert_eq!(
            codes(
                at(json!({ "sticker_ids": ["1", "2", "3", "4"] }), 0),
                "sticker_ids"
            ),
            ["BASE_TYPE_MAX_LENGTH"]
        );
        assert_eq!(
            at(json!({ "content": "x", "nonce": "n".repeat(25) }), 0),
            Ok(())
        );
        assert_eq!(
            codes(
                at(json!({ "content": "x", "nonce": "n".repeat(26) }), 0),
                "nonce"
            ),
            ["BASE_TYPE_MAX_LENGTH"]
        );
        assert_eq!(
            codes(at(json!({ "content": "x", "flags": "many" }), 0), "flags"),
            ["NUMBER_TYPE_COERCE"]
        );
    }

    #[test]
    fn a_poll_has_a_question_of_300_and_one_to_ten_answers_of_55() {
        let poll = |question: usize, answers: usize, answer: usize| {
            let answers = vec![json!({ "poll_media": { "text": "a".repeat(answer) } }); answers];
            message_create(
                &json!({ "poll": { "question": { "text": "q".repeat(question) }, "answers": answers } }),
                0,
            )
        };
        assert_eq!(poll(300, 10, 55), Ok(()));
        assert_eq!(
            codes(poll(301, 1, 1), "poll.question.text"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            codes(poll(1, 11, 1), "poll.answers"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
        assert_eq!(
            codes(poll(1, 1, 56), "poll.answers.0.poll_media.text"),
            ["BASE_TYPE_BAD_LENGTH"]
        );
    }
}
