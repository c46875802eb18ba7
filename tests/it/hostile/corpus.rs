//! The hostile strings, by corpus; none (said on the test's output) where this clone has no corpora.

use std::fs;
use std::path::{Path, PathBuf};

/// Strings of one kind.
pub struct Corpus {
    pub name: &'static str,
    pub strings: Vec<String>,
}

/// A recording is cut into strings of this many characters, so that its sequences stay whole.
const PIECE: usize = 4_000;

fn folder() -> Option<PathBuf> {
    let shared = std::env::var_os("COUNTERSIGN_SHARED").map(PathBuf::from);
    let folder =
        shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")).join("corpora");
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: nothing at {}", folder.display());
    None
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).unwrap_or_else(|error| panic!("{}: {error}", dir.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() { found.extend(files(&path)) } else { found.push(path) }
    }
    found.sort();
    found
}

fn text(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap()).into_owned()
}

/// Every line of every file below.
fn lines(dir: &Path) -> Vec<String> {
    files(dir).iter().flat_map(|file| text(file).split('\n').map(str::to_owned).collect::<Vec<_>>()).collect()
}

/// Every file below, in pieces.
fn pieces(dir: &Path, ending: &str) -> Vec<String> {
    let files = files(dir).into_iter().filter(|file| file.to_string_lossy().ends_with(ending));
    files
        .flat_map(|file| {
            let all: Vec<char> = text(&file).chars().collect();
            all.chunks(PIECE).map(|piece| piece.iter().collect()).collect::<Vec<String>>()
        })
        .collect()
}

/// The code points of a line of hexadecimal numbers, `÷` and `×` between them or not.
fn code_points(line: &str) -> String {
    let hex = line.split('#').next().unwrap_or_default().split(';').next().unwrap_or_default();
    hex.split_whitespace().filter_map(|word| char::from_u32(u32::from_str_radix(word, 16).ok()?)).collect()
}

/// What we add ourselves: each character that acts, alone and inside a word.
fn acting() -> Vec<String> {
    let points =
        (0..0x20).chain(0x7f..0xa0).chain(0x200b..0x2010).chain(0x2028..0x202f).chain(0x2060..0x2070);
    let points =
        points.chain([0xad, 0x34f, 0x61c, 0x180e, 0x3164, 0xfeff, 0xfffd, 0xffff, 0xe0001, 0xe0041, 0xe007f]);
    let alone = points
        .filter_map(char::from_u32)
        .flat_map(|c| [c.to_string(), format!("a{c}b"), format!("{c}[2J{c}")]);
    let more = [
        "\u{1b}]0;pwned\u{7}",
        "\u{1b}]52;c;cHduZWQ=\u{7}",
        "\u{1b}[?1049l",
        "\u{9b}2J",
        "\u{1b}P+q\u{1b}\\",
        "\u{1b}c",
        "\r\nBcc: all@victim.com",
        "a\r\n.\r\nMAIL FROM:<x@y.com>",
        "{{ 7*7 }}",
        "{% raw %}",
        "=1+1",
        "＝1+1",
        " \t=1+1",
        "'=1+1",
        "@SUM(1)",
    ];
    alone.chain(more.map(str::to_owned)).chain([format!("Z{}", "\u{301}".repeat(500))]).collect()
}

/// All of them; empty strings and repetitions are left out.
pub fn all() -> Vec<Corpus> {
    let Some(dir) = folder() else { return Vec::new() };
    let blns: Vec<String> = serde_json::from_str(&text(&dir.join("strings/blns.json"))).unwrap();
    let unicode =
        |name: &str| text(&dir.join("unicode").join(name)).lines().map(code_points).collect::<Vec<_>>();
    let confusables = text(&dir.join("unicode/confusables-to-ascii.tsv"));
    let mut all = vec![
        Corpus { name: "our own", strings: acting() },
        Corpus { name: "blns", strings: blns },
        Corpus {
            name: "strings",
            strings: [lines(&dir.join("strings/patt")), lines(&dir.join("strings/csv-injection"))].concat(),
        },
        Corpus { name: "terminal recordings", strings: pieces(&dir.join("terminal/alacritty-ref"), ".raw") },
        Corpus {
            name: "malformed UTF-8",
            strings: [lines(&dir.join("terminal/kuhn")), lines(&dir.join("terminal/utf8tests"))].concat(),
        },
        Corpus {
            name: "clusters",
            strings: [unicode("emoji-zwj-sequences.txt"), unicode("GraphemeBreakTest.txt")].concat(),
        },
        Corpus { name: "look-alikes", strings: confusables.lines().map(str::to_owned).collect() },
        Corpus { name: "addresses", strings: lines(&dir.join("address")) },
        Corpus { name: "e-mail", strings: lines(&dir.join("email")) },
        Corpus { name: "mails", strings: pieces(&dir.join("mail"), "") },
    ];
    let mut seen = std::collections::HashSet::new();
    for corpus in &mut all {
        corpus.strings.retain(|text| !text.is_empty() && seen.insert(text.clone()));
        assert!(corpus.strings.len() > 20, "{} has only {} strings", corpus.name, corpus.strings.len());
    }
    all
}
