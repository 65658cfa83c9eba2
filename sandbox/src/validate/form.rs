//! A walk over a JSON body that gathers complaints by path. It knows Discord's codes for wrong
//! types and lengths, and nothing of what any field means.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::rc::Rc;

use serde_json::Value;

use crate::error::{ApiError, FormErrors};

static NOTHING: Value = Value::Null;

/// One place in a body. A field that is absent reads as null.
#[derive(Debug, Clone)]
pub(super) struct Form<'v> {
    pub(super) value: &'v Value,
    path: String,
    errors: Rc<RefCell<FormErrors>>,
}

impl<'v> Form<'v> {
    /// Walks a body and turns what was gathered into a refusal.
    pub(super) fn check(body: &'v Value, walk: impl FnOnce(&Self)) -> Result<(), ApiError> {
        let errors = Rc::new(RefCell::new(FormErrors::new()));
        let form = Self {
            value: body,
            path: String::new(),
            errors: Rc::clone(&errors),
        };
        walk(&form);
        errors.take().into_result().map_err(ApiError::form)
    }

    pub(super) fn get(&self, key: &str) -> Self {
        self.below(key, self.value.get(key).unwrap_or(&NOTHING))
    }

    fn below(&self, key: &str, value: &'v Value) -> Self {
        let path = if self.path.is_empty() {
            key.to_owned()
        } else {
            format!("{}.{key}", self.path)
        };
        Self {
            value,
            path,
            errors: Rc::clone(&self.errors),
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.value.is_null()
    }

    pub(super) fn complain(&self, code: &'static str, message: impl Into<String>) {
        self.errors.borrow_mut().add(&self.path, code, message);
    }

    /// Complains when the field is absent or null.
    pub(super) fn required(self) -> Self {
        if self.is_absent() {
            self.complain("BASE_TYPE_REQUIRED", "This field is required");
        }
        self
    }

    /// Complains when the field is there.
    pub(super) fn forbidden(&self, code: &'static str, message: &str) {
        if !self.is_absent() {
            self.complain(code, message);
        }
    }

    /// A text whose length in characters lies in the range. `None` if absent or no text.
    pub(super) fn text(&self, lengths: RangeInclusive<usize>) -> Option<&'v str> {
        if self.is_absent() {
            return None;
        }
        let Some(text) = self.value.as_str() else {
            self.complain(
                "STRING_TYPE_CONVERT",
                format!("Could not interpret \"{}\" as string.", self.value),
            );
            return None;
        };
        self.judge_length(text.chars().count(), &lengths);
        Some(text)
    }

    /// The items of a list whose length lies in the range; empty if absent or no list.
    pub(super) fn list(&self, lengths: RangeInclusive<usize>) -> Vec<Self> {
        if self.is_absent() {
            return Vec::new();
        }
        let Some(items) = self.value.as_array() else {
            self.complain(
                "LIST_TYPE_CONVERT",
                "Only iterables may be used in a ListType",
            );
            return Vec::new();
        };
        self.judge_length(items.len(), &lengths);
        items
            .iter()
            .enumerate()
            .map(|(index, item)| self.below(&index.to_string(), item))
            .collect()
    }

    /// The entries of a dictionary; empty if absent or no dictionary.
    pub(super) fn entries(&self) -> Vec<(&'v str, Self)> {
        if !self.is_model() {
            return Vec::new();
        }
        let entries = self.value.as_object().into_iter().flatten();
        entries
            .map(|(key, value)| (key.as_str(), self.below(key, value)))
            .collect()
    }

    /// Whether this is an object; complains if it is there and is none.
    pub(super) fn is_model(&self) -> bool {
        if !self.is_absent() && !self.value.is_object() {
            self.complain(
                "MODEL_TYPE_CONVERT",
                "Only dictionaries may be used in a ModelType",
            );
        }
        self.value.is_object()
    }

