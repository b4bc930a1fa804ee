//! Identifies the client of a request: the address of the connection or, if that is a trusted
//! proxy, the address in the proxy's header.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::HeaderMap,
    middleware::Next,
    response::Response,
};
use ipnet::IpNet;

use crate::state::AppState;

/// The header to which each proxy appends the address of its client.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The IP address of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientAddress(IpAddr);

impl ClientAddress {
    /// The network that rate limits apply to: a single IPv4 address, or the 64-bit IPv6 prefix
    /// that a provider assigns to one line.
    pub(crate) fn network(self) -> String {
        match self.0 {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let prefix = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
                format!("{prefix}/64")
            }
        }
    }
}

/// Adds the client's address to the request, for handlers.
pub(crate) async fn identify(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    // Only in tests does a request come without a connection.
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let client = client(peer, request.headers(), &state.trusted_proxies);
    request.extensions_mut().insert(client);
    next.run(request).await
}

fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> ClientAddress {
    let peer = peer.to_canonical();
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    if !is_trusted(&peer) {
        return ClientAddress(peer);
    }
    // The last address that is not a trusted proxy; anything before it may have been forged.
    let named = headers
        .get_all(FORWARDED_FOR)
        .iter()
        .rev()
        .flat_map(|value| value.to_str().unwrap_or_default().rsplit(','))
        .map(read_address)
        .find(|address| address.is_none_or(|address| !is_trusted(&address)));
    ClientAddress(named.flatten().unwrap_or(peer))
}

/// An address, possibly with a port, as some proxies write it.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let address = text.parse::<IpAddr>().or_else(|_| text.parse::<SocketAddr>().map(|socket| socket.ip()));
    Some(address.ok()?.to_canonical())
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use axum::http::{HeaderMap, HeaderValue};
    use ipnet::IpNet;

    use super::{ClientAddress, FORWARDED_FOR, client};

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    fn found(peer: &str, forwarded: &[&str]) -> String {
        let trusted: [IpNet; 2] =
            ["10.0.0.0/8", "2001:db8:ffff::/48"].map(|text| text.parse().expect("a network"));
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(value.as_bytes()).expect("a value"));
        }
        client(address(peer), &headers, &trusted).0.to_string()
    }

    #[test]
    fn client_is_the_last_untrusted_forwarded_address() {
        assert_eq!(found("10.0.0.1", &["192.0.2.1"]), "192.0.2.1");
        assert_eq!(found("10.0.0.1", &["203.0.113.9, 192.0.2.1,10.0.0.2"]), "192.0.2.1");
        assert_eq!(found("10.0.0.1", &["203.0.113.9", "192.0.2.1", "10.0.0.2"]), "192.0.2.1");
        assert_eq!(found("::ffff:10.0.0.1", &["::ffff:192.0.2.1"]), "192.0.2.1");
        assert_eq!(found("2001:db8:ffff::1", &["2001:db8:1::7"]), "2001:db8:1::7");
        assert_eq!(found("10.0.0.1", &["192.0.2.1:4711"]), "192.0.2.1");
        assert_eq!(found("10.0.0.1", &["[2001:db8:1::7]:4711"]), "2001:db8:1::7");
    }

    #[test]
    fn untrusted_and_malformed_headers_are_ignored() {
        assert_eq!(found("198.51.100.5", &["192.0.2.1"]), "198.51.100.5");
        assert_eq!(found("10.0.0.1", &[]), "10.0.0.1");
        for header in ["", "unknown", "192.0.2.1, nonsense", "192.0.2.1, \u{e9}", "10.0.0.3, 10.0.0.2"] {
            assert_eq!(found("10.0.0.1", &[header]), "10.0.0.1", "{header}");
        }
    }

    #[test]
    fn network_is_a_whole_ipv4_address_or_64_bits_of_ipv6() {
        let network = |text| ClientAddress(address(text)).network();
        assert_eq!(network("192.0.2.1"), "192.0.2.1");
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(network("2001:db8:1:2::"), network("2001:db8:1:2:ffff:ffff:ffff:ffff"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
