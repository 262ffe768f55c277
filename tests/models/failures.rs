//! Servers that are slow, broken or wrong: what comes back, within its limit, and how often they are asked.

use std::time::Duration;

use agentwright::llm::models::{Finish, Purpose};
use agentwright::llm::ports::{ModelError, Phase};
use agentwright::llm::settings::{ModelSettings, ProviderSettings};

use crate::model::{Dialect, ModelServer, Script};
use crate::support::{MANY_BYTES, TOTAL, asked, models_of, open, request, timed};

/// Of what may be left over when a limit has passed.
const SLACK: Duration = Duration::from_millis(800);

/// How a request ends with a server of this script, how often it was asked, and how long that took.
async fn end_with(script: Script, dialect: Dialect) -> (Result<Finish, ModelError>, usize, Duration) {
    let server = ModelServer::always(script).await;
    let models = models_of(&server, dialect);
    let (collected, took) = timed(models.collect(Purpose::Phrasing, &request())).await;
    (collected.map(|answer| answer.finish), server.requests().len(), took)
}

#[tokio::test]
async fn what_passes_is_tried_three_times_and_then_told() {
    let (overloaded, limited) =
        (|status| ModelError::Overloaded { status, retry_after: None }, ModelError::RateLimited { retry_after: None });
    for dialect in Dialect::BOTH {
        for (script, error) in [
            (Script::status(500), overloaded(500)),
            (Script::status(503), overloaded(503)),
            (Script::status(529), overloaded(529)),
            (Script::rate_limited(None), limited.clone()),
            (Script::garbage(), ModelError::Garbled),
            (Script::raw(b"data: {\"truncated\": \n\n"), ModelError::Garbled),
            (Script::raw(b""), ModelError::CutOff),
            (Script::empty(), ModelError::Empty),
            (Script::text(" \n "), ModelError::Empty),
            (Script::text(MANY_BYTES).cut_after(0), ModelError::CutOff),
            (Script::text(MANY_BYTES).in_chunks(1).cut_after(900), ModelError::CutOff),
        ] {
            let (end, times, took) = end_with(script.clone(), dialect).await;
            assert_eq!((end, times), (Err(error), 3), "{dialect:?} {script:?}");
            assert!(
                (Duration::from_millis(600)..TOTAL).contains(&took),
                "{took:?}: it pauses, twice as long each time"
            );
        }
    }
}

#[tokio::test]
async fn what_does_not_pass_is_told_at_once() {
    for dialect in Dialect::BOTH {
        for (script, error) in [
            (Script::status(401), ModelError::Unauthorized),
            (Script::status(403), ModelError::Unauthorized),
            (Script::status(404), ModelError::Rejected { status: 404 }),
            (Script::status(302), ModelError::Rejected { status: 302 }),
            (Script::endless(), ModelError::TooLong),
            (Script::raw(&[b'd'; 600_000]), ModelError::TooLong),
        ] {
            let (end, times, took) = end_with(script.clone(), dialect).await;
            assert_eq!((end, times), (Err(error), 1), "{dialect:?} {script:?}");
            assert!(took < TOTAL, "{took:?}");
        }
    }
}

