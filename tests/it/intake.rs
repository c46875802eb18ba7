//! Intake as the command line and the drop folder use it: whole files in, rows and problems out.

use std::io::Write;
use std::path::{Path, PathBuf};

use countersign::intake::{self, Format, Row};

fn signups() -> Option<PathBuf> {
    let shared = std::env::var_os("COUNTERSIGN_SHARED").map(PathBuf::from);
    let dir = shared
        .unwrap_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"))
        .join("data/signups");
    if dir.is_dir() {
        return Some(dir);
    }
    println!("skipped: {} is not there", dir.display());
    None
}

fn told(rows: impl Iterator<Item = Row>) -> Vec<String> {
    rows.map(|row| match row.input {
        Ok(input) => format!("{} {}", row.line, input.external_id.or(input.company).unwrap_or_default()),
        Err(problems) => problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
    })
    .collect()
}

fn read(text: &str) -> Vec<String> {
    told(intake::read(text.as_bytes(), Format::of_head(text.as_bytes())))
}

#[test]
fn the_samples_of_the_office_are_read() {
    let Some(dir) = signups() else { return };
    let one: Vec<Row> = intake::open(&dir.join("one.json")).unwrap().collect();
    let input = one[0].input.as_ref().unwrap();
    assert_eq!(
        (one.len(), input.company.as_deref(), input.privacy_accepted_at.as_deref()),
        (1, Some("Café Aurora Lda"), Some("2026-11-02T09:14:03Z"))
    );
    assert!(input.extra.is_empty());

    let many: Vec<Row> = intake::open(&dir.join("web-form.jsonl")).unwrap().collect();
    assert!(many.len() > 8 && many.iter().all(|row| row.input.is_ok()), "{many:?}");

    let mixed = told(intake::open(&dir.join("mixed-good-and-bad.jsonl")).unwrap());
    assert_eq!(
        mixed,
        [
            "1 bad-1",
            "2 bad-2",
            "3 bad-3",
            "4 ok-4",
            "5 bad-5",
            "line 6: this is not JSON: it ends before it is whole",
            "7 ok-7",
            "line 8: a record must be an object: {\"company\": …, \"email\": …}",
        ]
    );
}

#[test]
fn the_three_shapes_of_json_are_told_apart() {
    assert_eq!(read("\u{feff}\n {\n  \"company\": \"A\",\n  \"extra\": [\n  {\"a\": 1}\n ] }\n"), ["2 A"]);
    assert_eq!(read("[{\"company\":\"A, ]\"},\n {\"company\":\"B\\\"]\"}\n]\n"), ["1 A, ]", "2 B\"]"]);
    assert_eq!(read("{\"company\":\"A\"}\r\n\r\n{\"company\":\"B\"}"), ["1 A", "3 B"]);
    assert_eq!(
        read("{\"company\":\n{\"company\":\"B\"}\n"),
        ["line 1: this is not JSON: it ends before it is whole", "2 B"]
    );
    assert_eq!(read("[]"), Vec::<String>::new());
}

#[test]
fn broken_json_names_its_line_and_reads_no_further() {
    assert_eq!(
        read("{\n \"company\": \"A\"\n \"email\": 1\n}\n"),
        ["line 3: this is not JSON: expected `,` or `}` at column 2"]
    );
    assert_eq!(
        read("[\n{\"company\":\"A\"},\n{\"company\" \"B\"},\n{\"company\":\"C\"}]"),
        ["2 A", "line 3: this is not JSON: expected `:` at column 12"]
    );
    assert_eq!(read("[{\"company\":\"A\"},"), ["1 A", "line 1: the array is not closed"]);
    assert_eq!(read("[{\"company\":\"A\"}] {}"), ["1 A", "line 1: something follows the end of the array"]);
    assert_eq!(read(""), ["line 1: there is nothing in the file"]);
}

#[test]
fn size_and_depth_have_limits_and_the_next_line_is_read() {
    let long =
        format!("{{\"company\":\"{}\"}}\n{{\"company\":\"B\"}}\n", "x".repeat(2 * intake::RECORD_LIMIT));
    let found = read(&format!("{{\"company\":\"A\"}}\n{long}"));
    assert_eq!(found, ["1 A", "line 2: the record is longer than 1000000 bytes", "3 B"]);
    let nested = |depth: usize| {
        format!("{{\"company\":\"A\",\"x\":{}{}}}", "[".repeat(depth - 1), "]".repeat(depth - 1))
    };
    assert_eq!(read(&nested(intake::DEPTH_LIMIT)), ["1 A"]);
    assert_eq!(read(&nested(intake::DEPTH_LIMIT + 1)), ["line 1: the record is nested deeper than 64"]);
    assert_eq!(read(&"[".repeat(1_000_000)), ["line 1: the record is nested deeper than 64"]);
    assert_eq!(
        read(&format!("[{{\"company\":\"{}\"}}]", "x".repeat(2 * intake::RECORD_LIMIT))),
        ["line 1: the record is longer than 1000000 bytes"]
    );
}

#[test]
fn numbers_keep_their_digits_or_are_refused() {
    assert_eq!(read("{\"external_id\": 1100053}"), ["1 1100053"]);
    assert_eq!(
        read("{\"phone\": 351215550132000000000000}"),
        ["line 1: phone \"3.51215550132e+23\" must be text in quotes, since a number loses digits"]
    );
}

#[test]
fn no_row_of_a_file_in_another_encoding_is_taken() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("latin.csv");
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(b"company,city\nGood,Row\nWei\xdf,Berlin\n").unwrap();
    let refused = intake::open(&path).err().unwrap().to_string();
    assert!(refused.starts_with("line 3:") && refused.contains("iconv"), "{refused}");
    let utf16: Vec<u8> = "company\nA\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, [b"\xff\xfe", utf16.as_slice()].concat()).unwrap();
    assert!(intake::open(&path).err().unwrap().to_string().contains("UTF-16"));
}

#[test]
fn a_large_file_is_read_row_by_row() {
    let head = "company,email\n".to_owned();
    let rows = (0..100_000).map(|n| format!("Company {n},a{n}@b.example\n"));
    let text: String = std::iter::once(head).chain(rows).collect();
    let mut count = 0;
    for row in intake::read(text.as_bytes(), Format::Csv) {
        count += 1;
        assert_eq!((row.number, row.line, row.input.is_ok()), (count, count + 1, true));
    }
    assert_eq!(count, 100_000);
}
