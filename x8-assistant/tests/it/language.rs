//! A5: which language a burst is in, on short and mixed messages.

use x8_assistant::{
    contract::{STRIPE_LANGS, language_code, language_name, stripe_lang},
    understand::{Lexicon, understand},
};
use x8_core::{catalog::Catalog, conversation::Session};

const LABELLED: &str = include_str!("language/labelled.txt");
const HELD_OUT: &str = include_str!("language/held_out.txt");

fn lines(file: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = file.lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_once('\t'))
}

fn heard(text: &str, last: Option<&str>) -> Option<&'static str> {
    let session = Session {
        language: last.map(str::to_owned),
        ..Session::default()
    };
    let now = jiff::civil::date(2026, 11, 20).at(12, 0, 0, 0);
    let lexicon = Lexicon::new(&Catalog::detached(Vec::new()));
    understand(text, &session, &lexicon, now).language
}

/// How many are right of how many, and what is not.
fn score(file: &'static str) -> (usize, usize, Vec<String>) {
    let mut wrong = Vec::new();
    for (label, text) in lines(file) {
        let told = heard(text, None).unwrap_or("-");
        if told != label {
            wrong.push(format!("{text}: {told}, not {label}"));
        }
    }
    let all = lines(file).count();
    (all - wrong.len(), all, wrong)
}

#[test]
fn a5_short_and_mixed_messages_are_recognised() {
    let (right, all, wrong) = score(LABELLED);
    assert!(
        all >= 200 && right * 100 >= all * 98,
        "{right} of {all}: {wrong:#?}"
    );
    let (right, all, wrong) = score(HELD_OUT);
    assert!(right * 100 >= all * 94, "{right} of {all}: {wrong:#?}");
}

#[test]
fn a5_what_could_be_anything_keeps_the_last_language() {
    let ambiguous = lines(LABELLED).filter(|(label, _)| *label == "-");
    for (_, text) in ambiguous {
        for last in ["en", "ru", "es", "de", "fr", "it", "pt", "uk"] {
            let told = heard(text, Some(last));
            assert!(
                told.is_none_or(|told| told == last),
                "{text} after {last}: {told:?}"
            );
        }
    }
}

#[test]
fn a5_a_clear_message_changes_the_language() {
    let clear = [
        ("en", "I would like to order two bouquets, please"),
        ("ru", "Здравствуйте, хочу заказать два букета"),
        ("es", "Quisiera pedir dos ramos, por favor"),
        ("de", "Ich möchte bitte zwei Sträuße bestellen"),
        ("fr", "Je voudrais commander deux bouquets, s'il vous plaît"),
        ("it", "Vorrei ordinare due mazzi, per favore"),
        ("pt", "Eu gostaria de pedir dois buquês, por favor"),
        ("uk", "Добрий день, хочу замовити два букети"),
    ];
    for (code, text) in clear {
        for (last, _) in clear {
            assert_eq!(heard(text, Some(last)), Some(code), "{text} after {last}");
        }
    }
}

const PAGES: [(&str, &str); 33] = [
    ("bg", "Bulgarian"),
    ("cs", "Czech"),
    ("da", "Danish"),
    ("de", "German"),
    ("el", "Greek"),
    ("en", "English"),
    ("es", "Spanish"),
    ("et", "Estonian"),
    ("fi", "Finnish"),
    ("fil", "Filipino"),
    ("fr", "French"),
    ("hr", "Croatian"),
    ("hu", "Hungarian"),
    ("id", "Indonesian"),
    ("it", "Italian"),
    ("ja", "Japanese"),
    ("ko", "Korean"),
    ("lt", "Lithuanian"),
    ("ms", "Malay"),
    ("mt", "Maltese"),
    ("nb", "Norwegian"),
    ("nl", "Dutch"),
    ("pl", "Polish"),
    ("pt", "Portuguese"),
    ("ro", "Romanian"),
    ("ru", "Russian"),
    ("sk", "Slovak"),
    ("sl", "Slovenian"),
    ("sv", "Swedish"),
    ("th", "Thai"),
    ("tr", "Turkish"),
    ("vi", "Vietnamese"),
    ("zh", "Chinese"),
];

/// Every code the contract knows, the nearest one of the payment page, and how else it may be spelled.
#[test]
fn a5_every_language_has_its_payment_page() {
    assert_eq!(
        PAGES.map(|(code, _)| code),
        STRIPE_LANGS,
        "all of them, each once"
    );
    for (code, name) in PAGES {
        assert_eq!(language_name(code), name);
        let spelled = [
            code.to_owned(),
            name.to_owned(),
            code.to_uppercase(),
            format!("{code}-XX"),
            format!("{code}_XX"),
        ];
        for spelled in spelled {
            assert_eq!(language_code(&spelled), Some(code), "{spelled}");
            assert_eq!(stripe_lang(&spelled), code, "{spelled}");
        }
    }
    for other in ["uk", "Ukrainian", "ar", "ca", "Klingon", "", "  ", "🙂"] {
        assert_eq!(stripe_lang(other), "en", "{other:?}");
    }
    for (spelled, code) in [
        ("no", "nb"),
        ("nn", "nb"),
        ("tl", "fil"),
        ("pt_BR", "pt"),
        ("zh-Hant", "zh"),
        ("Español", "es"),
    ] {
        assert_eq!(stripe_lang(spelled), code, "{spelled}");
    }
}
