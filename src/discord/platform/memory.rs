//! What a platform knows that Discord does not tell: which stage it opened, whom it made a speaker
//! and what it has said. Kept as a memo, so that a restart forgets none of it.

use crate::domain::ids::{ChannelId, GuildId, MemberId, SessionId};
use crate::storage::Store;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// A Discord stage that the bot opened, which is its own to close.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Own {
    pub(super) channel: ChannelId,
    /// The same channel may have had another since.
    pub(super) instance: u64,
}

/// What the bot lacks the permission for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Lack {
    /// To open and close the stage, to name it.
    Stage,
    /// To say who speaks.
    Speakers,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Memory {
    pub(super) own: Option<Own>,
    /// The topic that the bot gave last, and where.
    pub(super) topic: Option<(ChannelId, String)>,
    /// Who speaks because they sit, and where. At most as many as there are seats.
    pub(super) raised: BTreeMap<MemberId, ChannelId>,
    /// What the host of that session was told.
    pub(super) told: Option<(SessionId, BTreeSet<Lack>)>,
}

impl Memory {
    pub(super) async fn read(store: &Store, guild: GuildId) -> Memory {
        let kept = match store.memo(&name(guild)).await {
            Ok(kept) => kept,
            Err(failure) => {
                tracing::warn!(guild.id = %guild, %failure, "not known whose the Discord stage is");
                None
            }
        };
        // Of another version of the bot: nothing is remembered, and nothing of others is closed.
        kept.and_then(|text| serde_json::from_str(&text).ok())
            .unwrap_or_default()
    }

    pub(super) async fn keep(&self, store: &Store, guild: GuildId) {
        let kept = match serde_json::to_string(self) {
            Ok(text) => store.put_memo(&name(guild), &text).await,
            Err(error) => {
                tracing::error!(guild.id = %guild, %error, "a memory cannot be written");
                return;
            }
        };
        if let Err(failure) = kept {
            tracing::warn!(guild.id = %guild, %failure, "not kept whose the Discord stage is");
        }
    }

    /// Whether the host is still to be told; with this they are.
    pub(super) fn tells(&mut self, session: SessionId, lack: Lack) -> bool {
        match &mut self.told {
            Some((told_in, told)) if *told_in == session => told.insert(lack),
            _ => {
                self.told = Some((session, BTreeSet::from([lack])));
                true
            }
        }
    }
}

fn name(guild: GuildId) -> String {
    format!("platform:{guild}")
}

#[cfg(test)]
mod tests {
    use super::{ChannelId, Lack, MemberId, Memory, Own, SessionId};

    #[test]
    fn a_memory_reads_as_it_was_written() {
        let mut memory = Memory {
            own: Some(Own {
                channel: ChannelId(1),
                instance: 2,
            }),
            topic: Some((ChannelId(1), "Songs".to_owned())),
            raised: [(MemberId(3), ChannelId(1))].into(),
            told: None,
        };
        memory.tells(SessionId(4), Lack::Speakers);
        let text = serde_json::to_string(&memory).unwrap();
        assert_eq!(serde_json::from_str::<Memory>(&text).unwrap(), memory);
        assert_eq!(
            serde_json::from_str::<Memory>("{}").unwrap(),
            Memory::default()
        );
    }

    #[test]
    fn a_host_is_told_each_thing_once_in_a_session() {
        let mut memory = Memory::default();
        assert!(memory.tells(SessionId(1), Lack::Stage));
        assert!(!memory.tells(SessionId(1), Lack::Stage));
        assert!(memory.tells(SessionId(1), Lack::Speakers));
        assert!(!memory.tells(SessionId(1), Lack::Stage));
        assert!(memory.tells(SessionId(2), Lack::Stage));
    }
}
