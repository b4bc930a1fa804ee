//! An API request as a type. Its path is written once, here, for the client and the handler.

use serde::{Serialize, de::DeserializeOwned};

/// A `GET` request to the API, and its response.
pub trait Endpoint {
    /// The path for the server's router, with `{name}` for each parameter.
    const PATH: &'static str;

    /// The JSON body of a 2xx response.
    type Response: Serialize + DeserializeOwned;

    /// The path and query string of this request, percent-encoded.
    fn path_and_query(&self) -> String;
}

/// A `POST` request to the API: its JSON body, and its response.
pub trait Submission: Serialize {
    /// The path for the server's router, with `{name}` for each parameter.
    const PATH: &'static str;

    /// The JSON body of a 2xx response.
    type Response: Serialize + DeserializeOwned;

    /// The path and query string of this request.
    fn path_and_query(&self) -> String {
        Self::PATH.to_owned()
    }
}

/// `path?name=value&…` with every value percent-encoded; no `?` if there are no pairs.
pub fn query(path: &str, pairs: &[(&str, &str)]) -> String {
    let mut out = String::from(path);
    for (index, (name, value)) in pairs.iter().enumerate() {
        out.push(if index == 0 { '?' } else { '&' });
        out.push_str(name);
        out.push('=');
        push_encoded(&mut out, value);
    }
    out
}

/// Everything but the unreserved characters of RFC 3986 becomes `%XX`.
fn push_encoded(out: &mut String, value: &str) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            out.push(char::from(HEX[usize::from(byte >> 4)]));
            out.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
}

/// The names and values of a query string, form-decoded: `+` is a space, `%XX` a byte, and
/// invalid UTF-8 becomes U+FFFD.
pub fn pairs(query: &str) -> impl Iterator<Item = (String, String)> {
    query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty()).map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(name), decoded(value))
    })
}

/// Whether a text could be a slug or a filter's value.
pub fn is_slug(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    (1..=80).contains(&text.len()) && text.bytes().all(plain)
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        let escaped = match (first, tail) {
            (b'%', [high, low, ..]) => hex(*high).zip(hex(*low)).map(|(high, low)| high << 4 | low),
            _ => None,
        };
        match (first, escaped) {
            (_, Some(byte)) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            (b'+', _) => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{pairs, query};

    #[test]
    fn form_encoded_queries_are_decoded() {
        let read = |text| pairs(text).map(|(name, value)| [name, value].join(":")).collect::<Vec<_>>();
        assert_eq!(read("?a=b+c&d=t%C5%B7%26&e&&=f"), ["a:b c", "d:tŷ&", "e:", ":f"]);
        assert_eq!(read("a=%&b=%4&c=%zz&d=%ff"), ["a:%", "b:%4", "c:%zz", "d:\u{fffd}"]);
    }

    #[test]
    fn query_values_are_percent_encoded() {
        assert_eq!(query("/a", &[]), "/a");
        assert_eq!(query("/a", &[("q", "tŷ & x"), ("l", "cy")]), "/a?q=t%C5%B7%20%26%20x&l=cy");
    }
}
