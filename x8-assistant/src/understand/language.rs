//! Which language a burst is written in (A5).

use whatlang::{Detector, Lang};

use super::words::{Word, Words};

/// Small words that give a language away.
const CUES: [(&str, &[&str]); 6] = [
    (
        "en",
        &[
            "the", "i", "i'd", "i'll", "i'm", "want", "would", "like", "to", "please", "hello",
            "hi", "is", "are", "my", "you", "your", "what", "how", "much", "and", "for", "of",
            "do", "have", "can", "order", "book", "thanks", "thank", "yes", "with", "deliver",
            "name", "show", "need", "already", "paid", "it", "this", "that", "good", "in", "buy",
            "cancel", "stop", "tell", "tomorrow", "where", "free", "send", "number", "use", "not",
            "one", "two", "three", "from", "at", "on", "we", "who", "when", "was", "there", "any",
            "be", "will", "just", "also", "add", "instead", "sorry", "great", "fine", "another",
            "large", "small", "give", "get", "some", "more", "contact",
        ],
    ),
    (
        "es",
        &[
            "interesa", "ver", "gustaria", "puedo", "tiene", "sus", "son", "quiero", "quisiera",
            "hola", "por", "favor", "el", "la", "los", "las", "y", "gracias", "buenos", "buenas",
            "dias", "tardes", "una", "un", "para", "en", "es", "mi", "me", "llamo", "cuanto",
            "cuesta", "que", "si", "como", "tienen", "hay", "con", "del", "ya", "pague", "pagado",
            "he", "dos", "muy", "ramo", "ramos", "enviar", "necesito", "puede", "pueden", "mañana",
            "manana", "este", "numero", "nombre", "donde", "cancelar", "reservar", "de", "rosas",
            "a", "pedido", "envio", "gratis", "teneis", "tienes", "reparto", "repartis", "vale",
            "venga", "pues", "soy", "tu", "su", "tres", "cuatro", "cinco", "esta", "ese", "esa",
            "esas", "estos", "lo", "se", "nada", "mejor", "somos", "ponme", "quita", "algo",
            "tambien", "usted", "ustedes", "noche", "tarde", "numero", "perdon", "grande",
            "entonces", "cual", "cuando", "quien", "donde", "uno", "muchas", "buen",
        ],
    ),
    (
        "de",
        &[
            "ich", "mochte", "bitte", "der", "die", "das", "und", "ist", "hallo", "guten", "tag",
            "haben", "sie", "ein", "eine", "mit", "fur", "danke", "wie", "viel",
        ],
    ),
    (
        "fr",
        &[
            "je", "voudrais", "bonjour", "s'il", "vous", "plait", "le", "les", "et", "est",
            "merci", "avec", "pour", "une", "des", "combien", "j'ai", "avez",
        ],
    ),
    (
        "it",
        &[
            "vorrei",
            "ciao",
            "buongiorno",
            "per",
            "favore",
            "il",
            "e",
            "grazie",
            "con",
            "sono",
            "una",
            "quanto",
            "costa",
            "che",
            "gli",
            "avete",
        ],
    ),
    (
        "pt",
        &[
            "eu", "quero", "ola", "bom", "dia", "por", "favor", "o", "os", "obrigado", "obrigada",
            "uma", "um", "para", "voce", "quanto", "nao", "tem", "com",
        ],
    ),
];

/// The clearly detected language, or `None` when the burst could be anything: "ok", an emoji, a name, digits. `known`: a
/// language was detected before, which one small word does not change.
pub(super) fn hear(
    words: &Words,
    known: bool,
    skip: &dyn Fn(&Word) -> bool,
) -> Option<&'static str> {
    let free: Vec<&Word> = words.list().iter().filter(|word| !skip(word)).collect();
    detect(&free, words.raw(), known).or_else(|| {
        let all: Vec<&Word> = words.list().iter().collect();
        detect(&all, words.raw(), known)
    })
}

/// What changes the language: one word of three letters, or two shorter ones.
const HITS_TO_CHANGE: usize = 2;

fn detect(words: &[&Word], raw: &str, known: bool) -> Option<&'static str> {
    let small: Vec<&Word> = words
        .iter()
        .copied()
        .filter(|word| word.text.chars().any(char::is_alphabetic))
        .collect();
    let cyrillic = small.iter().filter(is_cyrillic).count();
    let russian_name = cyrillic > 0 && small.iter().all(|word| word.is_capitalised());
    if cyrillic * 2 > small.len() && !(russian_name && cyrillic <= 3 && !has_greeting(&small)) {
        return Some("ru");
    }
    if raw.contains(['¿', '¡']) {
        return Some("es");
    }
    // A name is no cue, and a word of one or two letters is half a one.
    let first = small.first().map(|word| word.span.start);
    let score = |cues: &[&str]| -> usize {
        let cue = |word: &&&Word| {
            cues.contains(&word.folded.as_str())
                && (!word.is_capitalised()
                    || Some(word.span.start) == first
                    || word.text.len() == 1)
        };
        let weight = |word: &&Word| 1 + usize::from(word.folded.chars().count() > 2);
        small.iter().filter(cue).map(weight).sum()
    };
    let mut scores: Vec<(usize, &'static str)> = CUES
        .iter()
        .map(|(code, cues)| (score(cues), *code))
        .collect();
    // Between languages as likely, those that are spoken here come first; the sort keeps that order.
    scores.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    match scores.as_slice() {
        [(best, code), (second, _), ..]
            if (best > second || crate::phrases::spoken(code) == *code && *best > 0)
                && (!known || *best >= HITS_TO_CHANGE) =>
        {
            Some(code)
        }
        _tie if known => statistics(&small, 4),
        _tie => statistics(&small, 3),
    }
}

fn is_cyrillic(word: &&&Word) -> bool {
    word.folded
        .chars()
        .any(|letter| ('а'..='я').contains(&letter))
}

fn has_greeting(words: &[&Word]) -> bool {
    words.iter().any(|word| {
        [
            "привет",
            "здравствуйте",
            "добрый",
            "да",
            "нет",
            "спасибо",
            "хочу",
        ]
        .iter()
        .any(|cue| word.folded.starts_with(cue))
    })
}

/// The languages that statistics choose between.
const CODES: [(Lang, &str); 7] = [
    (Lang::Eng, "en"),
    (Lang::Rus, "ru"),
    (Lang::Spa, "es"),
    (Lang::Deu, "de"),
    (Lang::Fra, "fr"),
    (Lang::Ita, "it"),
    (Lang::Por, "pt"),
];

/// Trigram statistics, only for enough running text.
fn statistics(words: &[&Word], least: usize) -> Option<&'static str> {
    let running: Vec<&str> = words
        .iter()
        .filter(|word| !word.is_capitalised())
        .map(|word| word.text.as_str())
        .collect();
    if running.len() < least {
        return None;
    }
    let languages = CODES.iter().map(|(lang, _)| *lang).collect();
    let info = Detector::with_allowlist(languages).detect(&running.join(" "))?;
    if info.confidence() < 0.5 {
        return None;
    }
    CODES
        .iter()
        .find(|(lang, _)| *lang == info.lang())
        .map(|(_, code)| *code)
}
