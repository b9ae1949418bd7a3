//! [`Ledger`](crate::port::Ledger): orders, turns and the commit as a whole.

use futures_util::future::join_all;
use serde_json::json;

use super::{Fresh, World, inbox::update, page, write};
use crate::{
    ErrorKind, Money,
    conversation::Session,
    id::OrderId,
    order::{Order, OrderState},
    port::{Alert, Changes, ConversationUpdate, TurnRecord},
    testing::{Checked, ensure, fixture, refused, same},
};

/// Orders and the rules of a commit.
///
/// # Errors
/// The first rule that does not hold.
pub async fn ledger(make: &dyn Fresh) -> Checked {
    cases! { make;
        "commit: an order is stored whole, one version on" => stored,
        "commit: a stale order version is refused" => stale_order,
        "commit: of many parallel moves of one order one wins" => order_race,
        "commit: a stale conversation version is refused" => stale_conversation,
        "commit: a thread moves on: session, answered message, version" => thread,
        "D3: a refused commit changes nothing at all" => nothing_at_all,
        "O1: one open order per customer and company" => one_open,
        "O1: of many parallel new orders of a customer one is open" => open_race,
        "O9: superseding and opening in one commit is legal" => supersede,
        "principle 2: an order becomes Paid only with its whole payment" => paid_needs_money,
        "principle 2: an order that costs something is never Confirmed, nor Booked unpaid" => no_way_round,
        "O12: money that does not fit may be kept to be sent back" => refund_pending,
        "P4: a link belongs to one order" => one_link_one_order,
        "orders: newest first, of one customer when given, by pages" => listed,
        "T3: another tenant's order is not found and cannot be written" => foreign,
        "commit: a turn is recorded once" => turn_once,
    }
}

async fn stored(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    let order = Order {
        slot: Some(fixture::slot("delivery", 24, 0)),
        reminder_hours: Some(3),
        problem: Some("ñandú".to_owned()),
        ..fixture::awaiting(&cart, "cs_1")
    };
    let found = world.put(&order).await?;
    same(
        &found,
        &Order {
            version: 1,
            ..order
        },
        "the order",
    )?;
    let again = world.put(&found).await?;
    same(&again.version, &2, "the next version")
}

async fn stale_order(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let order = fixture::cart(1, world.tenant, &conversation, 29_90);
    let early = Order {
        version: 1,
        ..order.clone()
    };
    let store = &world.store;
    let refusal = store.commit(world.tenant, write([&early])).await;
    refused(refusal, ErrorKind::Conflict, "a version of what is absent")?;
    world.put(&order).await?;
    let refusal = store.commit(world.tenant, write([&order])).await;
    refused(refusal, ErrorKind::Conflict, "making it anew")?;
    let moved = world.put(&early).await?;
    same(&moved.version, &2, "moved at the version it was read at")?;
    let refusal = store.commit(world.tenant, write([&early])).await;
    refused(refusal, ErrorKind::Conflict, "the version before")
}

async fn order_race(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let order = world
        .put(&fixture::cart(1, world.tenant, &conversation, 29_90))
        .await?;
    let moves = (0..20).map(|_| world.store.commit(world.tenant, write([&order])));
    let won = join_all(moves)
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count();
    same(&won, &1, "winners of 20 parallel moves")
}

async fn stale_conversation(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let changes = || Changes {
        conversation: Some(update(&conversation, None)),
        ..Changes::at(fixture::NOW)
    };
    let turns = (0..20).map(|_| world.store.commit(world.tenant, changes()));
    let won = join_all(turns)
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count();
    same(&won, &1, "winners of 20 parallel turns of one state")?;
    let refusal = world.store.commit(world.tenant, changes()).await;
    refused(refusal, ErrorKind::Conflict, "a turn of the old state")
}

async fn thread(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let (_, message) = world
        .hear(&fixture::inbound("m2", "+34600000001", "Ana"), 1)
        .await?;
    let session = Session {
        name: Some("Ana".to_owned()),
        shown_images: [crate::Sku::from("201")].into(),
        ..Session::default()
    };
    let changes = Changes {
        conversation: Some(ConversationUpdate {
            session: session.clone(),
            ..update(&conversation, Some(message))
        }),
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, changes).await?;
    let found = world
        .store
        .conversation(world.tenant, conversation.id)
        .await?;
    same(&found.session, &session, "session")?;
    same(&found.answered_through, &Some(message), "answered through")?;
    same(&found.version, &(conversation.version + 1), "version")?;
    let state = world
        .store
        .turn_state(world.tenant, conversation.id, 10)
        .await?;
    ensure(state.pending.is_empty(), "nothing is pending")?;
    let changes = Changes {
        conversation: Some(update(&found, None)),
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, changes).await?;
    let found = world
        .store
        .conversation(world.tenant, conversation.id)
        .await?;
    same(
        &found.answered_through,
        &Some(message),
        "a commit that answers nothing keeps it",
    )
}

