//! Accepts connections, and limits what a client can use up: the number of connections, the
//! time and the size of a request's head, and the number of requests on one connection.

use std::{
    collections::HashMap,
    io::{self, Cursor},
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{Router, extract::ConnectInfo};
use hyper::{Request, body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto::Builder,
        graceful::{GracefulShutdown, Watcher},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{sleep, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// The timeout for the head of an HTTP/1.1 request, and for an idle connection.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// The timeout until the protocol is known.
const PROTOCOL_TIMEOUT: Duration = Duration::from_secs(5);
/// The maximum size of a request's head, in bytes.
const HEAD_LIMIT: usize = 32 * 1024;
/// The maximum number of concurrent requests on an HTTP/2 connection.
const STREAMS: u32 = 100;
/// The interval between HTTP/2 keep-alive pings. They also find a client that has sent part of
/// a head: it cannot answer a ping before the rest of it.
const PING_INTERVAL: Duration = Duration::from_secs(5);
/// The timeout for the answer to a ping.
const PING_TIMEOUT: Duration = Duration::from_secs(8);
/// The grace period for requests in progress when the server stops.
const GRACE: Duration = Duration::from_secs(10);
/// The pause after the system failed to accept a connection, for example because it ran out of
/// file descriptors.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// The HTTP/2 connection preface (RFC 9113, section 3.4).
const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// The timeout for a client that stops reading a response.
const WRITE_TIMEOUT: Duration = Duration::from_secs(20);
/// A client may use at most 1/`SHARE` of the connections.
const SHARE: usize = 2;
/// The maximum number of connections that wait to be accepted; Linux lowers it to
/// `net.core.somaxconn`. When the queue is full, a client tries again a second later.
const BACKLOG: u32 = 4096;

/// Listens on this address.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // A server that restarts need not wait for connections of the one before it. On Windows the
    // option would let two servers share a port.
    #[cfg(not(windows))]
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Serves until `stop`, then completes the requests in progress. There are at most `limit`
/// connections at once; further clients wait in the system's queue. A client may use half of
/// them at most, unless `speaks_for_others`.
pub(crate) async fn serve(
    listener: Arc<TcpListener>,
    router: Router,
    limit: usize,
    speaks_for_others: impl Fn(IpAddr) -> bool,
    stop: impl Future<Output = ()>,
) {
    let permits = Arc::new(Semaphore::new(limit));
    let graceful = GracefulShutdown::new();
    let peers = Peers::default();
    let (serving, stopping) = watch::channel(());
    tokio::pin!(stop);
    loop {
        let accepted = async {
            let permit = Arc::clone(&permits).acquire_owned().await.expect("the semaphore is never closed");
            (permit, listener.accept().await)
        };
        let (permit, accepted) = tokio::select! {
            accepted = accepted => accepted,
            () = &mut stop => break,
        };
        match accepted {
            // Dropped, which closes it at once.
            Ok((_, peer))
                if !speaks_for_others(peer.ip()) && peers.count(peer.ip()) >= limit.div_ceil(SHARE) => {}
            Ok((stream, peer)) => {
                let guard = peers.hold(peer.ip());
                let (watcher, stopping) = (graceful.watcher(), stopping.clone());
                let connection = Connection { stream, peer, watcher, stopping, _guard: (permit, guard) };
                tokio::spawn(connection.serve(router.clone()));
            }
            Err(error) if is_of_one_connection(&error) => {}
            Err(error) => {
                tracing::error!(%error, "could not accept a connection");
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop((listener, serving));
    if timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests were not finished in time");
    }
}

fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused | io::ErrorKind::ConnectionAborted | io::ErrorKind::ConnectionReset
    )
}

struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    watcher: Watcher,
    /// Signals that the server is stopping.
    stopping: watch::Receiver<()>,
    _guard: (OwnedSemaphorePermit, ConnectionGuard),
}

/// The number of connections of each client.
#[derive(Clone, Default)]
struct Peers(Arc<Mutex<HashMap<IpAddr, usize>>>);

impl Peers {
    fn count(&self, peer: IpAddr) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&peer).copied().unwrap_or_default()
    }

    fn hold(&self, peer: IpAddr) -> ConnectionGuard {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(peer).or_default() += 1;
        ConnectionGuard { peers: self.clone(), peer }
    }
}

/// A client's connection, counted until this value is dropped.
struct ConnectionGuard {
    peers: Peers,
    peer: IpAddr,
}

