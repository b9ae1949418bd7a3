//! T6: what a session may see is what it says it works for, whatever SQL it runs.

use x8_core::{
    port::{Changes, JobKind, Ledger as _, NewJob},
    testing::{Checked, Failure, ensure, fixture, same},
};

use super::{Database, Shop, connect, number, on_server, refusal, run};

/// Every table of x8 with a company, and rows in each after [`both`].
const TENANT_TABLES: [&str; 12] = [
    "x8_companies",
    "x8_channels",
    "x8_channel_log",
    "x8_customers",
    "x8_identities",
    "x8_conversations",
    "x8_messages",
    "x8_orders",
    "x8_payments",
    "x8_payment_keys",
    "x8_holds",
    "x8_bookings",
];

/// Two companies with the same kinds of rows, in a store whose role row-level security binds.
async fn both(database: &Database) -> Result<(Shop, Shop), Failure> {
    let first = Shop::open(database).await?;
    let second = Shop::another(&first.store, "other@example.com", "other").await?;
    for (shop, index) in [(&first, 1), (&second, 2)] {
        let order = shop.paid(index).await?;
        let booking = fixture::booking(index, &order, fixture::slot("delivery", 24, 0));
        let later = NewJob::new(JobKind::Remind { order: order.id }, fixture::NOW);
        let changes = Changes {
            bookings: vec![booking],
            jobs: vec![later],
            ..Changes::at(fixture::NOW)
        };
        shop.store.commit(shop.tenant, changes).await?;
    }
    Ok((first, second))
}

async fn count(shell: &mut sqlx::PgConnection, table: &str, filter: &str) -> Result<i64, Failure> {
    number(
        shell,
        &format!("SELECT count(*) FROM {table} WHERE {filter}"),
    )
    .await
}

on_server! {
    async fn t6_without_the_setting_nothing_is_visible_and_nothing_can_be_written(database) {
        both(database).await?;
        let mut shell = database.shell().await?;
        for table in TENANT_TABLES.into_iter().chain(["x8_jobs", "x8_documents", "x8_sequences", "x8_violation_candidates"]) {
            same(&count(&mut shell, table, "TRUE").await?, &0, table)?;
        }
        let write = "INSERT INTO x8_customers (company_id, created_at) VALUES (1, 0)";
        let said = refusal(&mut shell, write).await?;
        ensure(said.contains("row-level security"), said)?;
        // A setting of a transaction that is over is over too.
        run(&mut shell, "BEGIN; SELECT set_config('x8.company', '1', true); COMMIT").await?;
        same(&count(&mut shell, "x8_orders", "TRUE").await?, &0, "after the transaction")
    }
}

on_server! {
    async fn t6_with_one_company_nothing_of_another_is_visible_or_changed(database) {
        let (first, second) = both(database).await?;
        let (own, other) = (first.tenant.company(), second.tenant.company());
        let mut shell = database.seeing(&own.to_string()).await?;
        for table in TENANT_TABLES.into_iter().chain(["x8_jobs"]) {
            ensure(count(&mut shell, table, &format!("company_id = {own}")).await? > 0, table)?;
            same(&count(&mut shell, table, &format!("company_id IS DISTINCT FROM {own}")).await?, &0, table)?;
        }
        let write = format!("INSERT INTO x8_customers (company_id, created_at) VALUES ({other}, 0)");
        let said = refusal(&mut shell, &write).await?;
        ensure(said.contains("row-level security"), said)?;
        for sql in [
            format!("UPDATE x8_orders SET problem = 'mine' WHERE company_id = {other}"),
            format!("DELETE FROM x8_holds WHERE company_id = {other}"),
        ] {
            let done = run(&mut shell, &sql).await?;
            same(&done.rows_affected(), &0, "rows of the other company")?;
        }
        let mut all = database.seeing("*").await?;
        same(&count(&mut all, "x8_orders", "TRUE").await?, &2, "orders of both")?;
        same(&count(&mut all, "x8_holds", "TRUE").await?, &2, "holds of both")
    }
}

on_server! {
    async fn t6_events_of_a_provider_are_seen_by_the_company_whose_order_they_pay(database) {
        let (first, second) = both(database).await?;
        for (event, session) in [("evt_1", "cs_1"), ("evt_2", "cs_2"), ("evt_3", "cs_nobody")] {
            let event = fixture::money_came(event, session, 29_90);
            first.store.record_event(&event, b"{}", fixture::NOW).await?;
        }
        for (company, wanted) in [
            (first.tenant.company().to_string(), 1),
            (second.tenant.company().to_string(), 1),
            ("none".to_owned(), 0),
            ("*".to_owned(), 3),
        ] {
            let mut shell = database.seeing(&company).await?;
            let seen = count(&mut shell, "x8_payment_events", "TRUE").await?;
            same(&seen, &wanted, "events")?;
        }
        Ok(())
    }
}

on_server! {
    /// Every table of x8 is protected, so that a new one cannot be forgotten.
    async fn t6_every_table_of_x8_is_protected_and_its_owner_bound(database) {
        let shop = Shop::open(database).await?;
        let mut shell = database.shell().await?;
        let open = "SELECT coalesce(string_agg(relname, ', '), '') FROM pg_class
                    WHERE relkind = 'r' AND relname LIKE 'x8%' AND relname <> 'x8_migrations'
                      AND NOT (relrowsecurity AND relforcerowsecurity)";
        same(&super::text(&mut shell, open).await?.as_str(), &"", "tables without forced row-level security")?;
        let views = "SELECT count(*) FROM pg_class WHERE relkind = 'v' AND relname LIKE 'x8%'
                     AND NOT coalesce('security_invoker=true' = ANY (reloptions), FALSE)";
        same(&number(&mut shell, views).await?, &0, "views that show more than their reader may see")?;
        ensure(shop.store.is_isolated().await?, "the store's role is bound")
    }
}

on_server! {
    /// PostgreSQL exempts superusers: the store works for them, and says that nothing holds it.
    async fn t6_a_superuser_is_told_apart(database) {
        Shop::open(database).await?;
        let mut shell = connect(&database.admin_url()).await?;
        let exempt = "SELECT count(*) FROM pg_roles WHERE rolname = current_user AND (rolsuper OR rolbypassrls)";
        if number(&mut shell, exempt).await? == 0 {
            println!("SKIPPED: the user of the variable is no superuser");
            return Ok(());
        }
        ensure(count(&mut shell, "x8_customers", "TRUE").await? > 0, "a superuser sees everything")?;
        let store = x8_core::postgres::PostgresStore::open(&database.admin_url()).await?;
        let isolated = store.is_isolated().await?;
        store.close().await;
        let checked: Checked = ensure(!isolated, "a superuser is exempt");
        checked
    }
}