async fn nothing_at_all(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let paid = world.paid(1, &conversation).await?;
    let unpaid = fixture::cart(2, world.tenant, &conversation, 29_90);
    let slot = fixture::slot("delivery", 24, 0);
    let changes = Changes {
        conversation: Some(update(&conversation, None)),
        take: vec![fixture::hold(&paid, slot.clone())],
        messages: vec![fixture::outgoing(&conversation, "never")],
        jobs: vec![crate::port::NewJob::new(
            super::jobs::remind(1),
            fixture::NOW,
        )],
        alerts: vec![Alert {
            code: "booking_failed",
            order: Some(paid.id),
            message: "never".to_owned(),
        }],
        bookings: vec![fixture::booking(
            1,
            &unpaid,
            fixture::slot("delivery", 30, 0),
        )],
        ..write([&unpaid])
    };
    let refusal = world.store.commit(world.tenant, changes).await;
    refused(refusal, ErrorKind::Conflict, "a booking without money")?;
    let found = world
        .store
        .conversation(world.tenant, conversation.id)
        .await?;
    same(&found, &conversation, "the thread")?;
    let order = world.store.order(world.tenant, unpaid.id).await;
    refused(order, ErrorKind::NotFound, "the order")?;
    let messages = world
        .store
        .messages(world.tenant, conversation.id, page(10, None))
        .await?;
    same(&messages.len(), &1, "messages")?;
    same(&world.store.next_job_at().await?, &None, "jobs")?;
    let holds = world
        .store
        .holds(
            world.tenant,
            Some("delivery"),
            fixture::NOW,
            fixture::after(1_000_000),
        )
        .await?;
    ensure(holds.is_empty(), "holds")
}

async fn one_open(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let other = world.customer("+34600000002").await?;
    let cart = |number| fixture::cart(number, world.tenant, &conversation, 29_90);
    world.put(&cart(1)).await?;
    let second = world.store.commit(world.tenant, write([&cart(2)])).await;
    refused(second, ErrorKind::Conflict, "a second cart")?;
    let linked = world
        .store
        .commit(world.tenant, write([&fixture::awaiting(&cart(2), "cs_2")]))
        .await;
    refused(linked, ErrorKind::Conflict, "a link beside a cart")?;
    world
        .put(&fixture::cart(3, world.tenant, &other, 29_90))
        .await?;
    let both = [cart(4), cart(5)].map(|order| Order {
        customer: other.customer,
        conversation: other.id,
        ..order
    });
    let refusal = world.store.commit(world.tenant, write(&both)).await;
    refused(refusal, ErrorKind::Conflict, "two new ones in one commit")
}

async fn open_race(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let carts: Vec<Order> = (0..20)
        .map(|number| fixture::cart(number, world.tenant, &conversation, 29_90))
        .collect();
    let commits = carts
        .iter()
        .map(|cart| world.store.commit(world.tenant, write([cart])));
    let won = join_all(commits)
        .await
        .into_iter()
        .filter(Result::is_ok)
        .count();
    same(&won, &1, "winners of 20 parallel new orders")
}

async fn supersede(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    let old = world.put(&fixture::awaiting(&cart, "cs_1")).await?;
    let gone = Order {
        state: OrderState::Superseded,
        ..old
    };
    let new = fixture::cart(2, world.tenant, &conversation, 54_50);
    world
        .store
        .commit(world.tenant, write([&new, &gone]))
        .await?;
    let found = world.store.order(world.tenant, gone.id).await?;
    same(&found.state, &OrderState::Superseded, "the old one")?;
    let back = Order {
        state: OrderState::AwaitingPayment,
        ..found
    };
    let refusal = world.store.commit(world.tenant, write([&back])).await;
    refused(refusal, ErrorKind::Conflict, "opening the old one again")
}

async fn paid_needs_money(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    let waiting = world.put(&fixture::awaiting(&cart, "cs_1")).await?;
    let whole = fixture::paid(&waiting, "cs_1");
    let without = Order {
        payment: None,
        ..whole.clone()
    };
    let refusal = world.store.commit(world.tenant, write([&without])).await;
    refused(refusal, ErrorKind::Conflict, "no payment")?;
    for amount in [
        Money::eur(29_89),
        Money::eur(29_91),
        Money::new(29_90, crate::Currency::USD),
    ] {
        let mut odd = whole.clone();
        odd.payment = odd
            .payment
            .map(|payment| crate::order::Payment { amount, ..payment });
        let refusal = world.store.commit(world.tenant, write([&odd])).await;
        refused(
            refusal,
            ErrorKind::Conflict,
            &format!("a payment of {amount}"),
        )?;
    }
    let stored = world.put(&whole).await?;
    same(&stored.state, &OrderState::Paid, "with its payment")
}

