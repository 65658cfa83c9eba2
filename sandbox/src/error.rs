//! Refusals in Discord's form: an HTTP status, a JSON error code, a message, and for a wrong form
//! the tree of what is wrong where. It does not know who refuses or why; the texts follow the
//! error reference of Discord's API documentation.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use axum::response::IntoResponse;
use serde_json::{Map, Value, json};

/// The JSON error code of a form that does not validate.
pub const INVALID_FORM_BODY: u32 = 50035;

/// A refusal as the REST interface answers it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{status}: {message} (code {code})")]
pub struct ApiError {
    /// The HTTP status, 400 to 599.
    pub status: u16,
    /// Discord's JSON error code; 0 where Discord has no better one.
    pub code: u32,
    /// Discord's message for the code.
    pub message: String,
    /// What is wrong where, for [`INVALID_FORM_BODY`].
    pub errors: Option<FormErrors>,
}

impl ApiError {
    /// A refusal without a tree of form errors.
    pub fn new(status: u16, code: u32, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            errors: None,
        }
    }

    /// `400 Invalid Form Body` with the tree of what is wrong.
    pub fn form(errors: FormErrors) -> Self {
        Self {
            errors: Some(errors),
            ..Self::new(400, INVALID_FORM_BODY, "Invalid Form Body")
        }
    }

    /// The most common refusals, by name. `thing` is for instance `"Channel"`; the code is the one
    /// Discord has for that thing, 0 for a thing it has none for.
    pub fn unknown(thing: &str) -> Self {
        let code = match thing {
            "Account" => 10001,
            "Application" => 10002,
            "Channel" => 10003,
            "Guild" => 10004,
            "Integration" => 10005,
            "Invite" => 10006,
            "Member" => 10007,
            "Message" => 10008,
            "Overwrite" => 10009,
            "Role" => 10011,
            "User" => 10013,
            "Emoji" => 10014,
            "Webhook" => 10015,
            "Session" => 10020,
            "Ban" => 10026,
            "interaction" => 10062,
            "application command" => 10063,
            "Voice State" => 10065,
            "application command permissions" => 10066,
            "Stage Instance" => 10067,
            "Guild Scheduled Event" => 10070,
            _ => 0,
        };
        Self::new(404, code, format!("Unknown {thing}"))
    }

    /// `401`: no valid token.
    pub fn unauthorized() -> Self {
        Self::new(401, 0, "401: Unauthorized")
    }

    /// `404` for a path that is no route.
    pub fn no_route() -> Self {
        Self::new(404, 0, "404: Not Found")
    }

    /// `405` for a route that exists under another method.
    pub fn method_not_allowed() -> Self {
        Self::new(405, 0, "405: Method Not Allowed")
    }

    /// `403 Missing Access`: the channel or guild is not visible to the caller.
    pub fn missing_access() -> Self {
        Self::new(403, 50001, "Missing Access")
    }

    /// `403 Missing Permissions`: visible, but not allowed.
    pub fn missing_permissions() -> Self {
        Self::new(403, 50013, "Missing Permissions")
    }

    /// `400 Cannot send an empty message`.
    pub fn empty_message() -> Self {
        Self::new(400, 50006, "Cannot send an empty message")
    }

    /// `403`: editing what someone else wrote.
    pub fn not_the_author() -> Self {
        Self::new(403, 50005, "Cannot edit a message authored by another user")
    }

    /// `400`: a second callback to one interaction.
    pub fn already_acknowledged() -> Self {
        Self::new(400, 40060, "Interaction has already been acknowledged.")
    }

    /// `400`: the body is no JSON.
    pub fn bad_json() -> Self {
        Self::new(400, 50109, "The request body contains invalid JSON.")
    }

    /// `413`: the request or a file in it is too large.
    pub fn too_large() -> Self {
        Self::new(413, 40005, "Request entity too large")
    }

    /// `400`: the reaction would be the 21st emoji on the message.
    pub fn too_many_reactions() -> Self {
        Self::new(400, 30010, "Maximum number of reactions reached (20)")
    }

    /// `403`: the person does not take private messages.
    pub fn cannot_message_user() -> Self {
        Self::new(403, 50007, "Cannot send messages to this user")
    }

    /// `400`: voice state change for someone who is in no voice channel.
    pub fn not_in_voice() -> Self {
        Self::new(400, 40032, "Target user is not connected to voice.")
    }

    /// `400`: a stage that is already open.
    pub fn stage_already_open() -> Self {
        Self::new(400, 150_006, "The Stage is already open")
    }

    /// The JSON body of the answer.
    pub fn body(&self) -> Value {
        let mut body = json!({ "code": self.code, "message": self.message });
        if let (Some(errors), Some(object)) = (&self.errors, body.as_object_mut()) {
            object.insert("errors".to_owned(), errors.to_value());
        }
        body
    }
}

