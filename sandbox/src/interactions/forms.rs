//! Forms (modals): what a client lets through when somebody submits one.

use super::components::kind;
use super::payload::Resolved;
use super::{At, ClientRefusal};
use crate::world::{AskKind, Id, Outcome, World};
use serde_json::{Value, json};
use std::collections::BTreeMap;

const ROW: i64 = 1;
const TEXT_INPUT: i64 = 4;
const TEXT_DISPLAY: i64 = 10;
const LABEL: i64 = 18;
const FILE_UPLOAD: i64 = 19;
const RADIO_GROUP: i64 = 21;
const CHECKBOX_GROUP: i64 = 22;
const CHECKBOX: i64 = 23;

/// What was filled in, by `custom_id`.
type Fields = BTreeMap<String, Vec<String>>;

impl World {
    pub(super) fn send_form(
        &mut self,
        base: &str,
        at: At,
        of: Id,
        given: Vec<(String, String)>,
    ) -> Result<Id, ClientRefusal> {
        let opener = self.asks.get(of).ok_or(ClientRefusal::NoForm)?;
        let Outcome::Modal(form) = opener.outcome.clone() else {
            return Err(ClientRefusal::NoForm);
        };
        if opener.user_id != at.user_id || opener.channel_id != at.channel_id {
            return Err(ClientRefusal::NotVisible);
        }
        let (application_id, message_id) = (opener.application_id, opener.message_id());
        self.may_act(at)?;
        let components = form.get("components").and_then(Value::as_array);
        let components = components.map_or(&[][..], Vec::as_slice);
        let is_known = |name: &str| super::components::find(components, name).is_some();
        let mut fields = Fields::new();
        for (name, value) in given {
            if !is_known(&name) {
                return Err(ClientRefusal::NoSuchComponent(name));
            }
            fields.entry(name).or_default().push(value);
        }
        let mut resolved = Resolved::default();
        let mut sent = Vec::new();
        let mut count = 0;
        for component in components {
            sent.push(self.field_group(at, (component, &fields), &mut count, &mut resolved)?);
        }
        let mut data = json!({ "custom_id": form.get("custom_id"), "components": sent });
        resolved.put_into(&mut data);
        let kind = AskKind::Modal { of, message_id };
        Ok(self.send(base, at, application_id, (kind, data)))
    }

    /// A row, label or text of the form, with what was filled in.
    fn field_group(
        &self,
        at: At,
        (component, fields): (&Value, &Fields),
        count: &mut u32,
        resolved: &mut Resolved,
    ) -> Result<Value, ClientRefusal> {
        let id = numbered(component, count);
        match kind(component) {
            ROW => {
                let inside = component.get("components").and_then(Value::as_array);
                let mut filled = Vec::new();
                for child in inside.into_iter().flatten() {
                    filled.push(self.field(at, (child, fields), count, resolved)?);
                }
                Ok(json!({ "type": ROW, "id": id, "components": filled }))
            }
            LABEL => {
                let child = component.get("component").unwrap_or(&Value::Null);
                let filled = self.field(at, (child, fields), count, resolved)?;
                Ok(json!({ "type": LABEL, "id": id, "component": filled }))
            }
            _ => Ok(json!({ "type": TEXT_DISPLAY, "id": id })),
        }
    }

    fn field(
        &self,
        at: At,
        (component, fields): (&Value, &Fields),
        count: &mut u32,
        resolved: &mut Resolved,
    ) -> Result<Value, ClientRefusal> {
        let id = numbered(component, count);
        let custom_id = component.get("custom_id").and_then(Value::as_str);
        let custom_id = custom_id.unwrap_or_default();
        let values = fields.get(custom_id).cloned().unwrap_or_default();
        let kind = kind(component);
        let mut sent = json!({ "type": kind, "id": id, "custom_id": custom_id });
        let (key, value) = match kind {
            TEXT_INPUT => ("value", text(component, &values)?.into()),
            CHECKBOX => {
                let ticked = component.get("default").and_then(Value::as_bool);
                let given = values.first().map(|value| value == "true");
                ("value", given.or(ticked).unwrap_or(false).into())
            }
            RADIO_GROUP => {
                let values = several(component, values)?;
                ("value", values.into_iter().next().into())
            }
            CHECKBOX_GROUP => ("values", several(component, values)?.into()),
            // What a form takes as text carries no files.
            FILE_UPLOAD if is_required(component) => return Err(refusal(component, "takes files")),
            FILE_UPLOAD => ("values", json!([])),
            _ => {
                if !values.is_empty() || is_required(component) {
                    self.choose(at, component, &values, resolved)?;
                }
                ("values", values.into())
            }
        };
        if let Some(fields) = sent.as_object_mut() {
            fields.insert(key.to_owned(), value);
        }
        Ok(sent)
    }
}

/// Discord numbers the components that have no id.
fn numbered(component: &Value, count: &mut u32) -> i64 {
    *count += 1;
    let own = component.get("id").and_then(Value::as_i64);
    own.filter(|id| *id != 0)
        .unwrap_or_else(|| i64::from(*count))
}

fn is_required(component: &Value) -> bool {
    component.get("required").and_then(Value::as_bool) != Some(false)
}

fn refusal(component: &Value, why: &str) -> ClientRefusal {
    let name = component.get("custom_id").and_then(Value::as_str);
    ClientRefusal::Option(format!("{} {why}", name.unwrap_or_default()))
}

/// What stands in a text field: what was typed, or what it was opened with.
fn text(component: &Value, values: &[String]) -> Result<String, ClientRefusal> {
    let filled = || component.get("value").and_then(Value::as_str);
    let text = match values {
        [] => filled().unwrap_or_default().to_owned(),
        [one] => one.clone(),
        _ => return Err(refusal(component, "takes one text")),
    };
    let bound = |key: &str| component.get(key).and_then(Value::as_u64);
    let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
    if length == 0 && is_required(component) {
        return Err(refusal(component, "is required"));
    }
    if length > 0 && length < bound("min_length").unwrap_or(0) {
        return Err(refusal(component, "is too short"));
    }
    if length > bound("max_length").unwrap_or(4000) {
        return Err(refusal(component, "is too long"));
    }
    Ok(text)
}

/// What is chosen in a group of radio buttons or checkboxes, or was when it opened.
fn several(component: &Value, given: Vec<String>) -> Result<Vec<String>, ClientRefusal> {
    let options = component.get("options").and_then(Value::as_array);
    let options = options.map_or(&[][..], Vec::as_slice);
    let value = |option: &Value| Some(option.get("value")?.as_str()?.to_owned());
    let chosen = if given.is_empty() {
        let preset = options
            .iter()
            .filter(|it| it.get("default").and_then(Value::as_bool) == Some(true));
        preset.filter_map(value).collect()
    } else {
        given
    };
    let offered: Vec<String> = options.iter().filter_map(value).collect();
    if !chosen.iter().all(|it| offered.contains(it)) {
        return Err(refusal(component, "does not offer this"));
    }
    let is_radio = kind(component) == RADIO_GROUP;
    let bound = |key: &str, otherwise: usize| {
        let bound = component.get(key).and_then(Value::as_u64);
        bound.map_or(otherwise, |bound| {
            usize::try_from(bound).unwrap_or(usize::MAX)
        })
    };
    let least = bound("min_values", usize::from(is_required(component)));
    let most = bound("max_values", if is_radio { 1 } else { offered.len() });
    if chosen.len() < least || chosen.len() > most {
        return Err(refusal(component, "has too few or too many values"));
    }
    Ok(chosen)
}
