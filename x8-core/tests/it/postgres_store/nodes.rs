//! Several nodes on one database, sudden ends.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use jiff::SignedDuration;
use tokio::task::JoinSet;
use x8_core::{
    ErrorKind,
    booking::Hold,
    id::UserId,
    port::{
        Accounts as _, Alert, Changes, ChannelStore as _, Companies as _, Documents as _,
        Inbox as _, JobKind, Jobs as _, Ledger as _, NewJob, OrderWrite, Page, Recorded,
    },
    postgres::PostgresStore,
    tenant::{Caller, Role},
    testing::{Checked, Failure, ensure, fixture, present, refused, same},
};

use super::{Database, Shop, WAIT, connect, number, on_server, run, waiting};

const PAGE: Page = Page {
    limit: 200,
    after: None,
};

/// Three nodes, the shop's own first.
async fn nodes(database: &Database, shop: &Shop) -> Result<[Arc<PostgresStore>; 3], Failure> {
    let own = Arc::clone(&shop.store);
    Ok([own, database.node().await?, database.node().await?])
}

on_server! {
    async fn d2_opening_again_and_at_once_migrates_once(database) {
        let mut opening = JoinSet::new();
        for _ in 0..6 {
            let url = database.url();
            opening.spawn(async move { PostgresStore::open_with(&url, 2).await });
        }
        while let Some(opened) = opening.join_next().await {
            opened.unwrap()?.close().await;
        }
        let mut shell = database.shell().await?;
        let applied = number(&mut shell, "SELECT count(*) FROM x8_migrations").await?;
        let files = std::fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/postgres"))
            .unwrap()
            .count();
        same(&usize::try_from(applied).unwrap(), &files, "migrations")
    }
}

on_server! {
    async fn b3_a_hundred_parallel_holds_on_one_seat_from_three_nodes_give_one_winner(database) {
        let shop = Shop::open(database).await?;
        let nodes = nodes(database, &shop).await?;
        let mut orders = Vec::new();
        for index in 0..100 {
            let mut order = shop.cart(index);
            order.state = x8_core::order::OrderState::Cancelled;
            orders.push(shop.put(&order).await?.id);
        }
        let mut tasks = JoinSet::new();
        for (index, order) in orders.into_iter().enumerate() {
            let (store, tenant) = (Arc::clone(&nodes[index % 3]), shop.tenant);
            tasks.spawn(async move {
                let hold = Hold {
                    order,
                    slot: fixture::slot("delivery", 24, 0),
                    expires_at: Some(fixture::after(600)),
                };
                let changes = Changes { take: vec![hold], ..Changes::at(fixture::NOW) };
                store.commit(tenant, changes).await
            });
        }
        let mut won = 0;
        while let Some(done) = tasks.join_next().await {
            match done.unwrap() {
                Ok(_) => won += 1,
                Err(error) => same(&error.kind(), &ErrorKind::Conflict, "a loser")?,
            }
        }
        same(&won, &1, "winners")
    }
}

on_server! {
    async fn p5_fifty_parallel_deliveries_of_an_event_to_three_nodes_are_one(database) {
        let shop = Shop::open(database).await?;
        let nodes = nodes(database, &shop).await?;
        let mut tasks = JoinSet::new();
        for index in 0..50_usize {
            let store = Arc::clone(&nodes[index % 3]);
            tasks.spawn(async move {
                let event = fixture::money_came("evt_1", "cs_1", 29_90);
                store.record_event(&event, b"{}", fixture::NOW).await
            });
        }
        let mut new = 0;
        while let Some(recorded) = tasks.join_next().await {
            new += usize::from(recorded.unwrap()? == Recorded::New);
        }
        same(&new, &1, "deliveries that were new")?;
        let mut shell = database.seeing("*").await?;
        let jobs = "SELECT count(*) FROM x8_jobs WHERE key LIKE 'apply_payment:%'";
        same(&number(&mut shell, jobs).await?, &1, "jobs that apply it")
    }
}