impl From<FormErrors> for ApiError {
    fn from(errors: FormErrors) -> Self {
        Self::form(errors)
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response<Body> {
        let mut response = Response::new(Body::from(self.body().to_string()));
        *response.status_mut() =
            StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        // Exactly this value: discord.py compares the header for equality.
        response.headers_mut().insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("application/json"),
        );
        response
    }
}

/// What is wrong in a form, by path. A path is written with dots: `embeds.0.title`; the empty
/// path is the form itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormErrors {
    here: Vec<FormError>,
    below: BTreeMap<String, FormErrors>,
}

/// One complaint: Discord's code for it, such as `BASE_TYPE_REQUIRED`, and a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormError {
    pub code: &'static str,
    pub message: String,
}

impl FormErrors {
    /// No complaint yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// A tree of just one complaint.
    pub fn one(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        let mut errors = Self::new();
        errors.add(path, code, message);
        errors
    }

    /// Adds one complaint at a path.
    pub fn add(&mut self, path: &str, code: &'static str, message: impl Into<String>) {
        let message = message.into();
        self.at(path).here.push(FormError { code, message });
    }

    /// Hangs a whole tree under a path.
    pub fn merge(&mut self, path: &str, other: Self) {
        if other.is_empty() {
            return;
        }
        let node = self.at(path);
        node.here.extend(other.here);
        for (key, tree) in other.below {
            node.merge(&key, tree);
        }
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.here.is_empty() && self.below.values().all(Self::is_empty)
    }

    /// `Err(self)` if anything is wrong.
    pub fn into_result(self) -> Result<(), Self> {
        if self.is_empty() { Ok(()) } else { Err(self) }
    }

    /// The codes at exactly this path, in the order they were added.
    pub fn codes_at(&self, path: &str) -> Vec<&'static str> {
        let mut node = self;
        for key in path.split('.').filter(|key| !key.is_empty()) {
            match node.below.get(key) {
                Some(next) => node = next,
                None => return Vec::new(),
            }
        }
        node.here.iter().map(|error| error.code).collect()
    }

    /// Discord's form of the tree: keys nest, complaints stand in `_errors`.
    pub fn to_value(&self) -> Value {
        let mut object = Map::new();
        if !self.here.is_empty() {
            let list = self
                .here
                .iter()
                .map(|error| json!({ "code": error.code, "message": error.message }))
                .collect();
            object.insert("_errors".to_owned(), Value::Array(list));
        }
        for (key, tree) in self.below.iter().filter(|(_, tree)| !tree.is_empty()) {
            object.insert(key.clone(), tree.to_value());
        }
        Value::Object(object)
    }

    fn at(&mut self, path: &str) -> &mut Self {
        path.split('.')
            .filter(|key| !key.is_empty())
            .fold(self, |node, key| {
                node.below.entry(key.to_owned()).or_default()
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_embed_title_is_rendered_as_discord_does() {
        let errors = FormErrors::one(
            "embeds.0.title",
            "BASE_TYPE_MAX_LENGTH",
            "Must be 256 or fewer in length.",
        );
        assert_eq!(
            ApiError::form(errors).body(),
            json!({"code": 50035, "message": "Invalid Form Body", "errors": {"embeds": {"0": {"title":
                {"_errors": [{"code": "BASE_TYPE_MAX_LENGTH", "message": "Must be 256 or fewer in length."}]}}}}})
        );
    }

    #[test]
    fn the_content_type_has_no_charset() {
        let response = ApiError::missing_access().into_response();
        assert_eq!(response.status(), 403);
        assert_eq!(response.headers()["content-type"], "application/json");
    }

    #[test]
    fn a_tree_without_complaints_is_no_error() {
        let mut errors = FormErrors::new();
        errors.merge("embeds.0", FormErrors::new());
        assert_eq!(errors.clone().into_result(), Ok(()));
        errors.merge(
            "embeds.1",
            FormErrors::one("", "BASE_TYPE_REQUIRED", "This field is required"),
        );
        assert_eq!(errors.codes_at("embeds.1"), ["BASE_TYPE_REQUIRED"]);
        assert!(errors.into_result().is_err());
    }
}
