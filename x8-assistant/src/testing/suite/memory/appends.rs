//! [`ChatMemory::append`](crate::memory::ChatMemory::append).

use futures_util::future::try_join_all;
use x8_core::{
    conversation::{Identity, IdentityKind},
    id::ConversationId,
    testing::{Checked, ensure, fixture, same},
};

use super::{Fresh, OTHER, PLENTY, TENANT, THREAD, person, roomy, said, telling, texts, told};
use crate::memory::Said;

/// What is told is kept once, in order, under its tenant.
///
/// # Errors
/// The first rule that does not hold.
pub async fn appends(make: &dyn Fresh) -> Checked {
    cases! { make;
        "A2: what was said comes back as it was said, oldest first" => order,
        "A2: a turn that is told again changes nothing" => doubles,
        "A2: of 20 tellings of one turn at once, one is kept, whole" => race,
        "A2: of 20 turns at once, all are kept, each in one piece" => crowd,
        "A2: one turn in two conversations is two turns" => threads,
        "T6: equal conversations and turns of two tenants never meet" => tenants,
        "A2: any text comes back unchanged" => strange,
        "A2: what says nothing is not kept" => blank,
    }
}

async fn order(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let turns: Vec<Said> = (0..9).map(|number| said(number, fixture::NOW)).collect();
    for said in &turns {
        memory.append(TENANT, said, fixture::NOW).await?;
    }
    let found = memory.window(TENANT, THREAD, PLENTY, fixture::NOW).await?;
    let wanted: Vec<_> = turns.into_iter().flat_map(|said| said.entries).collect();
    same(&found, &wanted, "the window")
}

async fn doubles(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let turns: Vec<Said> = (0..70).map(|number| said(number, fixture::NOW)).collect();
    for said in &turns {
        memory.append(TENANT, said, fixture::NOW).await?;
    }
    // In any order and with other words: the first telling stands.
    for number in (0..70).rev() {
        let again = telling(number, &["something else", "and more"], fixture::NOW);
        memory.append(TENANT, &again, fixture::after(5)).await?;
    }
    same(&texts(&*memory, TENANT).await?, &told(&turns), "the window")
}

async fn race(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    for number in 0..8 {
        let before = texts(&*memory, TENANT).await?;
        let tellings: Vec<Said> = (0..20)
            .map(|teller| telling(number, &[&format!("teller {teller}")], fixture::NOW))
            .collect();
        let appends = tellings
            .iter()
            .map(|said| memory.append(TENANT, said, fixture::NOW));
        try_join_all(appends).await?;
        let after = texts(&*memory, TENANT).await?;
        let added = after.strip_prefix(before.as_slice()).unwrap_or_default();
        let whole = tellings
            .iter()
            .any(|said| told(std::slice::from_ref(said)) == added);
        ensure(whole, format!("turn {number}: found {added:?}"))?;
    }
    Ok(())
}

async fn crowd(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    // Twice, so that one crowd meets an empty conversation and one a filled one.
    for round in 0..2 {
        let turns: Vec<Said> = (round * 20..round * 20 + 20)
            .map(|number| said(number, fixture::NOW))
            .collect();
        let appends = turns
            .iter()
            .map(|said| memory.append(TENANT, said, fixture::NOW));
        try_join_all(appends).await?;
    }
    let found = texts(&*memory, TENANT).await?;
    let mut numbers: Vec<u32> = Vec::new();
    for pair in found.chunks(2) {
        let number = pair.first().and_then(|text| text.strip_prefix("question "));
        let number = number.and_then(|number| number.parse().ok()).unwrap_or(99);
        same(
            &pair.to_vec(),
            &told(&[said(number, fixture::NOW)]),
            "a turn",
        )?;
        numbers.push(number);
    }
    let (first, second) = numbers.split_at(20.min(numbers.len()));
    ensure(
        first.iter().all(|number| *number < 20) && second.iter().all(|number| *number >= 20),
        format!("the second crowd comes after the first: {numbers:?}"),
    )?;
    numbers.sort_unstable();
    same(&numbers, &(0..40).collect(), "the turns")
}

async fn threads(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let here = said(1, fixture::NOW);
    let there = Said {
        conversation: ConversationId(8),
        ..telling(1, &["elsewhere"], fixture::NOW)
    };
    memory.append(TENANT, &here, fixture::NOW).await?;
    memory.append(TENANT, &there, fixture::NOW).await?;
    same(&texts(&*memory, TENANT).await?, &told(&[here]), "the one")?;
    let found = memory
        .window(TENANT, there.conversation, PLENTY, fixture::NOW)
        .await?;
    same(&found, &there.entries, "the other")
}

async fn tenants(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let ours = telling(1, &["ours"], fixture::NOW);
    let theirs = telling(1, &["theirs"], fixture::NOW);
    memory.append(TENANT, &ours, fixture::NOW).await?;
    same(&texts(&*memory, OTHER).await?, &vec![], "before they spoke")?;
    memory.append(OTHER, &theirs, fixture::NOW).await?;
    same(&texts(&*memory, TENANT).await?, &told(&[ours]), "ours")?;
    same(&texts(&*memory, OTHER).await?, &told(&[theirs]), "theirs")
}

async fn strange(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let words = [
        "👩‍👩‍👧‍👦 🏳️‍🌈 e\u{301}",
        "שלום עולם",
        "¿Cuánto? «29,90 €»",
        "'; DROP TABLE x8_memory; --",
        r#"{"$where": "1"} \ " $1 ?"#,
        "null\0inside",
        " spaces and\nlines\t",
        "。、你好",
    ];
    let said = Said {
        person: Identity::new(IdentityKind::Platform, "odd\0'\"$name"),
        ..telling(1, &words, fixture::NOW)
    };
    memory.append(TENANT, &said, fixture::NOW).await?;
    same(
        &texts(&*memory, TENANT).await?,
        &told(&[said]),
        "the window",
    )
}

async fn blank(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let mut said = telling(1, &["", " \n", "words"], fixture::NOW);
    memory.append(TENANT, &said, fixture::NOW).await?;
    same(
        &texts(&*memory, TENANT).await?,
        &vec!["words".to_owned(), "answer 1".to_owned()],
        "media without words",
    )?;
    said.conversation = ConversationId(9);
    said.person = person(2);
    said.entries.clear();
    memory.append(TENANT, &said, fixture::NOW).await?;
    let found = memory
        .window(TENANT, said.conversation, PLENTY, fixture::NOW)
        .await?;
    same(&found, &vec![], "a turn without entries")
}
