//! [`ChatMemory::window`](crate::memory::ChatMemory::window), in tokens and in time.

use jiff::SignedDuration;
use x8_core::{
    id::ConversationId,
    testing::{Checked, fixture, same},
};

use super::{Fresh, PLENTY, TENANT, THREAD, roomy, said, telling};
use crate::memory::{ChatMemory, Entry, Limits, Said, entry_tokens};

/// Windows fit their budget and hold nothing that has expired.
///
/// # Errors
/// The first rule that does not hold.
pub async fn windows(make: &dyn Fresh) -> Checked {
    cases! { make;
        "A2: a window holds the newest entries that fit, cut between entries" => budget,
        "A2: an entry that does not fit ends the window" => blocked,
        "A2: an unknown conversation is empty" => unknown,
        "A2: expired entries are not returned, whether or not they are removed" => expiry,
        "A2: the entries of one turn expire one by one" => parts,
        "A2: a time in the future counts as now" => future,
        "A2: what has expired before it is told is not kept" => stale,
        "A2: purging removes what has expired and nothing else" => purge,
    }
}

const HOUR: SignedDuration = SignedDuration::from_hours(1);

fn one_hour() -> Limits {
    Limits {
        ttl: HOUR,
        ..roomy()
    }
}

/// The texts in a window of this many tokens, so many seconds on.
async fn seen(memory: &dyn ChatMemory, budget: u32, seconds: i64) -> x8_core::Result<Vec<String>> {
    let window = memory.window(TENANT, THREAD, budget, fixture::after(seconds));
    Ok(window.await?.into_iter().map(|entry| entry.text).collect())
}

fn words(list: &[&str]) -> Vec<String> {
    list.iter().map(|&word| word.to_owned()).collect()
}

async fn budget(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let turns = [
        telling(0, &["hello", "do you have roses?"], fixture::NOW),
        telling(1, &["розы", "🌹🌹🌹"], fixture::NOW),
        telling(2, &["twenty"], fixture::NOW),
    ];
    for said in &turns {
        memory.append(TENANT, said, fixture::NOW).await?;
    }
    let all: Vec<Entry> = turns.iter().flat_map(|said| said.entries.clone()).collect();
    for kept in 0..=all.len() {
        let (_, newest) = all.split_at(all.len() - kept);
        let exact: u32 = newest.iter().map(entry_tokens).sum();
        let window = |budget| memory.window(TENANT, THREAD, budget, fixture::NOW);
        same(&window(exact).await?, &newest.to_vec(), "with just enough")?;
        if let Some((_, fewer)) = newest.split_first() {
            same(&window(exact - 1).await?, &fewer.to_vec(), "one short")?;
        }
    }
    Ok(())
}

async fn blocked(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let long = "words and ".repeat(100);
    let turns = [
        telling(0, &["hi"], fixture::NOW),
        telling(1, &[&long], fixture::NOW),
    ];
    for said in &turns {
        memory.append(TENANT, said, fixture::NOW).await?;
    }
    let found = seen(&*memory, 50, 0).await?;
    same(
        &found,
        &words(&["answer 1"]),
        "nothing from before the long text",
    )
}

async fn unknown(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    memory
        .append(TENANT, &said(1, fixture::NOW), fixture::NOW)
        .await?;
    let window = memory.window(TENANT, ConversationId(404), PLENTY, fixture::NOW);
    same(&window.await?, &vec![], "the window")
}

/// One turn now, one half an hour on.
async fn two(make: &dyn Fresh) -> x8_core::Result<std::sync::Arc<dyn ChatMemory>> {
    let memory = make.fresh(one_hour()).await?;
    for (number, seconds) in [(1, 0), (2, 1800)] {
        let now = fixture::after(seconds);
        memory.append(TENANT, &said(number, now), now).await?;
    }
    Ok(memory)
}

const FIRST: [&str; 2] = ["question 1", "answer 1"];
const SECOND: [&str; 2] = ["question 2", "answer 2"];

async fn expiry(make: &dyn Fresh) -> Checked {
    let memory = two(make).await?;
    let both = words(&[FIRST, SECOND].concat());
    same(
        &seen(&*memory, PLENTY, 3599).await?,
        &both,
        "a second before",
    )?;
    same(
        &seen(&*memory, PLENTY, 3600).await?,
        &words(&SECOND),
        "after an hour",
    )?;
    same(
        &seen(&*memory, PLENTY, 5399).await?,
        &words(&SECOND),
        "a second before the end",
    )?;
    same(&seen(&*memory, PLENTY, 5400).await?, &vec![], "at the end")
}

async fn parts(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(one_hour()).await?;
    let mut said = telling(1, &["early", "late"], fixture::after(100));
    if let Some(early) = said.entries.first_mut() {
        early.at = fixture::NOW;
    }
    memory.append(TENANT, &said, fixture::after(100)).await?;
    let late = words(&["late", "answer 1"]);
    same(
        &seen(&*memory, PLENTY, 3600).await?,
        &late,
        "the first has expired",
    )?;
    same(
        &seen(&*memory, PLENTY, 3700).await?,
        &vec![],
        "the others have",
    )
}

async fn future(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(one_hour()).await?;
    let said = said(1, fixture::after(400 * 24 * 3600));
    memory.append(TENANT, &said, fixture::NOW).await?;
    let found = memory.window(TENANT, THREAD, PLENTY, fixture::NOW).await?;
    let times: Vec<_> = found.iter().map(|entry| entry.at).collect();
    same(&times, &vec![fixture::NOW; 2], "their times")?;
    same(
        &seen(&*memory, PLENTY, 3600).await?,
        &vec![],
        "after an hour",
    )
}

async fn stale(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(one_hour()).await?;
    let old = said(1, fixture::NOW);
    memory.append(TENANT, &old, fixture::after(3600)).await?;
    same(
        &seen(&*memory, PLENTY, 0).await?,
        &vec![],
        "looked at from before",
    )?;
    let later = Said {
        turn: old.turn,
        ..said(2, fixture::after(3600))
    };
    memory.append(TENANT, &later, fixture::after(3600)).await?;
    same(
        &seen(&*memory, PLENTY, 3600).await?,
        &words(&SECOND),
        "the turn is still new",
    )
}

async fn purge(make: &dyn Fresh) -> Checked {
    let memory = two(make).await?;
    memory.purge(fixture::after(3600)).await?;
    same(
        &seen(&*memory, PLENTY, 3600).await?,
        &words(&SECOND),
        "what has not expired",
    )?;
    memory.purge(fixture::after(5400)).await?;
    // Looked at from a time when it was not expired: it is gone, not hidden.
    same(&seen(&*memory, PLENTY, 1800).await?, &vec![], "what has")
}
