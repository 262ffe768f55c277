//! The fuzz targets for some seconds, from the inputs kept in `fuzz/corpus`; `make fuzz` runs them for long.

#[path = "../fuzz/src/lib.rs"]
mod targets;

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// How long each target is tried beyond the kept inputs.
const TIME: Duration = Duration::from_secs(3);

fn corpus(name: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
    let mut paths: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).unwrap()).collect()
}

/// A kept input with stretches of it replaced by stretches of another one or by anything.
fn mutated(corpus: Vec<Vec<u8>>) -> impl Strategy<Value = Vec<u8>> {
    let kept = proptest::sample::select(corpus);
    let stretch = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..8),
        "\\PC{0,12}".prop_map(String::into_bytes),
        proptest::sample::select(vec![
            "\n\n", "\r", "\0", "../", "**", ": ", "{", "[", "]", "&a ", "*a", "@", "%40", "?"
        ])
        .prop_map(|piece| piece.as_bytes().to_vec()),
        kept.clone().prop_map(|bytes| bytes.into_iter().take(40).collect()),
    ];
    let changes = proptest::collection::vec((any::<proptest::sample::Index>(), 0..6_usize, stretch), 0..6);
    (kept, changes).prop_map(|(mut bytes, changes)| {
        for (at, length, stretch) in changes {
            let from = at.index(bytes.len() + 1);
            let to = (from + length).min(bytes.len());
            bytes.splice(from..to, stretch);
        }
        bytes
    })
}

fn try_out(name: &str, target: targets::Target) {
    let corpus = corpus(name);
    assert!(!corpus.is_empty(), "no inputs are kept");
    corpus.iter().for_each(|input| target(input));
    let config = Config { cases: 64, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (inputs, began) = (mutated(corpus), Instant::now());
    while began.elapsed() < TIME {
        let tried = runner.run(&inputs, |input| {
            target(&input);
            Ok(())
        });
        tried.unwrap_or_else(|error| panic!("{error}"));
    }
}

macro_rules! tries {
    ($($target:ident)*) => { $(#[test] fn $target() { try_out(stringify!($target), targets::$target) })* };
}

tries!(interview markdown archive events imports addresses);
