//! Absences as dated rules: who stands in for whom, and whether a new rule would lead back to its beginning
//! (workflow.md, Actions: out of office).

use super::workflow::Document;

/// One rule: from `starts_at` on, until `ends_at` (not included; none: open end), `deputy` stands in for `staff`.
/// Instants are UTC milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Absence {
    /// Whose work.
    pub staff: i64,
    /// Who stands in.
    pub deputy: i64,
    /// Of one document; none: of all.
    pub document: Option<Document>,
    /// Its first instant.
    pub starts_at: i64,
    /// The first instant it holds no more.
    pub ends_at: Option<i64>,
}

impl Absence {
    /// The time and document that both rules have in common.
    fn shared(&self, other: &Absence) -> Option<Absence> {
        let document = match (self.document, other.document) {
            (Some(own), Some(others)) if own != others => return None,
            (own, others) => own.or(others),
        };
        let starts_at = self.starts_at.max(other.starts_at);
        let ends_at = match (self.ends_at, other.ends_at) {
            (Some(own), Some(others)) => Some(own.min(others)),
            (own, others) => own.or(others),
        };
        ends_at.is_none_or(|end| starts_at < end).then_some(Absence {
            document,
            starts_at,
            ends_at,
            ..*other
        })
    }

    /// Whether both are about the same person and scope at some time: nobody could say which of them holds.
    pub fn clashes(&self, other: &Absence) -> bool {
        self.staff == other.staff && self.document == other.document && self.shared(other).is_some()
    }
}

/// The persons of the loop that `new` would close with the rules there are, from its own person on; none: it closes
/// none. A loop is one that holds at some instant for some document.
pub fn loop_of(new: &Absence, rules: &[Absence]) -> Option<Vec<i64>> {
    let mut path = vec![new.staff];
    leads_back(new, rules, &mut path).then_some(path)
}

/// Follows the rules from the end of a chain that holds during `link`.
fn leads_back(link: &Absence, rules: &[Absence], path: &mut Vec<i64>) -> bool {
    if link.deputy == path[0] {
        return true;
    }
    if path.contains(&link.deputy) {
        return false;
    }
    path.push(link.deputy);
    let onward = rules.iter().filter(|rule| rule.staff == link.deputy);
    for next in onward.filter_map(|rule| link.shared(rule)) {
        if leads_back(&next, rules, path) {
            return true;
        }
    }
    path.pop();
    false
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rule((staff, deputy): (i64, i64), (starts_at, ends_at): (i64, Option<i64>)) -> Absence {
        Absence { staff, deputy, document: None, starts_at, ends_at }
    }

    #[test]
    fn a_loop_is_named_from_its_beginning() {
        let rules = [rule((2, 3), (0, None)), rule((3, 1), (5, Some(9)))];
        assert_eq!(loop_of(&rule((1, 2), (0, None)), &rules), Some(vec![1, 2, 3]));
        assert_eq!(loop_of(&rule((1, 2), (9, None)), &rules), None, "the third is back by then");
        assert_eq!(loop_of(&rule((1, 1), (0, None)), &[]), Some(vec![1]));
    }

    #[test]
    fn rules_of_different_documents_make_no_loop() {
        let of = |document, rule: Absence| Absence { document: Some(document), ..rule };
        let back = of(Document::Proposal, rule((2, 1), (0, None)));
        assert_eq!(loop_of(&of(Document::UserRequest, rule((1, 2), (0, None))), &[back]), None);
        assert_eq!(loop_of(&rule((1, 2), (0, None)), &[back]), Some(vec![1, 2]));
    }

    fn absence() -> impl Strategy<Value = Absence> {
        let document = prop::option::of(prop::sample::select(&Document::ALL[..]));
        (0..5_i64, 0..5_i64, document, 0..6_i64, prop::option::of(1..6_i64)).prop_map(
            |(staff, deputy, document, starts_at, lasts)| Absence {
                staff,
                deputy,
                document,
                starts_at,
                ends_at: lasts.map(|n| starts_at + n),
            },
        )
    }

    /// At every instant, for every document: whoever is reached from the new rule's deputy.
    fn naive(new: &Absence, rules: &[Absence]) -> bool {
        let holds = |r: &Absence, at: i64, document| {
            r.starts_at <= at
                && r.ends_at.is_none_or(|end| at < end)
                && r.document.is_none_or(|d| d == document)
        };
        (0..13).any(|at| {
            Document::ALL.into_iter().filter(|d| holds(new, at, *d)).any(|document| {
                let mut reached = vec![new.deputy];
                for _ in 0..10 {
                    let more: Vec<i64> = rules
                        .iter()
                        .filter(|r| holds(r, at, document) && reached.contains(&r.staff))
                        .map(|r| r.deputy)
                        .collect();
                    reached.extend(more);
                    reached.sort_unstable();
                    reached.dedup();
                }
                reached.contains(&new.staff)
            })
        })
    }

    proptest! {
        #[test]
        fn loops_are_those_of_a_look_at_every_instant(new in absence(), rules in prop::collection::vec(absence(), 0..8)) {
            prop_assert_eq!(loop_of(&new, &rules).is_some(), naive(&new, &rules));
        }
    }
}