impl Drop for ConnectionGuard {
    fn drop(&mut self) {
        let mut peers = self.peers.0.lock().unwrap_or_else(PoisonError::into_inner);
        match peers.get_mut(&self.peer) {
            Some(count) if *count > 1 => *count -= 1,
            _ => _ = peers.remove(&self.peer),
        }
    }
}

impl Connection {
    /// Serves requests until either side closes the connection. Errors are ignored because
    /// they are the client's: it hung up, or does not speak HTTP.
    async fn serve(self, router: Router) {
        let Self { stream, peer, watcher, mut stopping, _guard } = self;
        _ = stream.set_nodelay(true);
        let protocol = tokio::select! {
            protocol = timeout(PROTOCOL_TIMEOUT, read_protocol(stream)) => protocol,
            // A silent client does not prevent the server from stopping.
            _ = stopping.changed() => return,
        };
        let Ok(Ok((is_http2, stream))) = protocol else { return };
        let answer = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request)
        });
        let builder = builder(is_http2);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(WRITE_TIMEOUT));
        let stream = TokioIo::new(Box::pin(stream));
        let connection = builder.serve_connection(stream, answer).into_owned();
        _ = watcher.watch(connection).await;
    }
}

fn builder(is_http2: bool) -> Builder<TokioExecutor> {
    let builder = Builder::new(TokioExecutor::new());
    let mut builder = if is_http2 { builder.http2_only() } else { builder.http1_only() };
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD_TIMEOUT).max_buf_size(HEAD_LIMIT);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(STREAMS)
        .max_header_list_size(HEAD_LIMIT as u32)
        .keep_alive_interval(PING_INTERVAL)
        .keep_alive_timeout(PING_TIMEOUT);
    builder
}

/// Reads enough to tell whether the client speaks HTTP/2, and returns it with the stream.
/// `Builder` can do that too, but without a timeout.
async fn read_protocol(mut stream: TcpStream) -> io::Result<(bool, impl AsyncRead + AsyncWrite + Unpin)> {
    let mut start = Vec::with_capacity(PREFACE.len());
    while start.len() < PREFACE.len() && PREFACE.starts_with(&start) {
        let mut buffer = [0; PREFACE.len()];
        match stream.read(&mut buffer[start.len()..]).await? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                let from = start.len();
                start.extend_from_slice(&buffer[from..from + count]);
            }
        }
    }
    let is_http2 = start == PREFACE;
    let (read, write) = stream.into_split();
    Ok((is_http2, tokio::io::join(Cursor::new(start).chain(read), write)))
}

#[cfg(test)]
mod tests {
    use std::net::{IpAddr, SocketAddr};

    use axum::{Router, routing::get};
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::{TcpListener, TcpSocket, TcpStream},
    };

    use super::serve;

    /// An open connection from this address; none if the server closed it without a response.
    async fn connect(server: SocketAddr, from: [u8; 4]) -> Option<TcpStream> {
        let socket = TcpSocket::new_v4().expect("a socket");
        socket.bind((from, 0).into()).expect("a port");
        let mut stream = socket.connect(server).await.expect("a connection");
        // The server may have closed it already.
        _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: hub\r\n\r\n").await;
        let mut start = [0; 12];
        let read = stream.read_exact(&mut start).await;
        (read.is_ok() && start == *b"HTTP/1.1 200").then_some(stream)
    }

    #[tokio::test]
    async fn client_has_half_of_the_connections_at_most() {
        const CLIENT: [u8; 4] = [127, 0, 0, 1];
        const OTHER: [u8; 4] = [127, 0, 0, 2];
        const PROXY: [u8; 4] = [127, 0, 0, 3];
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = Router::new().route("/", get(|| async { "" }));
        let is_proxy = |peer: IpAddr| peer == IpAddr::from(PROXY);
        let server = tokio::spawn(serve(listener.into(), router, 4, is_proxy, std::future::pending()));
        let first = connect(address, CLIENT).await.expect("a connection");
        let second = connect(address, CLIENT).await.expect("a connection");
        assert!(connect(address, CLIENT).await.is_none(), "a third is closed");
        let other = connect(address, OTHER).await.expect("another client's connection");
        drop(first);
        // Once the server has noticed.
        while connect(address, CLIENT).await.is_none() {}
        drop((second, other));
        let mut of_proxy = Vec::new();
        for _ in 0..3 {
            of_proxy.push(connect(address, PROXY).await.expect("a proxy's connection"));
        }
        server.abort();
    }
}
