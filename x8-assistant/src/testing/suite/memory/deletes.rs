//! [`ChatMemory::delete`](crate::memory::ChatMemory::delete).

use x8_core::{
    conversation::{Identity, IdentityKind},
    id::ConversationId,
    tenant::Tenant,
    testing::{Checked, ensure, fixture, same},
};

use super::{Fresh, OTHER, PLENTY, TENANT, THREAD, person, roomy, said};
use crate::memory::{ChatMemory, Said, Scope};

/// What is deleted is gone, and nothing else is.
///
/// # Errors
/// The first rule that does not hold.
pub async fn deletes(make: &dyn Fresh) -> Checked {
    cases! { make;
        "A2: a conversation is deleted, the others stay" => conversation,
        "A2: a person is deleted in every conversation, the others stay" => of_person,
        "T6: a tenant is deleted, the others stay" => of_tenant,
        "A2: what was deleted can be told again" => again,
        "A2: deleting what is not there succeeds" => absent,
    }
}

const ASIDE: ConversationId = ConversationId(8);

/// Two tenants with two conversations each; in each, persons 1 and 2 take turns, 30 times.
async fn peopled(make: &dyn Fresh) -> x8_core::Result<std::sync::Arc<dyn ChatMemory>> {
    let memory = make.fresh(roomy()).await?;
    for tenant in [TENANT, OTHER] {
        for conversation in [THREAD, ASIDE] {
            for number in 0..30 {
                let said = Said {
                    conversation,
                    person: person(1 + number % 2),
                    ..said(number, fixture::NOW)
                };
                memory.append(tenant, &said, fixture::NOW).await?;
            }
        }
    }
    Ok(memory)
}

/// How many entries each of the four threads holds: ours, ours aside, theirs, theirs aside.
async fn counts(memory: &dyn ChatMemory) -> x8_core::Result<[usize; 4]> {
    let mut counts = [0; 4];
    let threads = [
        (TENANT, THREAD),
        (TENANT, ASIDE),
        (OTHER, THREAD),
        (OTHER, ASIDE),
    ];
    for (count, (tenant, thread)) in counts.iter_mut().zip(threads) {
        let window = memory.window(tenant, thread, PLENTY, fixture::NOW);
        *count = window.await?.len();
    }
    Ok(counts)
}

async fn conversation(make: &dyn Fresh) -> Checked {
    let memory = peopled(make).await?;
    let scope = Scope::Conversation(THREAD);
    memory.delete(TENANT, &scope).await?;
    same(&counts(&*memory).await?, &[0, 60, 60, 60], "entries")
}

async fn of_person(make: &dyn Fresh) -> Checked {
    let memory = peopled(make).await?;
    memory.delete(TENANT, &Scope::Person(person(1))).await?;
    same(&counts(&*memory).await?, &[30, 30, 60, 60], "after the one")?;
    let window = memory.window(TENANT, THREAD, PLENTY, fixture::NOW).await?;
    let odd = |text: &str| text.ends_with(['1', '3', '5', '7', '9']);
    ensure(
        window.iter().all(|entry| odd(&entry.text)),
        "only turns of the other person are left",
    )?;
    let same_words = Identity::new(IdentityKind::Platform, person(2).value);
    memory.delete(TENANT, &Scope::Person(same_words)).await?;
    same(
        &counts(&*memory).await?,
        &[30, 30, 60, 60],
        "another kind of name",
    )?;
    memory.delete(TENANT, &Scope::Person(person(2))).await?;
    same(&counts(&*memory).await?, &[0, 0, 60, 60], "after the other")
}

async fn of_tenant(make: &dyn Fresh) -> Checked {
    let memory = peopled(make).await?;
    memory.delete(TENANT, &Scope::Tenant).await?;
    same(&counts(&*memory).await?, &[0, 0, 60, 60], "entries")
}

async fn again(make: &dyn Fresh) -> Checked {
    for scope in [
        Scope::Conversation(THREAD),
        Scope::Person(person(1)),
        Scope::Tenant,
    ] {
        let memory = make.fresh(roomy()).await?;
        for _ in 0..2 {
            memory.delete(TENANT, &scope).await?;
            let said = said(1, fixture::NOW);
            memory.append(TENANT, &said, fixture::NOW).await?;
            let window = memory.window(TENANT, THREAD, PLENTY, fixture::NOW);
            same(&window.await?, &said.entries, "the window")?;
        }
    }
    Ok(())
}

async fn absent(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let nobody = Tenant::assume(x8_core::id::CompanyId(404));
    memory.delete(nobody, &Scope::Tenant).await?;
    memory.delete(TENANT, &Scope::Person(person(404))).await?;
    let scope = Scope::Conversation(ConversationId(404));
    Ok(memory.delete(TENANT, &scope).await?)
}
