//! More clients than can be served: some are refused at once, none waits for ever, and it passes.

use std::time::{Duration, Instant};

use crate::load::{Load, compare, failures, p99, turns_between};
use crate::report::row;
use crate::support::{Server, rounds};

/// Clients that can be served well.
const FEW: usize = 8;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn overload_passes() {
    let folder = tempfile::tempdir().unwrap();
    // 512 requests are worked on at a time; `make faults` comes with five times as many clients.
    let many = rounds("AGENTWRIGHT_CLIENTS", 768) as usize;
    let server = Server::start(folder.path(), &[]).await;
    let calm = Load::new(&server, FEW);
    let began = Instant::now();
    calm.turns(100).await;
    let (crowded, load) = (Instant::now(), Load::crowd(&server, many));
    load.turns(rounds("AGENTWRIGHT_TURNS", 200) as usize).await;
    load.refusals(20).await;
    let mut accounts = load.finish().await;
    let relieved = Instant::now();
    let before = calm.finish().await;
    let again = Load::new(&server, FEW);
    again.turns(100).await;
    let after = again.finish().await;
    assert_eq!(failures(&after), (0, 0), "afterwards all are served");
    let unloaded = p99(turns_between(&before, began, crowded));
    let accepted = p99(turns_between(&accounts, crowded, relieved));
    let refused: Vec<Duration> = accounts.iter().flat_map(|account| account.refused.clone()).collect();
    let (count, broken) = failures(&accounts);
    assert_eq!(broken, 0, "a request had no answer");
    let later = p99(after.iter().flat_map(|account| account.turns.iter().map(|(_, took)| *took)).collect());
    let refusals = p99(refused);
    accounts.extend(before);
    accounts.extend(after);
    let losses = compare(&server, &accounts).await;
    let seen = format!(
        "accepted {accepted} (unloaded {unloaded}, afterwards {later}); {count} × 503 with Retry-After, {refusals}"
    );
    row("60", &format!("overload: {many} clients at once"), &seen, losses);
}
