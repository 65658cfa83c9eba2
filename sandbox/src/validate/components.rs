//! Message components: rows of buttons and selects, and the new style (flag `IS_COMPONENTS_V2`)
//! with containers, sections and text displays. It does not know the fields around them, and modals
//! are its neighbour's.

use std::cell::RefCell;
use std::collections::HashSet;

use super::emoji::is_unicode_emoji;
use super::form::Form;

/// The message flag that chooses the new style; once set it stays.
pub const IS_COMPONENTS_V2: i64 = 1 << 15;
/// Components of one message in the new style, nested ones included.
pub const COMPONENT_LIMIT: usize = 40;
/// Characters over all text displays of one message.
pub const DISPLAY_TEXT_LIMIT: usize = 4000;

pub(super) const CUSTOM_ID_LIMIT: usize = 100;
pub(super) const OPTIONS_LIMIT: usize = 25;
const ROWS_LIMIT: usize = 5;
const ROW_WIDTH: usize = 5;
const LABEL_LIMIT: usize = 80;
const URL_LIMIT: usize = 512;
const PLACEHOLDER_LIMIT: usize = 150;
const OPTION_TEXT_LIMIT: usize = 100;
const MEDIA_DESCRIPTION_LIMIT: usize = 1024;

const ROW: i64 = 1;
const BUTTON: i64 = 2;
const STRING_SELECT: i64 = 3;
const SECTION: i64 = 9;
const TEXT_DISPLAY: i64 = 10;
const THUMBNAIL: i64 = 11;
const GALLERY: i64 = 12;
const FILE: i64 = 13;
const SEPARATOR: i64 = 14;
const CONTAINER: i64 = 17;
const SELECTS: [i64; 5] = [STRING_SELECT, 5, 6, 7, 8];
const TOP_LEVEL: [i64; 7] = [
    ROW,
    SECTION,
    TEXT_DISPLAY,
    GALLERY,
    FILE,
    SEPARATOR,
    CONTAINER,
];
const IN_CONTAINER: [i64; 6] = [ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR];

/// What must be unique or is limited over a whole tree of components.
#[derive(Debug, Default)]
pub(super) struct Seen {
    custom_ids: RefCell<HashSet<String>>,
    ids: RefCell<HashSet<i64>>,
    components: RefCell<usize>,
    text: RefCell<usize>,
}

impl Seen {
    /// Counts a component and checks its `id`.
    pub(super) fn component(&self, form: &Form<'_>) {
        *self.components.borrow_mut() += 1;
        let id = form.get("id");
        // 0 asks Discord to choose the id.
        if let Some(number) = id.int(i64::from(i32::MIN)..=i64::from(i32::MAX))
            && number != 0
            && !self.ids.borrow_mut().insert(number)
        {
            id.complain(
                "COMPONENT_ID_DUPLICATED",
                "Component id cannot be duplicated",
            );
        }
    }

    /// Checks a `custom_id` that must be there.
    pub(super) fn custom_id(&self, form: &Form<'_>) {
        let field = form.get("custom_id");
        if field.is_absent() || field.value.as_str() == Some("") {
            field.complain("COMPONENT_CUSTOM_ID_REQUIRED", "A custom id is required");
            return;
        }
        if let Some(text) = field.text(1..=CUSTOM_ID_LIMIT)
            && !self.custom_ids.borrow_mut().insert(text.to_owned())
        {
            field.complain(
                "COMPONENT_CUSTOM_ID_DUPLICATED",
                "Component custom id cannot be duplicated",
            );
        }
    }
}

/// A component's type, if it is among the ones allowed here.
pub(super) fn kind(form: &Form<'_>, allowed: &[i64]) -> Option<i64> {
    if !form.clone().required().is_model() {
        return None;
    }
    let field = form.get("type").required();
    let kind = field.int(i64::MIN..=i64::MAX)?;
    if allowed.contains(&kind) {
        return Some(kind);
    }
    let listed: Vec<_> = allowed.iter().map(ToString::to_string).collect();
    field.complain(
        "UNION_TYPE_CHOICES",
        format!(
            "Value of field \"type\" must be one of ({}).",
            listed.join(", ")
        ),
    );
    None
}

