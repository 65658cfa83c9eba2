//! What a page says about itself to who asks for a preview, as oEmbed 1.0 has it
//! (<https://oembed.com>): a link with a title and a picture.

use super::super::Web;
use super::super::answer::{Asked, CHECKED, Content};
use super::super::language::Speech;
use super::super::notice::Absence;
use super::sheet::Sheet;
use crate::share::card;
use serde_json::json;

/// How long a preview may be kept, in seconds.
const KEPT_FOR: u32 = 300;

/// The description of the page that `url` leads to.
pub(super) async fn oembed(web: &Web, asked: &Asked) -> Result<Content, Absence> {
    let said = |name: &str| asked.query.get(name).map(String::as_str);
    // There is no XML.
    if said("format").is_some_and(|format| format != "json") {
        return Err(Absence::NotMade);
    }
    let path = said("url").and_then(|url| web.address.path_of(url));
    let path = path.ok_or(Absence::NotThere)?;
    let token = path.strip_prefix("/p/").ok_or(Absence::NotThere)?;
    let sheet = Sheet::read(web, asked, token.trim_end_matches('/')).await?;
    let speech = Speech {
        words: &web.words,
        locale: sheet.locale,
    };
    let curator = sheet.curator.as_ref().map(|it| it.name.as_str());
    let mut told = json!({
        "version": "1.0",
        "type": "link",
        "title": sheet.title,
        "author_name": curator.unwrap_or(&sheet.guild),
        "provider_name": "Rondo",
        "provider_url": web.address.to("/"),
        "cache_age": KEPT_FOR,
    });
    let room = |name: &str| {
        said(name)
            .and_then(|it| it.parse().ok())
            .unwrap_or(u32::MAX)
    };
    // The picture has one size: where there is not enough room, there is none.
    let fits = room("maxwidth") >= card::WIDTH && room("maxheight") >= card::HEIGHT;
    if let Some(fields) = told.as_object_mut().filter(|_| fits) {
        let url = web.address.to(&sheet.page.path());
        let picture = format!("{url}/card.png?lang={}", speech.tag());
        fields.insert("thumbnail_url".to_owned(), json!(picture));
        fields.insert("thumbnail_width".to_owned(), json!(card::WIDTH));
        fields.insert("thumbnail_height".to_owned(), json!(card::HEIGHT));
    }
    Ok(Content {
        kind: "application/json",
        cache: CHECKED,
        bytes: told.to_string().into(),
        file: None,
    })
}
