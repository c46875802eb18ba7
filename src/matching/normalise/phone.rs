//! Phone numbers.

use crate::domain::text::digits;

/// Digits that a number without its area has at least; fewer are an extension or noise.
const LEAST: usize = 5;

/// Digits without international prefix and trunk zeros: two notations of one number end alike.
pub fn normalise(phone: &str) -> String {
    let before_extension = phone.split(['x', 'X', ';']).next().unwrap_or(phone).replace("(0)", "");
    let digits = digits(&before_extension);
    let bare = digits.trim_start_matches('0');
    if bare.len() < LEAST { String::new() } else { bare.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notations_of_one_number_end_alike() {
        for (a, b) in [("+49 (0)30 1234567", "030/1234567"), ("0044 20 7946 0018", "020 7946 0018 x3")] {
            let (a, b) = (normalise(a), normalise(b));
            assert!(a.ends_with(&b), "{a} {b}");
        }
        assert_eq!(normalise("12"), "");
    }
}
