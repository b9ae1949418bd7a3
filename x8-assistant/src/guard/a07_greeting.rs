//! A7: no repeated greetings. Where the turn is known not to be the first, a greeting at the beginning goes, as long as
//! something else is said. A turn that does not tell whether it is the first keeps its greeting.

use super::{
    Rule,
    lexicon::{List, spans},
    page::Sentence,
    text::Edit,
    work::Work,
};

/// A longer sentence says more than a greeting.
const LONGEST: usize = 4;

pub(super) fn apply(work: &mut Work<'_>) {
    if work.context.conversation_first != Some(false) || !greets_first(work) {
        return;
    }
    let mut first = true;
    work.edit(Rule::A7, |_, _| {
        if std::mem::take(&mut first) {
            Edit::Remove
        } else {
            Edit::Keep
        }
    });
}

/// Whether the words begin with a sentence that only greets, and go on.
fn greets_first(work: &Work<'_>) -> bool {
    let mut sentences = work.page().sentences();
    sentences.next().is_some_and(|first| is_greeting(&first)) && sentences.next().is_some()
}

fn is_greeting(sentence: &Sentence<'_>) -> bool {
    let folded = sentence.folded();
    sentence.hits().has(List::GREETING)
        && folded.split_whitespace().count() <= LONGEST
        && !folded.ends_with('?')
        && spans(folded.trim_start_matches(['¡', ' ']), List::GREETING)
            .first()
            .is_some_and(|(start, _)| *start == 0)
}
