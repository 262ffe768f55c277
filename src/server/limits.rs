//! How much one caller may ask for, and how much all may at a time.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use ipnet::IpNet;
use tokio::sync::Semaphore;

use crate::session::ports::Caller;

use super::api_error::ApiError;
use super::config::Config;
use super::state::AppState;

/// Requests a minute where nothing else is configured.
const USUAL: u32 = 600;
/// How much more than one visitor all those behind one address may ask for.
const SHARED_ADDRESS: u32 = 5;
/// Requests that may be under way at a time; more would only wait for each other.
const MOST_AT_A_TIME: usize = 512;

/// See the module. Cheap to clone.
#[derive(Clone)]
pub struct Limits {
    parts: Arc<Parts>,
}

struct Parts {
    /// By owner or key, or by address for who has neither.
    callers: Option<DefaultKeyedRateLimiter<String>>,
    /// By address: a visitor without the cookie is a new one each time.
    addresses: Option<DefaultKeyedRateLimiter<IpAddr>>,
    /// Whether this machine itself is limited.
    limits_local: bool,
    proxies: Vec<IpNet>,
    work: Semaphore,
}

impl Limits {
    pub fn new(config: &Config) -> Limits {
        let quota = |limit: u32| NonZeroU32::new(limit).map(Quota::per_minute);
        let limit = config.rate_limit.unwrap_or(USUAL);
        let parts = Parts {
            callers: quota(limit).map(RateLimiter::keyed),
            addresses: quota(limit.saturating_mul(SHARED_ADDRESS)).map(RateLimiter::keyed),
            limits_local: config.rate_limit.is_some(),
            proxies: config.trusted_proxies.clone(),
            work: Semaphore::new(MOST_AT_A_TIME),
        };
        Limits { parts: Arc::new(parts) }
    }

    /// Forgets callers that asked for nothing lately.
    pub fn sweep(&self) {
        if let Some(callers) = &self.parts.callers {
            callers.retain_recent();
        }
        if let Some(addresses) = &self.parts.addresses {
            addresses.retain_recent();
        }
    }

    /// Where a request comes from: the last address that a trusted proxy did not write itself.
    pub fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let is_proxy = |address: &IpAddr| self.parts.proxies.iter().any(|network| network.contains(address));
        if !is_proxy(&peer) {
            return peer;
        }
        let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let named: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        let mut nearest = peer;
        for name in named.into_iter().rev() {
            // What cannot be read was not written by a proxy of ours.
            let Ok(address) = name.parse() else { break };
            nearest = address;
            if !is_proxy(&address) {
                break;
            }
        }
        nearest
    }

    /// How long this caller has to wait, if it asked for too much.
    fn excess(&self, caller: &Caller, address: IpAddr) -> Option<Duration> {
        if address.is_loopback() && !self.parts.limits_local {
            return None;
        }
        let address = network(address);
        let named = caller.owner.as_ref().map(|owner| owner.0.clone());
        // A key is one caller wherever it comes from.
        let by_address = self.parts.addresses.as_ref().filter(|_| !caller.has_key);
        let waits = [
            by_address.and_then(|limiter| wait(limiter.check_key(&address))),
            self.parts
                .callers
                .as_ref()
                .and_then(|limiter| wait(limiter.check_key(&named.unwrap_or_else(|| address.to_string())))),
        ];
        waits.into_iter().flatten().max()
    }
}

fn wait(outcome: Result<(), governor::NotUntil<governor::clock::QuantaInstant>>) -> Option<Duration> {
    outcome.err().map(|refused| refused.wait_time_from(DefaultClock::default().now()))
}

/// One household or host has a whole network of IPv6 addresses.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into()
        }
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Refuses who asks for too much.
pub async fn limit_rate(State(state): State<AppState>, caller: Caller, request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let address = peer.map(|peer| state.limits.address(peer, request.headers()));
    match address.and_then(|address| state.limits.excess(&caller, address)) {
        Some(wait) => too_many(wait),
        None => next.run(request).await,
    }
}

fn too_many(wait: Duration) -> Response {
    let seconds = wait.as_secs() + 1;
    metrics::counter!("agentwright_rate_limited_total").increment(1);
    let detail = format!(
        "Too many requests from here in the last minute. Nothing was changed: wait {seconds} s and send it again."
    );
    let mut response = ApiError::new(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", detail).into_response();
    response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// Refuses at once what would only wait: under overload the accepted ones stay quick.
pub async fn limit_work(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Ok(_slot) = state.limits.parts.work.try_acquire() else {
        metrics::counter!("agentwright_overload_refused_total").increment(1);
        return ApiError::from(crate::error::AppError::Unavailable).into_response();
    };
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(proxies: &str, rate_limit: Option<u32>) -> Limits {
        let proxies = proxies.split(',').filter_map(|it| it.parse().ok()).collect();
        Limits::new(&Config { trusted_proxies: proxies, rate_limit, ..Config::default() })
    }

    #[test]
    fn a_forwarded_address_counts_only_from_a_trusted_proxy() {
        let forwarded = |text: &'static str| {
            HeaderMap::from_iter([(
                "x-forwarded-for".parse::<axum::http::HeaderName>().unwrap(),
                HeaderValue::from_static(text),
            )])
        };
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let limits = limits("10.0.0.0/8", None);
        for (peer, header, client) in [
            ("192.0.2.1", "198.51.100.7", "192.0.2.1"),
            ("10.0.0.1", "198.51.100.7", "198.51.100.7"),
            ("10.0.0.1", "203.0.113.5, 198.51.100.7, 10.0.0.2", "198.51.100.7"),
            ("10.0.0.1", "forged, 10.0.0.9", "10.0.0.9"),
        ] {
            assert_eq!(limits.address(ip(peer), &forwarded(header)), ip(client), "{peer} {header}");
        }
    }

    #[test]
    fn callers_are_limited_each_for_itself() {
        let limits = limits("", Some(3));
        let address = "192.0.2.1".parse().unwrap();
        let caller =
            |name: &str| Caller { owner: Some(crate::session::ports::OwnerId(name.to_owned())), has_key: false };
        for _ in 0..3 {
            assert_eq!(limits.excess(&caller("a"), address), None);
        }
        assert!(limits.excess(&caller("a"), address).is_some());
        assert_eq!(limits.excess(&caller("b"), address), None);
        // With a new name each time the address is what counts.
        let many = (0..20).filter(|n| limits.excess(&caller(&n.to_string()), address).is_none()).count();
        assert!(many < 15, "{many}");
    }

    #[test]
    fn this_machine_is_left_out_unless_a_limit_is_set() {
        let local = "127.0.0.1".parse().unwrap();
        let passes = |limit| {
            let limits = limits("", limit);
            (0..2_000).all(|_| limits.excess(&Caller::default(), local).is_none())
        };
        assert!(passes(None) && passes(Some(0)) && !passes(Some(100)));
    }
}
