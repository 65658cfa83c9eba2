//! Plain values for options: texts, numbers and truths, within what the option allows.

use super::Given;
use serde_json::Value;

/// Characters of a text option without a limit of its own.
const TEXT_LIMIT: u64 = 6000;
/// The largest whole number a client lets through.
const INT_LIMIT: u64 = 1 << 53;

/// The value as it is sent, or why a client would not send it.
pub(super) fn value(definition: &Value, kind: i64, given: &Given) -> Result<Value, String> {
    let value = match (kind, given) {
        (3, Given::Text(text)) => Value::from(text.as_str()),
        (4, Given::Int(number)) if number.unsigned_abs() <= INT_LIMIT => Value::from(*number),
        (10, Given::Int(number)) => Value::from(*number),
        (10, Given::Number(number)) if number.is_finite() => Value::from(*number),
        (5, Given::Bool(truth)) => return Ok(Value::from(*truth)),
        // A choice of numbers is chosen by its name, too.
        (4 | 10, Given::Text(name)) => {
            return choice(definition, &Value::from(name.as_str())).ok_or_else(other_type);
        }
        _ => return Err(other_type()),
    };
    let choices = definition.get("choices").and_then(Value::as_array);
    if choices.is_some_and(|choices| !choices.is_empty()) {
        return choice(definition, &value).ok_or_else(|| "not one of the choices".to_owned());
    }
    within(definition, &value)?;
    Ok(value)
}

fn other_type() -> String {
    "another type".to_owned()
}

/// The value of the choice that has this value or this name, in whatever language.
fn choice(definition: &Value, wanted: &Value) -> Option<Value> {
    let choices = definition.get("choices")?.as_array()?;
    let by_value = choices
        .iter()
        .find(|it| it.get("value").is_some_and(|it| is_same(it, wanted)));
    let by_name = || {
        choices.iter().find(|it| {
            let names = it.get("name_localizations").and_then(Value::as_object);
            let mut names = names.into_iter().flat_map(serde_json::Map::values);
            it.get("name") == Some(wanted) || names.any(|name| name == wanted)
        })
    };
    by_value.or_else(by_name)?.get("value").cloned()
}

fn is_same(one: &Value, other: &Value) -> bool {
    let numbers = one.as_f64().zip(other.as_f64());
    one == other || numbers.is_some_and(|(one, other)| one.total_cmp(&other).is_eq())
}

fn within(definition: &Value, value: &Value) -> Result<(), String> {
    let limit = |key: &str| definition.get(key).and_then(Value::as_f64);
    if let Some(number) = value.as_f64() {
        if limit("min_value").is_some_and(|least| number < least) {
            return Err("too small".to_owned());
        }
        if limit("max_value").is_some_and(|most| number > most) {
            return Err("too large".to_owned());
        }
    }
    if let Some(text) = value.as_str() {
        let bound = |key: &str| definition.get(key).and_then(Value::as_u64);
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        if length < bound("min_length").unwrap_or(0).max(1) {
            return Err("too short".to_owned());
        }
        if length > bound("max_length").unwrap_or(TEXT_LIMIT) {
            return Err("too long".to_owned());
        }
    }
    Ok(())
}
