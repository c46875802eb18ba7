//! Letters that look like others: which script a letter is of, and the plain Latin that a name reads as.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The scripts that can be told apart; `Other` stands for every alphabet not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Script {
    Latin,
    Greek,
    Cyrillic,
    Armenian,
    Han,
    Kana,
    Bopomofo,
    Hangul,
    Other,
}

/// The script of a letter; `None` for ASCII digits, marks and the hyphen, which every script shares. A symbol
/// belongs to no script's words and counts as one of its own.
pub(super) fn script_of(c: char) -> Option<Script> {
    match c {
        'a'..='z' | 'A'..='Z' | '\u{c0}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{2c60}'..='\u{2c7f}' => {
            Some(Script::Latin)
        }
        '\u{370}'..='\u{3ff}' | '\u{1f00}'..='\u{1fff}' => Some(Script::Greek),
        '\u{400}'..='\u{52f}'
        | '\u{1c80}'..='\u{1c8f}'
        | '\u{2de0}'..='\u{2dff}'
        | '\u{a640}'..='\u{a69f}' => Some(Script::Cyrillic),
        '\u{530}'..='\u{58f}' => Some(Script::Armenian),
        '\u{3041}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}' => Some(Script::Kana),
        '\u{3105}'..='\u{312f}' | '\u{31a0}'..='\u{31bf}' => Some(Script::Bopomofo),
        '\u{3005}'..='\u{3007}'
        | '\u{3400}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}' => Some(Script::Han),
        '\u{1100}'..='\u{11ff}' | '\u{3130}'..='\u{318f}' | '\u{ac00}'..='\u{d7ff}' => Some(Script::Hangul),
        '\u{b7}' => None,
        // Phonetic letters, foreign digits, crosses and boxes are what a forger reaches for.
        other if !other.is_ascii() && !is_combining_mark(other) => Some(Script::Other),
        _ => None,
    }
}

/// True if one label of a domain mixes scripts that no language writes together. Japanese, Korean and Chinese
/// write Latin letters among their own.
pub(super) fn mixes_scripts(label: &str) -> bool {
    let mut scripts: Vec<Script> = Vec::new();
    for script in label.chars().filter_map(script_of) {
        if !scripts.contains(&script) {
            scripts.push(script);
        }
    }
    if scripts.len() < 2 {
        return false;
    }
    let within = |allowed: &[Script]| scripts.iter().all(|script| allowed.contains(script));
    !(within(&[Script::Latin, Script::Han, Script::Kana])
        || within(&[Script::Latin, Script::Han, Script::Hangul])
        || within(&[Script::Latin, Script::Han, Script::Bopomofo]))
}

/// What a name reads as at a glance: compatibility forms resolved, accents off, letters of other scripts and
/// digits as the Latin letters they resemble, `rn` as `m` and `vv` as `w`. Two names with one skeleton can be
/// taken for each other.
pub(super) fn skeleton(name: &str) -> String {
    let letters: String = name
        .nfkd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| LOOKS.iter().find(|(_, likes)| likes.contains(c)).map_or(c, |(latin, _)| *latin))
        .collect();
    letters.replace("rn", "m").replace("vv", "w")
}

/// Latin letter, and what passes for it in lower case: digits, Latin variants, Greek, Cyrillic, Armenian,
/// Cherokee. Facts from Unicode's confusables, only those that a domain label may hold.
#[rustfmt::skip]
const LOOKS: &[(char, &str)] = &[
    ('a', "ɑαа"),    ('b', "ƅьЬᏏꮟ"),  ('c', "ϲсᴄ"),    ('d', "ԁɗժ"),   ('e', "еҽε℮"), ('f', "ſƒք"),
    ('g', "ɡցƍ"),    ('h', "һհ"),     ('i', "ıɩɪιіᎥꭵ"), ('j', "јϳ"),    ('k', "κкĸ"),  ('l', "1ɭƖǀӏŀł|"),
    ('m', "мṃ"),     ('n', "ոռпη"),   ('o', "0οоσօ"),  ('p', "ρрϱ"),   ('q', "ԛգզ"),  ('r', "гᴦ"),
    ('s', "ѕƽꜱ5"),   ('t', "тτ"),     ('u', "υսʋᴜ"),   ('v', "νѵᴠ"),   ('w', "ѡԝաɯᴡω"), ('x', "хχ×"),
    ('y', "уүγɣʏ"),  ('z', "ᴢʐ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_of_one_language_do_not_mix() {
        #[rustfmt::skip]
        let table = [
            ("gmail",       false),
            ("łódź-24",     false),
            ("почта",       false),
            ("さくら商事",  false),
            ("トヨタcars",  false),
            ("gmаil",       true),
            ("αpple",       true),
            ("ɡoogle",      true),
            ("한国a",       false),
            ("한かa",       true),
        ];
        for (label, mixes) in table {
            assert_eq!(mixes_scripts(label), mixes, "{label}");
        }
    }

    #[test]
    fn names_read_alike() {
        for name in ["gmail", "gmаil", "gmai1", "ɡmaıl", "grnail", "GMAÍL", "ｇｍａｉｌ"] {
            assert_eq!(skeleton(name), "gmail", "{name}");
        }
    }
}
