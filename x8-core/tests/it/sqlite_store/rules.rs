//! The rules that the database keeps by itself, whoever writes: proven with plain SQL.

use x8_core::{
    ErrorKind,
    booking::{Booking, BookingStatus, CalendarState},
    order::OrderState,
    port::{Changes, Ledger as _, OrderWrite},
    testing::{Checked, Failure, ensure, fixture, refused, same},
};

use super::{Shop, number, refusal, run};

fn booking_sql(id: &str, order: &str, status: &str, seat: u32) -> String {
    format!(
        "INSERT INTO x8_bookings (id, company_id, order_id, status, resource, starts_at, ends_at, seat, body)
         VALUES ('{id}', 1, '{order}', '{status}', 'delivery', 1000, 2000, {seat}, '{{}}')"
    )
}

const UNPAID: &str = "neither paid nor free";

#[tokio::test(flavor = "multi_thread")]
async fn b1_the_database_refuses_an_unpaid_booking() -> Checked {
    let shop = Shop::open().await?;
    let mut shell = shop.shell().await?;
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
    let steal = format!(
        "UPDATE x8_bookings SET order_id = '{}' WHERE id = 'b1'",
        next.id
    );
    let said = refusal(&mut shell, &steal).await?;
    ensure(said.contains(UNPAID), format!("another order: {said}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn b1_a_booked_order_cannot_become_unpaid_nor_lose_its_payment() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.paid(1).await?;
    let mut shell = shop.shell().await?;
    let booking = booking_sql("b1", &order.id.to_string(), "booked", 0);
    run(&mut shell, &booking).await?;
    for sql in [
        "UPDATE x8_orders SET state = 'awaiting_payment'",
        "UPDATE x8_orders SET state = 'cancelled'",
        "UPDATE x8_orders SET total_minor = 1",
        "UPDATE x8_payments SET amount_minor = 1",
        "UPDATE x8_payments SET order_id = 'another'",
        "DELETE FROM x8_payments",
    ] {
        refusal(&mut shell, sql).await?;
    }
    same(
        &shop.store.audit(fixture::after(9_000)).await?,
        &vec![],
        "the book is sound",
    )
}

#[tokio::test(flavor = "multi_thread")]
async fn principle_2_the_database_refuses_paid_without_money() -> Checked {
    let shop = Shop::open().await?;
    let cart = shop.put(&shop.cart(1)).await?;
    let mut shell = shop.shell().await?;
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
    run(
        &mut shell,
        "UPDATE x8_payments SET amount_minor = 2990, currency = 'USD'",
    )
    .await?;
    refusal(&mut shell, pay).await?;
    run(&mut shell, "UPDATE x8_payments SET currency = 'EUR'").await?;
    run(&mut shell, pay).await?;
    let born_paid = "INSERT INTO x8_orders (id, company_id, customer_id, conversation_id, version, state, total_minor,
                                            currency, created_at, updated_at, body)
                     VALUES ('x', 1, 1, 1, 1, 'paid', 100, 'EUR', 0, 0, '{}')";
    let said = refusal(&mut shell, born_paid).await?;
    ensure(said.contains("only with a payment of its total"), said)
}

#[tokio::test(flavor = "multi_thread")]
async fn o1_b3_the_database_keeps_one_open_order_and_one_booking_per_seat() -> Checked {
    let shop = Shop::open().await?;
    let mut shell = shop.shell().await?;
    let (first, second) = (shop.paid(1).await?, shop.paid(2).await?);
    shop.put(&shop.cart(3)).await?;
    let open = "INSERT INTO x8_orders (id, company_id, customer_id, conversation_id, version, state, total_minor,
                                       currency, created_at, updated_at, body)
                VALUES ('x', 1, 1, 1, 1, 'awaiting_payment', 100, 'EUR', 0, 0, '{}')";
    let said = refusal(&mut shell, open).await?;
    ensure(said.contains("UNIQUE"), said)?;
    run(
        &mut shell,
        &booking_sql("b1", &first.id.to_string(), "booked", 0),
    )
    .await?;
    for (id, order, seat) in [("b2", &second, 0), ("b3", &first, 1)] {
        let sql = booking_sql(id, &order.id.to_string(), "booked", seat);
        let said = refusal(&mut shell, &sql).await?;
        ensure(said.contains("UNIQUE"), said)?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn t6_keys_never_cross_tenants() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.paid(1).await?;
    let mut shell = shop.shell().await?;
    run(
        &mut shell,
        "INSERT INTO companies (id, company_id, name, user_id) VALUES (2, 'OTHER', 'Other', 1)",
    )
    .await?;
    for sql in [
        "UPDATE x8_conversations SET company_id = 2".to_owned(),
        "UPDATE x8_orders SET company_id = 2, state = 'cancelled'".to_owned(),
        format!(
            "INSERT INTO x8_holds (company_id, resource, starts_at, seat, ends_at, order_id)
             VALUES (2, 'delivery', 1, 0, 2, '{}')",
            order.id
        ),
        format!(
            "INSERT INTO x8_checkouts (session, company_id, order_id, created_at) VALUES ('s', 2, '{}', 0)",
            order.id
        ),
    ] {
        refusal(&mut shell, &sql).await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn b5_the_calendar_can_be_cleaned_up_after_a_refund() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.paid(1).await?;
    let booking = fixture::booking(1, &order, fixture::slot("delivery", 24, 0));
    let commit = |bookings: Vec<Booking>, orders: Vec<OrderWrite>| Changes {
        orders,
        bookings,
        ..Changes::at(fixture::NOW)
    };
    shop.store
        .commit(shop.tenant, commit(vec![booking.clone()], Vec::new()))
        .await?;
    let mut going = order;
    going.state = OrderState::RefundPending;
    let called_off = Booking {
        status: BookingStatus::Cancelled,
        ..booking
    };
    let together = commit(vec![called_off.clone()], vec![OrderWrite { order: going }]);
    shop.store.commit(shop.tenant, together).await?;
    let removed = Booking {
        calendar: CalendarState::Removed,
        ..called_off.clone()
    };
    shop.store
        .commit(shop.tenant, commit(vec![removed], Vec::new()))
        .await?;
    let back = Booking {
        status: BookingStatus::Booked,
        ..called_off
    };
    let refusal = shop
        .store
        .commit(shop.tenant, commit(vec![back], Vec::new()));
    refused(refusal.await, ErrorKind::Conflict, "standing again")
}

#[tokio::test(flavor = "multi_thread")]
async fn principle_2_the_view_finds_what_a_broken_database_let_in() -> Checked {
    let shop = Shop::open().await?;
    let order = shop.paid(1).await?;
    let mut shell = shop.shell().await?;
    broken(&mut shell, &order.id.to_string()).await?;
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
    // The same rows for a person with a database shell, whose clock says that the grace is long over or not yet begun.
    let at_once = number(
        &mut shell,
        "SELECT count(DISTINCT rule) FROM x8_violations WHERE rule NOT LIKE '%without_booking'",
    )
    .await?;
    same(&at_once, &4, "rules without a grace")
}

/// Takes the guards away and writes what they would have refused.
async fn broken(shell: &mut sqlx::SqliteConnection, paid: &str) -> Result<(), Failure> {
    for guard in [
        "TRIGGER x8_bookings_insert",
        "TRIGGER x8_orders_insert",
        "TRIGGER x8_orders_update",
        "TRIGGER x8_payments_update",
        "INDEX x8_orders_open",
        "INDEX x8_bookings_seat",
        "INDEX x8_bookings_order",
    ] {
        run(shell, &format!("DROP {guard}")).await?;
    }
    for (id, state) in [("c1", "cart"), ("c2", "cart"), ("p1", "booking_failed")] {
        let sql = format!(
            "INSERT INTO x8_orders (id, company_id, customer_id, conversation_id, version, state, total_minor, currency,
                                    created_at, updated_at, body)
             VALUES ('{id}', 1, 1, 1, 1, '{state}', 100, 'EUR', 0, 0, '{{}}')"
        );
        run(shell, &sql).await?;
    }
    run(shell, &booking_sql("b1", "c1", "booked", 0)).await?;
    run(shell, &booking_sql("b2", "c1", "booked", 0)).await?;
    let payment = format!("SELECT count(*) FROM x8_payments WHERE order_id = '{paid}'");
    let kept = number(shell, &payment).await?;
    same(&kept, &1, "the sound order's payment")
}