/// The old style: at most five rows.
pub(super) fn rows(list: &Form<'_>) {
    let seen = Seen::default();
    for component in list.list(0..=ROWS_LIMIT) {
        if kind(&component, &[ROW]).is_some() {
            seen.component(&component);
            row(&component, &seen);
        }
    }
}

/// The new style: a tree of at most 40 components and 4000 characters.
pub(super) fn new_style(list: &Form<'_>) {
    let seen = Seen::default();
    for component in list.list(0..=COMPONENT_LIMIT) {
        branch(&component, &TOP_LEVEL, &seen);
    }
    if *seen.components.borrow() > COMPONENT_LIMIT {
        list.complain(
            "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED",
            format!("The total number of components cannot exceed {COMPONENT_LIMIT}"),
        );
    }
    if *seen.text.borrow() > DISPLAY_TEXT_LIMIT {
        list.complain(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            format!(
                "Components displayable text size exceeds maximum size of {DISPLAY_TEXT_LIMIT}"
            ),
        );
    }
}

fn branch(form: &Form<'_>, allowed: &[i64], seen: &Seen) {
    let Some(kind) = kind(form, allowed) else {
        return;
    };
    seen.component(form);
    match kind {
        ROW => row(form, seen),
        BUTTON => button(form, seen),
        SECTION => {
            for child in form.get("components").required().list(1..=3) {
                branch(&child, &[TEXT_DISPLAY], seen);
            }
            branch(&form.get("accessory"), &[BUTTON, THUMBNAIL], seen);
        }
        TEXT_DISPLAY => {
            let text = form.get("content").required().text(1..=DISPLAY_TEXT_LIMIT);
            *seen.text.borrow_mut() += text.map_or(0, |text| text.chars().count());
        }
        THUMBNAIL => media(form, "media"),
        GALLERY => {
            for item in form.get("items").required().list(1..=10) {
                media(&item, "media");
            }
        }
        FILE => form
            .get("file")
            .get("url")
            .required()
            .url(&["attachment"], URL_LIMIT * 4),
        SEPARATOR => {
            form.get("divider").flag();
            form.get("spacing").one_of(&[1, 2]);
        }
        _ => {
            form.get("accent_color").int(0..=0xFF_FFFF);
            form.get("spoiler").flag();
            for child in form.get("components").required().list(1..=COMPONENT_LIMIT) {
                branch(&child, &IN_CONTAINER, seen);
            }
        }
    }
}

fn media(form: &Form<'_>, key: &str) {
    form.get(key)
        .get("url")
        .required()
        .url(&["http", "https", "attachment"], URL_LIMIT * 4);
    form.get("description").text(0..=MEDIA_DESCRIPTION_LIMIT);
    form.get("spoiler").flag();
}

fn row(form: &Form<'_>, seen: &Seen) {
    let list = form.get("components").required();
    let children = list.list(1..=ROW_WIDTH);
    let is_crowded = children.len() > 1;
    let mut holds_select = false;
    for child in &children {
        let Some(kind) = kind(child, &[BUTTON, 3, 5, 6, 7, 8]) else {
            continue;
        };
        seen.component(child);
        if kind == BUTTON {
            button(child, seen);
        } else {
            holds_select = true;
            select(child, kind, seen, OPTIONS_LIMIT);
        }
    }
    if holds_select && is_crowded {
        list.complain(
            "COMPONENT_LAYOUT_WIDTH_EXCEEDED",
            "The specified component exceeds the maximum width",
        );
    }
}