async fn no_way_round(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let cart = world
        .put(&fixture::cart(1, world.tenant, &conversation, 29_90))
        .await?;
    for state in [
        OrderState::Confirmed,
        OrderState::Booked,
        OrderState::Fulfilled,
        OrderState::BookingFailed,
    ] {
        let order = Order {
            state,
            ..cart.clone()
        };
        let refusal = world.store.commit(world.tenant, write([&order])).await;
        refused(refusal, ErrorKind::Conflict, state.as_str())?;
    }
    let other = world.customer("+34600000002").await?;
    let free = Order {
        state: OrderState::Confirmed,
        ..fixture::cart(2, world.tenant, &other, 0)
    };
    same(
        &world.put(&free).await?.state,
        &OrderState::Confirmed,
        "a free one",
    )
}

async fn refund_pending(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let cart = fixture::cart(1, world.tenant, &conversation, 29_90);
    let waiting = world.put(&fixture::awaiting(&cart, "cs_1")).await?;
    let mut odd = fixture::paid(&waiting, "cs_1");
    odd.state = OrderState::RefundPending;
    odd.payment = odd.payment.map(|payment| crate::order::Payment {
        amount: Money::eur(1),
        ..payment
    });
    same(
        &world.put(&odd).await?.payment,
        &odd.payment,
        "the odd payment is kept",
    )
}

async fn one_link_one_order(world: &World) -> Checked {
    let here = world.customer("+34600000001").await?;
    let there = world.customer("+34600000002").await?;
    let first = fixture::cart(1, world.tenant, &here, 29_90);
    world.put(&fixture::awaiting(&first, "cs_1")).await?;
    let second = fixture::awaiting(&fixture::cart(2, world.tenant, &there, 29_90), "cs_1");
    let refusal = world.store.commit(world.tenant, write([&second])).await;
    refused(refusal, ErrorKind::Conflict, "another order's link")
}

async fn listed(world: &World) -> Checked {
    let here = world.customer("+34600000001").await?;
    let there = world.customer("+34600000002").await?;
    let at = |order: Order, seconds: i64| Order {
        state: OrderState::Cancelled,
        created_at: fixture::after(seconds),
        ..order
    };
    for (number, conversation, seconds) in [(1, &here, 30), (2, &there, 10), (3, &here, 20)] {
        let cart = fixture::cart(number, world.tenant, conversation, 29_90);
        world.put(&at(cart, seconds)).await?;
    }
    let list = |customer, limit, after| {
        world
            .store
            .orders(world.tenant, customer, page(limit, after))
    };
    let keys = |orders: &[Order]| -> Vec<OrderId> { orders.iter().map(|order| order.id).collect() };
    let id = |number| fixture::cart(number, world.tenant, &here, 0).id;
    same(
        &keys(&list(None, 10, None).await?),
        &vec![id(1), id(3), id(2)],
        "all, newest first",
    )?;
    same(
        &keys(&list(Some(here.customer), 10, None).await?),
        &vec![id(1), id(3)],
        "one customer's",
    )?;
    same(
        &keys(&list(None, 1, Some(id(1))).await?),
        &vec![id(3)],
        "the second page of one",
    )?;
    let cart = fixture::cart(4, world.tenant, &here, 29_90);
    world.put(&at(cart, 40)).await?;
    same(
        &keys(&list(None, 1, Some(id(1))).await?),
        &vec![id(3)],
        "the same page after a newer order came (R1)",
    )?;
    same(
        &keys(&list(None, 10, Some(id(99))).await?),
        &Vec::new(),
        "no page follows an unknown order",
    )
}

async fn foreign(world: &World) -> Checked {
    let (_, other, _) = world.stranger().await?;
    let conversation = world.customer("+34600000001").await?;
    let order = world
        .put(&fixture::cart(1, world.tenant, &conversation, 29_90))
        .await?;
    let seen = world.store.order(other.tenant(), order.id).await;
    refused(seen, ErrorKind::NotFound, "reading it")?;
    let written = world.store.commit(other.tenant(), write([&order])).await;
    refused(written, ErrorKind::NotFound, "writing it")?;
    ensure(
        world
            .store
            .orders(other.tenant(), None, page(10, None))
            .await?
            .is_empty(),
        "it is not listed",
    )?;
    let absent = world
        .store
        .order(world.tenant, OrderId(uuid::Uuid::from_u128(99)))
        .await;
    refused(absent, ErrorKind::NotFound, "an absent order")?;
    let kept = world.store.order(world.tenant, order.id).await?;
    same(&kept, &order, "the order after the attempts")
}

async fn turn_once(world: &World) -> Checked {
    let conversation = world.customer("+34600000001").await?;
    let changes = || Changes {
        turn: Some(TurnRecord {
            id: fixture::turn(1),
            conversation: conversation.id,
            catalog: None,
            catalog_version: 1,
            input: None,
            tries: Vec::new(),
            answer: None,
            model_output: "{}".to_owned(),
            reply: json!({}),
            findings: json!([]),
            at: fixture::NOW,
        }),
        ..Changes::at(fixture::NOW)
    };
    world.store.commit(world.tenant, changes()).await?;
    let refusal = world.store.commit(world.tenant, changes()).await;
    refused(refusal, ErrorKind::Conflict, "the same turn again")
}
