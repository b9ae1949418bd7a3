//! Begin: the page on which a user buys a plan.

use serde::{Deserialize, Serialize};

use super::{Billing, TRIES, account::counting};
use crate::{
    error::{Error, ErrorKind, Result},
    id::UserId,
    plan::Plan,
    port::{PageState, SubscribePage, SubscribeRequest, SubscriptionProvider},
    tenant::User,
};

/// Where the last page of each user is noted, by user number.
const SPACE: &str = "subscription_pages";

/// The last page of a user: written before it is opened, so that after a crash it is found again by its key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Note {
    attempt: u32,
    plan: Plan,
    /// Absent until the provider has answered.
    session: Option<String>,
}

/// What is left of the last page.
enum Last {
    /// It can be used for this plan.
    Open(SubscribePage),
    /// It is closed, or there was none.
    Gone,
}

impl Billing {
    /// Opens the page on which the user can buy the plan. Asking again gives the same page while it is open; asking for
    /// another plan closes it first, so that nobody pays twice.
    ///
    /// *Idempotency*: may be repeated after a crash, and asked for in parallel.
    ///
    /// # Errors
    /// `Conflict` while a subscription runs (change it instead), `Invalid` for a plan that cannot be bought, `Unsupported`
    /// without a provider, `Unavailable` (retry).
    pub async fn begin(&self, user: &User, plan: Plan) -> Result<SubscribePage> {
        self.buyable(plan)?;
        let provider = self.provider()?;
        self.refuse_second(user.id).await?;
        let customer = self.customer(user).await?;
        for _ in 0..TRIES {
            let (note, version) = self.note(user.id).await?;
            if let Last::Open(page) = self.last_page(user, &customer, plan, note.as_ref()).await? {
                return Ok(page);
            }
            let next = Note {
                attempt: note.map_or(0, |note| note.attempt).saturating_add(1),
                plan,
                session: None,
            };
            if !self.put_note(user.id, &next, version).await? {
                continue;
            }
            let page = open(provider.as_ref(), user.id, &customer, &next).await?;
            let known = Note {
                session: Some(page.session.clone()),
                ..next
            };
            // Whoever was faster asked with the same key and noted the same page, or began the next.
            self.put_note(user.id, &known, version.saturating_add(1))
                .await?;
            if page.state == PageState::Open {
                return Ok(page);
            }
        }
        Err(Error::unavailable(
            "subscription.begin",
            "too many pages are being opened at once; try again",
        ))
    }

    /// One running subscription per user: a second one would be paid for and change nothing.
    async fn refuse_second(&self, user: UserId) -> Result<()> {
        let records = self.store.subscriptions(user).await?;
        if counting(&records, self.clock.now()).is_some() {
            return Err(running());
        }
        let owes = |billed: &crate::plan::Billed| billed.past_due && billed.cancelled_at.is_none();
        if records.iter().any(|record| owes(&record.billed)) {
            return Err(Error::conflict(
                "subscription.begin",
                "the last renewal could not be paid; pay it, or cancel that subscription first",
            )
            .retrying(crate::Retry::Never));
        }
        Ok(())
    }

    async fn customer(&self, user: &User) -> Result<String> {
        if let Some(known) = self.store.billing_customer(user.id).await? {
            return Ok(known);
        }
        let made = self.provider()?.customer(user.id, &user.email).await?;
        self.store.keep_billing_customer(user.id, &made).await
    }

    /// Finds out what became of the page before, and makes it unpayable unless it is for the same plan.
    async fn last_page(
        &self,
        user: &User,
        customer: &str,
        plan: Plan,
        note: Option<&Note>,
    ) -> Result<Last> {
        let Some(note) = note else {
            return Ok(Last::Gone);
        };
        let provider = self.provider()?;
        let found = match &note.session {
            Some(session) => provider.page(session).await,
            // Nobody noted the answer: the key finds the page, or opens it now.
            None => open(provider.as_ref(), user.id, customer, note).await,
        };
        let mut page = match found {
            Ok(page) => page,
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Invalid
                ) =>
            {
                return Ok(Last::Gone);
            }
            Err(error) => return Err(error),
        };
        if page.state == PageState::Open {
            if note.plan == plan {
                return Ok(Last::Open(page));
            }
            page = provider.close(&page.session).await?;
        }
        if let PageState::Complete { subscription } = &page.state {
            // Paid, and no event has told so yet.
            self.refresh(user.id, subscription).await?;
            self.refuse_second(user.id).await?;
        }
        Ok(Last::Gone)
    }

    async fn note(&self, user: UserId) -> Result<(Option<Note>, u32)> {
        let found = self.store.document(SPACE, &user.to_string()).await?;
        let Some((value, version)) = found else {
            return Ok((None, 0));
        };
        let note = serde_json::from_value(value)
            .map_err(|error| Error::internal("subscription.begin", error))?;
        Ok((Some(note), version))
    }

    /// `false` when another writer was faster.
    async fn put_note(&self, user: UserId, note: &Note, expected: u32) -> Result<bool> {
        let value = serde_json::to_value(note)
            .map_err(|error| Error::internal("subscription.begin", error))?;
        let key = user.to_string();
        match self.store.put_document(SPACE, &key, &value, expected).await {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == ErrorKind::Conflict => Ok(false),
            Err(error) => Err(error),
        }
    }
}

async fn open(
    provider: &dyn SubscriptionProvider,
    user: UserId,
    customer: &str,
    note: &Note,
) -> Result<SubscribePage> {
    provider
        .open(&SubscribeRequest {
            user,
            customer: customer.to_owned(),
            plan: note.plan,
            idempotency_key: SubscribeRequest::key_for(user, note.plan, note.attempt),
        })
        .await
}

fn running() -> Error {
    Error::conflict(
        "subscription.begin",
        "a subscription is running already; change its plan instead",
    )
    .retrying(crate::Retry::Never)
}
