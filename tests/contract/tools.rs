//! The contract of the store of tools.

use std::sync::Arc;

use agentwright::session::adapters::postgres::PostgresStore;
use agentwright::session::adapters::sqlite::SqliteStore;
use agentwright::session::ports::{OwnerId, SessionStore};
use agentwright::tools::adapters;
use agentwright::tools::custom::CustomTool;
use agentwright::tools::models::{Endpoint, Risk};
use agentwright::tools::ports::{Added, Catalog, CatalogTool, MAX_CATALOGS, MAX_TOOLS, ToolStore};
use chrono::{DateTime, Utc};
use serde_json::{Map, json};
use uuid::Uuid;

use crate::servers::fresh_database;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_123 + seconds * 1000).unwrap()
}

fn owner(name: &str) -> OwnerId {
    OwnerId(name.to_owned())
}

fn tool(id: &str) -> CustomTool {
    let endpoint = Endpoint { method: "GET".to_owned(), url: "https://a.example/é?x='%00'".to_owned() };
    CustomTool {
        id: id.to_owned(),
        name: "Ein „Werkzeug“".to_owned(),
        description: "'; DROP TABLE tools; --".to_owned(),
        category: "custom".to_owned(),
        risk: Risk::Read,
        parameters: Map::from_iter([("type".to_owned(), json!("object"))]),
        endpoint: Some(endpoint),
    }
}

fn catalog(number: u128) -> Catalog {
    let tools = vec![CatalogTool { name: "a".to_owned(), description: "b".to_owned() }];
    Catalog { id: Uuid::from_u128(number), name: format!("Nr. {number}"), tools, created_at: at(number as i64) }
}

async fn tools_are_their_owners(store: &dyn ToolStore) {
    let (mine, other) = (owner("mine"), owner("other"));
    let outcome = store.add_tools(&mine, &[tool("b"), tool("a"), tool("b")], at(0)).await.unwrap();
    assert_eq!(outcome, [Added::Done, Added::Done, Added::Exists]);
    assert_eq!(store.add_tools(&other, &[tool("a")], at(1)).await.unwrap(), [Added::Done]);
    assert_eq!(store.tools(&mine).await.unwrap(), [tool("a"), tool("b")]);
    assert!(store.remove_tool(&mine, "a").await.unwrap());
    assert!(!store.remove_tool(&mine, "a").await.unwrap());
    assert_eq!(store.tools(&mine).await.unwrap(), [tool("b")]);
    assert_eq!(store.tools(&other).await.unwrap(), [tool("a")]);
    assert!(store.add_tools(&mine, &[], at(2)).await.unwrap().is_empty());
}

async fn nobody_keeps_more_than_one_may(store: Arc<dyn ToolStore>) {
    let greedy = owner("greedy");
    let many: Vec<CustomTool> = (0..MAX_TOOLS - 1).map(|number| tool(&format!("t{number}"))).collect();
    assert!(store.add_tools(&greedy, &many, at(0)).await.unwrap().iter().all(|added| *added == Added::Done));
    let last = (0..8).map(|number| {
        let (store, greedy) = (store.clone(), greedy.clone());
        tokio::spawn(
            async move { store.add_tools(&greedy, &[tool(&format!("last{number}"))], at(1)).await.unwrap()[0] },
        )
    });
    let mut outcome = Vec::new();
    for one in last.collect::<Vec<_>>() {
        outcome.push(one.await.unwrap());
    }
    assert_eq!(outcome.iter().filter(|added| **added == Added::Done).count(), 1, "{outcome:?}");
    assert_eq!(outcome.iter().filter(|added| **added == Added::Full).count(), 7, "{outcome:?}");
    assert_eq!(store.add_tools(&greedy, &[tool("t0")], at(2)).await.unwrap(), [Added::Exists]);
    for number in 0..MAX_CATALOGS as u128 {
        assert_eq!(store.add_catalog(&greedy, &catalog(1_000 + number)).await.unwrap(), Added::Done);
    }
    assert_eq!(store.add_catalog(&greedy, &catalog(2_000)).await.unwrap(), Added::Full);
}

async fn catalogues_are_their_owners(store: &dyn ToolStore) {
    let (mine, other) = (owner("mine"), owner("other"));
    for number in [2, 1] {
        assert_eq!(store.add_catalog(&mine, &catalog(number)).await.unwrap(), Added::Done);
    }
    let heads = store.catalogs(&mine).await.unwrap();
    let ids: Vec<&str> = heads.iter().map(|head| head.id.as_str()).collect();
    assert_eq!(ids, [catalog(1).id.to_string(), catalog(2).id.to_string()]);
    assert_eq!((heads[0].name.as_str(), heads[0].tools, heads[0].created_at), ("Nr. 1", 1, at(1)));
    let id = catalog(1).id;
    assert_eq!(store.catalog(&mine, id).await.unwrap(), Some(catalog(1).tools));
    assert!(store.has_catalog(&mine, id).await.unwrap());
    assert_eq!(store.catalog(&other, id).await.unwrap(), None);
    assert!(!store.has_catalog(&other, id).await.unwrap() && !store.remove_catalog(&other, id).await.unwrap());
    assert!(store.remove_catalog(&mine, id).await.unwrap());
    assert!(!store.has_catalog(&mine, id).await.unwrap() && store.catalogs(&other).await.unwrap().is_empty());
    store.claim(&mine, &other).await.unwrap();
    assert!(store.has_catalog(&other, catalog(2).id).await.unwrap() && store.catalogs(&mine).await.unwrap().is_empty());
}

async fn all(store: Arc<dyn ToolStore>) {
    tools_are_their_owners(store.as_ref()).await;
    catalogues_are_their_owners(store.as_ref()).await;
    nobody_keeps_more_than_one_may(store.clone()).await;
    store.close().await;
}

#[tokio::test]
async fn sqlite_keeps_tools() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("tools.db").display());
    let sessions = SqliteStore::open(&url).await.unwrap();
    all(adapters::open(&url).unwrap()).await;
    sessions.close().await;
}

#[tokio::test]
async fn postgres_keeps_tools() {
    let url = fresh_database().await;
    let sessions = PostgresStore::open(&url).await.unwrap();
    all(adapters::open(&url).unwrap()).await;
    sessions.close().await;
}
