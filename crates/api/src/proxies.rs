//! Who asks, where others hand questions on: proxies that the configuration names are believed when they say for whom (`X-Forwarded-For`), and
//! nobody else is. Each proxy writes behind what it was told, so the list is read from its end: the first address there that is no proxy of ours
//! is whoever asks, and what stands before it, anybody may have written.

use std::net::{IpAddr, SocketAddr};

use axum::http::{HeaderMap, HeaderName};
use config::Network;

/// Where proxies write.
const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
/// Proxies that one question is followed through.
const HOPS_MAX: usize = 16;

/// Proxies that are believed.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Network>);

impl Proxies {
    /// These.
    pub fn new(networks: &[Network]) -> Self {
        Self(networks.to_vec())
    }

    /// Who asks, where a question with these headers comes from `peer`. What is no address ends the list: then it is the proxy that wrote it.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lists = headers.get_all(FORWARDED_FOR).into_iter().rev();
        let hops = lists.flat_map(|list| list.to_str().unwrap_or_default().rsplit(','));
        let mut client = peer;
        for hop in hops.take(HOPS_MAX) {
            if !self.0.iter().any(|network| network.holds(client)) {
                break;
            }
            let Some(before) = address(hop.trim()) else { break };
            client = before;
        }
        client
    }
}

/// An address, where some proxies write a port too.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = hop.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(hop);
    bare.parse().ok().or_else(|| hop.parse().ok().map(|socket: SocketAddr| socket.ip()))
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn check(trusted: &[&str], peer: &str, lists: &[&str], expected: &str) {
        let networks: Vec<Network> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        let mut headers = HeaderMap::new();
        for list in lists {
            headers.append(FORWARDED_FOR, HeaderValue::from_str(list).unwrap());
        }
        let client = Proxies::new(&networks).client(peer.parse().unwrap(), &headers);
        assert_eq!(client, expected.parse::<IpAddr>().unwrap(), "{trusted:?} {peer} {lists:?}");
    }

    #[test]
    fn the_last_that_is_no_proxy_asks() {
        let ours = ["127.0.0.1", "10.0.0.0/8", "2001:db8:1::/48"];
        // Nobody is believed who is not named, and nobody named says nothing.
        check(&[], "127.0.0.1", &["192.0.2.7"], "127.0.0.1");
        check(&ours, "198.51.100.1", &["192.0.2.7"], "198.51.100.1");
        check(&ours, "127.0.0.1", &[], "127.0.0.1");
        check(&ours, "127.0.0.1", &["192.0.2.7"], "192.0.2.7");
        check(&ours, "::ffff:127.0.0.1", &["192.0.2.7"], "192.0.2.7");
        // What whoever asks wrote himself stands before what proxies wrote.
        check(&ours, "127.0.0.1", &["203.0.113.9, 192.0.2.7"], "192.0.2.7");
        check(&ours, "127.0.0.1", &["203.0.113.9", "192.0.2.7, 10.1.2.3"], "192.0.2.7");
        check(&ours, "127.0.0.1", &["127.0.0.1, 192.0.2.7, 10.1.2.3,10.1.2.4"], "192.0.2.7");
        // One of ours may ask itself.
        check(&ours, "127.0.0.1", &["10.1.2.3"], "10.1.2.3");
        check(&ours, "127.0.0.1", &["192.0.2.7, unknown"], "127.0.0.1");
        check(&ours, "127.0.0.1", &["192.0.2.7, junk, 10.1.2.3"], "10.1.2.3");
        check(&ours, "127.0.0.1", &[""], "127.0.0.1");
        for (hop, client) in [
            ("192.0.2.7:4711", "192.0.2.7"),
            ("2001:db8::7", "2001:db8::7"),
            ("[2001:db8::7]", "2001:db8::7"),
            ("[2001:db8::7]:4711", "2001:db8::7"),
        ] {
            check(&ours, "2001:db8:1::1", &[hop], client);
        }
        check(&ours, "127.0.0.1", &[&vec!["10.0.0.1"; 1_000].join(",")], "10.0.0.1");
    }
}
