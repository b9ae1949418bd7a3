//! Voice notes (A6).

use std::time::Duration;

use serde_json::json;
use x8_assistant::{
    openai::{Dialect, OpenAiTranscriber},
    transcribe::{Recording, Transcriber},
};
use x8_core::{ErrorKind, Result};

use super::{
    rig::{answer, config, failed},
    server::{Answer, Seen, Server},
};

fn note(file_name: &str) -> Recording<'_> {
    Recording {
        bytes: b"OggS....",
        file_name,
        length: Some(Duration::from_secs(3)),
        language: Some("es"),
    }
}

async fn hear(
    answers: Vec<Answer>,
    recording: Recording<'_>,
) -> Result<(Result<Option<String>>, Vec<Seen>)> {
    let server = Server::start(answers).await.map_err(failed)?;
    let config = config(&server, Dialect::OpenAi);
    let words = OpenAiTranscriber::new(&config)?.transcribe(recording).await;
    Ok((words, server.seen()))
}

fn said(text: &str) -> Vec<Answer> {
    vec![Answer::json(
        200,
        &json!({ "text": text, "usage": { "type": "duration", "seconds": 3 } }),
    )]
}

#[tokio::test]
async fn a6_a_telegram_note_goes_out_as_ogg() -> Result<()> {
    for (name, sent, media) in [
        ("file_7.oga", "voice.ogg", "audio/ogg"),
        ("NOTE.OPUS", "voice.ogg", "audio/ogg"),
        ("voice.ogg", "voice.ogg", "audio/ogg"),
        ("call.mp4", "voice.m4a", "audio/mp4"),
        ("a.mpga", "voice.mp3", "audio/mpeg"),
        // No name that tells: its first bytes do.
        ("voice", "voice.ogg", "audio/ogg"),
        ("voice.bin", "voice.ogg", "audio/ogg"),
    ] {
        let (words, seen) = hear(said(" Dos ramos, por favor "), note(name)).await?;
        assert_eq!(words?.as_deref(), Some("Dos ramos, por favor"), "{name}");
        let body = String::from_utf8_lossy(&seen[0].body).into_owned();
        assert_eq!(seen[0].path, "/v1/audio/transcriptions");
        for part in [
            &format!("filename=\"{sent}\""),
            &format!("Content-Type: {media}"),
            "OggS....",
            "test-model",
            "name=\"language\"\r\n\r\nes",
            "json",
        ] {
            assert!(body.contains(part), "{name}: {part} in {body}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a6_silence_says_nothing() -> Result<()> {
    for text in [
        "",
        "  ",
        ".",
        "…",
        "[BLANK_AUDIO]",
        "(music playing)",
        "*silence*",
        "♪",
    ] {
        let (words, _) = hear(said(text), note("voice.oga")).await?;
        assert_eq!(words?, None, "{text}");
    }
    for text in ["Sí", "5", "(dos) o [tres]", "да."] {
        let (words, _) = hear(said(text), note("voice.oga")).await?;
        assert_eq!(words?.as_deref(), Some(text));
    }
    let (words, seen) = hear(
        said("Thank you for watching!"),
        Recording {
            length: Some(Duration::from_millis(200)),
            ..note("voice.oga")
        },
    )
    .await?;
    assert!(
        words?.is_none() && seen.is_empty(),
        "a click is not sent at all"
    );
    let (words, seen) = hear(
        said("Thank you for watching!"),
        Recording {
            bytes: b"",
            ..note("voice.oga")
        },
    )
    .await?;
    assert!(words?.is_none() && seen.is_empty());
    Ok(())
}

#[tokio::test]
async fn a6_what_cannot_be_heard_is_refused_before_it_is_sent() -> Result<()> {
    let large = vec![0; 25 * 1024 * 1024 + 1];
    let (words, seen) = hear(
        vec![],
        Recording {
            bytes: &large,
            ..note("voice.oga")
        },
    )
    .await?;
    assert_eq!(
        (words.unwrap_err().kind(), seen.len()),
        (ErrorKind::TooLarge, 0)
    );
    let (words, seen) = hear(
        vec![],
        Recording {
            bytes: b"#!AMR",
            ..note("voice.amr")
        },
    )
    .await?;
    assert_eq!(
        (words.unwrap_err().kind(), seen.len()),
        (ErrorKind::Unsupported, 0)
    );
    Ok(())
}

#[tokio::test]
async fn a6_failures_are_tried_again_and_told() -> Result<()> {
    let (status, body) = answer("openai", "fault")?;
    let mut script = vec![Answer::json(status, &body)];
    script.extend(said("Hola"));
    let (words, seen) = hear(script, note("voice.oga")).await?;
    assert_eq!((words?.as_deref(), seen.len()), (Some("Hola"), 2));
    assert_eq!(
        seen[0].body.len(),
        seen[1].body.len(),
        "the whole recording once more"
    );
    let (status, body) = answer("openai", "quota")?;
    let (words, _) = hear(vec![Answer::json(status, &body)], note("voice.oga")).await?;
    assert_eq!(words.unwrap_err().kind(), ErrorKind::PaymentRequired);
    let plain = Answer::Whole(
        200,
        vec![("content-type", "text/plain".to_owned())],
        "Hola\n".to_owned(),
    );
    let (words, _) = hear(vec![plain], note("voice.oga")).await?;
    assert_eq!(words?.as_deref(), Some("Hola"));
    Ok(())
}
