//! The SMTP connection to the mail server.
//!
//! lettre's own connection pool is not used. It reuses a connection after an aborted email,
//! and would take the late response to that email for the response to the next one. It also
//! cannot tell a refused email from a failed login.

use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use lettre::{
    Message,
    transport::smtp::{
        Error, SMTP_PORT, SUBMISSION_PORT, SUBMISSIONS_PORT,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, Tls, TlsParameters},
        extension::ClientId,
        response::Category,
    },
};
use percent_encoding::percent_decode_str;
use url::Url;

use super::failure::Failure;

/// The timeout for one email.
pub(super) const SEND_TIMEOUT: Duration = Duration::from_secs(60);
/// How long an idle connection is kept; mail servers close theirs after minutes.
const IDLE_TIMEOUT: Duration = Duration::from_secs(30);

/// The mail server and its credentials.
pub(super) struct SmtpServer {
    host: String,
    port: u16,
    tls: Tls,
    client_id: ClientId,
    credentials: Option<Credentials>,
}

impl SmtpServer {
    /// Parses a URL such as `smtps://user:password@mail.example`, in lettre's format:
    /// `smtp://` with `?tls=required` for STARTTLS, and the EHLO name as the path.
    pub(super) fn parse(url: &str) -> anyhow::Result<Self> {
        // The URL may contain a password, so the message does not repeat it.
        const EXPECTED: &str = "not a valid mail server address: expected smtp:// or smtps://";
        let url = Url::parse(url).map_err(|_| anyhow::anyhow!(EXPECTED))?;
        let host = url.host_str().filter(|host| !host.is_empty()).context(EXPECTED)?.to_owned();
        let parameters = || TlsParameters::new(host.clone()).context("cannot set up TLS to the mail server");
        let tls = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let (tls, port) = match (url.scheme(), tls.as_deref()) {
            ("smtps", _) => (Tls::Wrapper(parameters()?), SUBMISSIONS_PORT),
            ("smtp", None) => (Tls::None, SMTP_PORT),
            ("smtp", Some("required")) => (Tls::Required(parameters()?), SUBMISSION_PORT),
            ("smtp", Some("opportunistic")) => (Tls::Opportunistic(parameters()?), SUBMISSION_PORT),
            _ => bail!(EXPECTED),
        };
        let client_id = match url.path().trim_matches('/') {
            "" => ClientId::default(),
            name => ClientId::Domain(name.to_owned()),
        };
        let decoded = |text: &str| percent_decode_str(text).decode_utf8().map(|text| text.into_owned());
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(
                decoded(url.username()).context(EXPECTED)?,
                decoded(password).context(EXPECTED)?,
            )),
            None => None,
        };
        let port = url.port().unwrap_or(port);
        Ok(Self { host, port, tls, client_id, credentials })
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let wrapper = match &self.tls {
            Tls::Wrapper(parameters) => Some(parameters.clone()),
            _ => None,
        };
        let server = (self.host.as_str(), self.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(SEND_TIMEOUT), &self.client_id, wrapper, None)
                .await?;
        match &self.tls {
            Tls::Required(parameters) => connection.starttls(parameters.clone(), &self.client_id).await?,
            Tls::Opportunistic(parameters) if connection.can_starttls() => {
                connection.starttls(parameters.clone(), &self.client_id).await?;
            }
            _ => {}
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }
}

/// A worker's connection to the mail server, reused for its next email.
pub(super) struct SmtpConnection<'a> {
    server: &'a SmtpServer,
    idle: Option<(AsyncSmtpConnection, Instant)>,
}

impl<'a> SmtpConnection<'a> {
    pub(super) const fn new(server: &'a SmtpServer) -> Self {
        Self { server, idle: None }
    }

    /// Sends an email. After a failure or a cancellation, the connection is closed.
    pub(super) async fn send(&mut self, message: &Message) -> Result<(), Failure> {
        // An error before the email is sent is not the email's fault.
        let mut connection = self.take_connection().await.map_err(|error| Failure::temporary(&error))?;
        match connection.send(message.envelope(), &message.formatted()).await {
            Ok(_) => {
                self.idle = Some((connection, Instant::now()));
                Ok(())
            }
            Err(error) if is_refused(&error) => Err(Failure::permanent(&error)),
            Err(error) => Err(Failure::temporary(&error)),
        }
    }

    /// Closes the connection, if it is idle.
    pub(super) fn close(&mut self) {
        self.idle = None;
    }

    /// Closes a connection that has been idle for too long.
    pub(super) fn close_if_idle(&mut self) {
        _ = self.idle.take_if(|(_, since)| since.elapsed() >= IDLE_TIMEOUT);
    }

    async fn take_connection(&mut self) -> Result<AsyncSmtpConnection, Error> {
        if let Some((mut connection, since)) = self.idle.take()
            && since.elapsed() < IDLE_TIMEOUT
            && connection.test_connected().await
        {
            return Ok(connection);
        }
        self.server.connect().await
    }
}

/// Whether the mail server refused the email itself, for now or for good: it said so, or it
/// does not support the characters of the address.
fn is_refused(error: &Error) -> bool {
    // 52x is about the server, and 53x about the login.
    let is_about_connection = error
        .status()
        .is_some_and(|code| matches!(code.category, Category::Connections | Category::Unspecified3));
    (error.is_permanent() && !is_about_connection) || error.is_client()
}

#[cfg(test)]
mod tests {
    use super::{ClientId, Credentials, SmtpServer};

    #[test]
    fn server_url_is_parsed() {
        let server =
            SmtpServer::parse("smtp://hub%40week.example:p%2Bss+@mail.example:2525/hub").expect("an address");
        assert_eq!((server.host.as_str(), server.port), ("mail.example", 2525));
        assert_eq!(server.client_id, ClientId::Domain("hub".to_owned()));
        let login = Credentials::new("hub@week.example".to_owned(), "p+ss+".to_owned());
        assert!(server.credentials == Some(login));
        let plain = SmtpServer::parse("smtp://mail.example").expect("an address");
        assert_eq!((plain.port, plain.credentials.is_none()), (25, true));
        for invalid in
            ["", "mail.example", "http://mail.example", "smtp:///hub", "smtp://mail.example?tls=no"]
        {
            let error = SmtpServer::parse(invalid).map(|_| ()).expect_err(invalid).to_string();
            assert!(error.contains("expected smtp:// or smtps://"), "{invalid}: {error}");
        }
    }
}
