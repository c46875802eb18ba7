//! Tax numbers and bank accounts whose check digits are right, so that a sample passes the checks unless it is meant to fail.

use super::random::Random;

/// A VAT number with its country's prefix and check digits; `None` for a country without a rule here.
pub(super) fn vat(rule: &str, random: &mut Random) -> Option<String> {
    let mut digits = |count| random.digits(count);
    Some(match rule {
        "AT" => with("ATU", digits(7), |d| (96 - luhn_sum(d)) % 10),
        "BE" => {
            let mut payload = digits(7);
            payload.insert(0, 0);
            let check = 97 - number(&payload) % 97;
            format!("BE{}{check:02}", text(&payload))
        }
        "BG" => with("BG", digits(8), |d| match weighted(d, &[1, 2, 3, 4, 5, 6, 7, 8]) % 11 {
            10 => weighted(d, &[3, 4, 5, 6, 7, 8, 9, 10]) % 11 % 10,
            check => check,
        }),
        "CH" => {
            let found = until(|| digits(8), |d| eleven_minus(weighted(d, &[5, 4, 3, 2, 7, 6, 5, 4])));
            let d = text(&found);
            format!("CHE-{}.{}.{} MWST", &d[..3], &d[3..6], &d[6..])
        }
        "CZ" => with("CZ", until_first(&mut digits, 7, |d| d[0] < 9), |d| {
            (11 - weighted(d, &[8, 7, 6, 5, 4, 3, 2]) % 11) % 10
        }),
        "DE" => with("DE", digits(8), iso_7064_mod_11_10),
        "DK" => {
            format!("DK{}", text(&until(|| digits(7), |d| eleven_minus(weighted(d, &[2, 7, 6, 5, 4, 3, 2])))))
        }
        "EL" => with("EL", digits(8), |d| weighted(d, &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10),
        "ES" => with("ESB", digits(7), luhn),
        "FI" => format!(
            "FI{}",
            text(&until(|| digits(7), |d| eleven_minus(weighted(d, &[7, 9, 10, 5, 8, 4, 2]))))
        ),
        "FR" => {
            let mut siren = digits(8);
            siren.push(luhn(&siren));
            format!("FR{:02}{}", (12 + 3 * (number(&siren) % 97)) % 97, text(&siren))
        }
        "GB" => {
            let payload = digits(7);
            let check = 97 - weighted(&payload, &[8, 7, 6, 5, 4, 3, 2]) % 97;
            format!("GB{}{check:02}", text(&payload))
        }
        "HU" => with("HU", digits(7), |d| (10 - weighted(d, &[9, 7, 3, 1, 9, 7, 3]) % 10) % 10),
        "IT" => {
            let mut payload = digits(7);
            payload.extend([0, 1, 5]); // the province's office, Milan
            with("IT", payload, luhn)
        }
        "LU" => {
            let payload = digits(6);
            format!("LU{}{:02}", text(&payload), number(&payload) % 89)
        }
        "NL" => {
            let check =
                |d: &[u32]| Some(weighted(d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11).filter(|rest| *rest < 10);
            format!("NL{}B01", text(&until(|| digits(8), check)))
        }
        "NO" => format!(
            "NO{}MVA",
            text(&until(|| digits(8), |d| eleven_minus(weighted(d, &[3, 2, 7, 6, 5, 4, 3, 2]))))
        ),
        "PL" => {
            let check =
                |d: &[u32]| Some(weighted(d, &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11).filter(|rest| *rest < 10);
            format!("PL{}", text(&until(|| digits(9), check)))
        }
        "PT" => with("PT5", digits(7), |d| {
            let rest = (5 * 9 + weighted(d, &[8, 7, 6, 5, 4, 3, 2])) % 11;
            if rest < 2 { 0 } else { 11 - rest }
        }),
        "RO" => with("RO", digits(8), |d| weighted(d, &[5, 3, 2, 1, 7, 5, 3, 2]) * 10 % 11 % 10),
        "SE" => {
            let mut payload = digits(9);
            payload[0] = 5;
            format!("{}01", with("SE", payload, luhn))
        }
        _ => return None,
    })
}

/// An IBAN whose check digits are right: country, how many digits, and a bank's letters where the country has them.
pub(super) fn iban(shape: &str, random: &mut Random) -> Option<String> {
    let mut words = shape.split(' ');
    let country = words.next()?;
    let count: usize = words.next()?.parse().ok()?;
    let bank = words.next().unwrap_or_default();
    let digits = text(&random.digits(count - bank.len()));
    let rest = format!("{bank}{digits}{country}00").chars().fold(0u32, |rest, letter| {
        match letter.to_digit(36).expect("letters and digits only") {
            digit @ 0..10 => (rest * 10 + digit) % 97,
            letter => (rest * 100 + letter) % 97,
        }
    });
    Some(format!("{country}{:02}{bank}{digits}", 98 - rest))
}

fn with(prefix: &str, mut payload: Vec<u32>, check: impl Fn(&[u32]) -> u32) -> String {
    payload.push(check(&payload));
    format!("{prefix}{}", text(&payload))
}

/// Tries payloads until one has a check digit of one place.
fn until(mut payload: impl FnMut() -> Vec<u32>, check: impl Fn(&[u32]) -> Option<u32>) -> Vec<u32> {
    loop {
        let mut digits = payload();
        if let Some(found) = check(&digits) {
            digits.push(found);
            return digits;
        }
    }
}

fn until_first(
    digits: &mut impl FnMut(usize) -> Vec<u32>,
    count: usize,
    fits: impl Fn(&[u32]) -> bool,
) -> Vec<u32> {
    loop {
        let found = digits(count);
        if fits(&found) {
            return found;
        }
    }
}

fn text(digits: &[u32]) -> String {
    digits.iter().filter_map(|digit| char::from_digit(*digit, 10)).collect()
}

fn number(digits: &[u32]) -> u64 {
    digits.iter().fold(0, |sum, digit| sum * 10 + u64::from(*digit))
}

fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits.iter().zip(weights).map(|(digit, weight)| digit * weight).sum()
}

fn eleven_minus(sum: u32) -> Option<u32> {
    match 11 - sum % 11 {
        11 => Some(0),
        10 => None,
        check => Some(check),
    }
}

/// Luhn's check digit for a payload whose last digit is doubled.
fn luhn(payload: &[u32]) -> u32 {
    let sum: u32 = payload
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum();
    (10 - sum % 10) % 10
}

/// Austria doubles the second, fourth and sixth digit.
fn luhn_sum(payload: &[u32]) -> u32 {
    payload
        .iter()
        .enumerate()
        .map(|(place, digit)| if place % 2 == 1 { digit * 2 / 10 + digit * 2 % 10 } else { *digit })
        .sum()
}

fn iso_7064_mod_11_10(payload: &[u32]) -> u32 {
    let product = payload.iter().fold(10, |product, digit| {
        let sum = (digit + product) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (11 - product) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digits(text: &str) -> Vec<u32> {
        text.chars().filter_map(|c| c.to_digit(10)).collect()
    }

    /// Numbers printed as examples in public documents, cut before the check digits.
    #[test]
    fn published_numbers_come_out_whole() {
        assert_eq!(with("DE", digits("13669597"), iso_7064_mod_11_10), "DE136695976");
        assert_eq!(with("ATU", digits("1358562"), |d| (96 - luhn_sum(d)) % 10), "ATU13585627");
        assert_eq!(with("IT", digits("0074311015"), luhn), "IT00743110157");
        assert_eq!(luhn(&digits("40483304")), 8, "the SIREN 404833048");
        assert_eq!((12 + 3 * (404_833_048 % 97)) % 97, 83, "FR83404833048");
        assert_eq!(eleven_minus(weighted(&digits("1358562"), &[2, 7, 6, 5, 4, 3, 2])), Some(8), "DK13585628");
        assert_eq!(
            eleven_minus(weighted(&digits("2077474"), &[7, 9, 10, 5, 8, 4, 2])),
            Some(0),
            "FI20774740"
        );
        assert_eq!(weighted(&digits("856734621"), &[6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11, 5, "PL8567346215");
        assert_eq!(97 - number(&digits("04287594")) % 97, 97, "BE0428759497");
        assert_eq!(97 - weighted(&digits("9807806"), &[8, 7, 6, 5, 4, 3, 2]) % 97, 84, "GB980780684");
        assert_eq!(
            weighted(&digits("09425921"), &[256, 128, 64, 32, 16, 8, 4, 2]) % 11 % 10,
            6,
            "EL094259216"
        );
        assert_eq!(weighted(&digits("00449544"), &[9, 8, 7, 6, 5, 4, 3, 2]) % 11, 5, "NL004495445B01");
        assert_eq!(150_274 % 89, 42, "LU15027442");
    }

    #[test]
    fn every_rule_makes_numbers_of_its_own_length() {
        #[rustfmt::skip]
        let lengths = [
            ("AT", 11), ("BE", 12), ("BG", 11), ("CH", 20), ("CZ", 10), ("DE", 11), ("DK", 10), ("EL", 11), ("ES", 11), ("FI", 10), ("FR", 13),
            ("GB", 11), ("HU", 10), ("IT", 13), ("LU", 10), ("NL", 14), ("NO", 14), ("PL", 12), ("PT", 11), ("RO", 11), ("SE", 14),
        ];
        for (rule, length) in lengths {
            for index in 0..50 {
                let made = vat(rule, &mut Random::of(7, index)).unwrap();
                assert_eq!(made.len(), length, "{made}");
            }
        }
        assert_eq!(vat("", &mut Random::of(7, 7)), None);
    }

    #[test]
    fn an_iban_has_remainder_one() {
        for (index, shape) in ["DE 18", "FR 23", "GB 18 COSN", "BE 12"].iter().enumerate() {
            let iban = iban(shape, &mut Random::of(3, index as u64)).unwrap();
            let turned = format!("{}{}", &iban[4..], &iban[..4]);
            let digits: String = turned.chars().map(|c| c.to_digit(36).unwrap().to_string()).collect();
            assert_eq!(
                digits.bytes().fold(0u32, |rest, b| (rest * 10 + u32::from(b - b'0')) % 97),
                1,
                "{iban}"
            );
        }
    }
}
