//! The in-memory store passes the suite that every adapter runs, also from many threads, and shows what it keeps.

use std::sync::Arc;

use pollster::block_on;
use x8_core::{
    Result,
    channel::Channel,
    conversation::Conversation,
    memory::MemoryStore,
    port::{Accounts as _, ChannelStore as _, Companies as _, Inbox as _, Pending, Store},
    tenant::{Role, Tenant},
    testing::{
        Checked, Failure, fixture, present,
        suite::store::{self, Fresh},
    },
};

mod inspect;
mod queue;
mod threads;

fn make() -> impl Fresh {
    || async {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::default());
        Result::Ok(store)
    }
}

macro_rules! groups {
    ($($group:ident),+ $(,)?) => {$(
        #[test]
        fn $group() -> Checked {
            block_on(store::$group(&make()))
        }
    )+};
}

groups! {
    accounts, companies, channels, catalogs, documents, inbox, outbox,
    jobs, lanes, ledger, slots, payments, records, audit, subscriptions,
}

const WAIT: Pending = Pending {
    quiet: jiff::SignedDuration::from_secs(3),
    longest: jiff::SignedDuration::from_secs(10),
};

/// A store with one company and one channel.
struct Shop {
    store: MemoryStore,
    tenant: Tenant,
    channel: Channel,
}

impl Shop {
    fn open() -> Result<Self> {
        let store = MemoryStore::default();
        let user = fixture::new_user("owner@example.com", Role::Client);
        let owner = block_on(store.create_user(user))?.id;
        let company = fixture::new_company("Rosas");
        let tenant = block_on(store.create_company(owner, company, fixture::NOW))?.tenant();
        let new = fixture::new_channel("main");
        let standing = fixture::subscribed(2);
        let channel = block_on(store.reserve_channel(tenant, new, standing, fixture::NOW))?;
        Ok(Self {
            store,
            tenant,
            channel,
        })
    }

    fn customer(&self, number: &str) -> std::result::Result<Conversation, Failure> {
        let hello = [fixture::inbound(
            &format!("hello {number}"),
            number,
            "hello",
        )];
        let accepted = block_on(self.store.accept(&self.channel, &hello, WAIT, fixture::NOW))?;
        let (id, _) = *present(accepted.stored.first(), "the message is stored")?;
        Ok(block_on(self.store.conversation(self.tenant, id))?)
    }
}
