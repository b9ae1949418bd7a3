//! H4 and G2: limits and splitting.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation;
use x8_channels::{TextLimit, Unit, platform_limit, reply_limit, split};
use x8_core::{ErrorKind, Result, channel::Platform};

fn chars(max: usize) -> TextLimit {
    TextLimit::new(max, Unit::Chars)
}

/// The part without its number.
fn bare(part: &str) -> &str {
    part.strip_prefix('(')
        .and_then(|rest| rest.split_once(") "))
        .filter(|(number, _)| number.split('/').all(|half| half.parse::<u32>().is_ok()))
        .map_or(part, |(_, text)| text)
}

#[test]
fn g2_reply_limits_by_source() {
    let cases = [
        ("instagram", 800),
        ("facebook", 1950),
        ("whatsapp", 3800),
        ("TELEGRAM", 3800),
        ("gmail", 7000),
        ("email", 7000),
        ("tiktok", 1950),
        ("console", 1950),
    ];
    for (source, limit) in cases {
        assert_eq!(reply_limit(source), limit, "{source}");
    }
}

#[test]
fn h4_each_platform_counts_in_its_own_unit() {
    let flag = "🇪🇸";
    let lengths = |platform| platform_limit(platform).measure(flag);
    assert_eq!(lengths(Platform::Instagram), 8);
    assert_eq!(lengths(Platform::Telegram), 4);
    assert_eq!(lengths(Platform::Whatsapp), 2);
    assert!(!platform_limit(Platform::Instagram).fits(&"я".repeat(501)));
    assert!(platform_limit(Platform::Instagram).fits(&"я".repeat(500)));
}

#[test]
fn h4_a_text_that_fits_is_left_alone() -> Result<()> {
    assert_eq!(
        split(" Hola 👋\n\nadiós ", chars(40))?,
        ["Hola 👋\n\nadiós"]
    );
    assert!(split(" \n\t ", chars(40))?.is_empty());
    Ok(())
}

#[test]
fn h4_paragraphs_are_the_first_choice_then_lines_sentences_words() -> Result<()> {
    let limit = chars(30);
    assert_eq!(
        split("One two. Three four.\n\nFive six seven.", limit)?,
        ["(1/2) One two. Three four.", "(2/2) Five six seven."]
    );
    assert_eq!(
        split("One two. Three four\nFive six seven.", limit)?,
        ["(1/2) One two. Three four", "(2/2) Five six seven."]
    );
    assert_eq!(
        split("One two three. Four five six seven.", limit)?,
        ["(1/2) One two three.", "(2/2) Four five six seven."]
    );
    assert_eq!(
        split("one two three four five six seven", limit)?,
        ["(1/2) one two three four five", "(2/2) six seven"]
    );
    Ok(())
}

#[test]
fn h4_a_family_is_never_torn_apart() -> Result<()> {
    let family = "👨‍👩‍👧‍👦";
    let parts = split(&family.repeat(10), TextLimit::new(64, Unit::Bytes))?;
    assert!(parts.len() >= 5);
    for part in &parts {
        assert!(
            bare(part).graphemes(true).all(|piece| piece == family),
            "{part}"
        );
    }
    Ok(())
}

#[test]
fn h4_a_link_is_never_cut() -> Result<()> {
    let links = [
        "https://checkout.example/c/pay/cs_test_a1B2c3#fidkdWxOYHwnPyd1blpxYHZxWjA0",
        "www.example.com/a/very/long/path/that/goes/on",
        "wa.me/34600111222?text=Hola%20quiero%20info%20por%20favor",
        "HTTPS://EXAMPLE.COM/UPPER/CASE/LINK/HERE/AND/MORE",
    ];
    for link in links {
        for before in 0..40 {
            let text = format!("{} {link}, gracias por su compra", "a".repeat(before));
            let parts = split(&text, chars(90))?;
            assert!(parts.iter().any(|part| part.contains(link)), "{parts:?}");
            let glued = format!(
                "{}请点击{link}付款谢谢{}",
                "文".repeat(before),
                "字".repeat(40)
            );
            let parts = split(&glued, chars(90))?;
            assert!(parts.iter().any(|part| part.contains(link)), "{parts:?}");
        }
    }
    Ok(())
}

