//! One request of the API as a type: its path is written here once, for the
//! caller and for the handler.

use serde::{Serialize, de::DeserializeOwned};

/// A `GET` request of the API, and what answers it.
pub trait Endpoint {
    /// The path as the server's router takes it, with `{name}` for a part that
    /// varies.
    const PATH: &'static str;

    /// What a 2xx answer carries, as JSON.
    type Response: Serialize + DeserializeOwned;

    /// The path and query of this very request, encoded for a request line.
    fn path_and_query(&self) -> String;
}

/// `path?name=value&…` with every value percent-encoded; no `?` where there is
/// no pair.
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

#[cfg(test)]
mod tests {
    use super::query;

    #[test]
    fn query_values_are_percent_encoded() {
        assert_eq!(query("/a", &[]), "/a");
        assert_eq!(query("/a", &[("q", "tŷ & x"), ("l", "cy")]), "/a?q=t%C5%B7%20%26%20x&l=cy");
    }
}