fn button(form: &Form<'_>, seen: &Seen) {
    let style = form.get("style").required().one_of(&[1, 2, 3, 4, 5, 6]);
    form.get("label").text(0..=LABEL_LIMIT);
    form.get("disabled").flag();
    emoji(&form.get("emoji"));
    match style {
        Some(5) => {
            form.get("url")
                .required()
                .url(&["http", "https", "discord"], URL_LIMIT);
            let custom_id = form.get("custom_id");
            custom_id.forbidden(
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            );
        }
        Some(6) => {
            form.get("sku_id").required().snowflake();
            for key in ["custom_id", "label", "emoji", "url"] {
                form.get(key).forbidden(
                    "BUTTON_COMPONENT_INVALID_FIELD",
                    "Not allowed on a premium button",
                );
            }
            return;
        }
        Some(_) => {
            seen.custom_id(form);
            let url = form.get("url");
            url.forbidden(
                "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE",
                "A custom id and url cannot both be specified",
            );
        }
        None => {}
    }
    let has_label = form
        .get("label")
        .value
        .as_str()
        .is_some_and(|label| !label.trim().is_empty());
    if !has_label && form.get("emoji").is_absent() {
        form.complain(
            "BUTTON_COMPONENT_INVALID_LABEL",
            "A button must have a label or an emoji",
        );
    }
}

pub(super) fn emoji(form: &Form<'_>) {
    if !form.is_model() {
        return;
    }
    let id = form.get("id");
    let name = form.get("name");
    form.get("animated").flag();
    let is_known = if id.is_absent() {
        name.value.as_str().is_some_and(is_unicode_emoji)
    } else {
        id.snowflake().is_some()
    };
    if !is_known {
        let place = if id.is_absent() { name } else { id };
        place.complain("COMPONENT_INVALID_EMOJI", "Invalid emoji");
    }
}

/// A select of any kind, in a row or in a modal's label. `options_limit` is 25 for a select.
pub(super) fn select(form: &Form<'_>, kind: i64, seen: &Seen, options_limit: usize) {
    debug_assert!(SELECTS.contains(&kind), "the caller has checked the type");
    seen.custom_id(form);
    form.get("placeholder").text(0..=PLACEHOLDER_LIMIT);
    form.get("disabled").flag();
    let most = i64::try_from(options_limit).expect("a limit of a list is a small number");
    let least = form.get("min_values").int(0..=most).unwrap_or(1);
    let max_values = form.get("max_values").int(1..=most).unwrap_or(1);
    if least > max_values {
        form.get("min_values").complain(
            "SELECT_COMPONENT_MIN_VALUES_EXCEED_MAX",
            "Minimum values cannot exceed maximum values",
        );
    }
    if kind == STRING_SELECT {
        let defaults = options(&form.get("options"), 1..=options_limit);
        if i64::try_from(defaults).is_ok_and(|defaults| defaults > max_values) {
            form.get("options").complain(
                "SELECT_COMPONENT_MAX_VALUES_EXCEEDED",
                "There are more default options than may be chosen",
            );
        }
    } else {
        form.get("options").forbidden(
            "SELECT_COMPONENT_OPTIONS_NOT_ALLOWED",
            "Only a string select has options",
        );
        for value in form.get("default_values").list(0..=options_limit) {
            value.get("id").required().snowflake();
        }
    }
    if kind == 8 {
        for channel_type in form.get("channel_types").list(0..=20) {
            channel_type.int(0..=16);
        }
    }
}

/// The options of a select, radio or checkbox group; the number of defaults.
pub(super) fn options(list: &Form<'_>, lengths: std::ops::RangeInclusive<usize>) -> usize {
    let mut values = HashSet::new();
    let mut defaults = 0;
    for option in list.clone().required().list(lengths) {
        if !option.clone().required().is_model() {
            continue;
        }
        option.get("label").required().text(1..=OPTION_TEXT_LIMIT);
        option.get("description").text(0..=OPTION_TEXT_LIMIT);
        emoji(&option.get("emoji"));
        defaults += usize::from(option.get("default").flag() == Some(true));
        let value = option.get("value").required();
        if let Some(text) = value.text(1..=OPTION_TEXT_LIMIT)
            && !values.insert(text)
        {
            value.complain(
                "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED",
                "The specified option value is already used",
            );
        }
    }
    defaults
}

#[cfg(test)]
mod tests;
