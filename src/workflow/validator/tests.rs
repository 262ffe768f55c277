//! One test per invariant.
