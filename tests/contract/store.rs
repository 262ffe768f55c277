//! The store's contract.

use std::sync::Arc;

use agentwright::intent::models::{Change, FieldId};
use agentwright::session::adapters::postgres::PostgresStore;
use agentwright::session::adapters::sqlite::SqliteStore;
use agentwright::session::models::{Message, Role, SessionId, Stage, Status};
use agentwright::session::ports::{
    AnsweredRequest, Cause, Commit, Committed, ExportRecord, Finals, Freshness, ListCursor, ListQuery, NewMessage,
    NewRequest, NewRevision, NewSession, OwnerId, SessionState, SessionStore, Step, StoredSession, Summary,
};
use chrono::{DateTime, Duration, Utc};

use crate::servers::fresh_database;

/// A fresh database, and how to open a store on it.
enum Place {
    Sqlite(tempfile::TempDir),
    Postgres(String),
}

impl Place {
    fn sqlite() -> Place {
        Place::Sqlite(tempfile::tempdir().unwrap())
    }

    async fn postgres() -> Place {
        Place::Postgres(fresh_database().await)
    }

    async fn open(&self) -> Arc<dyn SessionStore> {
        match self {
            Place::Sqlite(folder) => Arc::new(SqliteStore::open(&sqlite_url(folder)).await.unwrap()),
            Place::Postgres(url) => Arc::new(PostgresStore::open(url).await.unwrap()),
        }
    }
}

fn sqlite_url(folder: &tempfile::TempDir) -> String {
    format!("sqlite://{}", folder.path().join("new/folder/contract.db").display())
}

fn id(last: u32) -> SessionId {
    SessionId::parse(&format!("00000000-0000-4000-8000-{last:012}")).unwrap()
}

fn owner(name: &str) -> OwnerId {
    OwnerId(name.to_owned())
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_800_000_000_123).unwrap() + Duration::seconds(seconds)
}

