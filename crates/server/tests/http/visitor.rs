//! A visitor who reuses a connection, and the response times.

use std::time::{Duration, Instant};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    time::timeout,
};

/// The visitor's timeout.
const TIMEOUT: Duration = Duration::from_secs(30);

pub(crate) struct Visitor {
    stream: BufReader<TcpStream>,
}

pub(crate) struct Answered {
    pub(crate) status: u16,
    /// The status and the headers.
    pub(crate) head: String,
    pub(crate) took: Duration,
}

impl Visitor {
    pub(crate) async fn connect(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("a connection");
        Self { stream: BufReader::new(stream) }
    }

    /// Sends a request and reads the complete response.
    pub(crate) async fn ask(&mut self, request: &str) -> Answered {
        let started = Instant::now();
        let head = timeout(TIMEOUT, self.answer(request)).await.expect("an answer in time");
        let took = started.elapsed();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
        Answered { status, head, took }
    }

    /// The head of the response; the body is read too.
    async fn answer(&mut self, request: &str) -> String {
        self.stream.write_all(request.as_bytes()).await.expect("a request");
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let read = self.stream.read_line(&mut head).await.expect("an answer");
            assert!(read > 0, "the connection is kept: {head}");
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length: usize = length.map_or(0, |length| length.parse().expect("a length"));
        let mut body = vec![0u8; length];
        self.stream.read_exact(&mut body).await.expect("a body");
        head
    }
}

/// The 99th percentile of response times.
pub(crate) fn p99(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[(times.len() * 99).div_ceil(100) - 1]
}