#[test]
fn h4_what_cannot_fit_is_refused_by_name() {
    let text = format!("Pay here: https://pay.example/{}", "x".repeat(200));
    let error = split(&text, chars(100)).expect_err("the link is too long");
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(
        error.to_string().contains("starts=https://pay.example/"),
        "{error}"
    );
    let zalgo = format!("a{}", "\u{301}".repeat(500));
    let error = split(&zalgo, chars(100)).expect_err("one grapheme is too long");
    assert_eq!(error.kind(), ErrorKind::TooLarge);
    assert!(split("ab", chars(1)).is_err(), "no room for a number");
}

#[test]
fn h4_a_long_word_is_no_scheme() -> Result<()> {
    let parts = split(&format!("{}://x", "a".repeat(500)), chars(100))?;
    assert!(parts.iter().any(|part| part.ends_with("://x")), "{parts:?}");
    Ok(())
}

#[test]
fn h4_numbers_take_their_own_room() -> Result<()> {
    let text = "word ".repeat(2000);
    let parts = split(&text, chars(40))?;
    assert!(parts.len() > 100);
    for (index, part) in parts.iter().enumerate() {
        let number = format!("({}/{}) ", index + 1, parts.len());
        assert!(part.starts_with(&number), "{part}");
        assert!(part.chars().count() <= 40);
    }
    Ok(())
}

#[test]
fn h4_a_long_text_is_split_in_order_of_its_length() -> Result<()> {
    let text = "Línea con acentos. ".repeat(20_000);
    let parts = split(&text, platform_limit(Platform::Instagram))?;
    assert!(parts.iter().all(|part| part.len() <= 1000));
    assert_eq!(
        parts
            .iter()
            .map(|part| part.matches("Línea").count())
            .sum::<usize>(),
        20_000
    );
    Ok(())
}

fn texts() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "[a-zñé,]{1,12}",
        "[а-яё.!?]{1,12}",
        "[文字漢詞。]{1,6}",
        Just("👨‍👩‍👧‍👦🇪🇸🇫🇷".to_owned()),
        Just("e\u{301}\u{302}".to_owned()),
        Just(" \u{301}x".to_owned()),
        Just("https://x.example/a?b=c&d=é".to_owned()),
        Just("\n\n".to_owned()),
        Just("\r\n".to_owned()),
        Just(" ".to_owned()),
        Just(". ".to_owned()),
        "\\PC{0,4}",
    ];
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn solid(text: &str) -> Vec<&str> {
    let blank = |piece: &&str| !piece.chars().all(char::is_whitespace);
    text.graphemes(true).filter(blank).collect()
}

proptest! {
    #[test]
    fn h4_nothing_is_lost_and_every_part_fits(
        text in texts(),
        max in 70_usize..200,
        unit in prop_oneof![Just(Unit::Bytes), Just(Unit::Utf16), Just(Unit::Chars)],
    ) {
        let limit = TextLimit::new(max, unit);
        // Links glued to each other may be longer than a message; then nothing is sent at all.
        if let Ok(parts) = split(&text, limit) {
            for part in &parts {
                prop_assert!(limit.fits(part), "{part:?}");
            }
            let one = parts.len() == 1;
            let words: Vec<&str> = parts.iter().map(|part| if one { part } else { bare(part) }).collect();
            let kept: Vec<&str> = words.iter().flat_map(|part| solid(part)).collect();
            prop_assert_eq!(kept, solid(&text), "every grapheme, whole and in order");
            let link = "https://x.example/a?b=c&d=";
            let whole: usize = words.iter().map(|part| part.matches(link).count()).sum();
            prop_assert_eq!(whole, text.matches(link).count(), "no link is cut");
        }
    }

    #[test]
    fn h4_any_text_without_links_can_be_split(text in "[a-zа-я文 \n.!]{0,600}", max in 20_usize..90) {
        let parts = split(&text, TextLimit::new(max, Unit::Bytes));
        prop_assert!(parts.is_ok(), "{parts:?}");
    }
}
