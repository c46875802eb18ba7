//! Renderer: words, headers, and hostile values in every place.

use std::fs;
use std::path::PathBuf;

use super::*;
use crate::domain::mail::RecordRef;

fn settings() -> MailSettings {
    MailSettings {
        from: "office@example.org".to_string(),
        reply_to: Some("help@example.org".to_string()),
        office_name: "Nordwind Büro".to_string(),
        office_lang: "de".to_string(),
        zone: Zone::Utc,
        ..MailSettings::folder(PathBuf::from("unused"))
    }
}

fn letter(event: MailEvent, lang: &str) -> Letter {
    let mut values = BTreeMap::new();
    for p in event.placeholders() {
        let value = match p.kind {
            Kind::Name => "Ana Lima",
            Kind::Word => "REG-000128",
            Kind::Text => "We deliver only within Europe.\n\nSorry!",
            Kind::Link | Kind::SecretLink => "https://portal.example.org/?c=7Q4M-K2XR",
            Kind::Secret => "7Q4M-K2XR-9TTB",
            Kind::When => "1796083260000",
        };
        values.insert(p.name, value.to_string());
    }
    Letter {
        event,
        lang: lang.to_string(),
        to: Mailbox { address: "ana@example.net".to_string(), name: Some("Ana Lima".to_string()) },
        record: Some(RecordRef { kind: "signup", id: 1, number: "REG-000128".to_string() }),
        values,
        message_id: "<0192aaaa-bbbb@example.org>".to_string(),
        date: 1_796_083_260_000,
        references: vec!["<first@example.org>".to_string()],
    }
}

fn renderer() -> Renderer {
    Renderer::new(&settings())
}

fn text(rendered: &Rendered) -> String {
    String::from_utf8(rendered.bytes.clone()).unwrap()
}

/// Header fields, unfolded, of the outermost part.
fn headers(bytes: &[u8]) -> Vec<(String, String)> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let head = text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ").replace("\r\n\t", " ");
    head.split("\r\n")
        .map(|line| {
            let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("no header: {line:?}"));
            (name.to_ascii_lowercase(), value.trim().to_string())
        })
        .collect()
}

fn assert_sound(bytes: &[u8]) {
    let mut names: Vec<_> = headers(bytes).into_iter().map(|(name, _)| name).collect();
    let count = names.len();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), count, "a header twice: {names:?}");
    for must in
        ["message-id", "date", "from", "to", "subject", "auto-submitted", "mime-version", "content-type"]
    {
        assert!(names.iter().any(|name| name == must), "no {must} in {names:?}");
    }
    for bad in ["bcc", "cc", "set-cookie", "x-injected"] {
        assert!(!names.iter().any(|name| name == bad), "{bad} was injected");
    }
    let bare = bytes.windows(2).any(|w| (w[0] == b'\r') != (w[1] == b'\n'));
    assert!(!bare && bytes.first() != Some(&b'\n') && bytes.last() == Some(&b'\n'), "a bare CR or LF");
    assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 999), "a line over 998");
    assert!(bytes.iter().all(|b| *b >= 32 || matches!(b, b'\r' | b'\n' | b'\t')), "a control character");
}

#[test]
fn every_event_in_every_language() {
    let renderer = renderer();
    for event in MailEvent::all() {
        for lang in ["en", "de-CH", "fr", "es", "nl", ""] {
            let rendered = renderer.render(&letter(event, lang)).unwrap();
            assert_sound(&rendered.bytes);
            let expected = if lang.len() < 2 || lang == "nl" { "de" } else { &lang[..2] };
            assert_eq!(rendered.lang, expected, "{event}");
            assert!(!rendered.subject.contains("{{"), "{}", rendered.subject);
        }
    }
}

#[test]
fn a_whole_mail() {
    let rendered = renderer().render(&letter(MailEvent::SignupReceived, "en")).unwrap();
    assert_eq!(rendered.subject, "Please confirm your e-mail address (REG-000128)");
    insta::assert_snapshot!(text(&rendered).replace("\r\n", "\n"));
}

#[test]
fn optional_values_leave_no_holes() {
    let mut bare = letter(MailEvent::AccountChanged, "fr");
    for name in ["name", "role", "text"] {
        bare.values.remove(name);
    }
    bare.to.name = None;
    let rendered = renderer().render(&bare).unwrap();
    insta::assert_snapshot!(text(&rendered).replace("\r\n", "\n"));
}

#[test]
fn two_renderings_are_the_same_bytes() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mail_test.en.html"), "<p>{{ sender }} &amp; {{ sent }}</p>").unwrap();
    let renderer = Renderer::new(&MailSettings { template_dir: Some(dir.path().into()), ..settings() });
    let mut one = letter(MailEvent::MailTest, "en");
    one.values.insert("sender", "<script>\"".to_string());
    let (a, b) = (renderer.render(&one).unwrap(), renderer.render(&one).unwrap());
    assert_eq!(a, b);
    assert_sound(&a.bytes);
    let body = text(&a);
    assert!(body.contains("multipart/alternative") && body.contains("&lt;script&gt;&quot;"), "{body}");
}

