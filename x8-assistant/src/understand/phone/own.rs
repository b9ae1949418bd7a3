//! "My number", "этот же", "mi móvil": the number the customer writes from (G9).

use std::ops::Range;

use super::super::words::{Word, Words, matches};

/// "My", "this", "the same": whose number.
const OWN: &[&str] = &[
    "my",
    "this",
    "same",
    "current",
    "мой",
    "моего",
    "моем",
    "моему",
    "мою",
    "этот",
    "этого",
    "этом",
    "этому",
    "тот",
    "того",
    "текущ*",
    "mi",
    "este",
    "mismo",
    "actual",
];

pub(super) const NOUNS: &[&str] = &[
    "number",
    "num",
    "phone",
    "whatsapp",
    "wa",
    "номер*",
    "телефон*",
    "вотсап*",
    "ватсап*",
    "numero",
    "telefono",
    "movil",
    "celular",
    "cell",
    "mobile",
    "тел",
    "вацап*",
    "ватсап*",
    "wasap",
    "wassap",
    "whatsap",
    "watsapp",
    "tlf",
];

/// "My order number" is no phone.
const OTHER: &[&str] = &["order", "заказ*", "pedido", "reserva", "booking"];

const WRITING: &[&str] = &[
    "i am writing",
    "i'm writing",
    "i'm texting",
    "i am texting",
    "i write from",
    "i text from",
    "this is my number",
    "call me here",
    "reach me here",
    "write me here",
    "whatsapp number is fine",
    "whatsapp is fine",
    "number is fine",
    "number is ok",
    "number is good",
    "number works",
    "number will do",
    "number is this",
    "mobile is this",
    "number as above",
    "el del whatsapp",
    "el de whatsapp",
    "numero del whatsapp",
    "номер ватсапа",
    "номер из ватсапа",
    "номер в ватсапе",
    "me on this",
    "on this one",
    "to this one",
    "write to me here",
    "text me here",
    "message me here",
    "contact me here",
    "call me on this",
    "same as here",
    "this chat",
    "пишите сюда",
    "звоните сюда",
    "можно сюда",
    "сюда же",
    "сюда звоните",
    "сюда пишите",
    "на этот пишите",
    "звоните на этот",
    "пишите на этот",
    "можно на этот",
    "escribame aqui",
    "escribeme aqui",
    "escribidme aqui",
    "llameme aqui",
    "por aqui mismo",
    "aqui mismo",
    "por este mismo",
    "en este mismo",
    "por este chat",
    "reach me on this",
    "с которого пишу",
    "откуда пишу",
    "номер как здесь",
    "номер тут",
    "номер здесь",
    "номер прежний",
    "номер прежнего",
    "номер тот",
    "number as here",
    "number is here",
    "number here",
    "number you see",
    "use this one",
    "use this",
    "mi nº",
    "mi n",
    "numero es este",
    "telefono es este",
    "на этот же",
    "по этому же",
    "на этот звоните",
    "desde el que escribo",
    "desde el que te escribo",
    "desde donde escribo",
    "llamar a este",
    "llamame a este",
    "llamadme a este",
    "a este mismo",
    "al mismo",
];

/// "Abel Cid, este": the part before is capitals alone.
pub(super) fn follows_name(words: &Words, start: usize) -> bool {
    let list = words.list().get(..start).unwrap_or_default();
    let segment = list.last().map(|word| word.segment);
    let name = list.iter().filter(|word| Some(word.segment) == segment);
    let mut name = name.peekable();
    name.peek().is_some() && name.all(|word| word.is_capitalised() && word.is_letters())
}

/// Whose number it is, without the noun.
const WHOSE: &[&str] = &[
    "my own",
    "mine",
    "this",
    "same",
    "current",
    "мой",
    "моего",
    "этот",
    "этого",
    "этому",
    "этом",
    "тот",
    "того",
    "прежний",
    "прежнего",
    "текущий",
    "свой",
    "mio",
    "mismo",
    "este",
    "actual",
];