fn state(seconds: i64) -> SessionState {
    SessionState {
        status: Status::Active,
        stage: Stage::CollectingBasics,
        summary: Summary {
            title: "Phone receptionist".to_owned(),
            description: "Answer the phone".to_owned(),
            fields_known: 2,
            required_left: 3,
        },
        spec_json: r#"{"spec_version":"1"}"#.to_owned(),
        interview_json: format!(r#"{{"user_messages":{seconds}}}"#),
        updated_at: at(seconds),
        expires_at: at(seconds + 3600),
        completed_at: None,
        finals: None,
    }
}

fn message(seq: u32, content: &str) -> Message {
    let role = if seq.is_multiple_of(2) { Role::Assistant } else { Role::User };
    Message { seq, role, content: content.to_owned(), created_at: at(seq.into()) }
}

fn session(last: u32, owner: Option<OwnerId>) -> NewSession {
    NewSession {
        id: id(last),
        owner,
        created_at: at(0),
        step: Step {
            state: state(0),
            messages: vec![message(0, "What should it do?").into()],
            revision: None,
            snapshot: None,
            request: None,
        },
    }
}

fn turn(last: u32, from_version: u64, client_id: Option<&str>) -> Commit {
    let seq = u32::try_from(from_version).unwrap() * 2 - 1;
    let said = NewMessage {
        message: message(seq, "Answer 100% of _calls_ <b>'); --"),
        client_message_id: client_id.map(str::to_owned),
    };
    let changes = vec![Change { field: FieldId::Goals, before: Vec::new(), after: vec!["Answer calls".to_owned()] }];
    let step = Step {
        state: state(i64::from(seq)),
        messages: vec![said, message(seq + 1, "And the tone? 🦷").into()],
        revision: Some(NewRevision {
            cause: Cause::Message,
            reason: "said".to_owned(),
            changes,
            message_seq: Some(seq),
        }),
        snapshot: Some(format!("{{\"of\":{seq}}}")),
        request: client_id.map(|id| NewRequest {
            key: id.to_owned(),
            answered: AnsweredRequest { request: "said".to_owned(), answer_json: format!("{{\"to\":\"{id}\"}}") },
        }),
    };
    Commit { id: id(last), from_version, step }
}

fn query(owner: OwnerId) -> ListQuery {
    ListQuery { owner, status: None, text: String::new(), after: None, limit: 10 }
}

async fn ids(store: &dyn SessionStore, query: &ListQuery) -> Vec<SessionId> {
    store.list(query).await.unwrap().into_iter().map(|head| head.id).collect()
}

async fn what_is_not_there_is_none(place: Place) {
    let store = place.open().await;
    assert_eq!(store.load(&id(1)).await.unwrap(), None);
    assert_eq!(store.head(&id(1)).await.unwrap(), None);
    assert_eq!(store.freshness(&id(1)).await.unwrap(), None);
    assert_eq!(store.answer(&id(1), "a").await.unwrap(), None);
    assert!(store.messages(&id(1), None, 10).await.unwrap().is_empty());
    assert!(store.revisions(&id(1)).await.unwrap().is_empty());
    assert!(store.snapshots(&id(1), 9, 9).await.unwrap().is_empty());
    assert!(store.exports(&id(1)).await.unwrap().is_empty());
    assert!(!store.rename(&id(1), "x").await.unwrap());
    assert!(!store.delete(&id(1)).await.unwrap());
    assert_eq!(store.commit(turn(1, 1, None)).await.unwrap(), Committed::Gone);
    store.ping().await.unwrap();
}

async fn a_turn_is_kept_whole(place: Place) {
    let store = place.open().await;
    store.create(session(1, Some(owner("o")))).await.unwrap();
    assert_eq!(store.commit(turn(1, 1, Some("c1"))).await.unwrap(), Committed::Done { version: 2 });
    store.close().await;

    let store = place.open().await;
    let expected = StoredSession {
        id: id(1),
        owner: Some(owner("o")),
        created_at: at(0),
        version: 2,
        message_count: 3,
        state: state(1),
    };
    assert_eq!(store.load(&id(1)).await.unwrap(), Some(expected));
    let fresh = Freshness { version: 2, status: Status::Active, owner: Some(owner("o")) };
    assert_eq!(store.freshness(&id(1)).await.unwrap(), Some(fresh));
    let commit = turn(1, 1, Some("c1"));
    let said: Vec<Message> = commit.step.messages.into_iter().map(|new| new.message).collect();
    assert_eq!(store.messages(&id(1), Some(0), 10).await.unwrap(), said);
    assert_eq!(store.messages(&id(1), None, 1).await.unwrap(), vec![message(0, "What should it do?")]);
    let answer = AnsweredRequest { request: "said".to_owned(), answer_json: "{\"to\":\"c1\"}".to_owned() };
    assert_eq!(store.answer(&id(1), "c1").await.unwrap(), Some(answer));
    let revisions = store.revisions(&id(1)).await.unwrap();
    assert_eq!(revisions.len(), 1);
    assert_eq!((revisions[0].version, revisions[0].created_at), (2, at(1)));
    assert_eq!(Some(&revisions[0].revision), commit.step.revision.as_ref());
    store.commit(turn(1, 2, None)).await.unwrap();
    let one = id(1);
    let snapshots = |up_to, limit| store.snapshots(&one, up_to, limit);
    let (first, second) = ((2, "{\"of\":1}".to_owned()), (3, "{\"of\":3}".to_owned()));
    assert_eq!(snapshots(9, 9).await.unwrap(), [second.clone(), first.clone()]);
    assert_eq!(snapshots(9, 1).await.unwrap(), [second]);
    assert_eq!(snapshots(2, 9).await.unwrap(), [first]);
}

async fn a_lost_race_keeps_nothing(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    store.commit(turn(1, 1, None)).await.unwrap();
    let before = store.load(&id(1)).await.unwrap();
    assert_eq!(store.commit(turn(1, 1, None)).await.unwrap(), Committed::Conflict { version: 2 });
    assert_eq!(store.commit(turn(1, 7, None)).await.unwrap(), Committed::Conflict { version: 2 });
    assert_eq!(store.load(&id(1)).await.unwrap(), before);
    assert_eq!(store.messages(&id(1), None, 10).await.unwrap().len(), 3);
}

async fn a_repeated_message_keeps_nothing(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    store.create(session(2, None)).await.unwrap();
    store.commit(turn(1, 1, Some("same"))).await.unwrap();
    assert_eq!(store.commit(turn(1, 2, Some("same"))).await.unwrap(), Committed::Repeated);
    assert_eq!(store.commit(turn(1, 1, Some("same"))).await.unwrap(), Committed::Repeated);
    assert_eq!(store.messages(&id(1), None, 10).await.unwrap().len(), 3);
    let other = store.commit(turn(2, 1, Some("same"))).await.unwrap();
    assert_eq!(other, Committed::Done { version: 2 }, "ids are a session's own");
}

async fn of_many_at_once_one_wins_each_version(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    store.create(session(2, None)).await.unwrap();
    let race = (0..20).map(|_| {
        let store = store.clone();
        tokio::spawn(async move { store.commit(turn(1, 1, None)).await.unwrap() })
    });
    let bad = tokio::spawn({
        let store = store.clone();
        // The same `seq` twice breaks a constraint: it must fail alone.
        async move {
            let mut commit = turn(2, 1, None);
            commit.step.messages[1].message.seq = commit.step.messages[0].message.seq;
            store.commit(commit).await
        }
    });
    let mut done = 0;
    for task in race.collect::<Vec<_>>() {
        done += u32::from(task.await.unwrap() == Committed::Done { version: 2 });
    }
    assert_eq!(done, 1);
    assert!(bad.await.unwrap().is_err());
    let untouched = store.load(&id(2)).await.unwrap().unwrap();
    assert_eq!((untouched.version, untouched.message_count), (1, 1));
    assert_eq!(store.messages(&id(2), None, 10).await.unwrap().len(), 1);
}

async fn completion_is_kept_and_taken_back(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    let finals = Finals { prompt: "You are".to_owned(), workflow_json: "{}".to_owned(), tools_json: "[]".to_owned() };
    let mut commit = turn(1, 1, None);
    commit.step.state.status = Status::Completed;
    commit.step.state.stage = Stage::Completed;
    commit.step.state.completed_at = Some(at(9));
    commit.step.state.finals = Some(finals);
    let completed = commit.step.state.clone();
    store.commit(commit).await.unwrap();
    assert_eq!(store.load(&id(1)).await.unwrap().unwrap().state, completed);
    store.commit(turn(1, 2, None)).await.unwrap();
    assert_eq!(store.load(&id(1)).await.unwrap().unwrap().state, state(3));
}

async fn a_title_of_the_owners_own_stays(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    assert!(store.rename(&id(1), "Front desk").await.unwrap());
    store.commit(turn(1, 1, None)).await.unwrap();
    assert_eq!(store.head(&id(1)).await.unwrap().unwrap().summary.title, "Front desk");
}

async fn lists_are_the_owners_own_searched_and_paged(place: Place) {
    let store = place.open().await;
    for last in 1..=3 {
        store.create(session(last, Some(owner("o")))).await.unwrap();
    }
    store.create(session(4, Some(owner("p")))).await.unwrap();
    store.create(session(5, None)).await.unwrap();
    store.commit(turn(2, 1, None)).await.unwrap();
    store.rename(&id(3), "Night 50% desk").await.unwrap();

    let all = query(owner("o"));
    assert_eq!(ids(store.as_ref(), &all).await, [id(2), id(3), id(1)], "the last changed first");
    assert_eq!(ids(store.as_ref(), &query(owner("nobody"))).await, []);

    let found = |text: &str| ListQuery { text: text.to_owned(), ..all.clone() };
    assert_eq!(ids(store.as_ref(), &found("night")).await, [id(3)], "titles, in any case");
    assert_eq!(ids(store.as_ref(), &found("answer the")).await.len(), 3, "descriptions");
    assert_eq!(ids(store.as_ref(), &found("_calls_")).await, [id(2)], "what the user said");
    assert_eq!(ids(store.as_ref(), &found("and the tone")).await, [], "not what the interviewer said");
    assert_eq!(ids(store.as_ref(), &found("0% d")).await, [id(3)], "wildcards are letters");
    assert_eq!(ids(store.as_ref(), &found("5%k")).await, []);

    let completed = ListQuery { status: Some(Status::Completed), ..all.clone() };
    assert_eq!(ids(store.as_ref(), &completed).await, []);

    let first = store.list(&ListQuery { limit: 2, ..all.clone() }).await.unwrap();
    let last = &first[1];
    let after = Some(ListCursor { updated_at: last.updated_at, id: last.id.clone() });
    assert_eq!(ids(store.as_ref(), &ListQuery { after, limit: 2, ..all }).await, [id(1)]);
}

async fn what_is_claimed_changes_hands(place: Place) {
    let store = place.open().await;
    store.create(session(1, Some(owner("old")))).await.unwrap();
    store.create(session(2, Some(owner("old")))).await.unwrap();
    store.create(session(3, Some(owner("other")))).await.unwrap();
    store.create(session(4, None)).await.unwrap();
    let mut claimed = store.claim(&owner("old"), &owner("new")).await.unwrap();
    claimed.sort();
    assert_eq!(claimed, [(id(1), 1), (id(2), 1)]);
    assert_eq!(store.claim(&owner("old"), &owner("new")).await.unwrap(), []);
    assert_eq!(ids(store.as_ref(), &query(owner("old"))).await, []);
    assert_eq!(ids(store.as_ref(), &query(owner("new"))).await, [id(2), id(1)]);
    assert_eq!(store.load(&id(4)).await.unwrap().unwrap().owner, None);
}

/// Servers of one database start together, and each makes its tables.
async fn many_may_open_at_once(place: Place) {
    let (one, two, three) = tokio::join!(place.open(), place.open(), place.open());
    one.create(session(1, None)).await.unwrap();
    for store in [one, two, three] {
        assert_eq!(store.load(&id(1)).await.unwrap().unwrap().version, 1);
    }
}

async fn delete_leaves_nothing(place: Place) {
    let store = place.open().await;
    store.create(session(1, Some(owner("o")))).await.unwrap();
    store.create(session(2, Some(owner("o")))).await.unwrap();
    store.commit(turn(1, 1, Some("c"))).await.unwrap();
    store.record_export(&id(1), &export(1)).await.unwrap();
    assert!(store.delete(&id(1)).await.unwrap());
    assert_eq!(store.load(&id(1)).await.unwrap(), None);
    assert!(store.messages(&id(1), None, 10).await.unwrap().is_empty());
    assert!(store.revisions(&id(1)).await.unwrap().is_empty());
    assert!(store.snapshots(&id(1), 9, 9).await.unwrap().is_empty());
    assert!(store.exports(&id(1)).await.unwrap().is_empty());
    assert_eq!(store.answer(&id(1), "c").await.unwrap(), None);
    assert_eq!(ids(store.as_ref(), &query(owner("o"))).await, [id(2)]);
    store.record_export(&id(1), &export(2)).await.unwrap();
    assert!(store.exports(&id(1)).await.unwrap().is_empty(), "nothing comes back");
}

fn export(version: u64) -> ExportRecord {
    ExportRecord {
        format: "zip".to_owned(),
        targets: vec!["openai".to_owned(), "n8n".to_owned()],
        file_name: "agent.zip".to_owned(),
        bytes: 5_000_000_000,
        version,
        created_at: at(5),
    }
}

async fn exports_are_remembered(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    let all = ExportRecord { targets: Vec::new(), ..export(2) };
    store.record_export(&id(1), &export(1)).await.unwrap();
    store.record_export(&id(1), &all).await.unwrap();
    assert_eq!(store.exports(&id(1)).await.unwrap(), [all, export(1)], "the newest first");
}

async fn the_time_of_a_session_passes(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    store.create(session(2, None)).await.unwrap();
    store.commit(turn(2, 1, None)).await.unwrap();
    assert_eq!(store.abandon_expired(at(3599)).await.unwrap(), []);
    assert_eq!(store.abandon_expired(at(3600)).await.unwrap(), [(id(1), 1)]);
    assert_eq!(store.abandon_expired(at(3600)).await.unwrap(), [], "once");
    assert_eq!(store.load(&id(1)).await.unwrap().unwrap().state.status, Status::Abandoned);
    store.commit(turn(1, 1, None)).await.unwrap();
    assert_eq!(store.load(&id(1)).await.unwrap().unwrap().state.status, Status::Active);
}

async fn a_server_key_is_made_once(place: Place) {
    let store = place.open().await;
    assert_eq!(store.server_key("k", b"first").await.unwrap(), b"first");
    assert_eq!(store.server_key("k", b"second").await.unwrap(), b"first");
    assert_eq!(store.server_key("l", b"third").await.unwrap(), b"third");
    store.close().await;
    assert_eq!(place.open().await.server_key("k", b"fourth").await.unwrap(), b"first");
}

async fn a_closed_store_refuses(place: Place) {
    let store = place.open().await;
    store.create(session(1, None)).await.unwrap();
    store.close().await;
    assert!(store.commit(turn(1, 1, None)).await.is_err());
    assert!(store.load(&id(1)).await.is_err());
}

macro_rules! stories {
    ($($story:ident),* $(,)?) => {
        mod sqlite {
            $(
                #[tokio::test]
                async fn $story() {
                    super::$story(super::Place::sqlite()).await;
                }
            )*
        }
        mod postgres {
            $(
                #[tokio::test]
                async fn $story() {
                    super::$story(super::Place::postgres().await).await;
                }
            )*
        }
    };
}

stories!(
    what_is_not_there_is_none,
    a_turn_is_kept_whole,
    a_lost_race_keeps_nothing,
    a_repeated_message_keeps_nothing,
    of_many_at_once_one_wins_each_version,
    completion_is_kept_and_taken_back,
    a_title_of_the_owners_own_stays,
    lists_are_the_owners_own_searched_and_paged,
    what_is_claimed_changes_hands,
    many_may_open_at_once,
    delete_leaves_nothing,
    exports_are_remembered,
    the_time_of_a_session_passes,
    a_server_key_is_made_once,
    a_closed_store_refuses,
);

/// Older libraries can lose commits when the WAL is reset.
#[tokio::test]
async fn the_sqlite_inside_is_new_enough() {
    let folder = tempfile::tempdir().unwrap();
    let version = SqliteStore::open(&sqlite_url(&folder)).await.unwrap().library_version().await.unwrap();
    let numbers: Vec<u32> = version.split('.').map(|part| part.parse().unwrap()).collect();
    assert!(numbers >= vec![3, 51, 3], "{version}");
}
