//! One attempt against real conversations, good and bad.

use std::time::Duration;

use countersign::domain::mail::{Failure, MailEvent, Phase, Render, Wrong};
use countersign::mail::carry::{Carry, LeaseLost, Outcome, Post};
use countersign::mail::smtp::Smtp;
use countersign::mail::stop::Stop;
use countersign::mail::{Login, SmtpSettings, Timeouts, TlsMode};
use mailin::AuthMechanism;

use super::memory::{letter, renderer};
use super::server::{AtDot, Server, Setup, scripted};

fn bytes() -> Vec<u8> {
    renderer().render(&letter(MailEvent::SignupRejected, "ana@example.net")).unwrap().bytes
}

fn attempt(settings: SmtpSettings, to: &str) -> Outcome {
    let bytes = bytes();
    let post = Post { from: "office@example.org", to, message_id: "<1@example.org>", bytes: &bytes };
    Smtp::new(settings).carry(post, &Stop::new(), &mut || Ok(()))
}

fn failed(outcome: Outcome) -> (Phase, Failure, String) {
    match outcome {
        Outcome::Failed { phase, failure, words } => (phase, failure, words),
        other => panic!("it did not fail: {other:?}"),
    }
}

fn code_of(failure: Failure) -> u16 {
    match failure {
        Failure::Reply(code) => code.code,
        Failure::Wrong(wrong) => panic!("no reply but {wrong:?}"),
    }
}

fn assert_kept_as_sent(server: &Server) {
    let kept = server.kept();
    assert_eq!(kept.len(), 1);
    assert_eq!(
        (kept[0].from.as_str(), kept[0].to.as_slice()),
        ("office@example.org", &["ana@example.net".to_string()][..])
    );
    assert_eq!(
        String::from_utf8(kept[0].bytes.clone()).unwrap(),
        String::from_utf8(bytes_like(&kept[0].bytes)).unwrap()
    );
}

/// Our bytes with the ids that the kept one has, since each rendering of a test has its own.
fn bytes_like(kept: &[u8]) -> Vec<u8> {
    let id_of = |bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.lines().find_map(|line| line.strip_prefix("Message-ID: ").map(str::to_string)).unwrap()
    };
    let ours = bytes();
    let text = String::from_utf8(ours.clone()).unwrap();
    text.replace(&id_of(&ours), &id_of(kept)).into_bytes()
}

#[test]
fn starttls_and_plain() {
    let server = Server::start(Setup::default());
    let outcome = attempt(server.settings(TlsMode::StartTls), "ana@example.net");
    assert_eq!(outcome, Outcome::Accepted("250 2.0.0 queued as 4711".into()));
    assert_kept_as_sent(&server);
}

#[test]
fn starttls_and_login() {
    let server = Server::start(Setup { auth: vec![AuthMechanism::Login], ..Setup::default() });
    let outcome = attempt(server.settings(TlsMode::StartTls), "ana@example.net");
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_kept_as_sent(&server);
}

#[test]
fn tls_from_the_first_byte() {
    let server = Server::start(Setup { implicit: true, starttls: false, ..Setup::default() });
    let outcome = attempt(server.settings(TlsMode::Implicit), "ana@example.net");
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_kept_as_sent(&server);
}

#[test]
fn no_tls_on_this_machine_only() {
    let server = Server::start(Setup { starttls: false, auth: Vec::new(), ..Setup::default() });
    let settings = SmtpSettings { login: None, ..server.settings(TlsMode::None) };
    let outcome = attempt(settings, "ana@example.net");
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_kept_as_sent(&server);
}

#[test]
fn a_bad_password() {
    let server = Server::start(Setup::default());
    let login = Some(Login { user: "backoffice".into(), password: "wrong".into() });
    let settings = SmtpSettings { login, ..server.settings(TlsMode::StartTls) };
    let (phase, failure, words) = failed(attempt(settings, "ana@example.net"));
    assert_eq!((phase, code_of(failure)), (Phase::Auth, 535));
    assert!(!words.contains("wrong"));
}

