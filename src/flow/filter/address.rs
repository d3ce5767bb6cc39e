//! Addresses among texts: a range holds every text that parses as one of its addresses, in whatever spelling.

use super::Verdict;
use super::glob::Glob;
use ipnet::IpNet;
use std::net::IpAddr;

/// How many addresses of a range are tried.
const SAMPLE: usize = 512;

/// Whether some text is an address in all of the ranges, and matches all of `must` and none of `not`.
pub(super) fn in_all(nets: &[IpNet], must: &[&Glob], not: &[&Glob]) -> Verdict {
    let Some(net) = nets.iter().copied().max_by_key(IpNet::prefix_len) else { return Verdict::Meet };
    if !nets.iter().all(|other| other.contains(&net)) {
        return Verdict::Disjoint;
    }
    // A text without free places is an address, or it is not. The digits of an address have no other case that matters.
    if let Some(text) = must.iter().find_map(|g| g.spelled()) {
        let inside = text.parse::<IpAddr>().is_ok_and(|ip| net.contains(&ip));
        let spellings = [text.clone(), text.to_lowercase(), text.to_uppercase()];
        let fits = |text: &String| must.iter().all(|g| g.matches(text)) && !not.iter().any(|g| g.matches(text));
        return if inside && spellings.iter().any(fits) { Verdict::Meet } else { Verdict::Disjoint };
    }
    let fits = |text: &str| must.iter().all(|g| g.matches(text)) && !not.iter().any(|g| g.matches(text));
    let mut hosts = net.hosts().chain([net.network(), net.broadcast()]);
    if hosts.by_ref().take(SAMPLE).any(|ip| fits(&ip.to_string())) {
        return Verdict::Meet;
    }
    // An address of version 4 has one spelling, one of version 6 has many.
    let all_tried = hosts.next().is_none() && matches!(net, IpNet::V4(_));
    if all_tried { Verdict::Disjoint } else { Verdict::CannotTell }
}
