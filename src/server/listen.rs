//! Accepts connections: as many as are allowed, each with a limit on how slowly it may speak, and lets them finish when
//! the server stops.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::Service;

/// How long a client may take to send the head of a request, or may rest between two.
const HEAD_DEADLINE: Duration = Duration::from_secs(15);
/// How long a connection over the limit may take to ask and to hear so.
const REFUSAL_DEADLINE: Duration = Duration::from_secs(1);
/// What one over the limit hears, whatever it asks.
const REFUSAL: &str = "HTTP/1.1 503 Service Unavailable\r\n\
    content-type: application/problem+json\r\nretry-after: 1\r\nconnection: close\r\ncontent-length: 191\r\n\r\n\
    {\"type\":\"urn:agentwright:problem:unavailable\",\"title\":\"Service Unavailable\",\"status\":503,\
    \"detail\":\"The server has too many connections. Nothing was changed: try again.\",\"code\":\"unavailable\"}\n";

/// Serves until `stop` is cancelled, then at most `drain` longer.
pub async fn serve(listener: TcpListener, router: Router, most: usize, stop: CancellationToken, drain: Duration) {
    let slots = Arc::new(Semaphore::new(most));
    let open = GracefulShutdown::new();
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_DEADLINE);
    while let Some((stream, peer)) = stop.run_until_cancelled(accept(&listener)).await {
        let Ok(slot) = slots.clone().try_acquire_owned() else {
            metrics::counter!("agentwright_connections_refused_total").increment(1);
            tokio::spawn(tokio::time::timeout(REFUSAL_DEADLINE, refuse(stream)));
            continue;
        };
        // Answers are small and whole: waiting to fill packets only delays them.
        let _ = stream.set_nodelay(true);
        let router = router.clone();
        let answer = service_fn(move |request: hyper::Request<Incoming>| {
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(ConnectInfo(peer));
            let mut router = router.clone();
            async move { Ok::<_, Infallible>(router.call(request).await.unwrap_or_else(|never| match never {})) }
        });
        let connection = open.watch(http.serve_connection(TokioIo::new(stream), answer));
        tokio::spawn(async move {
            // A client that went away, or was too slow, is nobody's mistake.
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early");
            }
            drop(slot);
        });
    }
    drop(listener);
    if tokio::time::timeout(drain, open.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            // The client gave up meanwhile, or there is no file handle left: that passes when others end.
            Err(error) => {
                tracing::debug!(%error, "accept");
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

/// Clients see an answer only after they asked, and none when the connection is reset because they still send.
async fn refuse(mut stream: TcpStream) -> std::io::Result<()> {
    stream.peek(&mut [0]).await?;
    stream.write_all(REFUSAL.as_bytes()).await?;
    stream.shutdown().await?;
    tokio::io::copy(&mut stream, &mut tokio::io::sink()).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::REFUSAL;

    #[test]
    fn the_refusal_is_whole() {
        let (head, body) = REFUSAL.split_once("\r\n\r\n").unwrap();
        assert!(head.contains(&format!("content-length: {}", body.len())), "{}", body.len());
        let problem: serde_json::Value = serde_json::from_str(body).unwrap();
        assert_eq!(problem["status"], 503);
    }
}
