//! G13: the privacy policy goes out once, below the first reply, and what that means for images and videos.

use std::sync::Arc;

use unicode_segmentation::UnicodeSegmentation;
use x8_assistant::{model::ScriptedModel, phrases::Phrases, pipeline::TurnPipeline};
use x8_core::{Result, catalog::Catalog, channel::Platform, port::Assistant};

use crate::guided::driver::{Talk, catalog};

const POLICY: &str = "https://flowers.example.com/privacy";

fn shop(platform: Platform) -> Result<Talk> {
    let mut talk = Talk::new(catalog("flowers")?, platform)?;
    talk.settings.privacy_policy = Some(POLICY.to_owned());
    Ok(talk)
}

#[test]
fn g13_the_policy_goes_out_once_in_the_customers_language() -> Result<()> {
    for (hello, label) in [
        ("Hello, what do you sell?", "Privacy policy: "),
        (
            "Здравствуйте, что у вас есть?",
            "Политика конфиденциальности: ",
        ),
        ("Hola, ¿qué tienen?", "Política de privacidad: "),
        (
            "Guten Tag, was haben Sie im Angebot?",
            "Datenschutzerklärung: ",
        ),
    ] {
        let mut talk = shop(Platform::Telegram)?;
        let first = talk.say(&[hello])?;
        let below = format!("\n\n{label}{POLICY}");
        assert!(first.text.ends_with(&below), "{}", first.text);
        assert_eq!(first.reply["response"], first.text.as_str());
        assert!(talk.session.policy_sent);
        let second = talk.say(&["ok"])?;
        assert!(!second.text.contains(POLICY), "{}", second.text);
    }
    Ok(())
}

#[test]
fn g13_without_a_policy_nothing_is_added() -> Result<()> {
    for policy in [None, Some(String::new()), Some("  ".to_owned())] {
        let mut talk = shop(Platform::Telegram)?;
        talk.settings.privacy_policy = policy;
        let plain = Talk::new(catalog("flowers")?, Platform::Telegram)?.say(&["Hello"])?;
        let answer = talk.say(&["Hello"])?;
        assert_eq!((answer.text, talk.session.policy_sent), (plain.text, false));
    }
    Ok(())
}

#[test]
fn g2_the_reply_with_the_policy_fits_the_channel() -> Result<()> {
    let long = "Everything about our roses. ".repeat(400);
    let output = serde_json::json!({ "response": long }).to_string();
    for (platform, limit) in [
        (Platform::Instagram, 800),
        (Platform::Facebook, 1950),
        (Platform::Whatsapp, 3800),
    ] {
        let mut talk = shop(platform)?;
        let model = ScriptedModel::new([Ok(output.clone())]);
        talk.pipeline = TurnPipeline::new(Arc::new(model), Arc::new(Phrases::new()?));
        let answer = talk.say(&["Tell me about roses"])?;
        let length = answer.text.graphemes(true).count();
        assert!(
            length <= limit && answer.text.ends_with(POLICY),
            "{platform:?}: {length}"
        );
    }
    Ok(())
}

#[test]
fn g13_with_the_policy_an_image_goes_only_when_there_is_one_row() -> Result<()> {
    let ask = "How much is the bouquet of 20 roses?";
    let mut talk = shop(Platform::Telegram)?;
    let first = talk.say(&[ask])?;
    assert_eq!((first.image, &first.reply["imageurl"]), (None, &"".into()));
    let second = talk.say(&[ask])?;
    assert!(second.image.is_some(), "{second:?}");
    let third = talk.say(&[ask])?;
    assert_eq!(third.image, None, "once per conversation");

    let mut talk = shop(Platform::Telegram)?;
    let rows = talk.catalog.offerings().iter();
    let only = rows
        .filter(|row| row.sku.as_str() == "202")
        .cloned()
        .collect();
    talk.catalog = Arc::new(Catalog::detached(only));
    let first = talk.say(&["Hello"])?;
    assert_eq!(
        first.image.as_deref(),
        Some("https://media.example.com/flowers/202.jpg")
    );
    Ok(())
}

#[test]
fn g13_a_turn_computed_again_carries_the_policy_again() -> Result<()> {
    let talk = shop(Platform::Telegram)?;
    let input = talk.input(&["Hello"]);
    let answer = pollster::block_on(talk.pipeline.answer(&input))?;
    assert!(answer.session.policy_sent && !answer.held);
    let again = pollster::block_on(talk.pipeline.answer(&input))?;
    assert_eq!(answer, again, "a turn that is computed again says the same");
    Ok(())
}
