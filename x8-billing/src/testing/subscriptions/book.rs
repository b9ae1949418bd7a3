//! What the stand-in remembers.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp, ToSpan, tz::TimeZone};
use serde_json::{Value, json};
use x8_core::{Error, Result};

use crate::testing::RecordedRequest;

/// An answer: status and body.
pub(super) type Reply = (u16, Value);

/// A page of mode `subscription`.
#[derive(Clone, Debug)]
pub(super) struct Page {
    pub(super) id: String,
    pub(super) customer: String,
    pub(super) price: String,
    pub(super) status: &'static str,
    pub(super) subscription: Option<String>,
    pub(super) metadata: BTreeMap<String, String>,
}

/// A subscription.
#[derive(Clone, Debug)]
pub(super) struct Sold {
    pub(super) id: String,
    pub(super) customer: String,
    pub(super) price: String,
    pub(super) status: String,
    pub(super) start: Timestamp,
    pub(super) period: (Timestamp, Timestamp),
    pub(super) cancel_at_period_end: bool,
    pub(super) canceled_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) metadata: BTreeMap<String, String>,
    months: u32,
    card_works: bool,
}

pub(super) struct Book {
    pub(super) now: Timestamp,
    pub(super) address: String,
    /// Cents in USD by id.
    pub(super) prices: BTreeMap<String, i64>,
    pub(super) customers: Vec<String>,
    pub(super) pages: BTreeMap<String, Page>,
    pub(super) sold: BTreeMap<String, Sold>,
    /// Path, form and answer by key.
    pub(super) keys: BTreeMap<String, (RecordedRequest, Reply)>,
    pub(super) requests: Vec<RecordedRequest>,
    pub(super) cut: bool,
}

impl Book {
    pub(super) fn new(now: Timestamp, prices: &[(&str, i64)], address: &str) -> Self {
        let prices = prices.iter().map(|(id, cents)| ((*id).to_owned(), *cents));
        Self {
            now,
            address: address.to_owned(),
            prices: prices.collect(),
            customers: Vec::new(),
            pages: BTreeMap::new(),
            sold: BTreeMap::new(),
            keys: BTreeMap::new(),
            requests: Vec::new(),
            cut: false,
        }
    }

    /// The user is done with the page.
    pub(super) fn subscribe(&mut self, session: &str) -> Result<()> {
        let number = self.sold.len();
        let page = self
            .pages
            .get_mut(session)
            .ok_or_else(|| Error::not_found("fake.subscribe", "no such session"))?;
        if page.status != "open" {
            return Err(Error::conflict("fake.subscribe", "the session is not open"));
        }
        let id = format!("sub_{number:04}");
        page.status = "complete";
        page.subscription = Some(id.clone());
        let sold = Sold {
            id: id.clone(),
            customer: page.customer.clone(),
            price: page.price.clone(),
            status: "active".to_owned(),
            start: self.now,
            period: (self.now, months_after(self.now, 1)),
            cancel_at_period_end: false,
            canceled_at: None,
            ended_at: None,
            metadata: page.metadata.clone(),
            months: 0,
            card_works: true,
        };
        self.sold.insert(id, sold);
        Ok(())
    }

    pub(super) fn card(&mut self, subscription: &str, works: bool) -> Result<()> {
        let sold = self.find(subscription)?;
        sold.card_works = works;
        if works && sold.status == "past_due" {
            "active".clone_into(&mut sold.status);
        }
        Ok(())
    }

    pub(super) fn pass(&mut self, time: SignedDuration) {
        self.now += time;
        for sold in self.sold.values_mut() {
            while sold.status != "canceled" && sold.period.1 <= self.now {
                sold.renew();
            }
        }
    }

    pub(super) fn set(&mut self, subscription: &str, field: &str, value: &str) -> Result<()> {
        let sold = self.find(subscription)?;
        match field {
            "status" => value.clone_into(&mut sold.status),
            "price" => value.clone_into(&mut sold.price),
            _other => {
                let key = field
                    .strip_prefix("metadata.")
                    .ok_or_else(|| Error::not_found("fake.set", "no such field"))?;
                sold.metadata.insert(key.to_owned(), value.to_owned());
            }
        }
        Ok(())
    }

    fn find(&mut self, subscription: &str) -> Result<&mut Sold> {
        self.sold
            .get_mut(subscription)
            .ok_or_else(|| Error::not_found("fake.subscription", "no such subscription"))
    }

    /// The burst of a first purchase: three events that say the same in three ways.
    pub(super) fn events(&self, subscription: &str) -> Vec<String> {
        let Some(sold) = self.sold.get(subscription) else {
            return Vec::new();
        };
        let customer = &sold.customer;
        let page = json!({
            "id": "cs_test", "object": "checkout.session", "mode": "subscription",
            "subscription": sold.id, "customer": customer, "payment_status": "paid",
        });
        let invoice = json!({
            "id": "in_1", "object": "invoice", "customer": { "id": customer },
            "parent": { "subscription_details": { "subscription": sold.id } },
        });
        let told = [
            ("invoice.paid", invoice),
            ("checkout.session.completed", page),
            ("customer.subscription.created", self.json(sold)),
        ];
        let body = |(number, (kind, object)): (usize, (&str, Value))| {
            let event = json!({
                "id": format!("evt_{}_{number}", sold.id),
                "object": "event",
                "created": self.now.as_second(),
                "data": { "object": object },
                "livemode": false,
                "type": kind,
            });
            event.to_string()
        };
        told.into_iter().enumerate().map(body).collect()
    }

    pub(super) fn json(&self, sold: &Sold) -> Value {
        let seconds = |at: Option<Timestamp>| at.map(Timestamp::as_second);
        let cancel_at = sold.cancel_at_period_end.then_some(sold.period.1);
        json!({
            "id": sold.id,
            "object": "subscription",
            "customer": sold.customer,
            "status": sold.status,
            "cancel_at_period_end": sold.cancel_at_period_end,
            "cancel_at": seconds(cancel_at),
            "canceled_at": seconds(sold.canceled_at),
            "ended_at": seconds(sold.ended_at),
            "start_date": sold.start.as_second(),
            "metadata": sold.metadata,
            "items": { "object": "list", "data": [{
                "id": sold.id.replacen("sub_", "si_", 1),
                "price": {
                    "id": sold.price, "currency": "usd", "unit_amount": self.prices.get(&sold.price),
                },
                "current_period_start": sold.period.0.as_second(),
                "current_period_end": sold.period.1.as_second(),
            }] },
        })
    }
}

impl Sold {
    fn renew(&mut self) {
        if self.cancel_at_period_end || self.status == "past_due" {
            "canceled".clone_into(&mut self.status);
            self.ended_at = Some(self.period.1);
            return;
        }
        self.months += 1;
        self.period = (self.period.1, months_after(self.start, self.months + 1));
        if !self.card_works {
            "past_due".clone_into(&mut self.status);
        }
    }
}

fn months_after(start: Timestamp, months: u32) -> Timestamp {
    let later = start
        .to_zoned(TimeZone::UTC)
        .checked_add(i64::from(months).months());
    later.map_or(Timestamp::MAX, |time| time.timestamp())
}
