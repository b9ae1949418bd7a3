//! The rules that the database keeps by itself, whoever writes: proven with plain SQL.

use x8_core::{
    ErrorKind,
    order::OrderState,
    port::{Changes, Ledger as _, OrderWrite},
    testing::{Failure, ensure, fixture, refused, same},
};

use super::{Shop, number, on_server, refusal, run, waiting};

fn booking_sql(id: &str, order: &str, status: &str, seat: u32) -> String {
    format!(
        "INSERT INTO x8_bookings (id, company_id, order_id, status, resource, starts_at, ends_at, seat, body)
         VALUES ('{id}', 1, '{order}', '{status}', 'delivery', 1000, 2000, {seat}, '{{}}')"
    )
}

fn order_sql(id: &str, state: &str) -> String {
    format!(
        "INSERT INTO x8_orders (id, company_id, customer_id, conversation_id, version, state, total_minor, currency,
                                created_at, updated_at, body)
         VALUES ('{id}', 1, 1, 1, 1, '{state}', 100, 'EUR', 0, 0, '{{}}')"
    )
}

const UNPAID: &str = "neither paid nor free";

on_server! {
    async fn b1_the_database_refuses_an_unpaid_booking(database) {
        let shop = Shop::open(database).await?;
        let mut shell = database.seeing("1").await?;
        let cart = shop.put(&shop.cart(1)).await?;
        let order = cart.id.to_string();
        let said = refusal(&mut shell, &booking_sql("b1", &order, "booked", 0)).await?;
        ensure(said.contains(UNPAID), format!("an insert: {said}"))?;
        let waiting = shop.put(&fixture::awaiting(&cart, "cs_1")).await?;
        let said = refusal(&mut shell, &booking_sql("b1", &order, "booked", 0)).await?;
        ensure(said.contains(UNPAID), format!("with an open link: {said}"))?;
        // By way of an update: a row that is called off, and a row that moves from a paid order to this one.
        run(&mut shell, &booking_sql("b1", &order, "cancelled", 0)).await?;
        let revive = "UPDATE x8_bookings SET status = 'booked' WHERE id = 'b1'";
        let said = refusal(&mut shell, revive).await?;
        ensure(said.contains(UNPAID), format!("an update: {said}"))?;
        shop.put(&fixture::paid(&waiting, "cs_1")).await?;
        run(&mut shell, revive).await?;
        let next = shop.put(&shop.cart(2)).await?;
        let steal = format!("UPDATE x8_bookings SET order_id = '{}' WHERE id = 'b1'", next.id);
        let said = refusal(&mut shell, &steal).await?;
        ensure(said.contains(UNPAID), format!("another order: {said}"))
    }
}

on_server! {
    async fn b1_a_booked_order_cannot_become_unpaid_nor_lose_its_payment(database) {
        let shop = Shop::open(database).await?;
        let order = shop.paid(1).await?;
        let mut shell = database.seeing("1").await?;
        run(&mut shell, &booking_sql("b1", &order.id.to_string(), "booked", 0)).await?;
        for (sql, words) in [
            ("UPDATE x8_orders SET state = 'awaiting_payment'", "cannot become unpaid"),
            ("UPDATE x8_orders SET state = 'cancelled'", "cannot become unpaid"),
            ("UPDATE x8_orders SET total_minor = 1", "only with a payment of its total"),
            ("UPDATE x8_payments SET amount_minor = 1", "cannot change"),
            ("UPDATE x8_payments SET order_id = 'another'", "cannot change"),
            ("DELETE FROM x8_payments", "cannot go"),
        ] {
            let said = refusal(&mut shell, sql).await?;
            ensure(said.contains(words), format!("{sql}: {said}"))?;
        }
        same(&shop.store.audit(fixture::after(9_000)).await?, &vec![], "the book is sound")
    }
}

on_server! {
    async fn principle_2_the_database_refuses_paid_without_money(database) {
        let shop = Shop::open(database).await?;
        let cart = shop.put(&shop.cart(1)).await?;
        let mut shell = database.seeing("1").await?;
        let pay = "UPDATE x8_orders SET state = 'paid'";
        let said = refusal(&mut shell, pay).await?;
        ensure(said.contains("only with a payment of its total"), said)?;
        let short = format!(
            "INSERT INTO x8_payments (order_id, company_id, session, reference, amount_minor, currency, paid_at)
             VALUES ('{}', 1, 'cs', 'pay', 2989, 'EUR', 0)",
            cart.id
        );
        run(&mut shell, &short).await?;
        refusal(&mut shell, pay).await?;
        run(&mut shell, "UPDATE x8_payments SET amount_minor = 2990, currency = 'USD'").await?;
        refusal(&mut shell, pay).await?;
        run(&mut shell, "UPDATE x8_payments SET currency = 'EUR'").await?;
        run(&mut shell, pay).await?;
        let said = refusal(&mut shell, &order_sql("x", "paid")).await?;
        ensure(said.contains("only with a payment of its total"), said)
    }
}