on_server! {
    async fn h2_parallel_tasks_of_three_nodes_store_a_message_once(database) {
        let shop = Shop::open(database).await?;
        let nodes = nodes(database, &shop).await?;
        let mut tasks = JoinSet::new();
        for index in 0..50_usize {
            let (store, channel) = (Arc::clone(&nodes[index % 3]), shop.channel.clone());
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
}

on_server! {
    async fn d3_claimers_of_three_nodes_never_share_a_job_nor_a_lane(database) {
        let shop = Shop::open(database).await?;
        let nodes = nodes(database, &shop).await?;
        let mut jobs = Vec::new();
        for index in 0..120_u128 {
            let order = x8_core::id::OrderId(uuid::Uuid::from_u128(index));
            let job = NewJob::new(JobKind::Remind { order }, fixture::NOW);
            jobs.push(if index < 60 { job.in_lane(format!("lane {}", index % 20)) } else { job });
        }
        let changes = Changes { jobs, ..Changes::at(fixture::NOW) };
        shop.store.commit(shop.tenant, changes).await?;
        let mut tasks = JoinSet::new();
        for index in 0..30_usize {
            let store = Arc::clone(&nodes[index % 3]);
            tasks.spawn(async move {
                store.claim_jobs(fixture::after(60), SignedDuration::from_secs(60), 7).await
            });
        }
        let mut claimed = Vec::new();
        while let Some(jobs) = tasks.join_next().await {
            claimed.extend(jobs.unwrap()?);
        }
        // One of each lane, all without one, and the answer to the hello.
        same(&claimed.len(), &(20 + 60 + 1), "claims")?;
        let ids: BTreeSet<_> = claimed.iter().map(|job| job.claim.job).collect();
        same(&ids.len(), &claimed.len(), "different jobs")
    }
}

on_server! {
    async fn d3_one_claim_finishes_a_job_once(database) {
        let shop = Shop::open(database).await?;
        let nodes = nodes(database, &shop).await?;
        let jobs = shop.store.claim_jobs(fixture::after(60), SignedDuration::from_secs(60), 5).await?;
        let claim = present(jobs.first(), "the job")?.claim;
        let mut commits = JoinSet::new();
        for index in 0..10_usize {
            let (store, tenant) = (Arc::clone(&nodes[index % 3]), shop.tenant);
            let changes = Changes { finish: Some(claim), ..Changes::at(fixture::after(61)) };
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
}

on_server! {
    /// O13: an event that comes while its order is being stored is applied, however quick its worker is: the order's commit has
    /// looked for events and found none, and is held up there by somebody else.
    async fn o13_an_event_and_its_order_that_come_together_meet(database) {
        let shop = Shop::open(database).await?;
        let other = database.node().await?;
        let (mut holder, mut watcher) = (database.seeing("*").await?, database.shell().await?);
        let same_alert = format!(
            "BEGIN; INSERT INTO x8_alerts (company_id, code, message, at, once) VALUES ({}, 'x', 'x', 0, 'held up')",
            shop.tenant.company()
        );
        run(&mut holder, &same_alert).await?;
        let alert = Alert { code: "x", order: None, message: "x".to_owned() };
        let changes = Changes {
            orders: vec![OrderWrite { order: fixture::awaiting(&shop.cart(1), "cs_1") }],
            once: vec![("held up".to_owned(), alert)],
            ..Changes::at(fixture::NOW)
        };
        let (store, tenant) = (Arc::clone(&shop.store), shop.tenant);
        let commit = tokio::spawn(async move { store.commit(tenant, changes).await });
        waiting(&mut watcher, 1).await?;
        let node = Arc::clone(&other);
        let record = tokio::spawn(async move {
            let event = fixture::money_came("evt_1", "cs_1", 29_90);
            node.record_event(&event, b"{}", fixture::NOW).await
        });
        while !record.is_finished() && waiting(&mut watcher, 2).await.is_err() {}
        // A worker that finds no order leaves the event to the order's own commit.
        for job in other.claim_jobs(fixture::NOW, SignedDuration::from_secs(60), 50).await? {
            ensure(other.event("acct_1", "evt_1").await?.1.is_none(), "no order yet")?;
            other.finish_job(job.claim).await?;
        }
        run(&mut holder, "ROLLBACK").await?;
        commit.await.unwrap()?;
        same(&record.await.unwrap()?, &Recorded::New, "the event")?;
        let waits = other.claim_jobs(fixture::NOW, SignedDuration::from_secs(60), 50).await?;
        let applies = waits.iter().filter(|job| matches!(job.kind, JobKind::ApplyPayment { .. }));
        same(&applies.count(), &1, "jobs that apply the event")?;
        ensure(other.event("acct_1", "evt_1").await?.1.is_some(), "and find its order")
    }
}

on_server! {
    /// The counts are per owner, so two of one owner's companies must not connect at once either.
    async fn e2_twenty_parallel_connects_to_two_companies_of_one_owner_give_one_channel(database) {
        let shop = Shop::open(database).await?;
        let nodes = nodes(database, &shop).await?;
        let owner = present(shop.store.user_by_email("owner@example.com").await?, "the owner")?;
        let second = shop.store.create_company(owner.id, fixture::new_company("Second"), fixture::NOW).await?;
        let tenants = [shop.tenant, second.tenant()];
        let mut tasks = JoinSet::new();
        for index in 0..20_usize {
            let (store, tenant) = (Arc::clone(&nodes[index % 3]), tenants[index % 2]);
            tasks.spawn(async move {
                let channel = fixture::new_channel(&format!("line-{index}"));
                store.reserve_channel(tenant, channel, fixture::subscribed(2), fixture::NOW).await
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
}

on_server! {
    async fn t4_public_ids_are_unique_when_three_nodes_create(database) {
        let shop = Shop::open(database).await?;
        let owner = present(shop.store.user_by_email("owner@example.com").await?, "the owner")?;
        let nodes = nodes(database, &shop).await?;
        let mut tasks = JoinSet::new();
        for index in 0..24_usize {
            let store = Arc::clone(&nodes[index % 3]);
            tasks.spawn(async move {
                store.create_company(owner.id, fixture::new_company("More"), fixture::NOW).await
            });
        }
        while let Some(made) = tasks.join_next().await {
            made.unwrap()?;
        }
        let caller = Caller { user: owner.id, role: Role::Client, is_superuser: false };
        let seen = shop.store.companies(caller).await?;
        let mut ids: Vec<String> = seen.into_iter().map(|company| company.public_id).collect();
        ids.sort();
        let wanted: Vec<String> = (1..=25).map(|index| format!("COMP{index:03}")).collect();
        same(&ids, &wanted, "public ids")
    }
}

on_server! {
    /// T2, at once from two nodes: one manager wins, the other is refused.
    async fn t2_two_managers_assigned_at_once_never_share_a_client(database) {
        let shop = Shop::open(database).await?;
        let other = database.node().await?;
        let client = present(shop.store.user_by_email("owner@example.com").await?, "the client")?.id;
        let mut managers = Vec::new();
        for name in ["a", "b"] {
            let user = fixture::new_user(&format!("{name}@example.com"), Role::Manager);
            managers.push(shop.store.create_user(user).await?.id);
        }
        let assign = |store: Arc<PostgresStore>, manager: UserId| async move {
            store.assign_manager(client, Some(manager)).await
        };
        let (one, two) = tokio::join!(
            assign(Arc::clone(&shop.store), managers[0]),
            assign(other, managers[1])
        );
        ensure(one.is_ok() != two.is_ok(), "one of them")
    }
}

on_server! {
    /// However far a commit came when it was dropped: all of it is there, or nothing, and no connection keeps its lock.
    async fn d3_commits_dropped_at_any_point_are_whole_or_absent(database) {
        let shop = Shop::open(database).await?;
        let mut order = shop.put(&shop.cart(1)).await?;
        for patience in 0..60 {
            let changes = Changes {
                orders: vec![OrderWrite { order: order.clone() }],
                messages: vec![fixture::outgoing(&shop.conversation, "one more")],
                ..Changes::at(fixture::NOW)
            };
            let (store, tenant) = (Arc::clone(&shop.store), shop.tenant);
            let commit = tokio::spawn(async move { store.commit(tenant, changes).await });
            tokio::time::sleep(Duration::from_micros(patience * 100)).await;
            commit.abort();
            drop(commit.await);
            // Waits for the company's lock, so whatever was dropped is over.
            let nothing = Changes::at(fixture::NOW);
            shop.store.commit(shop.tenant, nothing).await?;
            order = shop.store.order(shop.tenant, order.id).await?;
            let messages = shop.store.messages(shop.tenant, shop.conversation.id, PAGE);
            let sent = messages.await?.len() - 1;
            let moves = usize::try_from(order.version - 1).unwrap();
            same(&sent, &moves, "messages and moves of the order")?;
        }
        shop.put(&order).await.map(drop)
    }
}

on_server! {
    async fn d3_a_node_that_dies_in_a_transaction_leaves_nothing(database) {
        let shop = Shop::open(database).await?;
        let order = shop.put(&shop.cart(1)).await?;
        let mut dying = database.seeing("*").await?;
        run(&mut dying, "BEGIN; UPDATE x8_orders SET state = 'cancelled', version = 99; DELETE FROM x8_jobs").await?;
        let readers = shop.store.order(shop.tenant, order.id).await?;
        same(&readers, &order, "the last committed state, while somebody writes")?;
        let pid = number(&mut dying, "SELECT pg_backend_pid()::bigint").await?;
        let mut admin = connect(&database.admin_url()).await?;
        run(&mut admin, &format!("SELECT pg_terminate_backend({pid})")).await?;
        shop.put(&order).await?;
        ensure(shop.store.next_job_at().await?.is_some(), "the job")
    }
}

on_server! {
    /// A wait for a company that fails is `Unavailable`, and leaves neither a lock nor a broken connection behind.
    async fn d4_a_writer_that_gives_up_waiting_hurts_nobody(database) {
        let shop = Shop::open(database).await?;
        let mut holder = database.shell().await?;
        let company = shop.tenant.company();
        let lock = format!("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('x8 company {company}', 0))");
        run(&mut holder, &lock).await?;
        let lonely = PostgresStore::open_with(&database.url(), 1).await?;
        let (store, tenant) = (lonely.clone(), shop.tenant);
        let waits = tokio::spawn(async move { store.commit(tenant, Changes::at(fixture::NOW)).await });
        waiting(&mut holder, 1).await?;
        let cancel = "SELECT pg_cancel_backend(pid) FROM pg_stat_activity
                      WHERE wait_event_type = 'Lock' AND datname = current_database()";
        run(&mut holder, cancel).await?;
        refused(waits.await.unwrap(), ErrorKind::Unavailable, "a wait that was ended")?;
        // Readers wait for nobody, and the only connection works on.
        let seen = lonely.conversation(shop.tenant, shop.conversation.id).await?;
        same(&seen, &shop.conversation, "what a reader sees")?;
        run(&mut holder, "COMMIT").await?;
        lonely.commit(shop.tenant, Changes::at(fixture::NOW)).await?;
        lonely.close().await;
        Ok(())
    }
}

on_server! {
    /// D4: a server that went away and came back is noticed, and costs no more than a repetition.
    async fn d4_lost_connections_are_replaced(database) {
        let shop = Shop::open(database).await?;
        let mut admin = connect(&database.admin_url()).await?;
        let kick = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                    WHERE datname = current_database() AND pid <> pg_backend_pid()";
        run(&mut admin, kick).await?;
        let mut last = Ok(None);
        for _ in 0..20 {
            last = shop.store.document("notes", "none").await;
            match &last {
                Ok(_) => break,
                Err(error) => same(&error.kind(), &ErrorKind::Unavailable, "what a lost connection is")?,
            }
        }
        last.map(drop).map_err(Into::into)
    }
}

on_server! {
    async fn d1_text_with_a_nul_is_stored_without_it(database) {
        let shop = Shop::open(database).await?;
        let hello = [fixture::inbound("m\0x", "+34600000009", "ho\0la")];
        for wanted in [(1, 0), (0, 1)] {
            let accepted = shop.store.accept(&shop.channel, &hello, WAIT, fixture::NOW).await?;
            same(&(accepted.stored.len(), accepted.duplicates.len()), &wanted, "stored and doubles")?;
        }
        let all = shop.store.conversations(shop.tenant, PAGE).await?;
        let newest = present(all.first(), "the conversation")?;
        let messages = shop.store.messages(shop.tenant, newest.id, PAGE).await?;
        same(&messages[0].text.as_str(), &"ho\u{FFFD}la", "the text")
    }
}

#[tokio::test]
async fn a_server_that_cannot_be_opened_is_told_apart_and_its_password_unsaid() -> Checked {
    let nowhere = PostgresStore::open("postgres://x8:hidden-word@127.0.0.1:1/x8").await;
    let odd = PostgresStore::open("postgres://x8:hidden-word@[").await;
    let said = format!("{nowhere:?} {odd:?}");
    ensure(!said.contains("hidden-word"), said)?;
    refused(nowhere, ErrorKind::Unavailable, "no server")?;
    refused(odd, ErrorKind::Invalid, "no address")
}

on_server! {
    async fn a_wrong_password_is_the_operators_to_mend(database) {
        let url = database.url().replace(":hidden@", ":hidden-word@");
        let opened = PostgresStore::open(&url).await;
        let said = format!("{opened:?}");
        if opened.is_ok() {
            println!("SKIPPED: this server asks nobody for a password");
            return Ok(());
        }
        ensure(!said.contains("hidden-word"), said)?;
        refused(opened, ErrorKind::Invalid, "a wrong password")
    }
}
