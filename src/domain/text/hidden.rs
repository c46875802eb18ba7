//! Which code points a reader cannot see or a terminal obeys, and the visible name each of them gets.

/// True for code points that draw nothing by themselves or steer what is drawn: C0 and C1 controls, line
/// separators, bidirectional controls, tag characters, default-ignorables, annotation marks and noncharacters
/// (trust.md, Hostile text). Joiners and variation selectors count here too; whether one is usable where it
/// stands is decided by `usable_after`.
pub fn is_hidden(c: char) -> bool {
    c.is_control() || is_default_ignorable(c) || is_separator(c) || is_noncharacter(c)
}

/// Unicode's Default_Ignorable_Code_Point, and the interlinear annotation marks, which terminals swallow too.
fn is_default_ignorable(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
        | '\u{fff0}'..='\u{fffb}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0000}'..='\u{e0fff}')
}

fn is_separator(c: char) -> bool {
    matches!(c, '\u{2028}' | '\u{2029}')
}

fn is_noncharacter(c: char) -> bool {
    matches!(c, '\u{fdd0}'..='\u{fdef}') || (c as u32) & 0xfffe == 0xfffe
}

/// True for tag characters, which can carry a whole hidden sentence.
pub(super) fn is_tag(c: char) -> bool {
    matches!(c, '\u{e0000}'..='\u{e007f}')
}

/// The letter a tag character stands for, if it stands for one.
pub(super) fn tag_letter(c: char) -> Option<char> {
    let code = (c as u32).checked_sub(0xe_0000)?;
    char::from_u32(code).filter(|letter| (' '..='~').contains(letter))
}

/// True where the hidden code point `c` does honest work after `before` (and before `after`, for emoji), so that
/// it stays:
///
/// * a zero-width joiner between two pictures of an emoji sequence;
/// * a joiner or non-joiner directly after a letter or mark of a script whose spelling needs it (Arabic with
///   Persian and Urdu, Syriac, N'Ko, the Indic scripts, Myanmar, Khmer, Mongolian);
/// * one variation selector after a picture, a keycap base, an ideograph or a Mongolian letter.
///
/// Anything else, a second one in a row included, is shown by name.
pub(super) fn usable_after(c: char, before: Option<char>, after: Option<char>) -> bool {
    let Some(before) = before else { return false };
    match c {
        '\u{200d}' => joins_pictures(before, after) || needs_joiners(before),
        '\u{200c}' => needs_joiners(before),
        '\u{fe0e}' | '\u{fe0f}' => is_picture(before) || matches!(before, '0'..='9' | '#' | '*'),
        '\u{fe00}'..='\u{fe02}' | '\u{e0100}'..='\u{e01ef}' => is_ideograph(before),
        '\u{180b}'..='\u{180d}' | '\u{180f}' => matches!(before, '\u{1820}'..='\u{18aa}'),
        _ => false,
    }
}

fn joins_pictures(before: char, after: Option<char>) -> bool {
    let ends_a_picture = is_picture(before) || matches!(before, '\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}');
    ends_a_picture && after.is_some_and(is_picture)
}

/// Blocks of Extended_Pictographic, widened to whole blocks: a symbol that is no emoji is harmless here.
fn is_picture(c: char) -> bool {
    matches!(c,
        '©' | '®' | '\u{203c}' | '\u{2049}' | '\u{2122}' | '\u{2139}' | '\u{2190}'..='\u{21ff}'
        | '\u{2300}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{3030}' | '\u{303d}'
        | '\u{3297}' | '\u{3299}' | '\u{1f000}'..='\u{1fbff}')
}

fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

fn needs_joiners(c: char) -> bool {
    matches!(c,
        '\u{620}'..='\u{6ff}' | '\u{700}'..='\u{7ff}' | '\u{840}'..='\u{8ff}' | '\u{900}'..='\u{dff}'
        | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17d3}' | '\u{1820}'..='\u{18aa}'
        | '\u{fb50}'..='\u{fdcf}' | '\u{fdf0}'..='\u{fdff}' | '\u{fe70}'..='\u{fefc}'
        | '\u{a840}'..='\u{a87f}' | '\u{11000}'..='\u{1145f}')
}

/// Writes the visible stand-in of a hidden code point: the control picture for C0, a name in `⟨⟩` for the rest.
pub(super) fn write_stand_in(c: char, out: &mut String) {
    let code = c as u32;
    if code < 0x20 {
        out.push(char::from_u32(0x2400 + code).expect("U+2400 to U+241F are the control pictures"));
        return;
    }
    if code == 0x7f {
        out.push('␡');
        return;
    }
    out.push('⟨');
    match NAMES.iter().find(|(named, _)| *named == c) {
        Some((_, name)) => out.push_str(name),
        None => out.push_str(&format!("U+{code:04X}")),
    }
    out.push('⟩');
}

#[rustfmt::skip]
const NAMES: &[(char, &str)] = &[
    ('\u{202e}', "RLO"),  ('\u{202d}', "LRO"),  ('\u{202b}', "RLE"),  ('\u{202a}', "LRE"),  ('\u{202c}', "PDF"),
    ('\u{2066}', "LRI"),  ('\u{2067}', "RLI"),  ('\u{2068}', "FSI"),  ('\u{2069}', "PDI"),
    ('\u{200e}', "LRM"),  ('\u{200f}', "RLM"),  ('\u{61c}',  "ALM"),
    ('\u{200b}', "ZWSP"), ('\u{200c}', "ZWNJ"), ('\u{200d}', "ZWJ"),  ('\u{2060}', "WJ"),   ('\u{feff}', "BOM"),
    ('\u{ad}',   "SHY"),  ('\u{34f}',  "CGJ"),  ('\u{2028}', "LS"),   ('\u{2029}', "PS"),
    ('\u{85}',   "NEL"),  ('\u{90}',   "DCS"),  ('\u{9b}',   "CSI"),  ('\u{9c}',   "ST"),   ('\u{9d}',   "OSC"),
    ('\u{fe0e}', "VS15"), ('\u{fe0f}', "VS16"), ('\u{3164}', "HF"),
];