#[test]
fn a_certificate_for_somebody_else_or_from_nobody() {
    let server = Server::start(Setup { certified_for: "mail.example.net", ..Setup::default() });
    let (phase, failure, words) = failed(attempt(server.settings(TlsMode::StartTls), "ana@example.net"));
    assert_eq!((phase, failure), (Phase::Tls, Failure::Wrong(Wrong::Unusable)), "{words}");
    let server = Server::start(Setup::default());
    let settings = SmtpSettings { ca_file: None, ..server.settings(TlsMode::StartTls) };
    let (phase, failure, words) = failed(attempt(settings, "ana@example.net"));
    assert_eq!((phase, failure), (Phase::Tls, Failure::Wrong(Wrong::Unusable)), "{words}");
    assert!(server.kept().is_empty());
}

#[test]
fn an_authority_file_that_is_none() {
    let server = Server::start(Setup::default());
    let file = tempfile::NamedTempFile::new().unwrap();
    for path in [file.path().to_path_buf(), "/no/such/ca.pem".into()] {
        let settings = SmtpSettings { ca_file: Some(path), ..server.settings(TlsMode::StartTls) };
        let (phase, failure, words) = failed(attempt(settings, "ana@example.net"));
        assert_eq!((phase, failure), (Phase::Connect, Failure::Wrong(Wrong::Unusable)));
        assert!(words.contains("ca_file"), "{words}");
    }
}

#[test]
fn nothing_is_said_in_plain_text_when_tls_is_due() {
    let server = Server::start(Setup { starttls: false, ..Setup::default() });
    let (phase, failure, words) = failed(attempt(server.settings(TlsMode::StartTls), "ana@example.net"));
    assert_eq!((phase, failure), (Phase::Tls, Failure::Wrong(Wrong::Unusable)));
    assert!(words.contains("does not offer STARTTLS"), "{words}");
}

#[test]
fn a_password_needs_a_server_that_takes_one() {
    let server = Server::start(Setup { auth: Vec::new(), ..Setup::default() });
    let (phase, failure, _) = failed(attempt(server.settings(TlsMode::StartTls), "ana@example.net"));
    assert_eq!((phase, failure), (Phase::Auth, Failure::Wrong(Wrong::Unusable)));
}

#[test]
fn a_refused_address() {
    let server = Server::start(Setup::default());
    let (phase, failure, words) = failed(attempt(server.settings(TlsMode::StartTls), "nobody@example.net"));
    assert_eq!((phase, code_of(failure), words.as_str()), (Phase::Rcpt, 550, "550 5.1.1 no such user"));
}

#[test]
fn an_address_that_the_server_cannot_carry() {
    let server = Server::start(Setup::default());
    let (phase, failure, words) = failed(attempt(server.settings(TlsMode::StartTls), "jörg@example.net"));
    assert_eq!((phase, failure), (Phase::Mail, Failure::Wrong(Wrong::Unfit)));
    assert!(words.contains("SMTPUTF8"), "{words}");
}

#[test]
fn no_reply_to_the_dot_is_known_to_be_after_the_dot() {
    let server = Server::start(Setup { at_dot: vec![AtDot::AcceptInSilence], ..Setup::default() });
    let (phase, failure, _) = failed(attempt(server.settings(TlsMode::StartTls), "ana@example.net"));
    assert_eq!((phase, failure), (Phase::Dot, Failure::Wrong(Wrong::Lost)));
    assert_eq!(server.kept().len(), 1);
}

#[test]
fn without_the_lease_there_is_no_dot() {
    let server = Server::start(Setup::default());
    let bytes = bytes();
    let post = Post {
        from: "office@example.org",
        to: "ana@example.net",
        message_id: "<1@example.org>",
        bytes: &bytes,
    };
    let smtp = Smtp::new(server.settings(TlsMode::StartTls));
    assert_eq!(smtp.carry(post, &Stop::new(), &mut || Err(LeaseLost)), Outcome::LeaseLost);
    // The next one finds the server well, and alone.
    let outcome = smtp.carry(post, &Stop::new(), &mut || Ok(()));
    assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
    assert_eq!(server.kept().len(), 1);
}

