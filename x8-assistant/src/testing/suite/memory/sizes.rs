//! [`Limits`](crate::memory::Limits).

use x8_core::testing::{Checked, ensure, fixture, present, same};

use super::{Fresh, TENANT, THREAD, roomy, said, telling, texts, told};
use crate::memory::{Limits, Said};

/// Long texts, long turns and long conversations.
///
/// # Errors
/// The first rule that does not hold.
pub async fn sizes(make: &dyn Fresh) -> Checked {
    cases! { make;
        "A2: a long text is cut between visible characters" => long,
        "A2: a text of a megabyte is cut as well" => megabyte,
        "A2: of an endless turn the newest entries are kept" => endless,
        "A2: the oldest turns make room for the newest" => room,
        "A2: a turn at any border of storage is whole, in order, and kept once" => borders,
        "A2: a conversation of 10,000 entries keeps them all" => many,
    }
}

async fn long(make: &dyn Fresh) -> Checked {
    let limits = Limits {
        longest_text: 12,
        ..roomy()
    };
    let memory = make.fresh(limits).await?;
    // The family of seven characters would end at the fifteenth.
    let family = format!("{}👨‍👩‍👧‍👦!", "é".repeat(8));
    let words = ["exactly 12 c", "one more than", &family];
    let said = telling(1, &words, fixture::NOW);
    memory.append(TENANT, &said, fixture::NOW).await?;
    let wanted = ["exactly 12 c", "one more th…", "éééééééé…", "answer 1"];
    same(
        &texts(&*memory, TENANT).await?,
        &wanted.map(str::to_owned).to_vec(),
        "the window",
    )
}

async fn megabyte(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let huge = "🌹".repeat(250_000);
    let said = telling(1, &[&huge], fixture::NOW);
    memory.append(TENANT, &said, fixture::NOW).await?;
    let found = texts(&*memory, TENANT).await?;
    let kept = present(found.first(), "the long text")?;
    same(&kept.chars().count(), &roomy().longest_text, "its length")?;
    ensure(kept.ends_with("🌹…"), "it is cut at its end")
}

async fn endless(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let words: Vec<String> = (0..200).map(|number| format!("word {number}")).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let said = telling(1, &words, fixture::NOW);
    memory.append(TENANT, &said, fixture::NOW).await?;
    let mut wanted = told(&[said]);
    wanted.drain(..wanted.len() - Limits::TURN);
    same(&texts(&*memory, TENANT).await?, &wanted, "the window")
}

async fn room(make: &dyn Fresh) -> Checked {
    let limits = Limits {
        most_entries: 21,
        ..roomy()
    };
    let memory = make.fresh(limits).await?;
    let mut turns: Vec<Said> = Vec::new();
    for number in 0..200 {
        let said = said(number, fixture::NOW);
        memory.append(TENANT, &said, fixture::NOW).await?;
        turns.push(said);
        let mut wanted = told(&turns);
        wanted.drain(..wanted.len().saturating_sub(21));
        if number % 20 == 19 {
            same(&texts(&*memory, TENANT).await?, &wanted, "the newest")?;
        }
    }
    Ok(())
}

async fn borders(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let mut turns: Vec<Said> = Vec::new();
    for number in 0..120 {
        let length = usize::try_from(number % 5).unwrap_or_default();
        let words = vec!["word"; length];
        let said = telling(number, &words, fixture::NOW);
        memory.append(TENANT, &said, fixture::NOW).await?;
        // A retry right after, which may find the border just crossed.
        memory.append(TENANT, &said, fixture::NOW).await?;
        turns.push(said);
    }
    for said in &turns {
        memory.append(TENANT, said, fixture::NOW).await?;
    }
    same(&texts(&*memory, TENANT).await?, &told(&turns), "the window")
}

async fn many(make: &dyn Fresh) -> Checked {
    let memory = make.fresh(roomy()).await?;
    let mut turns: Vec<Said> = Vec::new();
    for number in 0..1_000 {
        let words: Vec<String> = (0..9).map(|line| format!("{number}, {line}")).collect();
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = telling(number, &words, fixture::NOW);
        memory.append(TENANT, &said, fixture::NOW).await?;
        turns.push(said);
    }
    let wanted = told(&turns);
    let found = texts(&*memory, TENANT).await?;
    same(&found.len(), &10_000, "entries")?;
    ensure(found == wanted, "they come in order")?;
    let window = memory.window(TENANT, THREAD, 200, fixture::NOW).await?;
    let (_, newest) = wanted.split_at(wanted.len() - window.len());
    let window: Vec<String> = window.into_iter().map(|entry| entry.text).collect();
    ensure(!window.is_empty(), "a small window holds something")?;
    same(&window, &newest.to_vec(), "a small window")
}
