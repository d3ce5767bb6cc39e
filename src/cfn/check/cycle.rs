//! Circles in a graph given as lists of neighbours. Knows nothing of what the nodes are.

/// What a search knows of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Unseen,
    OnTheWay,
    Done,
}

/// The circles of a graph, each from its lowest node on. Circles that share a node with one already
/// found are left out: once that is mended they may be gone.
pub(super) fn cycles(neighbours: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut states = vec![State::Unseen; neighbours.len()];
    let mut reported = vec![false; neighbours.len()];
    let mut found = vec![];
    for start in 0..neighbours.len() {
        if states.get(start) == Some(&State::Unseen) {
            search(neighbours, start, &mut states, &mut |circle: &[usize]| {
                if !circle.iter().any(|&node| reported.get(node) == Some(&true)) {
                    circle.iter().for_each(|&node| set(&mut reported, node, true));
                    found.push(from_lowest(circle));
                }
            });
        }
    }
    found
}

/// Goes depth first from a node, without recursion, and names each circle that closes on the way.
fn search(neighbours: &[Vec<usize>], start: usize, states: &mut [State], circle: &mut impl FnMut(&[usize])) {
    let mut way = vec![start];
    let mut next = vec![0];
    set(states, start, State::OnTheWay);
    while let (Some(&node), Some(place)) = (way.last(), next.last_mut()) {
        let Some(&target) = neighbours.get(node).and_then(|list| list.get(*place)) else {
            set(states, node, State::Done);
            way.pop();
            next.pop();
            continue;
        };
        *place += 1;
        match states.get(target) {
            Some(State::OnTheWay) => {
                let from = way.iter().position(|&node| node == target).unwrap_or_default();
                circle(way.get(from..).unwrap_or_default());
            }
            Some(State::Unseen) => {
                set(states, target, State::OnTheWay);
                way.push(target);
                next.push(0);
            }
            Some(State::Done) | None => {}
        }
    }
}

fn set<T>(list: &mut [T], place: usize, value: T) {
    if let Some(slot) = list.get_mut(place) {
        *slot = value;
    }
}

fn from_lowest(circle: &[usize]) -> Vec<usize> {
    let lowest = circle.iter().min().copied();
    let at = circle.iter().position(|&node| Some(node) == lowest);
    let (before, after) = circle.split_at(at.unwrap_or_default());
    [after, before].concat()
}
