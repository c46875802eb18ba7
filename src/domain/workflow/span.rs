//! Lengths of time as rule files write them: `2 working days`, `4 hours`, `30 minutes` (workflow.md, Rule file).

use super::Span;

/// The longest length, in minutes: ten years.
const LONGEST: u32 = 10 * 366 * 24 * 60;

/// The length that these words mean.
///
/// # Errors
/// A sentence that says what would be understood.
pub fn parse(text: &str) -> Result<Span, String> {
    let wanted = || {
        format!(
            "“{text}” is no length of time; write for example \"2 working days\", \"4 hours\" or \"30 minutes\""
        )
    };
    let lower = text.trim().to_lowercase();
    let digits = lower.chars().take_while(char::is_ascii_digit).count();
    let number: u32 = lower[..digits].parse().map_err(|_| wanted())?;
    let words: Vec<&str> = lower[digits..].split_whitespace().collect();
    let (working, unit) = match words.as_slice() {
        ["working", unit] => (true, *unit),
        [unit] => (false, *unit),
        _ => return Err(wanted()),
    };
    let each = match unit.strip_suffix('s').unwrap_or(unit) {
        "minute" | "min" => 1,
        "hour" | "h" => 60,
        "day" | "d" => 24 * 60,
        "week" | "w" if !working => 7 * 24 * 60,
        _ => return Err(wanted()),
    };
    if number == 0 {
        return Err(format!("“{text}” is no time at all"));
    }
    match number.checked_mul(each).filter(|minutes| *minutes <= LONGEST) {
        None => Err(format!("“{text}” is longer than ten years")),
        Some(_) if working && each == 24 * 60 => Ok(Span::WorkingDays(number)),
        Some(minutes) if working => Ok(Span::WorkingMinutes(minutes)),
        Some(minutes) => Ok(Span::Minutes(minutes)),
    }
}

/// The words of a length, readable by [`parse`].
pub fn wording(span: Span) -> String {
    let (number, unit) = match span {
        Span::WorkingDays(n) => (n, "working day"),
        Span::WorkingMinutes(n) if n % 60 == 0 => (n / 60, "working hour"),
        Span::WorkingMinutes(n) => (n, "working minute"),
        Span::Minutes(n) if n % (24 * 60) == 0 => (n / (24 * 60), "day"),
        Span::Minutes(n) if n % 60 == 0 => (n / 60, "hour"),
        Span::Minutes(n) => (n, "minute"),
    };
    format!("{number} {unit}{}", if number == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_as_they_are_spoken() {
        #[rustfmt::skip]
        let cases = [
            ("2 working days",  Span::WorkingDays(2)),
            ("1 working day",   Span::WorkingDays(1)),
            ("4 working hours", Span::WorkingMinutes(240)),
            ("4 hours before",  Span::Minutes(0)),
            ("4 hours",         Span::Minutes(240)),
            ("30 minutes",      Span::Minutes(30)),
            ("3 days",          Span::Minutes(3 * 1440)),
            ("1 week",          Span::Minutes(7 * 1440)),
        ];
        for (text, want) in cases {
            match want {
                Span::Minutes(0) => assert!(parse(text).is_err(), "`before` belongs to remind alone"),
                want => assert_eq!(parse(text), Ok(want), "{text}"),
            }
        }
        for wrong in
            ["", "two days", "0 hours", "-1 hours", "1 fortnight", "99999999 days", "5", "4294967296 minutes"]
        {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_a_length_or_a_sentence(text in "\\PC{0,30}") {
            if let Err(said) = parse(&text) { proptest::prop_assert!(!said.is_empty()); }
        }

        #[test]
        fn a_length_reads_as_it_was_written(n in 1_u32..5000, kind in 0..3) {
            let span = match kind { 0 => Span::WorkingDays(n % 3000 + 1), 1 => Span::WorkingMinutes(n), _ => Span::Minutes(n) };
            proptest::prop_assert_eq!(parse(&wording(span)), Ok(span));
        }
    }
}
