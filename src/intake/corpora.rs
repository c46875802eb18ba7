//! Intake against files that nobody here wrote; skipped where the corpora are not there.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::record::ProblemKind;
use super::source::{Format, NotReadable, read_file};
use super::{Row, csv, encoding, field, json as json_in};
use crate::domain::text::csv_guard;

fn corpora() -> Option<PathBuf> {
    #[expect(clippy::disallowed_methods, reason = "a test asks where the corpora lie")]
    let shared = std::env::var_os("COUNTERSIGN_SHARED").map(PathBuf::from);
    let dir =
        shared.unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared")).join("corpora");
    if dir.is_dir() {
        return Some(dir);
    }
    println!("skipped: {} is not there", dir.display());
    None
}

fn files(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found: Vec<_> = std::fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file())
        .collect();
    found.sort();
    assert!(!found.is_empty());
    found
        .into_iter()
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(&path).unwrap()))
        .collect()
}

fn kinds(rows: impl Iterator<Item = Row>) -> Vec<ProblemKind> {
    rows.filter_map(|row| row.input.err()).flatten().map(|problem| problem.kind).collect()
}

#[test]
fn json_test_suite_is_judged_as_its_authors_do() {
    let Some(dir) = corpora() else { return };
    for (name, bytes) in files(&dir.join("json/JSONTestSuite/test_parsing")) {
        let found = kinds(json_in::JsonRows::new(bytes.as_slice()));
        let broken = found
            .iter()
            .any(|kind| matches!(kind, ProblemKind::Syntax | ProblemKind::Encoding | ProblemKind::TooLarge));
        match &name[..2] {
            "y_" => assert!(!broken, "{name}: {found:?}"),
            "n_" => assert!(broken, "{name}: {found:?}"),
            "i_" => {}
            other => panic!("{other} in {name}"),
        }
    }
}

#[test]
fn csv_spectrum_reads_as_expected() {
    let Some(dir) = corpora() else { return };
    for (name, bytes) in files(&dir.join("csv/csv-spectrum/csvs")) {
        if let Err(refused) = encoding::check(bytes.as_slice()) {
            assert_eq!(name, "location_coordinates.csv");
            assert!(refused.to_string().starts_with("line 2: the file is not UTF-8"), "{refused}");
            continue;
        }
        let rows = csv::raw(&bytes);
        // Degrees and minutes with quotes that nobody doubled; some copies have lost its Latin-1 bytes.
        if name.starts_with("bad-") || name == "location_coordinates.csv" {
            assert!(rows.is_err(), "{name}");
            continue;
        }
        let rows = rows.unwrap();
        let record = |row: &Vec<String>| {
            rows[0].iter().cloned().zip(row.iter().map(|text| json!(text))).collect::<serde_json::Map<_, _>>()
        };
        let ours: Vec<_> = rows[1..].iter().map(|row| Value::Object(record(row))).collect();
        let expected =
            std::fs::read(dir.join("csv/csv-spectrum/json").join(name.replace(".csv", ".json"))).unwrap();
        let expected: Value = serde_json::from_slice(&expected).unwrap();
        // The expectations write every line end as LF; we keep what stands inside the quotes.
        let folded = Value::Array(ours).to_string().replace("\\r\\n", "\\n");
        assert_eq!(folded, expected.to_string().replace("\\r\\n", "\\n"), "{name}");
    }
}

#[test]
fn malformed_utf8_is_refused_with_its_line() {
    let Some(dir) = corpora() else { return };
    let all = files(&dir.join("terminal/kuhn")).into_iter().chain(files(&dir.join("terminal/utf8tests")));
    for (name, bytes) in all {
        let expected = std::str::from_utf8(&bytes)
            .err()
            .map(|error| 1 + encoding::newlines(&bytes[..error.valid_up_to()]));
        let mut file = tempfile::tempfile().unwrap();
        std::io::Write::write_all(&mut file, &bytes).unwrap();
        std::io::Seek::rewind(&mut file).unwrap();
        let line = match read_file(file, Some(Format::Csv)) {
            Ok(_) => None,
            Err(NotReadable::Encoding(encoding::NotUtf8::Bytes { line })) => Some(line),
            Err(other) => panic!("{name}: {other}"),
        };
        assert_eq!(line, expected, "{name}");

        // As JSON lines, each line a company: bad ones are reported, good ones arrive unchanged.
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let text = std::str::from_utf8(line);
            let quoted = text.map(|text| json!(text).to_string().into_bytes());
            let value = quoted.unwrap_or_else(|_| [b"\"", line, b"\""].concat());
            let record = [b"{\"company\":", value.as_slice(), b"}\n{\"company\":\"next\"}\n"].concat();
            let rows: Vec<_> = json_in::JsonRows::new(record.as_slice()).collect();
            match text {
                Ok(text) => assert_eq!(
                    rows[0].input.as_ref().unwrap().company.as_deref(),
                    Some(text).filter(|t| !t.trim().is_empty())
                ),
                Err(_) => assert!(rows[0].input.is_err(), "{name} line {}", index + 1),
            }
            assert!(rows.last().unwrap().input.is_ok());
        }
    }
}

#[test]
fn naughty_strings_arrive_unchanged_in_every_field() {
    let Some(dir) = corpora() else { return };
    let strings: Vec<String> =
        serde_json::from_slice(&std::fs::read(dir.join("strings/blns.json")).unwrap()).unwrap();
    for name in field::NAMES {
        let mut lines = String::new();
        let mut table = format!("{name},n\n");
        for text in &strings {
            lines.push_str(&format!("{}\n", json!({ *name: text })));
            table.push_str(&format!("\"{}\",1\n", csv_guard(text).replace('"', "\"\"")));
        }
        let from_json = json_in::JsonRows::new(lines.as_bytes());
        let from_csv = csv::CsvRows::new(table.as_bytes());
        for rows in [from_json.collect::<Vec<_>>(), from_csv.collect()] {
            assert_eq!(rows.len(), strings.len());
            for (row, text) in rows.into_iter().zip(&strings) {
                let mut input = row.input.unwrap();
                let expected = Some(text.clone()).filter(|text| !text.trim().is_empty());
                assert_eq!(input.slot(name), Some(&mut expected.clone()), "{name} {text:?}");
            }
        }
    }
}
