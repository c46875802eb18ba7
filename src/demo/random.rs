//! splitmix64: a sequence that depends on its seed alone, so that samples never change between machines or releases.

/// A deterministic sequence; not for secrets.
#[derive(Debug, Clone)]
pub(super) struct Random(u64);

impl Random {
    /// The sequence of the `index`th record under a seed; neighbours have nothing in common.
    pub fn of(seed: u64, index: u64) -> Self {
        let mut start = Self(seed ^ index.wrapping_mul(0xD1B5_4A32_D192_ED03));
        start.next();
        start
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 to `end` - 1; 0 where `end` is 0.
    pub fn below(&mut self, end: usize) -> usize {
        let scaled = (u128::from(self.next()) * end as u128) >> 64;
        usize::try_from(scaled).expect("a number below a usize is a usize")
    }

    /// One of the list, which is not empty.
    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len())]
    }

    /// One word of the list, which is not empty.
    pub fn word(&mut self, list: &[&'static str]) -> &'static str {
        list[self.below(list.len())]
    }

    /// True `percent` times in a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    /// Adds a pattern: `#` a digit, `%` a digit but 0, `?` a letter that postal codes use, all else as it stands.
    pub fn fill(&mut self, pattern: &str, out: &mut String) {
        const LETTERS: &[u8] = b"ABEGHJLNPRSTWXYZ";
        for letter in pattern.chars() {
            match letter {
                '#' => out.push(char::from(b'0' + self.below(10) as u8)),
                '%' => out.push(char::from(b'1' + self.below(9) as u8)),
                '?' => out.push(char::from(*self.pick(LETTERS))),
                other => out.push(other),
            }
        }
    }

    /// So many digits, the first not 0.
    pub fn digits(&mut self, count: usize) -> Vec<u32> {
        (0..count)
            .map(|place| if place == 0 { 1 + self.below(9) as u32 } else { self.below(10) as u32 })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sequence_is_the_published_one() {
        let mut random = Random(1_234_567);
        assert_eq!(
            random.next(),
            6_457_827_717_110_365_317,
            "splitmix64 of Steele, Lea and Flood, seed 1234567"
        );
        assert_eq!(random.next(), 3_203_168_211_198_807_973);
    }

    #[test]
    fn numbers_stay_below_and_reach_all() {
        let mut random = Random::of(1, 1);
        let mut seen = [false; 7];
        (0..500).for_each(|_| seen[random.below(7)] = true);
        assert_eq!(seen, [true; 7]);
        assert_eq!(random.below(0), 0);
    }
}
