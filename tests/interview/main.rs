//! The interview, measured and hardened: a simulated user holds whole interviews over the turn service, and random
//! sequences of replies must never break it.

mod assisted;
mod case;
mod evaluation;
mod everyday;
mod injections;
mod metrics;
mod property;
mod user;
mod walkthrough;