    /// A whole number in the range, given as a number or as text.
    pub(super) fn int(&self, range: RangeInclusive<i64>) -> Option<i64> {
        if self.is_absent() {
            return None;
        }
        let read = self
            .value
            .as_i64()
            .or_else(|| self.value.as_str().and_then(|text| text.parse().ok()));
        let Some(number) = read else {
            self.complain(
                "NUMBER_TYPE_COERCE",
                format!("Value \"{}\" is not int.", self.bare()),
            );
            return None;
        };
        if number < *range.start() {
            let least = range.start();
            self.complain(
                "NUMBER_TYPE_MIN",
                format!("int value should be greater than or equal to {least}."),
            );
        }
        if number > *range.end() {
            let most = range.end();
            self.complain(
                "NUMBER_TYPE_MAX",
                format!("int value should be less than or equal to {most}."),
            );
        }
        Some(number)
    }

    /// Any number.
    pub(super) fn number(&self) -> Option<f64> {
        if !self.is_absent() && !self.value.is_number() {
            self.complain(
                "NUMBER_TYPE_COERCE",
                format!("Value \"{}\" is not float.", self.bare()),
            );
        }
        self.value.as_f64()
    }

    pub(super) fn flag(&self) -> Option<bool> {
        if !self.is_absent() && !self.value.is_boolean() {
            self.complain("BOOLEAN_TYPE_CONVERT", "Must be either true or false.");
        }
        self.value.as_bool()
    }

    /// An id: digits in a text, or a number.
    pub(super) fn snowflake(&self) -> Option<u64> {
        if self.is_absent() {
            return None;
        }
        let read = self
            .value
            .as_u64()
            .or_else(|| self.value.as_str().and_then(|text| text.parse().ok()));
        if read.is_none() {
            self.complain(
                "NUMBER_TYPE_COERCE",
                format!("Value \"{}\" is not snowflake.", self.bare()),
            );
        }
        read
    }

    /// One of the given numbers.
    pub(super) fn one_of(&self, choices: &[i64]) -> Option<i64> {
        let number = self.int(i64::MIN..=i64::MAX)?;
        if choices.contains(&number) {
            return Some(number);
        }
        let listed: Vec<_> = choices.iter().map(ToString::to_string).collect();
        self.complain(
            "BASE_TYPE_CHOICES",
            format!("Value must be one of {{{}}}.", listed.join(", ")),
        );
        None
    }

    /// A URL of one of the schemes, at most `limit` characters long.
    pub(super) fn url(&self, schemes: &[&str], limit: usize) {
        let Some(text) = self.text(0..=limit) else {
            return;
        };
        let Ok(url) = url::Url::parse(text) else {
            self.complain("URL_TYPE_INVALID_URL", "Not a well formed URL.");
            return;
        };
        if !schemes.contains(&url.scheme()) {
            let listed: Vec<_> = schemes.iter().map(|scheme| format!("'{scheme}'")).collect();
            self.complain(
                "URL_TYPE_INVALID_SCHEME",
                format!(
                    "Scheme \"{}\" must be one of ({}).",
                    url.scheme(),
                    listed.join(", ")
                ),
            );
        }
    }

    fn bare(&self) -> String {
        self.value
            .as_str()
            .map_or_else(|| self.value.to_string(), ToOwned::to_owned)
    }

    fn judge_length(&self, length: usize, lengths: &RangeInclusive<usize>) {
        if lengths.contains(&length) {
            return;
        }
        let (least, most) = (lengths.start(), lengths.end());
        if *least == 0 {
            self.complain(
                "BASE_TYPE_MAX_LENGTH",
                format!("Must be {most} or fewer in length."),
            );
        } else if length == 0 && self.value.is_string() {
            self.complain("BASE_TYPE_REQUIRED", "This field is required");
        } else {
            self.complain(
                "BASE_TYPE_BAD_LENGTH",
                format!("Must be between {least} and {most} in length."),
            );
        }
    }
}

/// What the tests of the neighbours ask: the codes at one path, and that nothing else is wrong.
#[cfg(test)]
pub(super) fn codes(result: Result<(), ApiError>, path: &str) -> Vec<&'static str> {
    let error = result.expect_err("the form must be refused");
    assert_eq!(error.code, crate::error::INVALID_FORM_BODY);
    error
        .errors
        .expect("a form error has a tree")
        .codes_at(path)
}
