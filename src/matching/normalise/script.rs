//! Scripts without spaces between words: Chinese characters and kana are parted into words before they are folded, or
//! every character would count as a word of its own; and legal forms as they are written in other scripts than Latin.

use crate::domain::text::fold as folded;

/// Legal forms in scripts that do not part words: taken out wherever they stand, the longest first.
#[rustfmt::skip]
const WITHIN: &[&str] = &[
    "ห้างหุ้นส่วนจำกัด", "(มหาชน)", "บริษัท", "จำกัด", "หจก.",
    "股份有限公司", "有限責任公司", "有限责任公司", "有限公司", "株式会社", "有限会社", "合同会社", "合資会社", "合名会社", "（株）", "（有）", "(株)", "(有)", "㈱", "㈲",
    "주식회사", "유한회사", "합자회사", "(주)", "㈜",
];

/// Legal forms that are words, without dots and quotation marks.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "ООО", "ОАО", "ЗАО", "ПАО", "АО", "ИП", "ТОВ", "ПрАТ", "ЕООД", "ООД", "АД", "ДОО",
    "ΑΕ", "ΕΠΕ", "ΟΕ", "ΕΕ", "ΙΚΕ", "ΑΒΕΕ",
    "בעמ", "שמ",
    "شركة", "شمم", "ذمم", "شذمم", "المحدودة",
    "प्रा", "लि", "प्राइवेट", "लिमिटेड",
];

/// The name without the legal forms of other scripts; the name itself where nothing else is left.
pub fn without_legal_form(name: &str) -> String {
    if name.is_ascii() {
        return name.to_owned();
    }
    let mut rest = name.to_owned();
    for form in WITHIN {
        if rest.contains(form) {
            rest = rest.replace(form, " ");
        }
    }
    let bare = |word: &str| word.replace(['.', '"', '״', '׳', '\'', '«', '»', ','], "");
    let kept: Vec<&str> = rest.split_whitespace().filter(|w| !WORDS.contains(&bare(w).as_str())).collect();
    if kept.is_empty() { name.to_owned() } else { kept.join(" ") }
}

/// What a character is written in, as far as words part there.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Script {
    Han,
    Kana,
    Other,
}

fn script(c: char) -> Script {
    match c {
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '々' | '\u{f900}'..='\u{faff}' => Script::Han,
        '\u{3040}'..='\u{30ff}' | '\u{ff66}'..='\u{ff9f}' => Script::Kana,
        _ => Script::Other,
    }
}

/// Folded as [`folded`] does; a run of Chinese characters or of kana makes words: up to three characters one word, more
/// of them words of two.
pub fn fold(text: &str) -> String {
    if text.chars().all(|c| script(c) == Script::Other) {
        return folded(text);
    }
    let mut made = String::with_capacity(text.len() * 2);
    let chars: Vec<char> = text.chars().collect();
    for run in chars.chunk_by(|a, b| script(*a) == script(*b)) {
        match script(run[0]) {
            Script::Other => made.extend(run),
            Script::Kana => word(&mut made, run),
            Script::Han if run.len() <= 3 => word(&mut made, run),
            Script::Han => {
                let odd = run.len() % 2;
                let (pairs, last) = run.split_at(run.len() - 2 - odd);
                pairs.chunks(2).for_each(|pair| word(&mut made, pair));
                word(&mut made, last);
            }
        }
    }
    folded(&made)
}

fn word(made: &mut String, run: &[char]) {
    let text: String = run.iter().collect();
    made.push(' ');
    made.push_str(&folded(&text).replace(' ', ""));
    made.push(' ');
}

/// Where words are not parted, a house number is written as block, lot and house: one number, not three.
pub fn with_whole_numbers(street: &str) -> String {
    if street.chars().all(|c| script(c) == Script::Other) {
        return street.to_owned();
    }
    let chars: Vec<char> = street.chars().collect();
    let digit = |at: Option<&char>| at.is_some_and(|c| c.is_numeric() && script(*c) == Script::Other);
    let mut made = String::with_capacity(street.len());
    for (at, &c) in chars.iter().enumerate() {
        let between = at > 0 && digit(chars.get(at - 1)) && digit(chars.get(at + 1));
        match c {
            '-' | '‐' | '–' | '−' | 'ー' | '－' if between => made.push('x'),
            _ => made.push(c),
        }
    }
    made
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_make_words() {
        #[rustfmt::skip]
        let table = [
            ("大手町",           "dashouting"),
            ("藤崎工業",         "tengqi gongye"),
            ("サクラ物産",       "sakura wuchan"),
            ("北京华联超市 3",   "beijing hualian chaoshi 3"),
            ("Café Aurora",      "cafe aurora"),
            ("서울 식품",        "seoul sigpum"),
        ];
        for (given, key) in table {
            assert_eq!(fold(given), key, "{given}");
        }
    }

    #[test]
    fn legal_forms_of_other_scripts_do_not_count() {
        #[rustfmt::skip]
        let table = [
            ("合同会社藤崎工業",           "藤崎工業"),
            ("株式会社",                   "株式会社"),
            ("주식회사 윤씨네 식품",        "윤씨네 식품"),
            ("ООО «Ромашка»",              "«Ромашка»"),
            ("Αιγαίον Ναυτιλιακά Α.Ε.",    "Αιγαίον Ναυτιλιακά"),
            ("כוכב כלי עבודה בע״מ",        "כוכב כלי עבודה"),
            ("चतुर्वेदी एंड संस मसाले प्रा. लि.", "चतुर्वेदी एंड संस मसाले"),
        ];
        for (given, key) in table {
            assert_eq!(without_legal_form(given), key, "{given}");
        }
    }

    #[test]
    fn a_block_lot_and_house_are_one_number() {
        assert_eq!(with_whole_numbers("大手町1-4-6"), "大手町1x4x6");
        assert_eq!(with_whole_numbers("High St 12-14"), "High St 12-14");
    }
}