#[test]
fn a_programme_that_ends_gives_the_mail_back() {
    let port = scripted(&[b""]);
    let stop = Stop::new();
    stop.stop();
    let bytes = bytes();
    let post = Post {
        from: "office@example.org",
        to: "ana@example.net",
        message_id: "<1@example.org>",
        bytes: &bytes,
    };
    let outcome = Smtp::new(plain(port)).carry(post, &stop, &mut || Ok(()));
    assert_eq!(outcome, Outcome::Stopped);
}

fn plain(port: u16) -> SmtpSettings {
    SmtpSettings {
        host: "127.0.0.1".into(),
        port,
        tls: TlsMode::None,
        login: None,
        ca_file: None,
        ehlo_name: None,
        timeouts: Timeouts::default(),
    }
}

#[test]
fn replies_that_are_none() {
    let endless_lines = b"250-x\r\n".repeat(100_000);
    let endless_line = [b"220 ".to_vec(), vec![b'a'; 4_000_000]].concat();
    let cases: [(&[&[u8]], Phase, Wrong); 9] = [
        (&[b""], Phase::Banner, Wrong::Lost),
        (&[b"banana\r\n"], Phase::Banner, Wrong::Lost),
        (&[b"SSH-2.0-x\r\n"], Phase::Banner, Wrong::Lost),
        (&[&endless_line], Phase::Banner, Wrong::Lost),
        (&[b"220 x\r\n", &endless_lines], Phase::Ehlo, Wrong::Lost),
        (&[b"220 x\r\n", b"250-a\r\n251 b\r\n"], Phase::Ehlo, Wrong::Lost),
        (&[b"220 x\r\n", b"250 x\r\n", b"25"], Phase::Mail, Wrong::Lost),
        (&[b"220 x\r\n", b"250 x\r\n", b"250 x\r\n"], Phase::Rcpt, Wrong::Lost),
        (&[b"220 x\r\n", b"250 x\r\n", b"250 x\r\n", b"250 x\r\n"], Phase::Data, Wrong::Lost),
    ];
    for (script, phase, wrong) in cases {
        let (at, failure, words) = failed(attempt(plain(scripted(script)), "ana@example.net"));
        assert_eq!((at, failure), (phase, Failure::Wrong(wrong)), "{words}");
        assert!(words.len() <= 1500 && !words.contains(char::is_control), "{words}");
    }
}

#[test]
fn plain_text_behind_starttls_is_not_believed() {
    let port = scripted(&[
        b"220 x\r\n",
        b"250-x\r\n250 STARTTLS\r\n",
        b"220 go\r\n250-x\r\n250 AUTH PLAIN\r\n235 ok\r\n",
    ]);
    let settings = SmtpSettings { tls: TlsMode::StartTls, ..plain(port) };
    let (phase, failure, words) = failed(attempt(settings, "ana@example.net"));
    assert_eq!((phase, failure), (Phase::Tls, Failure::Wrong(Wrong::Lost)), "{words}");
}

#[test]
fn silence_ends_by_the_limit() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let timeouts = Timeouts { reply: Duration::from_millis(20), ..Timeouts::default() };
    let settings = SmtpSettings { timeouts, ..plain(listener.local_addr().unwrap().port()) };
    let (phase, failure, words) = failed(attempt(settings, "ana@example.net"));
    assert_eq!(
        (phase, failure, words.as_str()),
        (Phase::Banner, Failure::Wrong(Wrong::Lost), "no answer in time")
    );
}

#[test]
fn nobody_at_home() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let (phase, failure, _) = failed(attempt(plain(port), "ana@example.net"));
    assert_eq!((phase, failure), (Phase::Connect, Failure::Wrong(Wrong::Lost)));
}
