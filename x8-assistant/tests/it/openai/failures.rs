//! Waiting, trying again, giving up (A11).

use std::time::Duration;

use serde_json::json;
use x8_assistant::{
    model::ChatModel,
    openai::{Dialect, OpenAiConfig, OpenAiModel, Timeouts},
};
use x8_core::{ErrorKind, Result, Retry};

use super::{
    rig::{Rig, answer, answers, ask, ask_with, config, failed},
    server::{Answer, Server},
};

fn told(name: &str) -> Result<Answer> {
    let (status, body) = answer("openai", name)?;
    Ok(Answer::json(status, &body))
}

#[tokio::test]
async fn a11_passing_failures_are_tried_again() -> Result<()> {
    for first in [
        told("fault")?,
        Answer::json(408, &json!({})),
        Answer::json(409, &json!({})),
        told("rate")?.with("retry-after-ms", "1"),
        told("rate")?.with("retry-after", "0"),
        Answer::Cut,
        Answer::Whole(200, vec![], "<html>".to_owned()),
        Answer::json(200, &json!({})),
        Answer::json(
            200,
            &json!({ "error": { "message": "upstream failed", "code": 502 } }),
        ),
    ] {
        let (output, seen) = ask(Dialect::OpenAi, vec![first.clone(), told("reply")?]).await?;
        assert!(output.is_ok() && seen.len() == 2, "{first:?}: {output:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a11_lasting_failures_are_not() -> Result<()> {
    for (first, kind) in [
        (told("key")?, ErrorKind::Unauthenticated),
        (Answer::json(403, &json!({})), ErrorKind::Forbidden),
        (Answer::json(402, &json!({})), ErrorKind::PaymentRequired),
        (told("quota")?, ErrorKind::PaymentRequired),
        (
            told("quota")?.with("retry-after", "0"),
            ErrorKind::PaymentRequired,
        ),
        (
            Answer::json(400, &json!({ "error": { "message": "messages: too few" } })),
            ErrorKind::Invalid,
        ),
        (Answer::json(413, &json!({})), ErrorKind::TooLarge),
        (Answer::json(501, &json!({})), ErrorKind::Unavailable),
        (
            told("fault")?.with("x-should-retry", "false"),
            ErrorKind::Unavailable,
        ),
    ] {
        let (output, seen) = ask(Dialect::OpenAi, vec![first.clone(), told("reply")?]).await?;
        let error = output.unwrap_err();
        assert_eq!((error.kind(), seen.len()), (kind, 1), "{first:?}: {error}");
    }
    Ok(())
}

#[tokio::test]
async fn a11_the_servers_own_word_decides() -> Result<()> {
    let odd = Answer::json(400, &json!({ "error": { "message": "try me" } }))
        .with("x-should-retry", "true");
    let (output, seen) = ask(Dialect::OpenAi, vec![odd, told("reply")?]).await?;
    assert!(output.is_ok() && seen.len() == 2);
    Ok(())
}

#[tokio::test]
async fn a11_a_long_wait_is_told_and_not_waited() -> Result<()> {
    let (output, seen) = ask(
        Dialect::OpenAi,
        vec![
            told("rate")?
                .with("retry-after", "60")
                .with("x-request-id", "req_7"),
            told("reply")?,
        ],
    )
    .await?;
    let error = output.unwrap_err();
    assert_eq!((error.kind(), seen.len()), (ErrorKind::RateLimited, 1));
    assert_eq!(error.retry(), Retry::After(Duration::from_secs(60)));
    assert!(error.to_string().contains("request_id=req_7"), "{error}");
    Ok(())
}

#[tokio::test]
async fn a11_a_server_that_stays_silent_is_left() -> Result<()> {
    let brief = |config| OpenAiConfig {
        timeouts: Timeouts {
            request: Duration::from_millis(80),
            ..Timeouts::default()
        },
        ..config
    };
    let (output, seen) =
        ask_with(Dialect::OpenAi, vec![Answer::Never, told("reply")?], brief).await?;
    assert_eq!(
        (output.unwrap_err().kind(), seen.len()),
        (ErrorKind::Unavailable, 1),
        "the next try would be as late"
    );
    Ok(())
}

#[tokio::test]
async fn a11_nobody_there_is_unavailable() -> Result<()> {
    let gone = Server::start([]).await.map_err(failed)?;
    let config = config(&gone, Dialect::OpenAi);
    drop(gone);
    let error = OpenAiModel::new(config)?
        .complete(&Rig::new()?.request())
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Unavailable);
    Ok(())
}

#[tokio::test]
async fn a11_a_dropped_turn_ends_its_call() -> Result<()> {
    let server = Server::start([Answer::Never]).await.map_err(failed)?;
    let model = OpenAiModel::new(config(&server, Dialect::OpenAi))?;
    let rig = Rig::new()?;
    let request = rig.request();
    tokio::select! {
        answer = model.complete(&request) => panic!("answered: {answer:?}"),
        () = server.asked() => {}
    }
    // The call was dropped with the lost branch; the server sees its connection close.
    server.left().await;
    assert_eq!(server.seen().len(), 1);
    Ok(())
}

#[tokio::test]
async fn h6_no_redirect_is_followed() -> Result<()> {
    let other = Server::start(answers("openai", &["reply"])?)
        .await
        .map_err(failed)?;
    let away = Answer::Whole(
        307,
        vec![("location", format!("{}/chat/completions", other.url))],
        String::new(),
    );
    let (output, _) = ask(Dialect::OpenAi, vec![away]).await?;
    assert_eq!(output.unwrap_err().kind(), ErrorKind::Invalid);
    assert!(other.seen().is_empty(), "the key stays here");
    Ok(())
}

#[tokio::test]
async fn a11_an_endless_answer_is_not_read_to_its_end() -> Result<()> {
    let endless = Answer::Whole(200, vec![], "x".repeat(5 * 1024 * 1024));
    let (output, seen) = ask(Dialect::OpenAi, vec![endless]).await?;
    assert_eq!(
        (output.unwrap_err().kind(), seen.len()),
        (ErrorKind::Unavailable, 1)
    );
    Ok(())
}
