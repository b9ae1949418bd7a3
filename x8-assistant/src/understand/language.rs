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
        ],
    ),
    (
        "es",
        &[
            "interesa", "ver", "gustaria", "puedo", "tiene", "sus", "son", "quiero", "quisiera",
            "hola", "por", "favor", "el", "la", "los", "las", "y", "gracias", "buenos", "buenas",
            "dias", "tardes", "una", "un", "para", "en", "es", "mi", "me", "llamo", "cuanto",
            "cuesta", "que", "si", "como", "tienen", "hay", "con", "del", "ya", "pague", "pagado",
            "he", "dos", "ramo", "ramos", "enviar", "necesito", "puede", "pueden", "mañana",
            "manana", "este", "numero", "nombre", "donde", "al", "cancelar", "reservar", "de",
            "rosas", "a", "pedido", "envio", "gratis",
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

/// The clearly detected language, or `None` when the burst could be anything: "ok", an emoji, a name, digits.
pub(super) fn hear(words: &Words, skip: &dyn Fn(&Word) -> bool) -> Option<&'static str> {
    let free: Vec<&Word> = words
        .list()
        .iter()
        .filter(|word| !word.used && !skip(word))
        .collect();
    detect(&free, words.raw()).or_else(|| {
        let all: Vec<&Word> = words.list().iter().filter(|word| !word.used).collect();
        detect(&all, words.raw())
    })
}

fn detect(words: &[&Word], raw: &str) -> Option<&'static str> {
    let small: Vec<&Word> = words
        .iter()
        .copied()
        .filter(|word| word.is_letters() || word.text.contains(['\'', '’']))
        .collect();
    let cyrillic = small.iter().filter(is_cyrillic).count();
    let russian_name = cyrillic > 0 && small.iter().all(|word| word.is_capitalised());
    if cyrillic * 2 > small.len() && !(russian_name && cyrillic <= 3 && !has_greeting(&small)) {
        return Some("ru");
    }
    if raw.contains(['¿', '¡']) {
        return Some("es");
    }
    let score = |cues: &[&str]| {
        small
            .iter()
            .filter(|word| cues.contains(&word.folded.as_str()))
            .count()
    };
    let mut scores: Vec<(usize, &'static str)> = CUES
        .iter()
        .map(|(code, cues)| (score(cues), *code))
        .collect();
    scores.sort_by_key(|(hits, _)| std::cmp::Reverse(*hits));
    match scores.as_slice() {
        [(best, code), (second, _), ..] if best > second => Some(code),
        _tie => statistics(&small),
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
fn statistics(words: &[&Word]) -> Option<&'static str> {
    let running: Vec<&str> = words
        .iter()
        .filter(|word| !word.is_capitalised())
        .map(|word| word.text.as_str())
        .collect();
    if running.len() < 4 {
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
