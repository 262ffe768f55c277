//! Where a Redis is and how to log in to it. Prints without the password.

use std::fmt;

use redis::{ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisError};
use secrecy::{ExposeSecret, SecretString};

/// See the module.
#[derive(Clone)]
pub struct RedisTarget(ConnectionInfo);

impl RedisTarget {
    /// `redis://` or, over TLS, `rediss://[user[:password]@]host[:port][/db]`; or a host alone.
    pub fn parse(address: &str) -> Result<RedisTarget, RedisError> {
        let address = if address.contains("://") { address.to_owned() } else { format!("redis://{address}") };
        address.into_connection_info().map(RedisTarget)
    }

    /// At another port; over TLS or not, as it was.
    pub fn at_port(self, to: u16) -> RedisTarget {
        let addr = match self.0.addr().clone() {
            ConnectionAddr::Tcp(host, _) => ConnectionAddr::Tcp(host, to),
            ConnectionAddr::TcpTls { host, insecure, tls_params, .. } => {
                ConnectionAddr::TcpTls { host, port: to, insecure, tls_params }
            }
            other => other,
        };
        RedisTarget(self.0.set_addr(addr))
    }

    pub fn with_db(self, db: u16) -> RedisTarget {
        let settings = self.0.redis_settings().clone().set_db(db.into());
        RedisTarget(self.0.set_redis_settings(settings))
    }

    pub fn with_username(self, username: &str) -> RedisTarget {
        let settings = self.0.redis_settings().clone().set_username(username);
        RedisTarget(self.0.set_redis_settings(settings))
    }

    pub fn with_password(self, password: &SecretString) -> RedisTarget {
        let settings = self.0.redis_settings().clone().set_password(password.expose_secret());
        RedisTarget(self.0.set_redis_settings(settings))
    }

    pub(super) fn info(&self) -> ConnectionInfo {
        self.0.clone()
    }
}

impl fmt::Display for RedisTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = if matches!(self.0.addr(), ConnectionAddr::TcpTls { .. }) { "rediss" } else { "redis" };
        write!(f, "{scheme}://{}/{}", self.0.addr(), self.0.redis_settings().db())
    }
}

impl fmt::Debug for RedisTarget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_hosts_and_addresses_and_keeps_passwords_to_itself() {
        let shown = |address: &str| RedisTarget::parse(address).unwrap().to_string();
        assert_eq!(shown("cache"), "redis://cache:6379/0");
        assert_eq!(shown("redis://ann:s3cr3t@cache:7000/3"), "redis://cache:7000/3");
        assert_eq!(shown("rediss://:s3cr3t@cache"), "rediss://cache:6379/0");
        let target = RedisTarget::parse("rediss://cache").unwrap().at_port(7).with_db(2);
        assert_eq!(target.to_string(), "rediss://cache:7/2");
        let secret = target.with_username("ann").with_password(&SecretString::from("s3cr3t"));
        assert!(!format!("{secret} {secret:?}").contains("s3cr3t"));
        assert!(RedisTarget::parse("http://cache").is_err());
    }
}
