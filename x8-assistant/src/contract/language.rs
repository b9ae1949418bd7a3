//! Languages: the contract names them in English, the payment page takes codes.

use x8_core::text::fold;

/// The languages that a payment page can speak; anything else is shown in English.
pub const STRIPE_LANGS: [&str; 33] = [
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fil", "fr", "hr", "hu", "id", "it",
    "ja", "ko", "lt", "ms", "mt", "nb", "nl", "pl", "pt", "ro", "ru", "sk", "sl", "sv", "th", "tr",
    "vi", "zh",
];

/// Code, English name, and what its speakers (or models) also call it, folded.
const LANGUAGES: [(&str, &str, &[&str]); 46] = [
    ("ar", "Arabic", &["العربية"]),
    ("bg", "Bulgarian", &["български"]),
    ("ca", "Catalan", &["catala", "valencian"]),
    ("cs", "Czech", &["cestina"]),
    ("da", "Danish", &["dansk"]),
    ("de", "German", &["deutsch", "немецкий"]),
    ("el", "Greek", &["ελληνικα"]),
    ("en", "English", &["английский", "ingles"]),
    ("es", "Spanish", &["espanol", "castellano", "испанский"]),
    ("et", "Estonian", &["eesti"]),
    ("eu", "Basque", &["euskara"]),
    ("fa", "Persian", &["farsi"]),
    ("fi", "Finnish", &["suomi"]),
    ("fil", "Filipino", &["tagalog", "tl"]),
    ("fr", "French", &["francais", "французский"]),
    ("gl", "Galician", &["galego"]),
    ("he", "Hebrew", &["עברית", "iw"]),
    ("hi", "Hindi", &[]),
    ("hr", "Croatian", &["hrvatski"]),
    ("hu", "Hungarian", &["magyar"]),
    ("hy", "Armenian", &[]),
    ("id", "Indonesian", &["bahasa indonesia"]),
    ("it", "Italian", &["italiano", "итальянский"]),
    ("ja", "Japanese", &["日本語"]),
    ("ka", "Georgian", &[]),
    ("kk", "Kazakh", &[]),
    ("ko", "Korean", &["한국어"]),
    ("lt", "Lithuanian", &["lietuviu"]),
    ("lv", "Latvian", &["latviesu"]),
    ("ms", "Malay", &["bahasa melayu"]),
    ("mt", "Maltese", &["malti"]),
    (
        "nb",
        "Norwegian",
        &["norsk", "no", "nn", "norwegian bokmal"],
    ),
    ("nl", "Dutch", &["nederlands"]),
    ("pl", "Polish", &["polski"]),
    ("pt", "Portuguese", &["portugues", "португальский"]),
    ("ro", "Romanian", &["romana"]),
    ("ru", "Russian", &["русский"]),
    ("sk", "Slovak", &["slovencina"]),
    ("sl", "Slovenian", &["slovenscina"]),
    ("sr", "Serbian", &["srpski"]),
    ("sv", "Swedish", &["svenska"]),
    ("th", "Thai", &[]),
    ("tr", "Turkish", &["turkce"]),
    ("uk", "Ukrainian", &["украинский", "українська", "ua"]),
    ("vi", "Vietnamese", &["tieng viet"]),
    ("zh", "Chinese", &["mandarin", "中文", "cn"]),
];

/// The code of a language given as a code (`es`, `es-ES`), an English name or its own name.
///
/// ```
/// use x8_assistant::contract::language_code;
/// assert_eq!(language_code("Español"), Some("es"));
/// assert_eq!(language_code("pt_BR"), Some("pt"));
/// assert_eq!(language_code("Klingon"), None);
/// ```
#[must_use]
pub fn language_code(text: &str) -> Option<&'static str> {
    let word = fold(text);
    let head = word.split(['-', '_', ' ', '(']).next().unwrap_or_default();
    let known = |wanted: &str| {
        // The names are plain letters: folded, they are in small letters.
        LANGUAGES.iter().find(|(code, name, others)| {
            *code == wanted || name.eq_ignore_ascii_case(wanted) || others.contains(&wanted)
        })
    };
    known(&word).or_else(|| known(head)).map(|(code, ..)| *code)
}

/// The English name the contract wants: `Spanish` for `es`. A language nobody here knows keeps its own word; empty is English.
#[must_use]
pub fn language_name(text: &str) -> String {
    let Some(code) = language_code(text) else {
        let word = text.trim();
        return if word.is_empty() { "English" } else { word }.to_owned();
    };
    LANGUAGES
        .iter()
        .find(|(known, ..)| *known == code)
        .map_or_else(String::new, |(_, name, _)| (*name).to_owned())
}

/// The payment page's language for a conversation: the nearest of [`STRIPE_LANGS`], else `en`.
#[must_use]
pub fn stripe_lang(language: &str) -> &'static str {
    language_code(language)
        .and_then(|code| STRIPE_LANGS.into_iter().find(|known| *known == code))
        .unwrap_or("en")
}
