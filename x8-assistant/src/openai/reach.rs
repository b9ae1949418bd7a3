//! Which addresses may be called: an address that a tenant chose must not lead into our own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::{
    Url,
    dns::{Addrs, Name, Resolve, Resolving},
};
use x8_core::{Error, Result};

/// Which addresses may be called.
///
/// ```
/// use x8_assistant::openai::{Dialect, OpenAiConfig, Reach};
/// let at = |url: &str, reach| OpenAiConfig::new(url, "m", Dialect::OpenAi).within(reach).check().is_ok();
/// assert!(at("https://api.openai.com/v1", Reach::PublicHttps));
/// assert!(!at("http://api.openai.com/v1", Reach::PublicHttps), "a key does not travel in the open");
/// assert!(!at("https://169.254.169.254/v1", Reach::PublicHttps), "the cloud's own metadata");
/// assert!(at("http://localhost:11434", Reach::HttpsOrLoopback) && !at("http://10.0.0.7", Reach::HttpsOrLoopback));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Reach {
    /// Any: the operator chose it.
    #[default]
    Anywhere,
    /// HTTPS to anywhere, and plain HTTP to this machine: a tenant's choice on somebody's desk.
    HttpsOrLoopback,
    /// HTTPS to public addresses: a tenant's choice in production. Names are held to it when they are resolved, at every
    /// connection, so a name that changes its address gains nothing. A proxy of the environment is not used: it would
    /// resolve names out of our sight.
    PublicHttps,
}

impl Reach {
    /// Whether this address may be called, as far as it tells by itself.
    pub(super) fn check(self, url: &Url) -> Result<()> {
        let refuse = |message: &'static str| Err(Error::invalid("model.config", message));
        let host = url.host_str().unwrap_or_default();
        let literal: Option<IpAddr> = host.trim_matches(['[', ']']).parse().ok();
        let loopback = host == "localhost" || literal.is_some_and(|ip| ip.is_loopback());
        let https = url.scheme() == "https";
        match self {
            Self::Anywhere => Ok(()),
            Self::HttpsOrLoopback if https || loopback => Ok(()),
            Self::HttpsOrLoopback => {
                refuse("base_url: must begin with https://; http:// only for localhost")
            }
            Self::PublicHttps if !https => refuse("base_url: must begin with https://"),
            Self::PublicHttps if loopback || literal.is_some_and(|ip| !is_public(ip)) => {
                refuse("base_url: this address is not public")
            }
            Self::PublicHttps => Ok(()),
        }
    }
}

/// Resolves names to public addresses only.
#[derive(Debug)]
pub(super) struct PublicNames;

impl Resolve for PublicNames {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let open: Vec<SocketAddr> = found.filter(|at| is_public(at.ip())).collect();
            if open.is_empty() {
                return Err("this name has no public address".into());
            }
            let open: Addrs = Box::new(open.into_iter());
            Ok(open)
        })
    }
}

/// Whether an address belongs to the open internet, looking through every way to write an IPv4 address as IPv6.
fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_v4(ip),
        IpAddr::V6(ip) => is_public_v6(ip),
    }
}

fn is_public_v4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    // "This network", private, shared by carriers, own machine, link, protocols, documentation, 6to4 relays, benchmarks,
    // groups and what is reserved.
    !(a == 0
        || ip.is_private()
        || (a == 100 && (64..128).contains(&b))
        || ip.is_loopback()
        || ip.is_link_local()
        || (a == 192 && b == 0 && c == 0)
        || ip.is_documentation()
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (18..20).contains(&b))
        || a >= 224)
}

fn is_public_v6(ip: Ipv6Addr) -> bool {
    let [a, b, c, d, e, f, high, low] = ip.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_v4(Ipv4Addr::new(a, b, c, d))
    };
    match (a, b, c, d, e, f) {
        // IPv4 inside: mapped, translated (NAT64), 6to4.
        (0, 0, 0, 0, 0, 0xffff) | (0x64, 0xff9b, 0, 0, 0, 0) => inner(high, low),
        (0x2002, ..) => inner(b, c),
        // Teredo and other protocol space, then documentation.
        (0x2001, 0..0x200, ..) | (0x2001, 0xdb8, ..) | (0x3fff, 0..0x1000, ..) => false,
        // Everything global lies in 2000::/3.
        (first, ..) => (0x2000..0x4000).contains(&first),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn h6_only_the_open_internet_is_public() {
        for open in [
            "1.1.1.1",
            "172.32.0.1",
            "100.128.0.1",
            "2606:4700::1111",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
        ] {
            assert!(public(open), "{open}");
        }
        for own in [
            "0.0.0.0",
            "10.1.2.3",
            "100.64.0.1",
            "127.0.0.1",
            "127.9.9.9",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.168.1.1",
            "192.88.99.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.1",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:7f00:1::",
            "2001::1",
            "2001:db8::1",
            "3fff::1",
            "fc00::1",
            "fd12::1",
            "fe80::1",
            "ff02::1",
            "5f00::1",
        ] {
            assert!(!public(own), "{own}");
        }
    }

    #[test]
    fn h6_every_way_to_write_an_address_is_read() {
        let refused = |url: &str| Reach::PublicHttps.check(&Url::parse(url).unwrap()).is_err();
        for url in [
            "https://127.1/v1",
            "https://2130706433/v1",
            "https://0x7f.0.0.1/v1",
            "https://0177.0.0.1/v1",
            "https://[::1]/v1",
            "https://[::ffff:7f00:1]/v1",
            "https://LOCALHOST/v1",
            "http://1.1.1.1/v1",
        ] {
            assert!(refused(url), "{url}");
        }
        assert!(!refused("https://1.1.1.1/v1"));
    }

    #[tokio::test]
    async fn h6_a_name_that_leads_inside_is_not_resolved() {
        let name: Name = "localhost".parse().unwrap();
        assert!(PublicNames.resolve(name).await.is_err());
    }
}