/// What may stand beside these without changing them.
const BESIDE: &[&str] = &[
    "my",
    "own",
    "the",
    "one",
    "is",
    "as",
    "this",
    "here",
    "use",
    "же",
    "самый",
    "и",
    "который",
    "есть",
    "el",
    "la",
    "de",
    "aqui",
    "y",
    "and",
    "yes",
    "да",
    "si",
    "please",
    "пожалуйста",
    "favor",
    "por",
    "usa",
    "con",
    "на",
    "с",
    "phone",
    "тел",
    "tel",
    "номер",
    "numero",
    "number",
];

/// "Мой", "этот же", "mine", "el mismo": a part of the message that says nothing else, where a phone was asked for.
pub(super) fn bare_own(words: &Words) -> Option<Range<usize>> {
    let list = words.list();
    let last = list.last().map_or(0, |word| word.segment);
    (0..=last).find_map(|segment| {
        let start = list.iter().position(|word| word.segment == segment)?;
        let here: Vec<&Word> = list.iter().filter(|word| word.segment == segment).collect();
        let is = |word: &str, forms: &[&str]| forms.contains(&word);
        let told = here.iter().any(|word| is(&word.folded, WHOSE));
        let alone = here
            .iter()
            .all(|word| !word.used && (is(&word.folded, WHOSE) || is(&word.folded, BESIDE)));
        if told && alone && here.len() <= 5 {
            return Some(start..start + here.len());
        }
        behind_name(&here).map(|from| start + from..start + here.len())
    })
}

/// "Ann Lee this one": where whose number it is begins behind capitals.
fn behind_name(here: &[&Word]) -> Option<usize> {
    let name = here
        .iter()
        .take_while(|word| word.is_capitalised() && word.is_letters() && !word.used)
        .count();
    let tail = here.get(name..)?;
    let is = |word: &&Word, forms: &[&str]| forms.contains(&word.folded.as_str());
    let told = tail.iter().any(|word| is(word, WHOSE));
    let alone = tail
        .iter()
        .all(|word| !word.used && (is(word, WHOSE) || is(word, BESIDE)));
    ((1..=3).contains(&name) && (1..=3).contains(&tail.len()) && told && alone).then_some(name)
}

/// "This", behind the noun.
const THIS: &[&str] = &["этот", "текущ*", "actual", "мой", "same", "current", "тот"];

/// Verbs between the noun and "this".
const TAKE: &[&str] = &[
    "можете",
    "можно",
    "берите",
    "возьмите",
    "запишите",
    "пишите",
];

/// "My number", "с этого же номера", "use my curent number": a word for whose, and the noun within two words of it.
pub(super) fn own(words: &Words) -> Option<Range<usize>> {
    let is = |at: usize, forms: &[&str]| {
        words
            .at(at)
            .is_some_and(|word| forms.iter().any(|form| matches(&word.folded, form)))
    };
    if let Some(range) = WRITING.iter().find_map(|phrase| words.find(phrase)) {
        return Some(range);
    }
    (0..words.list().len()).find_map(|at| {
        let noun = is(at, NOUNS);
        // "Номер текущий", "número actual": whose stands behind.
        let behind = |place: usize| is(at + 1, THIS).then_some(place);
        // "Телефон можете этот взять", "llamad a este mismo": a verb between.
        let spoken = is(at + 1, TAKE) && is(at + 2, &["этот", "тот", "мой"]);
        if noun && spoken {
            return Some(at..at + 3);
        }
        // "My no."
        let short = is(at, &["no", "nr"]) && is(at.wrapping_sub(1), &["my", "same", "this"]);
        if short
            && words.at(at + 1).is_none_or(|next| {
                let fine = [
                    "is", "works", "ok", "okay", "fine", "please", "pls", "good", "thanks", "will",
                ];
                fine.contains(&next.folded.as_str())
                    || words
                        .at(at)
                        .is_some_and(|word| word.segment != next.segment)
            })
        {
            return Some(at - 1..at + 1);
        }
        if noun
            && let Some(end) = behind(at + 2)
            && !is(at.wrapping_sub(1), OTHER)
            && !is(end, OTHER)
        {
            return Some(at..end);
        }
        let start = (at.saturating_sub(3)..at).find(|back| is(*back, OWN))?;
        let behind = at + 1 + usize::from(is(at + 1, &["actual", "same", "current"]));
        let foreign = (start..behind + 1).any(|place| is(place, OTHER));
        (noun && !foreign).then_some(start..behind)
    })
}
