//! The commands that an application registers, globally or in one guild.

use crate::error::ApiError;
use crate::validate::{CommandScope, command, command_edit, commands};
use crate::world::{Hub, Id, World, now_ms};
use serde_json::{Map, Value, json};

/// New commands per day, globally or in one guild.
const CREATES_LIMIT: u32 = 200;
const DAY_MS: u64 = 86_400_000;

/// Whose commands, and where: `guild_id` is `None` for the global ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CommandPlace {
    pub application_id: Id,
    pub guild_id: Option<Id>,
}

impl CommandPlace {
    fn scope(self) -> CommandScope {
        match self.guild_id {
            None => CommandScope::Global,
            Some(_) => CommandScope::Guild,
        }
    }
}

impl Hub {
    /// All commands of the place. Without localizations each has `name_localized` in their stead,
    /// in the language asked for. `caller` is the application that asks, here and below; another's
    /// commands are not its business.
    pub fn commands(
        &self,
        caller: Id,
        place: CommandPlace,
        with_localizations: bool,
        locale: &str,
    ) -> Result<Value, ApiError> {
        let world = self.world();
        let all = world.registered(caller, place)?.iter().cloned();
        if with_localizations {
            return Ok(all.collect());
        }
        Ok(all.map(|it| localized(it, locale)).collect())
    }

    pub fn command(&self, caller: Id, place: CommandPlace, id: Id) -> Result<Value, ApiError> {
        let world = self.world();
        let all = world.registered(caller, place)?;
        let found = all.iter().find(|it| id_of(it) == Some(id));
        found.cloned().ok_or_else(no_command)
    }

    /// Registers a command; one of the same name and type is replaced and keeps its id. True for a
    /// new one: 201, otherwise 200.
    pub fn create_command(
        &self,
        caller: Id,
        place: CommandPlace,
        body: &Value,
    ) -> Result<(bool, Value), ApiError> {
        let mut world = self.world();
        let all = world.registered(caller, place)?;
        command(body, place.scope())?;
        let kind = kind_of(body);
        let is_other = |it: &&Value| kind_of(it) == kind && key_of(it) != key_of(body);
        let others = all.iter().filter(is_other).count();
        let (limit, noun) = limit_of(kind);
        if others >= limit {
            return Err(ApiError::new(400, 30032, noun));
        }
        let old = all.iter().find(|it| key_of(it) == key_of(body)).cloned();
        if old.is_none() {
            world.count_creates(place, 1)?;
        }
        let made = world.made(place, body, old.as_ref().and_then(id_of));
        let all = world.registered_mut(place);
        all.retain(|it| key_of(it) != key_of(&made));
        all.push(made.clone());
        world.stir();
        Ok((old.is_none(), made))
    }

    /// Replaces all commands of the place; those that keep name and type keep their id.
    pub fn overwrite_commands(
        &self,
        caller: Id,
        place: CommandPlace,
        body: &Value,
    ) -> Result<Value, ApiError> {
        let mut world = self.world();
        let old = world.registered(caller, place)?.to_vec();
        commands(body, place.scope())?;
        let bodies = body.as_array().map_or(&[][..], Vec::as_slice);
        let same = |body: &Value| old.iter().find(|it| key_of(it) == key_of(body));
        let new = bodies.iter().filter(|it| same(it).is_none()).count();
        world.count_creates(place, u32::try_from(new).unwrap_or(u32::MAX))?;
        let mut all = Vec::new();
        for body in bodies {
            all.push(world.made(place, body, same(body).and_then(id_of)));
        }
        world.registered_mut(place).clone_from(&all);
        world.stir();
        Ok(all.into())
    }

    /// Changes a command; what the body does not name stays.
    pub fn edit_command(
        &self,
        caller: Id,
        place: CommandPlace,
        id: Id,
        body: &Value,
    ) -> Result<Value, ApiError> {
        let mut world = self.world();
        let all = world.registered(caller, place)?;
        let old = all.iter().find(|it| id_of(it) == Some(id)).cloned();
        let old = old.ok_or_else(no_command)?;
        command_edit(body, kind_of(&old), place.scope())?;
        let mut whole = old;
        if let (Some(whole), Some(changes)) = (whole.as_object_mut(), body.as_object()) {
            let changes = changes.iter().filter(|(key, _)| key.as_str() != "type");
            whole.extend(changes.map(|(key, value)| (key.clone(), value.clone())));
        }
        let made = world.made(place, &whole, Some(id));
        let all = world.registered_mut(place);
        if let Some(slot) = all.iter_mut().find(|it| id_of(it) == Some(id)) {
            slot.clone_from(&made);
        }
        world.stir();
        Ok(made)
    }

    pub fn delete_command(&self, caller: Id, place: CommandPlace, id: Id) -> Result<(), ApiError> {
        let mut world = self.world();
        let before = world.registered(caller, place)?.len();
        let all = world.registered_mut(place);
        all.retain(|it| id_of(it) != Some(id));
        if all.len() == before {
            return Err(no_command());
        }
        world.stir();
        Ok(())
    }
}

