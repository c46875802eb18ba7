//! E-mail addresses.

use crate::domain::text::fold;

/// Lower case, without tag; dots in the local part stay. Empty when there is no local part or no domain.
pub fn normalise(address: &str) -> String {
    let Some((local, domain)) = address.trim().rsplit_once('@') else { return String::new() };
    let local = part(local.split('+').next().unwrap_or(local));
    let domain = part(domain);
    if local.is_empty() || domain.is_empty() {
        return String::new();
    }
    let domain = if domain == "googlemail.com" { "gmail.com".to_owned() } else { domain };
    format!("{local}@{domain}")
}

/// Letters, digits, dots and dashes of any script as ASCII.
fn part(text: &str) -> String {
    let mut made = String::with_capacity(text.len());
    for piece in text.split_inclusive(['.', '-', '_', '@']) {
        let (word, sign) = match piece.chars().next_back() {
            Some(c @ ('.' | '-' | '_' | '@')) => (&piece[..piece.len() - 1], Some(c)),
            Some(_) | None => (piece, None),
        };
        made.push_str(&fold(word).replace(' ', ""));
        made.extend(sign.filter(|c| *c != '@'));
    }
    made.trim_matches('.').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_case_and_scripts_do_not_count() {
        #[rustfmt::skip]
        let table = [
            ("Ana+web@Aurora.example",   "ana@aurora.example"),
            ("j.doe@googlemail.com",     "j.doe@gmail.com"),
            ("müller@bäcker.de",         "muller@backer.de"),
            ("no address",               ""),
            ("@x.de",                    ""),
        ];
        for (given, key) in table {
            assert_eq!(normalise(given), key, "{given}");
        }
    }
}
