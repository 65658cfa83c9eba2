//! The limits of embeds, each and all together. It does not know the message around them.

use time::OffsetDateTime;
use time::format_description::well_known::Iso8601;

use super::form::Form;

const EMBEDS_LIMIT: usize = 10;
const TITLE_LIMIT: usize = 256;
const DESCRIPTION_LIMIT: usize = 4096;
const FIELDS_LIMIT: usize = 25;
const FIELD_NAME_LIMIT: usize = 256;
const FIELD_VALUE_LIMIT: usize = 1024;
const FOOTER_LIMIT: usize = 2048;
const AUTHOR_LIMIT: usize = 256;
const URL_LIMIT: usize = 2048;
/// Characters of title, description, fields, footer and author, over all embeds of a message.
const TOTAL_LIMIT: usize = 6000;

/// Checks the field `embeds` of a message.
pub(super) fn embeds(list: &Form<'_>) {
    let total: usize = list.list(0..=EMBEDS_LIMIT).iter().map(embed).sum();
    if total > TOTAL_LIMIT {
        list.complain(
            "MAX_EMBED_SIZE_EXCEEDED",
            format!("Embed size exceeds maximum size of {TOTAL_LIMIT}"),
        );
    }
}

fn embed(embed: &Form<'_>) -> usize {
    if !embed.clone().required().is_model() {
        return 0;
    }
    let length =
        |form: &Form<'_>, limit| form.text(0..=limit).map_or(0, |text| text.chars().count());
    let mut total = length(&embed.get("title"), TITLE_LIMIT);
    total += length(&embed.get("description"), DESCRIPTION_LIMIT);
    embed.get("url").url(&["http", "https"], URL_LIMIT);
    embed.get("color").int(0..=0xFF_FFFF);
    timestamp(&embed.get("timestamp"));
    let footer = embed.get("footer");
    if footer.is_model() {
        total += length(&footer.get("text").required(), FOOTER_LIMIT);
        picture_url(&footer.get("icon_url"));
    }
    let author = embed.get("author");
    if author.is_model() {
        total += length(&author.get("name").required(), AUTHOR_LIMIT);
        author.get("url").url(&["http", "https"], URL_LIMIT);
        picture_url(&author.get("icon_url"));
    }
    for key in ["image", "thumbnail"] {
        let picture = embed.get(key);
        if picture.is_model() {
            picture_url(&picture.get("url").required());
        }
    }
    for field in embed.get("fields").list(0..=FIELDS_LIMIT) {
        if !field.clone().required().is_model() {
            continue;
        }
        let count = |form: Form<'_>, limit| {
            form.required()
                .text(1..=limit)
                .map_or(0, |text| text.chars().count())
        };
        total += count(field.get("name"), FIELD_NAME_LIMIT);
        total += count(field.get("value"), FIELD_VALUE_LIMIT);
        field.get("inline").flag();
    }
    total
}

fn picture_url(form: &Form<'_>) {
    form.url(&["http", "https", "attachment"], URL_LIMIT);
}

fn timestamp(form: &Form<'_>) {
    let Some(text) = form.text(0..=64) else {
        return;
    };
    if OffsetDateTime::parse(text, &Iso8601::DEFAULT).is_err() {
        form.complain(
            "DATE_TIME_TYPE_PARSE",
            format!("Could not parse {text}. Should be ISO8601."),
        );
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::form::{Form, codes};
    use crate::error::ApiError;

    fn check(list: &Value) -> Result<(), ApiError> {
        let body = json!({ "embeds": list });
        Form::check(&body, |form| super::embeds(&form.get("embeds")))
    }

    fn long(length: usize) -> String {
        "ä".repeat(length)
    }

    #[test]
    fn each_text_may_be_as_long_as_its_limit_and_not_longer() {
        type Make = fn(String) -> Value;
        let table: [(&str, usize, &str, Make); 6] = [
            (
                "title",
                256,
                "BASE_TYPE_MAX_LENGTH",
                |text| json!({ "title": text }),
            ),
            (
                "description",
                4096,
                "BASE_TYPE_MAX_LENGTH",
                |text| json!({ "description": text }),
            ),
            (
                "footer.text",
                2048,
                "BASE_TYPE_MAX_LENGTH",
                |text| json!({ "footer": { "text": text } }),
            ),
            (
                "author.name",
                256,
                "BASE_TYPE_MAX_LENGTH",
                |text| json!({ "author": { "name": text } }),
            ),
            (
                "fields.0.name",
                256,
                "BASE_TYPE_BAD_LENGTH",
                |text| json!({ "fields": [{ "name": text, "value": "x" }] }),
            ),
            (
                "fields.0.value",
                1024,
                "BASE_TYPE_BAD_LENGTH",
                |text| json!({ "fields": [{ "name": "x", "value": text }] }),
            ),
        ];
        for (path, limit, code, make) in table {
            assert_eq!(check(&json!([make(long(limit))])), Ok(()), "{path}");
            let refused = check(&json!([make(long(limit + 1))]));
            assert_eq!(
                codes(refused, &format!("embeds.0.{path}")),
                [code],
                "{path}"
            );
        }
    }

    #[test]
    fn there_may_be_ten_embeds_and_twenty_five_fields() {
        assert_eq!(check(&json!(vec![json!({ "title": "x" }); 10])), Ok(()));
        let eleven = check(&json!(vec![json!({ "title": "x" }); 11]));
        assert_eq!(codes(eleven, "embeds"), ["BASE_TYPE_MAX_LENGTH"]);
        let with = |count| json!([{ "fields": vec![json!({ "name": "n", "value": "v" }); count] }]);
        assert_eq!(check(&with(25)), Ok(()));
        assert_eq!(
            codes(check(&with(26)), "embeds.0.fields"),
            ["BASE_TYPE_MAX_LENGTH"]
        );
    }

    #[test]
    fn all_texts_of_all_embeds_together_are_at_most_6000() {
        let two = |rest| json!([{ "description": long(4096) }, { "description": long(rest) }]);
        assert_eq!(check(&two(1904)), Ok(()));
        assert_eq!(
            codes(check(&two(1905)), "embeds"),
            ["MAX_EMBED_SIZE_EXCEEDED"]
        );
    }

    #[test]
    fn addresses_colours_and_moments_are_checked() {
        assert_eq!(
            check(
                &json!([{ "url": "https://a.example/x", "color": 0xFF_FFFF, "timestamp": "2026-08-05T12:00:00.000Z",
                "image": { "url": "attachment://card.png" } }])
            ),
            Ok(())
        );
        for (embed, path, code) in [
            (json!({ "url": "not a url" }), "url", "URL_TYPE_INVALID_URL"),
            (
                json!({ "url": "ftp://a.example" }),
                "url",
                "URL_TYPE_INVALID_SCHEME",
            ),
            (json!({ "color": 0x0100_0000 }), "color", "NUMBER_TYPE_MAX"),
            (
                json!({ "timestamp": "yesterday" }),
                "timestamp",
                "DATE_TIME_TYPE_PARSE",
            ),
            (
                json!({ "fields": [{ "name": "n" }] }),
                "fields.0.value",
                "BASE_TYPE_REQUIRED",
            ),
            (
                json!({ "fields": [{ "name": "", "value": "v" }] }),
                "fields.0.name",
                "BASE_TYPE_REQUIRED",
            ),
            (json!({ "title": 5 }), "title", "STRING_TYPE_CONVERT"),
        ] {
            assert_eq!(
                codes(check(&json!([embed])), &format!("embeds.0.{path}")),
                [code]
            );
        }
    }
}