#[test]
fn a_missing_value_stops_the_mail_and_names_record_and_remedy() {
    let renderer = renderer();
    for blank in ["", "   ", "\u{200b}"] {
        let mut one = letter(MailEvent::SignupReceived, "en");
        one.values.insert("code", blank.to_string());
        let problem = renderer.render(&one).unwrap_err();
        assert_eq!(problem.placeholder.as_deref(), Some("code"));
        assert!(problem.remedy.contains("REG-000128"), "{problem:?}");
    }
    let mut one = letter(MailEvent::LogonLink, "en");
    one.values.insert("link", "javascript:alert(1)".to_string());
    assert!(renderer.render(&one).unwrap_err().remedy.contains("portal_url"));
    one = letter(MailEvent::SignupReceived, "en");
    one.values.insert("expires", "tomorrow".to_string());
    assert!(renderer.render(&one).unwrap_err().problem.contains("not a point in time"));
}

#[test]
fn values_are_data() {
    let mut one = letter(MailEvent::SignupRejected, "en");
    one.values.insert("text", "{{ number }} {% for x in y %} {{ 7*7 }}".to_string());
    let body = text(&renderer().render(&one).unwrap());
    assert!(body.contains("{{ number }} {% for x in y %} {{ 7*7 }}"), "{body}");
}

#[test]
fn a_broken_template_of_the_office_stops_only_its_own_mail() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("mail_test.de.txt"), "Subject: x\n\n{{ sender }}\n{{ sent").unwrap();
    let renderer = Renderer::new(&MailSettings { template_dir: Some(dir.path().into()), ..settings() });
    assert_eq!(renderer.problems().len(), 1);
    let problem = renderer.render(&letter(MailEvent::MailTest, "de")).unwrap_err();
    assert!(problem.template.starts_with("mail_test.de.txt:"), "{problem:?}");
    renderer.render(&letter(MailEvent::MailTest, "en")).unwrap();
    renderer.render(&letter(MailEvent::LogonSso, "de")).unwrap();
}

#[test]
fn addresses() {
    assert_eq!(wire_address("ana@büro.example").unwrap().to_string(), "ana@xn--bro-hoa.example");
    assert_eq!(wire_address("jörg@example.org").unwrap().to_string(), "jörg@example.org");
    for bad in [
        "",
        "a",
        "a@",
        "@b",
        "a b@c.example",
        "\"a\"@b.example",
        "a@[127.0.0.1]",
        "a@b.example>",
        "a@b.example\r\nRCPT",
    ] {
        assert!(wire_address(bad).is_none(), "{bad}");
    }
    let mut one = letter(MailEvent::MailTest, "en");
    one.to.address = "nobody".to_string();
    assert!(renderer().render(&one).unwrap_err().problem.contains("cannot be used as a mail address"));
}

#[test]
fn long_threads_keep_their_first_and_newest() {
    let ids: Vec<String> = (0..50).map(|n| format!("<{n}@example.org>")).collect();
    let kept = kept_references(&ids);
    assert_eq!(
        (kept.len(), kept[0], kept[1], kept[19]),
        (20, "<0@example.org>", "<31@example.org>", "<49@example.org>")
    );
    assert_eq!(kept_references(&["<a@b>\r\nBcc: x".to_string()]), [""; 0]);
}

/// Every hostile string of the corpora in every place a value can reach.
#[test]
fn hostile_values_make_no_header_and_no_panic() {
    #[expect(clippy::disallowed_methods, reason = "a test asks where the corpora lie")]
    let shared = std::env::var("COUNTERSIGN_SHARED").map(PathBuf::from);
    let shared = shared.unwrap_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"));
    let mut strings: Vec<String> = vec![
        "Ana\r\nBcc: victim@example.org".to_string(),
        "Ana\nX-Injected: 1\n\nbody".to_string(),
        "=?utf-8?q?Ana=0D=0ABcc:_x=40y?=".to_string(),
        "\u{202e}\u{e0041}\u{0}\u{7f}\u{85}\u{2028}".to_string(),
        "a".repeat(5000),
        "é".repeat(3000),
        "\u{301}".repeat(400),
        ".\r\n.\r\nQUIT\r\n".to_string(),
    ];
    for file in [
        "strings/patt/crlf.txt",
        "strings/blns.txt",
        "strings/patt/xss-polyglots.txt",
        "strings/patt/template-injection.txt",
    ] {
        if let Ok(bytes) = fs::read(shared.join("corpora").join(file)) {
            let text = String::from_utf8_lossy(&bytes);
            strings.extend(text.lines().map(str::to_string));
            strings.extend(text.lines().map(|line| line.replace("%0d", "\r").replace("%0a", "\n")));
        } else {
            println!("skipped: {file} is not there");
        }
    }
    let renderer = renderer();
    for event in [MailEvent::SignupRejected, MailEvent::AccountChanged, MailEvent::SignupReceived] {
        for hostile in &strings {
            let mut one = letter(event, "es");
            for p in
                event.placeholders().iter().filter(|p| matches!(p.kind, Kind::Name | Kind::Text | Kind::Word))
            {
                one.values.insert(p.name, hostile.clone());
            }
            one.to.name = Some(hostile.clone());
            match renderer.render(&one) {
                Ok(rendered) => {
                    assert_sound(&rendered.bytes);
                    assert!(!rendered.subject.contains(char::is_control));
                }
                Err(problem) => assert!(problem.placeholder.is_some(), "{problem:?} for {hostile:?}"),
            }
            let mut other = letter(event, hostile);
            other.to.address = hostile.clone();
            other.message_id = format!("<{hostile}>");
            other.references = vec![hostile.clone()];
            if let Ok(rendered) = renderer.render(&other) {
                assert_sound(&rendered.bytes);
            }
        }
    }
}
