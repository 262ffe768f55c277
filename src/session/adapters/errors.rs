//! What the databases refuse, as the store's errors.

use sqlx::migrate::MigrateError;

use crate::session::ports::StoreError;

/// Primary result codes of SQLite that pass: BUSY, LOCKED, READONLY, IOERR, FULL, CANTOPEN.
const SQLITE_PASSING: [i32; 6] = [5, 6, 8, 10, 13, 14];
/// SQLSTATEs, or their first letters, that pass: connection lost, read-only standby, deadlock and serialisation, out of
/// resources, cancelled or shutting down, failing disk.
const POSTGRES_PASSING: [&str; 7] = ["08", "25006", "40", "53", "55P03", "57", "58"];

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        let passes = match &error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::Protocol(_) => true,
            sqlx::Error::Database(database) => database.code().is_some_and(|code| passes(&code)),
            _ => false,
        };
        if passes { StoreError::Unavailable(error.to_string()) } else { StoreError::Failed(error.to_string()) }
    }
}

impl From<MigrateError> for StoreError {
    fn from(error: MigrateError) -> StoreError {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => error.into(),
            other => StoreError::Failed(other.to_string()),
        }
    }
}

/// A SQLSTATE has five characters, a code of SQLite is a small number.
fn passes(code: &str) -> bool {
    match code.parse::<i32>() {
        Ok(number) if code.len() < 5 => SQLITE_PASSING.contains(&(number & 0xff)),
        _ => POSTGRES_PASSING.iter().any(|start| code.starts_with(start)),
    }
}

#[cfg(test)]
mod tests {
    use super::passes;

    #[test]
    fn tells_what_may_work_later_from_what_will_not() {
        for code in ["5", "517", "13", "57P01", "08006", "53100", "40001", "40P01"] {
            assert!(passes(code), "{code}");
        }
        // A constraint, a syntax error, a wrong type.
        for code in ["19", "1", "23505", "42601", "22P02"] {
            assert!(!passes(code), "{code}");
        }
    }
}
