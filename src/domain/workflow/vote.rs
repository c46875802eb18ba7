//! When a step is decided: votes count, not responses, and a result that is certain is not waited for
//! (workflow.md, Actions).

use super::definition::Policy;

/// What has been cast in a step, and by how many it could be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// Votes for it.
    pub yes: u32,
    /// Votes against it.
    pub no: u32,
    /// Everybody who has or had a vote, cast or not.
    pub voters: u32,
}

/// What a step came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Enough yes votes.
    Carried,
    /// Enough yes votes can no longer come together.
    Lost,
    /// Nobody knows yet.
    Open,
}

/// How many yes votes carry a step with so many voters.
pub fn needed(policy: Policy, voters: u32) -> u32 {
    match policy {
        Policy::Any => 1,
        Policy::All => voters.max(1),
        Policy::Majority => voters / 2 + 1,
        Policy::Count(count) => count.max(1),
        Policy::Percent(percent) => (voters * u32::from(percent)).div_ceil(100).max(1),
    }
}

/// The policy where fewer have a turn than it needs, because somebody with the right put one person in the place of
/// those who could not be found: all of them.
pub fn attainable(policy: Policy, voters: u32) -> Policy {
    if needed(policy, voters) > voters { Policy::All } else { policy }
}

/// What the votes come to. With [`Policy::Any`] the first vote decides, whichever it is.
pub fn outcome(policy: Policy, tally: Tally) -> Outcome {
    if policy == Policy::Any && tally.yes + tally.no > 0 {
        return if tally.yes > 0 { Outcome::Carried } else { Outcome::Lost };
    }
    let needed = needed(policy, tally.voters);
    let open = tally.voters.saturating_sub(tally.yes + tally.no);
    if tally.yes >= needed {
        Outcome::Carried
    } else if tally.yes + open < needed {
        Outcome::Lost
    } else {
        Outcome::Open
    }
}

#[cfg(test)]
mod tests {
    use super::Outcome::{Carried, Lost, Open};
    use super::*;

    #[test]
    fn votes_count_and_not_responses() {
        #[rustfmt::skip]
        let table = [
            // policy, yes, no, voters, what it comes to
            (Policy::Any,         0, 0, 3, Open),
            (Policy::Any,         1, 0, 3, Carried),
            (Policy::Any,         0, 1, 3, Lost),
            (Policy::All,         2, 0, 3, Open),
            (Policy::All,         3, 0, 3, Carried),
            (Policy::All,         2, 1, 3, Lost),
            (Policy::All,         0, 1, 3, Lost),
            (Policy::Majority,    1, 1, 3, Open),
            (Policy::Majority,    2, 0, 3, Carried),
            (Policy::Majority,    0, 2, 3, Lost),
            (Policy::Majority,    2, 0, 4, Open),
            (Policy::Majority,    3, 0, 4, Carried),
            (Policy::Majority,    0, 2, 4, Lost),
            (Policy::Count(2),    1, 0, 5, Open),
            (Policy::Count(2),    2, 3, 5, Carried),
            (Policy::Count(2),    1, 4, 5, Lost),
            (Policy::Count(4),    0, 0, 3, Lost),
            (Policy::Percent(60), 2, 0, 5, Open),
            (Policy::Percent(60), 3, 0, 5, Carried),
            (Policy::Percent(60), 0, 3, 5, Lost),
            (Policy::Percent(1),  0, 4, 5, Open),
            (Policy::Percent(1),  0, 5, 5, Lost),
        ];
        for (policy, yes, no, voters, want) in table {
            assert_eq!(outcome(policy, Tally { yes, no, voters }), want, "{policy:?} {yes}:{no} of {voters}");
        }
    }

    #[test]
    fn a_certain_result_stays_whatever_comes_after() {
        let policies =
            [Policy::All, Policy::Majority, Policy::Count(2), Policy::Percent(34), Policy::Percent(100)];
        for policy in policies {
            for voters in 1..7 {
                for yes in 0..=voters {
                    for no in 0..=voters - yes {
                        let now = outcome(policy, Tally { yes, no, voters });
                        if now == Open || yes + no == voters {
                            assert!(now != Open || yes + no < voters);
                            continue;
                        }
                        for (more_yes, more_no) in [(1, 0), (0, 1)] {
                            let later = Tally { yes: yes + more_yes, no: no + more_no, voters };
                            assert_eq!(outcome(policy, later), now, "{policy:?} {yes}:{no} of {voters}");
                        }
                    }
                }
            }
        }
    }
}