on_server! {
    async fn principle_2_a_refusal_of_the_database_is_a_conflict_in_its_words(database) {
        let shop = Shop::open(database).await?;
        let order = shop.paid(1).await?;
        let booking = fixture::booking(1, &order, fixture::slot("delivery", 24, 0));
        let book = Changes { bookings: vec![booking], ..Changes::at(fixture::NOW) };
        shop.store.commit(shop.tenant, book).await?;
        let mut unpaid = order;
        unpaid.state = OrderState::Cancelled;
        let cancel = Changes { orders: vec![OrderWrite { order: unpaid }], ..Changes::at(fixture::NOW) };
        let done = shop.store.commit(shop.tenant, cancel).await;
        let said = format!("{done:?}");
        ensure(said.contains("cannot become unpaid"), said)?;
        refused(done, ErrorKind::Conflict, "an unpaid booking")
    }
}

on_server! {
    async fn o1_b3_the_database_keeps_one_open_order_and_one_booking_per_seat(database) {
        let shop = Shop::open(database).await?;
        let mut shell = database.seeing("1").await?;
        let (first, second) = (shop.paid(1).await?, shop.paid(2).await?);
        shop.put(&shop.cart(3)).await?;
        let said = refusal(&mut shell, &order_sql("x", "awaiting_payment")).await?;
        ensure(said.contains("x8_orders_open"), said)?;
        run(&mut shell, &booking_sql("b1", &first.id.to_string(), "booked", 0)).await?;
        for (id, order, seat, index) in [
            ("b2", &second, 0, "x8_bookings_seat"),
            ("b3", &first, 1, "x8_bookings_order"),
        ] {
            let sql = booking_sql(id, &order.id.to_string(), "booked", seat);
            let said = refusal(&mut shell, &sql).await?;
            ensure(said.contains(index), said)?;
        }
        Ok(())
    }
}

on_server! {
    async fn t6_keys_never_cross_tenants(database) {
        let shop = Shop::open(database).await?;
        let order = shop.paid(1).await?;
        Shop::another(&shop.store, "other@example.com", "other").await?;
        let mut shell = database.seeing("*").await?;
        for sql in [
            "UPDATE x8_conversations SET company_id = 2 WHERE company_id = 1".to_owned(),
            "UPDATE x8_orders SET company_id = 2, state = 'cancelled'".to_owned(),
            format!(
                "INSERT INTO x8_holds (company_id, resource, starts_at, seat, ends_at, order_id)
                 VALUES (2, 'delivery', 1, 0, 2, '{}')",
                order.id
            ),
            format!(
                "INSERT INTO x8_payment_keys (key, company_id, order_id, created_at) VALUES ('s', 2, '{}', 0)",
                order.id
            ),
        ] {
            let said = refusal(&mut shell, &sql).await?;
            ensure(said.contains("foreign key"), said)?;
        }
        Ok(())
    }
}

on_server! {
    async fn principle_2_the_view_finds_what_a_broken_database_let_in(database) {
        let shop = Shop::open(database).await?;
        shop.paid(1).await?;
        let mut shell = database.seeing("*").await?;
        broken(&mut shell).await?;
        let found = shop.store.audit(fixture::after(901)).await?;
        let mut rules: Vec<&str> = found.iter().map(|finding| finding.rule.as_str()).collect();
        rules.dedup();
        let wanted = vec![
            "booking_without_payment",
            "double_booking",
            "paid_amount_differs",
            "paid_without_booking",
            "two_open_orders",
        ];
        same(&rules, &wanted, "rules, of one company in order")?;
        // The same rows for a person with a database shell, whose clock says that the grace is over or not yet begun.
        let at_once = "SELECT count(DISTINCT rule) FROM x8_violations WHERE rule NOT LIKE '%without_booking'";
        same(&number(&mut shell, at_once).await?, &4, "rules without a grace")
    }
}

/// Takes the guards away and writes what they would have refused.
async fn broken(shell: &mut sqlx::PgConnection) -> Result<(), Failure> {
    for guard in [
        "TRIGGER x8_bookings_insert ON x8_bookings",
        "TRIGGER x8_orders_insert ON x8_orders",
        "INDEX x8_orders_open",
        "INDEX x8_bookings_seat",
        "INDEX x8_bookings_order",
    ] {
        run(shell, &format!("DROP {guard}")).await?;
    }
    for (id, state) in [("c1", "cart"), ("c2", "cart"), ("p1", "booking_failed")] {
        run(shell, &order_sql(id, state)).await?;
    }
    run(shell, &booking_sql("b1", "c1", "booked", 0)).await?;
    run(shell, &booking_sql("b2", "c1", "booked", 0)).await?;
    Ok(())
}

on_server! {
    /// Two shells that know nothing of each other: one books while the other makes the order unpaid.
    async fn b1_two_writers_cannot_break_a_rule_together(database) {
        let shop = Shop::open(database).await?;
        let order = shop.paid(1).await?;
        let (mut booker, mut canceller) = (database.seeing("1").await?, database.seeing("1").await?);
        run(&mut booker, "BEGIN").await?;
        run(&mut booker, &booking_sql("b1", &order.id.to_string(), "booked", 0)).await?;
        let cancel = tokio::spawn(async move {
            let done = refusal(&mut canceller, "UPDATE x8_orders SET state = 'cancelled'").await;
            (done, canceller)
        });
        let mut watcher = database.shell().await?;
        waiting(&mut watcher, 1).await?;
        run(&mut booker, "COMMIT").await?;
        let (said, _shell) = cancel.await.unwrap();
        let said = said?;
        ensure(said.contains("cannot become unpaid"), said)
    }
}