impl World {
    /// The commands of a place, for the application whose they are.
    fn registered(&self, caller: Id, place: CommandPlace) -> Result<&[Value], ApiError> {
        if caller != place.application_id {
            let why = "You are not authorized to perform this action on this application";
            return Err(ApiError::new(403, 20012, why));
        }
        let application = self.applications.get(&place.application_id);
        let application = application.ok_or_else(|| ApiError::unknown("Application"))?;
        let Some(guild_id) = place.guild_id else {
            return Ok(&application.commands);
        };
        let guild = self.guilds.get(&guild_id);
        if !guild.is_some_and(|it| it.members.contains_key(&caller)) {
            return Err(ApiError::missing_access());
        }
        let of_guild = application.guild_commands.get(&guild_id);
        Ok(of_guild.map_or(&[], Vec::as_slice))
    }

    /// The same to change them; the caller was looked at.
    fn registered_mut(&mut self, place: CommandPlace) -> &mut Vec<Value> {
        let application = self.applications.entry(place.application_id).or_default();
        match place.guild_id {
            None => &mut application.commands,
            Some(guild_id) => application.guild_commands.entry(guild_id).or_default(),
        }
    }

    fn count_creates(&mut self, place: CommandPlace, new: u32) -> Result<(), ApiError> {
        let today = now_ms() / DAY_MS;
        let key = (place.application_id, place.guild_id);
        let (day, count) = self.asks.creates.entry(key).or_default();
        if *day != today {
            (*day, *count) = (today, 0);
        }
        if count.saturating_add(new) > CREATES_LIMIT {
            let why = format!(
                "Max number of daily application command creates has been reached ({CREATES_LIMIT})"
            );
            return Err(ApiError::new(400, 30034, why));
        }
        *count += new;
        Ok(())
    }

    /// The command as Discord keeps it: with ids, a version and what the body left out.
    fn made(&mut self, place: CommandPlace, body: &Value, id: Option<Id>) -> Value {
        let version = self.new_id();
        let id = id.unwrap_or_else(|| self.new_id());
        let get = |key: &str| body.get(key).filter(|it| !it.is_null()).cloned();
        let permissions = get("default_member_permissions").map(|it| match it {
            Value::Number(number) => Value::String(number.to_string()),
            other => other,
        });
        let mut made = json!({
            "id": id.to_string(), "application_id": place.application_id.to_string(),
            "version": version.to_string(), "type": kind_of(body), "name": get("name"),
            "name_localizations": get("name_localizations"),
            "description": get("description").unwrap_or_else(|| "".into()),
            "description_localizations": get("description_localizations"),
            "default_member_permissions": permissions,
            "nsfw": get("nsfw").unwrap_or(Value::Bool(false)),
        });
        let Some(fields) = made.as_object_mut() else {
            return made;
        };
        let mut put = |key: &str, value: Value| fields.insert(key.to_owned(), value);
        if let Some(options) =
            get("options").filter(|it| it.as_array().is_some_and(|it| !it.is_empty()))
        {
            put("options", options);
        }
        if let Some(guild) = place.guild_id {
            put("guild_id", guild.to_string().into());
        } else {
            put("contexts", get("contexts").unwrap_or(Value::Null));
            let types = get("integration_types");
            put("integration_types", types.unwrap_or_else(|| json!([0])));
            let direct = get("dm_permission");
            put("dm_permission", direct.unwrap_or(Value::Bool(true)));
        }
        made
    }
}

fn no_command() -> ApiError {
    ApiError::unknown("application command")
}

fn id_of(command: &Value) -> Option<Id> {
    command.get("id")?.as_str()?.parse().ok()
}

fn kind_of(command: &Value) -> i64 {
    command.get("type").and_then(Value::as_i64).unwrap_or(1)
}

/// What must be unique in a place.
fn key_of(command: &Value) -> (i64, &str) {
    let name = command.get("name").and_then(Value::as_str);
    (kind_of(command), name.unwrap_or_default())
}

fn limit_of(kind: i64) -> (usize, &'static str) {
    match kind {
        1 => (100, "Maximum number of application commands reached (100)."),
        4 => (1, "Maximum number of application commands reached (1)."),
        _ => (15, "Maximum number of application commands reached (15)."),
    }
}

/// The command with its words in one language instead of all.
fn localized(mut command: Value, locale: &str) -> Value {
    if let Some(fields) = command.as_object_mut() {
        translate(fields, locale);
    }
    command
}

fn translate(fields: &mut Map<String, Value>, locale: &str) {
    for key in ["name", "description"] {
        let words = fields.remove(&format!("{key}_localizations"));
        if let Some(word) = words.as_ref().and_then(|it| it.get(locale)) {
            fields.insert(format!("{key}_localized"), word.clone());
        }
    }
    for key in ["options", "choices"] {
        let nested = fields.get_mut(key).and_then(Value::as_array_mut);
        for item in nested
            .into_iter()
            .flatten()
            .filter_map(Value::as_object_mut)
        {
            translate(item, locale);
        }
    }
}
