//! What is written without the journal: cards and memos.

use super::places::on_each;
use super::samples::{AWAY, HOME, after};
use rondo::domain::ids::{ChannelId, GuildId, TurnId};
use rondo::storage::{Card, Store};

fn card(guild: GuildId, message: u64, turn: Option<u64>, seconds: u64) -> Card {
    Card {
        guild,
        channel: ChannelId(801),
        message,
        turn: turn.map(TurnId),
        posted_at: after(seconds),
    }
}

#[tokio::test]
async fn cards_are_found_by_their_message() {
    on_each(async |place| {
        let store = place.store().await;
        let first = card(HOME, 1_190_000_000_000_000_001, Some(1), 10);
        let idle = card(HOME, 1_190_000_000_000_000_002, None, 30);
        let same_moment = card(HOME, 1_190_000_000_000_000_003, Some(2), 30);
        let other = card(AWAY, 1_190_000_000_000_000_004, Some(1), 20);
        for card in [&first, &idle, &same_moment, &other] {
            store.put_card(card).await.unwrap();
        }
        assert_eq!(store.card(first.message).await.unwrap(), Some(first));
        assert_eq!(store.card(idle.message).await.unwrap(), Some(idle));
        assert_eq!(store.card(77).await.unwrap(), None);

        let latest = async |guild, limit| store.latest_cards(guild, limit).await.unwrap();
        assert_eq!(latest(HOME, 9).await, [same_moment, idle, first]);
        assert_eq!(latest(HOME, 2).await, [same_moment, idle]);
        assert_eq!(latest(AWAY, 9).await, [other]);

        // The card of a turn becomes the next turn's.
        let moved_on = Card {
            turn: Some(TurnId(3)),
            ..idle
        };
        store.put_card(&moved_on).await.unwrap();
        store.put_card(&moved_on).await.unwrap();
        assert_eq!(latest(HOME, 9).await, [same_moment, moved_on, first]);

        store.remove_card(same_moment.message).await.unwrap();
        store.remove_card(same_moment.message).await.unwrap();
        assert_eq!(latest(HOME, 9).await, [moved_on, first]);
        store.close().await;
        drop(store);

        let store = place.store().await;
        let kept = store.latest_cards(HOME, 9).await.unwrap();
        assert_eq!(kept, [moved_on, first]);
        store.close().await;
    })
    .await;
}

#[tokio::test]
async fn a_memo_is_the_last_text_put_under_its_name() {
    on_each(async |place| {
        let store = place.store().await;
        let memo = async |store: &Store, name| store.memo(name).await.unwrap();
        assert_eq!(memo(&store, "commands").await, None);
        store.put_memo("commands", "one").await.unwrap();
        store.put_memo("other", "").await.unwrap();
        let text = "二 'quoted' \\ \"twice\" 🔥\nline; drop table memo; --";
        store.put_memo("commands", text).await.unwrap();
        assert_eq!(memo(&store, "commands").await.as_deref(), Some(text));
        assert_eq!(memo(&store, "other").await.as_deref(), Some(""));
        store.close().await;
        drop(store);
        let store = place.store().await;
        assert_eq!(memo(&store, "commands").await.as_deref(), Some(text));
        store.close().await;
    })
    .await;
}
