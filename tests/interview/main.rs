//! The interview, measured and hardened: a simulated user holds whole interviews over the turn service, and random
//! sequences of replies must never break it.

mod case;
mod evaluation;
mod everyday;
mod metrics;
mod property;
mod user;
mod walkthrough;