#[tokio::test]
async fn refusals_and_cut_answers_are_answers() {
    for dialect in Dialect::BOTH {
        assert_eq!(end_with(Script::refusal(), dialect).await.0, Ok(Finish::Refused), "{dialect:?}");
        assert_eq!(end_with(Script::truncated(r#"{"goal": "#), dialect).await.0, Ok(Finish::Length), "{dialect:?}");
    }
}

#[tokio::test]
async fn each_phase_has_its_limit() {
    let (first, idle) = (TOTAL / 2, TOTAL / 4);
    for dialect in Dialect::BOTH {
        // Neither is asked again: half of the time is gone.
        for script in [Script::never(), Script::silence(), Script::text("a").delayed(TOTAL)] {
            let (end, times, took) = end_with(script.clone(), dialect).await;
            assert_eq!((end, times), (Err(ModelError::TimedOut(Phase::FirstByte)), 1), "{dialect:?} {script:?}");
            assert!((first..first + SLACK).contains(&took), "{took:?}");
        }
        let pausing = Script::text(MANY_BYTES).in_chunks(5).paced(TOTAL);
        let (end, times, took) = end_with(pausing, dialect).await;
        assert_eq!((end, times), (Err(ModelError::TimedOut(Phase::Idle)), 1), "{dialect:?}");
        assert!((idle..idle + SLACK).contains(&took), "{took:?}");
        // Bytes come all the time, words never.
        let (end, times, took) = end_with(Script::text(MANY_BYTES).in_bytes(1).paced(idle / 2), dialect).await;
        assert_eq!((end, times), (Err(ModelError::TimedOut(Phase::Total)), 1), "{dialect:?}");
        assert!((TOTAL..TOTAL + SLACK).contains(&took), "{took:?}");
    }
}

#[tokio::test]
async fn nobody_there_is_known_soon() {
    let server = ModelServer::always(Script::never()).await;
    let mut settings = server.settings();
    drop(server);
    settings.total = TOTAL;
    let (end, took) = timed(asked(&open(settings.clone()), &request())).await;
    assert_eq!(end.1, Err(ModelError::Unreachable));
    assert!(took < TOTAL / 2, "{took:?}");
    // An address that swallows what is sent to it.
    let nowhere = ProviderSettings { base_url: "http://192.0.2.1:9/v1".to_owned(), ..settings.providers.remove(0) };
    settings.providers.push(nowhere);
    let (end, took) = timed(asked(&open(settings), &request())).await;
    assert!(matches!(end.1, Err(ModelError::TimedOut(Phase::Connect) | ModelError::Unreachable)), "{end:?}");
    assert!(took < TOTAL, "{took:?}");
}

#[tokio::test]
async fn an_answer_that_broke_off_keeps_what_came() {
    for dialect in Dialect::BOTH {
        let server = ModelServer::always(Script::text(MANY_BYTES).in_chunks(1).in_bytes(1).cut_after(1_500)).await;
        let (text, end) = asked(&models_of(&server, dialect), &request()).await;
        assert_eq!((end, server.requests().len()), (Err(ModelError::CutOff), 1), "{dialect:?}: words came");
        assert!(!text.is_empty() && MANY_BYTES.starts_with(&text), "{text}");
    }
}

#[tokio::test]
async fn a_server_that_recovers_is_asked_when_it_wants_to_be() {
    for dialect in Dialect::BOTH {
        let server = ModelServer::queue([Script::status(529), Script::text("well")]).await;
        let (text, end) = asked(&models_of(&server, dialect), &request()).await;
        assert_eq!((text.as_str(), end, server.requests().len()), ("well", Ok(Finish::Done), 2));

        let server = ModelServer::queue([Script::rate_limited(Some("0.9")), Script::text("well")]).await;
        let (answer, took) = timed(asked(&models_of(&server, dialect), &request())).await;
        assert_eq!(answer.0, "well");
        assert!((Duration::from_millis(900)..Duration::from_millis(900) + SLACK).contains(&took), "{took:?}");

        // Longer than anybody waits: told at once, and left alone for as long.
        let server = ModelServer::queue([Script::rate_limited(Some("60")), Script::text("well")]).await;
        let models = models_of(&server, dialect);
        let (answer, took) = timed(asked(&models, &request())).await;
        let retry_after = Some(Duration::from_secs(60));
        assert_eq!(answer.1, Err(ModelError::RateLimited { retry_after }));
        assert!(took < SLACK, "{took:?}");
        assert_eq!(asked(&models, &request()).await.1, Err(ModelError::Resting));
        assert_eq!(server.requests().len(), 1);
    }
}

#[tokio::test]
async fn a_broken_answer_is_collected_again() {
    for dialect in Dialect::BOTH {
        let cut = Script::text(MANY_BYTES).in_chunks(1).cut_after(1_500);
        let server = ModelServer::queue([cut, Script::text("well")]).await;
        let answer = models_of(&server, dialect).collect(Purpose::Extraction, &request()).await.unwrap();
        assert_eq!((answer.text.as_str(), server.requests().len()), ("well", 2));
    }
}

#[tokio::test]
async fn an_answer_whose_words_were_all_there_is_whole() {
    // The connection breaks after the last word, before the end is marked.
    let whole = br#"data: {"choices":[{"delta":{"content":"well"},"finish_reason":"stop"}]}"#;
    let server = ModelServer::always(Script::raw(&[whole, &b"\n\n"[..]].concat()).cut_after(whole.len() + 2)).await;
    let (text, end) = asked(&models_of(&server, Dialect::OpenAi), &request()).await;
    assert_eq!((text.as_str(), end), ("well", Ok(Finish::Done)));
}

#[tokio::test]
async fn without_models_there_is_an_error_at_once() {
    let models = open(ModelSettings::default());
    assert!(models.is_empty() && models.route(Purpose::Phrasing).is_none());
    assert_eq!(asked(&models, &request()).await.1, Err(ModelError::NotConfigured));
}
