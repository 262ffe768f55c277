//! Who is asked for what, who after that, and who is left alone.

use std::time::Duration;

use agentwright::llm::models::Purpose;
use agentwright::llm::ports::ModelError;
use agentwright::llm::service::{BreakerState, Models};
use agentwright::llm::settings::{ModelSettings, parse_route};
use futures_util::future::join_all;

use crate::model::{Dialect, ModelServer, Script};
use crate::support::{TOTAL, asked, models_of, open, read, request, timed, until};

/// Both providers, each a server of its own.
fn both(openai: &ModelServer, anthropic: &ModelServer) -> ModelSettings {
    let providers = vec![openai.provider(Dialect::OpenAi), anthropic.provider(Dialect::Anthropic)];
    ModelSettings { providers, total: TOTAL, ..ModelSettings::default() }
}

async fn text(models: &Models, purpose: Purpose) -> String {
    models.collect(purpose, &request()).await.unwrap().text
}

#[tokio::test]
async fn each_purpose_has_its_model_and_the_other_stands_by() {
    let openai = ModelServer::always(Script::text("openai")).await;
    let anthropic = ModelServer::always(Script::text("anthropic")).await;
    let models = open(both(&openai, &anthropic));
    assert_eq!(models.route(Purpose::Extraction).unwrap().provider, "openai");
    assert_eq!(text(&models, Purpose::Extraction).await, "openai");
    assert_eq!(text(&models, Purpose::Phrasing).await, "anthropic");

    let mut settings = both(&openai, &anthropic);
    settings.routes.insert(Purpose::Phrasing, parse_route("openai:small:7b,openai").unwrap());
    let models = open(settings);
    assert_eq!(text(&models, Purpose::Phrasing).await, "openai");
    assert_eq!(openai.requests().last().unwrap().body["model"], "small:7b");
}

#[tokio::test]
async fn the_next_is_asked_while_nothing_has_come() {
    let well = ModelServer::always(Script::text("well")).await;
    for script in [
        Script::status(500),
        Script::status(401),
        Script::complaint("no"),
        Script::rate_limited(Some("30")),
        Script::never(),
        Script::garbage(),
        Script::empty(),
        Script::text("never heard").cut_after(0),
    ] {
        let broken = ModelServer::always(script.clone()).await;
        let models = open(both(&broken, &well));
        let ((name, mut answer), took) =
            timed(async { models.ask(Purpose::Extraction, &request()).await.unwrap() }).await;
        assert_eq!((name.provider.as_str(), read(&mut answer).await.0.as_str()), ("anthropic", "well"), "{script:?}");
        assert!(took < TOTAL, "{took:?}");
    }
    // Words that came are not followed by another's.
    let cut = ModelServer::always(Script::text("half a sentence").in_chunks(1).cut_after(1_000)).await;
    let models = open(both(&cut, &well));
    let (name, mut answer) = models.ask(Purpose::Extraction, &request()).await.unwrap();
    assert_eq!((name.provider.as_str(), read(&mut answer).await.1), ("openai", Err(ModelError::CutOff)));
}

#[tokio::test]
async fn a_refusal_is_not_taken_to_another() {
    let (refuses, other) =
        (ModelServer::always(Script::refusal()).await, ModelServer::always(Script::text("well")).await);
    let answer = open(both(&refuses, &other)).collect(Purpose::Extraction, &request()).await.unwrap();
    assert_eq!((answer.finish, other.requests().len()), (agentwright::llm::models::Finish::Refused, 0));
}

#[tokio::test]
async fn who_fails_repeatedly_is_left_alone() {
    let (broken, well) =
        (ModelServer::always(Script::status(500)).await, ModelServer::always(Script::text("well")).await);
    let models = open(both(&broken, &well));
    for _ in 0..2 {
        assert_eq!(text(&models, Purpose::Extraction).await, "well");
    }
    let asked_before = broken.requests().len();
    assert_eq!(asked_before, 5, "the sixth try is left out");
    let (answer, took) = timed(text(&models, Purpose::Extraction)).await;
    assert_eq!((answer.as_str(), broken.requests().len()), ("well", asked_before));
    assert!(took < Duration::from_millis(150), "{took:?}: nothing is waited for");
    let (_, _, state) = models.providers().remove(0);
    assert_eq!((state.breaker, state.last_error.map(|it| it.kind())), (BreakerState::Open, Some("overloaded")));
    assert_eq!(models.providers()[1].2.breaker, BreakerState::Closed, "the other is not meant");
    // A test by hand asks all the same, and a success closes it.
    let tested = models.test().await;
    assert_eq!((tested[0].outcome.is_err(), tested[1].outcome.is_ok()), (true, true));
    assert_eq!(broken.requests().len(), asked_before + 1);
}

#[tokio::test]
async fn a_success_by_hand_brings_a_provider_back() {
    let server = ModelServer::queue([Script::rate_limited(Some("60")), Script::text("well")]).await;
    let models = models_of(&server, Dialect::OpenAi);
    asked(&models, &request()).await.1.unwrap_err();
    assert_eq!(asked(&models, &request()).await.1, Err(ModelError::Resting));
    models.test().await[0].outcome.clone().unwrap();
    assert_eq!(asked(&models, &request()).await.0, "well");
}

#[tokio::test]
async fn what_one_request_is_refused_for_is_not_held_against_a_provider() {
    for script in [Script::complaint("too long"), Script::empty(), Script::endless()] {
        let server = ModelServer::always(script.clone()).await;
        let models = models_of(&server, Dialect::OpenAi);
        for _ in 0..3 {
            let _ = asked(&models, &request()).await;
        }
        assert_eq!(models.providers()[0].2.breaker, BreakerState::Closed, "{script:?}");
    }
}

#[tokio::test]
async fn only_so_many_requests_are_with_a_provider() {
    let server = ModelServer::always(Script::text("well").delayed(Duration::from_millis(100))).await;
    let models = open(ModelSettings { total: TOTAL, concurrency: 2, ..server.settings() });
    let request = request();
    let answers = join_all((0..8).map(|_| models.collect(Purpose::Phrasing, &request))).await;
    assert!(answers.iter().all(Result::is_ok), "{answers:?}");
    assert_eq!(server.most_under_way(), 2);

    // Who finds no place in time is told so, and the place of who leaves is free.
    let server = ModelServer::always(Script::endless().paced(Duration::from_millis(5))).await;
    let models = open(ModelSettings { total: TOTAL, concurrency: 1, ..server.settings() });
    let (_, answer) = models.ask(Purpose::Phrasing, &request).await.unwrap();
    let (end, took) = timed(asked(&models, &request)).await;
    assert_eq!(end.1, Err(ModelError::Busy));
    assert!(took < TOTAL / 2, "{took:?}");
    drop(answer);
    until("the place to be free", || server.under_way() == 0).await;
    models.ask(Purpose::Phrasing, &request).await.map(drop).unwrap();
}

#[tokio::test]
async fn no_model_is_not_waited_for() {
    assert_eq!(open(ModelSettings::default()).total(), Duration::ZERO);
    let server = ModelServer::always(Script::text("well")).await;
    assert_eq!(models_of(&server, Dialect::OpenAi).total(), TOTAL);
}
