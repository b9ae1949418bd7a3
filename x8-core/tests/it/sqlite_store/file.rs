//! One file, several processes, sudden ends.

use std::sync::Arc;

use jiff::SignedDuration;
use tokio::task::JoinSet;
use x8_core::{
    ErrorKind,
    order::OrderState,
    port::{
        Accounts as _, Changes, ChannelStore as _, Companies as _, Documents as _, Inbox as _,
        Jobs as _, Ledger as _, OrderWrite, Page,
    },
    sqlite::SqliteStore,
    tenant::{Caller, Role},
    testing::{Checked, ensure, fixture, present, same},
};

use super::{Shop, WAIT, connect, number, run, url};

const PAGE: Page = Page {
    limit: 200,
    after: None,
};

#[tokio::test(flavor = "multi_thread")]
async fn d1_what_was_acknowledged_is_there_after_reopening() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.paid(1).await?;
    let Shop {
        dir,
        store,
        tenant,
        conversation,
        ..
    } = shop;
    drop(store);
    let store = SqliteStore::open(&url(&dir)).await?;
    same(&store.order(tenant, order.id).await?, &order, "the order")?;
    let messages = store.messages(tenant, conversation.id, PAGE).await?;
    same(&messages.len(), &1, "messages")?;
    store.close().await;
    let store = SqliteStore::open(&url(&dir)).await?;
    same(
        &store.next_job_at().await?,
        &Some(fixture::after(3)),
        "the answer that waits",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn d2_opening_again_and_at_once_migrates_once() -> Checked {
    let dir = tempfile::TempDir::new().unwrap();
    let mut opening = JoinSet::new();
    for _ in 0..6 {
        let url = url(&dir);
        opening.spawn(async move { SqliteStore::open(&url).await });
    }
    while let Some(opened) = opening.join_next().await {
        opened.unwrap()?;
    }
    let mut shell = connect(&dir).await?;
    let applied = number(&mut shell, "SELECT count(*) FROM x8_migrations").await?;
    let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite"))
        .unwrap()
        .count();
    same(&usize::try_from(applied).unwrap(), &files, "migrations")
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_the_file_is_in_wal_mode_with_foreign_keys_on() -> Checked {
    let shop = Shop::open().await?;
    let mut shell = shop.shell().await?;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut shell)
        .await
        .unwrap();
    same(&mode.as_str(), &"wal", "journal mode")?;
    let broken = number(&mut shell, "SELECT count(*) FROM pragma_foreign_key_check").await?;
    same(&broken, &0, "dangling keys")?;
    // Through the store: a company of a user who does not exist.
    let orphan = shop
        .store
        .create_company(
            x8_core::id::UserId(987),
            fixture::new_company("Nobody's"),
            fixture::NOW,
        )
        .await;
    ensure(
        orphan.is_err(),
        "foreign keys bind the store's own connections",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn h2_parallel_tasks_of_two_processes_store_a_message_once() -> Checked {
    let shop = Shop::open().await?;
    let stores = [Arc::clone(&shop.store), shop.beside().await?];
    let mut tasks = JoinSet::new();
    for index in 0..50_usize {
        let (store, channel) = (Arc::clone(&stores[index % 2]), shop.channel.clone());
        tasks.spawn(async move {
            let batch = [
                fixture::inbound("twice", "+34600000001", "the same"),
                fixture::inbound(&format!("own-{index}"), "+34600000002", "another"),
            ];
            store.accept(&channel, &batch, WAIT, fixture::NOW).await
        });
    }
    let (mut stored, mut doubles) = (0, 0);
    while let Some(accepted) = tasks.join_next().await {
        let accepted = accepted.unwrap()?;
        stored += accepted.stored.len();
        doubles += accepted.duplicates.len();
    }
    same(&(stored, doubles), &(51, 49), "stored and duplicates")?;
    let conversations = shop.store.conversations(shop.tenant, PAGE).await?;
    same(&conversations.len(), &2, "conversations")
}

#[tokio::test(flavor = "multi_thread")]
async fn d3_two_processes_never_share_a_job_and_one_claim_finishes_it() -> Checked {
    let shop = Shop::open().await?;
    let stores = [Arc::clone(&shop.store), shop.beside().await?];
    let mut tasks = JoinSet::new();
    for index in 0..20_usize {
        let store = Arc::clone(&stores[index % 2]);
        tasks.spawn(async move {
            store
                .claim_jobs(fixture::after(60), SignedDuration::from_secs(60), 5)
                .await
        });
    }
    let mut claimed = Vec::new();
    while let Some(jobs) = tasks.join_next().await {
        claimed.extend(jobs.unwrap()?);
    }
    same(&claimed.len(), &1, "claims of the one job")?;
    let job = present(claimed.first(), "the job")?;
    let finish = || Changes {
        finish: Some(job.claim),
        ..Changes::at(fixture::after(61))
    };
    let mut commits = JoinSet::new();
    for index in 0..10_usize {
        let (store, changes, tenant) = (Arc::clone(&stores[index % 2]), finish(), shop.tenant);
        commits.spawn(async move { store.commit(tenant, changes).await });
    }
    let mut won = 0;
    while let Some(done) = commits.join_next().await {
        match done.unwrap() {
            Ok(_) => won += 1,
            Err(error) => same(&error.kind(), &ErrorKind::Conflict, "a loser")?,
        }
    }
    same(&won, &1, "commits that finished the job")
}

#[tokio::test(flavor = "multi_thread")]
async fn e2_twenty_parallel_connects_from_two_processes_give_one_channel() -> Checked {
    let shop = Shop::open().await?;
    let stores = [Arc::clone(&shop.store), shop.beside().await?];
    let mut tasks = JoinSet::new();
    for index in 0..20_usize {
        let (store, tenant) = (Arc::clone(&stores[index % 2]), shop.tenant);
        tasks.spawn(async move {
            let channel = fixture::new_channel(&format!("line-{index}"));
            store
                .reserve_channel(tenant, channel, fixture::subscribed(2), fixture::NOW)
                .await
        });
    }
    let mut won = 0;
    while let Some(reserved) = tasks.join_next().await {
        match reserved.unwrap() {
            Ok(_) => won += 1,
            Err(error) => same(&error.kind(), &ErrorKind::PaymentRequired, "a refusal")?,
        }
    }
    same(&won, &1, "one more beside the first")
}

#[tokio::test(flavor = "multi_thread")]
async fn t4_public_ids_are_unique_when_two_processes_create() -> Checked {
    let shop = Shop::open().await?;
    let owner = present(
        shop.store.user_by_email("owner@example.com").await?,
        "the owner",
    )?;
    let stores = [Arc::clone(&shop.store), shop.beside().await?];
    let mut tasks = JoinSet::new();
    for index in 0..12_usize {
        let store = Arc::clone(&stores[index % 2]);
        tasks.spawn(async move {
            store
                .create_company(owner.id, fixture::new_company("More"), fixture::NOW)
                .await
        });
    }
    while let Some(made) = tasks.join_next().await {
        made.unwrap()?;
    }
    let caller = Caller {
        user: owner.id,
        role: Role::Client,
        is_superuser: false,
    };
    let seen = shop.store.companies(caller).await?;
    let mut ids: Vec<String> = seen.into_iter().map(|company| company.public_id).collect();
    ids.sort();
    let wanted: Vec<String> = (1..=13).map(|index| format!("COMP{index:03}")).collect();
    same(&ids, &wanted, "public ids")
}

#[tokio::test(flavor = "multi_thread")]
async fn d3_a_commit_dropped_midway_leaves_nothing() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.put(&shop.cart(1)).await?;
    // Somebody holds the write lock, so the commit stops at its first statement and is then dropped there.
    let mut shell = shop.shell().await?;
    run(&mut shell, "BEGIN IMMEDIATE").await?;
    let mut moved = order.clone();
    moved.state = OrderState::Cancelled;
    let changes = Changes {
        orders: vec![OrderWrite { order: moved }],
        messages: vec![fixture::outgoing(&shop.conversation, "never")],
        ..Changes::at(fixture::NOW)
    };
    let (store, tenant) = (Arc::clone(&shop.store), shop.tenant);
    let commit = tokio::spawn(async move { store.commit(tenant, changes).await });
    tokio::task::yield_now().await;
    commit.abort();
    let ended = commit.await;
    ensure(
        ended.is_err_and(|error| error.is_cancelled()),
        "the commit was dropped",
    )?;
    run(&mut shell, "ROLLBACK").await?;
    same(
        &shop.store.order(shop.tenant, order.id).await?,
        &order,
        "the order",
    )?;
    // The only writing connection works on.
    shop.put(&order).await.map(drop)
}

/// However far a commit came when it was dropped: all of it is there, or nothing.
#[tokio::test(flavor = "multi_thread")]
async fn d3_commits_dropped_at_any_point_are_whole_or_absent() -> Checked {
    let shop = Shop::open().await?;
    let mut order = shop.put(&shop.cart(1)).await?;
    for patience in 0..60 {
        let changes = Changes {
            orders: vec![OrderWrite {
                order: order.clone(),
            }],
            messages: vec![fixture::outgoing(&shop.conversation, "one more")],
            ..Changes::at(fixture::NOW)
        };
        let (store, tenant) = (Arc::clone(&shop.store), shop.tenant);
        let commit = tokio::spawn(async move { store.commit(tenant, changes).await });
        tokio::time::sleep(std::time::Duration::from_micros(patience * 40)).await;
        commit.abort();
        drop(commit.await);
        // What the dropped commit had already handed to the database ends before the next write begins.
        shop.store
            .put_document("fence", &patience.to_string(), &serde_json::json!(0), 0)
            .await?;
        order = shop.store.order(shop.tenant, order.id).await?;
        let messages = shop.store.messages(shop.tenant, shop.conversation.id, PAGE);
        let sent = messages.await?.len() - 1;
        let moves = usize::try_from(order.version - 1).unwrap();
        same(&sent, &moves, "messages and moves of the order")?;
    }
    shop.put(&order).await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn d3_a_process_that_dies_in_a_transaction_leaves_nothing() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.put(&shop.cart(1)).await?;
    let mut shell = shop.shell().await?;
    run(
        &mut shell,
        "BEGIN IMMEDIATE;
         UPDATE x8_orders SET state = 'cancelled', version = 99;
         DELETE FROM x8_jobs;",
    )
    .await?;
    drop(shell);
    same(
        &shop.store.order(shop.tenant, order.id).await?,
        &order,
        "the order",
    )?;
    ensure(shop.store.next_job_at().await?.is_some(), "the job")?;
    let mut shell = shop.shell().await?;
    let state = "SELECT count(*) FROM x8_orders WHERE state = 'cart' AND version = 1";
    same(&number(&mut shell, state).await?, &1, "the row")
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_readers_go_on_while_somebody_writes() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.put(&shop.cart(1)).await?;
    let mut shell = shop.shell().await?;
    run(
        &mut shell,
        "BEGIN IMMEDIATE; UPDATE x8_orders SET version = 99;",
    )
    .await?;
    same(
        &shop.store.order(shop.tenant, order.id).await?,
        &order,
        "the last committed state",
    )?;
    run(&mut shell, "ROLLBACK").await.map(drop)
}

#[tokio::test(flavor = "multi_thread")]
async fn d1_the_log_is_carried_over_though_no_commit_waits_for_it() -> Checked {
    const WRITES: usize = 200;
    let dir = tempfile::TempDir::new().unwrap();
    let store = SqliteStore::open(&url(&dir)).await?;
    let length = || {
        dir.path()
            .join("x8.db")
            .metadata()
            .map_or(0, |file| file.len())
    };
    let before = length();
    // Far fewer pages than those at which a commit would have to do it.
    let text = serde_json::Value::from("x".repeat(4_000));
    for number in 0..WRITES {
        store
            .put_document("log", &number.to_string(), &text, 0)
            .await?;
    }
    let mut waits = 0;
    while length() < before + 64 * 4_000 && waits < 1_000 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        waits += 1;
    }
    ensure(length() >= before + 64 * 4_000, "the file grew")?;
    same(&store.documents("log").await?.len(), &WRITES, "documents")
}

#[tokio::test]
async fn a_url_that_cannot_be_opened_is_told_apart() {
    let nowhere = SqliteStore::open("sqlite:///nowhere/at/all/x8.db")
        .await
        .unwrap_err();
    assert_eq!(nowhere.kind(), ErrorKind::Unavailable, "{nowhere}");
    let odd = SqliteStore::open("sqlite://x8.db?mode=backwards")
        .await
        .unwrap_err();
    assert_eq!(odd.kind(), ErrorKind::Invalid, "{odd}");
}
