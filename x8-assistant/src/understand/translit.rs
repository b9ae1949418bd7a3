//! Russian in Latin letters: "privet, skolko stoit manikyur?" (A5).

use super::words::Word;

/// Words that only Russian in Latin letters has.
const CUES: &[&str] = &[
    "privet",
    "zdravstvuyte",
    "zdravstvuite",
    "zdravstvujte",
    "zdrastvuyte",
    "skolko",
    "skoko",
    "stoit",
    "hochu",
    "xochu",
    "khochu",
    "hotim",
    "hotel",
    "hotela",
    "mozhno",
    "mojno",
    "nuzhno",
    "nujno",
    "nuzhen",
    "nuzhna",
    "zavtra",
    "poslezavtra",
    "segodnya",
    "segodnia",
    "spasibo",
    "pozhaluysta",
    "pojaluista",
    "pozhaluista",
    "zapishite",
    "zakazat",
    "zakaz",
    "dostavka",
    "dostavku",
    "dostavte",
    "nomer",
    "etot",
    "etogo",
    "menya",
    "menia",
    "zovut",
    "kakie",
    "kakoy",
    "kakoi",
    "kakaya",
    "dobryy",
    "dobriy",
    "dobryi",
    "vecher",
    "odnu",
    "odna",
    "dvoih",
    "evro",
    "budet",
    "kogda",
    "davayte",
    "davaite",
    "ladno",
    "horosho",
    "khorosho",
    "oplatil",
    "oplatila",
    "uzhe",
    "otmenite",
    "otmena",
    "otmenit",
    "imya",
    "gorod",
    "privezite",
    "buket",
    "podeshevle",
    "deshevle",
    "chto",
    "nibud",
    "tolko",
    "luchshe",
    "voskresenye",
    "subbotu",
    "pyatnicu",
    "pyatnitsu",
    "ponedelnik",
    "vtornik",
    "sredu",
    "chetverg",
    "utrom",
    "vecherom",
    "dnem",
    "predlagaete",
    "uslugi",
    "tsena",
    "cena",
    "vashi",
    "vas",
    "dlya",
    "tozhe",
    "toje",
];
/// Words that are Russian only beside others that are.
const WEAK: &[&str] = &[
    "ya", "da", "net", "den", "bez", "ili", "moy", "moi", "tot", "zhe", "je", "gde", "kak", "est",
    "na", "po", "za", "dva", "dve", "tri", "odin", "eto", "u", "i", "s", "v", "k", "mne", "vy",
];

/// Whether these words are Russian in Latin letters; `language`: the last one clearly detected.
pub(super) fn is_russian(list: &[Word], language: Option<&str>) -> bool {
    let letters = |word: &&Word| {
        word.folded
            .starts_with(|one: char| one.is_ascii_lowercase())
    };
    let latin: Vec<&Word> = list.iter().filter(letters).collect();
    let foreign = list
        .iter()
        .any(|word| word.folded.chars().any(|one| ('а'..='я').contains(&one)));
    let among = |cues: &[&str]| {
        latin
            .iter()
            .filter(|word| cues.contains(&word.folded.as_str()))
            .count()
    };
    let (strong, weak) = (among(CUES), among(WEAK));
    let enough = match language {
        Some("ru") => strong > 0 || (weak > 0 && weak * 2 >= latin.len()),
        _other => strong > 1 || (strong == 1 && (weak > 0 || latin.len() <= 3)),
    };
    !foreign && enough
}

/// Letter groups, longest first, then single letters.
const GROUPS: &[(&str, &str)] = &[
    ("shch", "щ"),
    ("sch", "щ"),
    ("zh", "ж"),
    ("kh", "х"),
    ("ts", "ц"),
    ("tz", "ц"),
    ("ch", "ч"),
    ("sh", "ш"),
    ("yu", "ю"),
    ("ju", "ю"),
    ("iu", "ю"),
    ("ya", "я"),
    ("ja", "я"),
    ("ia", "я"),
    ("yo", "е"),
    ("jo", "е"),
    ("ye", "е"),
    ("yy", "ый"),
    ("iy", "ий"),
    ("ij", "ий"),
    ("yi", "ый"),
    ("ay", "ай"),
    ("oy", "ой"),
    ("ey", "ей"),
    ("uy", "уй"),
    ("ai", "ай"),
    ("oi", "ой"),
    ("ei", "ей"),
    ("ui", "уй"),
    ("ce", "це"),
    ("ci", "ци"),
    ("cy", "цы"),
    ("cu", "цу"),
    ("jn", "жн"),
    ("a", "а"),
    ("b", "б"),
    ("c", "к"),
    ("d", "д"),
    ("e", "е"),
    ("f", "ф"),
    ("g", "г"),
    ("h", "х"),
    ("i", "и"),
    ("j", "й"),
    ("k", "к"),
    ("l", "л"),
    ("m", "м"),
    ("n", "н"),
    ("o", "о"),
    ("p", "п"),
    ("q", "к"),
    ("r", "р"),
    ("s", "с"),
    ("t", "т"),
    ("u", "у"),
    ("v", "в"),
    ("w", "в"),
    ("x", "х"),
    ("y", "ы"),
    ("z", "з"),
    ("'", "ь"),
];

/// Soft signs that Latin spelling leaves out.
const SOFT: &[(&str, &str)] = &[
    ("сколко", "сколько"),
    ("скоко", "сколько"),
    ("толко", "только"),
    ("болше", "больше"),
    ("пят", "пять"),
    ("шест", "шесть"),
    ("сем", "семь"),
    ("восем", "восемь"),
    ("девят", "девять"),
    ("десят", "десять"),
    ("двадцат", "двадцать"),
    ("тридцат", "тридцать"),
    ("ест", "есть"),
    ("ден", "день"),
    ("нибуд", "нибудь"),
    ("понеделник", "понедельник"),
    ("очен", "очень"),
    ("болшой", "большой"),
    ("болшая", "большая"),
    ("малениый", "маленький"),
    ("маленкий", "маленький"),
    ("маленкая", "маленькая"),
    ("воскресене", "воскресенье"),
];

/// A folded Latin word as it would be written in Cyrillic.
pub(super) fn cyrillic(folded: &str) -> String {
    let mut rest = folded;
    let mut word = String::with_capacity(folded.len() * 2);
    while let Some(first) = rest.chars().next() {
        let group = GROUPS.iter().find(|(latin, _)| rest.starts_with(latin));
        match group {
            // An "e" that opens a word is "э": "etot".
            Some(("e", _)) if word.is_empty() => word.push('э'),
            Some((_, letters)) => word.push_str(letters),
            None => word.push(first),
        }
        let taken = group.map_or(first.len_utf8(), |(latin, _)| latin.len());
        rest = rest.get(taken..).unwrap_or_default();
    }
    let soft = SOFT.iter().find(|(hard, _)| *hard == word);
    soft.map_or(word, |(_, soft)| (*soft).to_owned())
}

#[cfg(test)]
mod tests {
    use super::cyrillic;

    #[test]
    fn a5_latin_letters_spell_russian() {
        for (latin, russian) in [
            ("privet", "привет"),
            ("skolko", "сколько"),
            ("zapishite", "запишите"),
            ("manikyur", "маникюр"),
            ("etot", "этот"),
            ("pozhaluysta", "пожалуйста"),
            ("barselona", "барселона"),
        ] {
            assert_eq!(cyrillic(latin), russian);
        }
    }
}
