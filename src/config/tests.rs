//! The config file against its promises: all problems at once with their lines, and one truth for defaults, example and display.

use std::collections::HashMap;
use std::ffi::OsString;
use std::path::Path;

use secrecy::ExposeSecret;

use super::*;

fn lines(text: &str) -> Vec<String> {
    parse(text).1.iter().map(ToString::to_string).collect()
}

/// Uncomments every setting of the example: `#key = …`, not `# prose`.
fn uncommented(text: &str) -> String {
    let setting = |line: &str| line.starts_with('#') && !line.starts_with("# ");
    text.lines()
        .map(|line| if setting(line) { &line[1..] } else { line })
        .map(|line| format!("{line}\n"))
        .collect()
}

#[test]
fn the_example_is_the_defaults_commented_and_uncommented() {
    let example = example();
    for text in [example.clone(), uncommented(&example), show(&Config::default())] {
        let (config, problems) = parse(&text);
        assert_eq!(problems, vec![], "{text}");
        assert_eq!(config, Config::default());
    }
    let settings =
        |text: &str| text.lines().filter(|line| line.contains(" = ") && !line.starts_with("# ")).count();
    assert_eq!(settings(&example), keys::KEYS.len() + Config::default().signup.reject_reasons.len());
}

#[test]
fn the_example_file_is_what_the_table_prints() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("config.example.toml");
    assert_eq!(
        std::fs::read_to_string(path).unwrap(),
        example(),
        "write `countersign config example` to config.example.toml"
    );
}

#[test]
fn what_is_shown_reads_back_as_the_same_config() {
    let text = "[office]\nname = \"Böse \\\"Quotes\\\"\"\ncountry = \"PT\"\n[signup.fields]\nhide = [\"fax\"]\n\
                [signup.fields.DE]\nrequire = [\"tax_number\"]\nhide = []\n[signup.reject_reasons]\nzz = \"Z\"\naa = \"A\"\n\
                [texts]\nplain = \"No {number}\"\nboth = { \"pt-BR\" = \"Não\", en = \"No\" }\n\
                [screen.bind]\napprove = \"F5\"\nquit = \"disabled\"\n[provision]\ncommand = [\"/usr/bin/push\", \"--now\"]\n";
    let (config, problems) = parse(text);
    assert_eq!(problems, vec![]);
    assert_eq!(
        config.signup.reject_reasons.iter().map(|r| r.code.as_str()).collect::<Vec<_>>(),
        ["zz", "aa"]
    );
    assert_eq!(
        config.screen.bind.iter().map(|b| (b.action.as_str(), b.keys.len(), b.line)).collect::<Vec<_>>(),
        [("approve", 1, 16), ("quit", 0, 17)]
    );
    let (mut again, problems) = parse(&show(&config));
    assert_eq!(problems, vec![]);
    again.screen.bind.clone_from(&config.screen.bind);
    assert_eq!(again, config);
}

#[test]
fn every_problem_is_reported_at_once_with_line_and_key() {
    let text = "[signup]\nverification_days = 0\nself_aproval = true\nverify_url = \"http://evil.example/\"\nresend_per_hour = \"3\"\n\
                [screen]\ntheme = \"pink\"\n[mial]\nfrom = \"x\"\n[mail]\nfrom = \"nobody\"\n[office]\ncountry = \"XX\"\nlanguage = \"\"\n";
    assert_eq!(
        lines(text),
        [
            "line 2: signup.verification_days must be from 1 to 365, not 0",
            "line 3: signup.self_aproval is not known; did you mean signup.self_approval? (warning)",
            "line 4: signup.verify_url must begin with https:// (http:// only towards localhost) and hold no blanks, not \"http://evil.example/\"",
            "line 5: signup.resend_per_hour must be a whole number, not a string",
            "line 7: screen.theme must be one of \"auto\", \"dark\", \"light\", \"mono\" (the default is kept)",
            "line 8: mial is not known; did you mean mail? (warning)",
            "line 11: mail.from must be an address such as \"office@example.com\" or \"Office <office@example.com>\", not \"nobody\"",
            "line 13: office.country must be a two-letter country code such as \"DE\", not \"XX\"",
            "line 14: office.language must be a language tag such as \"en\" or \"pt-BR\", not \"\"",
        ]
    );
}

#[test]
fn broken_toml_names_its_line_and_stops() {
    let (_, problems) = parse("[office]\nname = \"unclosed\n[mail]\nfrom = 3 3\n");
    assert!(problems.iter().any(|p| p.line == Some(2) && p.severity == Severity::Stops), "{problems:?}");
}

#[test]
fn sections_and_keys_are_not_confused() {
    assert_eq!(lines("mail = 3\n"), ["line 1: mail is a section: write [mail]"]);
    assert_eq!(lines("[[signup]]\n"), ["line 1: signup is a section: write [signup]"]);
    assert!(lines("[office.name]\nx = 1\n")[0].contains("must be text in quotes, not a table"));
}

#[test]
fn a_password_in_the_file_is_refused_and_not_repeated() {
    let found = lines("[mail.smtp]\npassword = \"hunter2\"\n");
    assert!(found[0].contains("password_file") && !found[0].contains("hunter2"), "{found:?}");
}

#[test]
#[rustfmt::skip]
fn settings_that_contradict_each_other_stop() {
    for (text, part) in [
        ("[mail]\ntransport = \"smtp\"\n",                                             "mail.smtp.host is needed"),
        ("[mail.smtp]\nhost = \"mx.example.com\"\ntls = \"none\"\n",                   "only towards this machine"),
        ("[signup.fields]\nhide = [\"email\"]\n",                                      "every sign-up must have"),
        ("[signup.fields]\nhide = [\"fax\"]\nrequire = [\"fax\"]\n",                   "which signup.fields.require demands"),
        ("[signup.fields]\nhide = [\"phon\"]\n",                                       "did you mean \"phone\"?"),
        ("[signup.fields.Germany]\nhide = []\n",                                       "two-letter country code"),
        ("[sequences.signup]\nprefix = \"ABCDEFGH\"\nwidth = 12\n[sequences.customer]\nprefix = \"abcdefgh\"\n", "is that of sequences.signup too"),
        ("[sequences.signup]\nprefix = \"A B\"\n",                                     "ASCII letters"),
        ("[signup.reject_reasons]\n\"No!\" = \"x\"\n",                                 "lower-case letters"),
        ("[texts]\n\"No!\" = \"x\"\n",                                                 "lower-case letters"),
        ("[texts]\nx = \" \"\n",                                                       "must say something"),
        ("[texts]\nx = { germanish = \"x\" }\n",                                       "is no language"),
        ("[texts]\nx = \"Dear {nmae}\"\n",                                             "{nmae} stands for nothing; there are number,"),
        ("[texts]\nx = { de = 3 }\n",                                                    "text in quotes"),
    ] {
        let found = parse(text).1;
        assert!(found.iter().any(|p| p.severity == Severity::Stops && p.to_string().contains(part)), "{text}: {found:?}");
    }
    assert_eq!(lines("[mail.smtp]\nhost = \"127.0.0.1\"\ntls = \"none\"\n"), Vec::<String>::new());
}

#[test]
fn a_country_goes_before_the_general_rule() {
    let (config, _) = parse(
        "[signup.fields]\nhide = [\"tax_number\", \"fax\"]\n[signup.fields.DE]\nrequire = [\"tax_number\"]\n",
    );
    assert_eq!(config.field_rules(Some("DE")).hide, ["fax"]);
    assert_eq!(config.field_rules(Some("DE")).require, ["tax_number"]);
    assert_eq!(config.field_rules(Some("FR")).hide, ["tax_number", "fax"]);
}

fn places_in(dir: &Path, more: &[(&str, &str)]) -> Places {
    let mut variables: HashMap<String, OsString> =
        HashMap::from([("HOME".into(), dir.as_os_str().to_owned())]);
    variables.extend(more.iter().map(|(name, value)| ((*name).to_owned(), OsString::from(value))));
    Places::find(&Asked::default(), &move |name| variables.get(name).cloned()).unwrap()
}

#[test]
fn places_follow_xdg_and_ignore_relative_ones() {
    let places = places_in(
        Path::new("/home/maria"),
        &[("XDG_CONFIG_HOME", "/etc/xdg"), ("XDG_DATA_HOME", "relative")],
    );
    assert_eq!(places.config_file, Path::new("/etc/xdg/countersign/config.toml"));
    if cfg!(target_os = "linux") {
        assert_eq!(places.data_dir, Path::new("/home/maria/.local/share/countersign"));
        assert_eq!(places.log_dir(), Path::new("/home/maria/.local/state/countersign/log"));
    }
}

#[test]
fn loading_resolves_paths_and_a_named_file_must_exist() {
    let home = tempfile::tempdir().unwrap();
    let mut places = places_in(home.path(), &[]);
    let none = load(&places);
    assert!(none.file.is_none() && none.problems.is_empty());
    assert_eq!(none.config.database_path(&places), places.data_dir.join("countersign.db"));

    places.config_file = home.path().join("own.toml");
    places.config_was_named = true;
    assert!(load(&places).stops());
    std::fs::write(
        &places.config_file,
        "[database]\npath = \"data/x.db\"\n[signup]\nintake_dir = \"~/drop\"\n",
    )
    .unwrap();
    let found = load(&places);
    assert_eq!(found.problems, vec![]);
    assert_eq!(found.config.database_path(&places), home.path().join("data/x.db"));
    assert_eq!(found.config.signup.intake_dir.as_deref(), Some(home.path().join("drop").as_path()));
    places.database_asked = Some("/asked.db".into());
    assert_eq!(found.config.database_path(&places), Path::new("/asked.db"));
}

#[test]
fn the_password_comes_from_the_safest_source_and_is_never_shown() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("file");
    files::replace(&file, b"from file\r\n").unwrap();
    std::fs::write(dir.path().join("smtp_password"), "from credential\n").unwrap();
    let credentials = dir.path().as_os_str().to_owned();
    let all = move |name: &str| match name {
        "CREDENTIALS_DIRECTORY" => Some(credentials.clone()),
        "COUNTERSIGN_SMTP_PASSWORD" => Some("from environment".into()),
        _ => None,
    };
    let variable = |name: &str| (name == "COUNTERSIGN_SMTP_PASSWORD").then(|| "from environment".into());
    let with_file = Smtp { password_file: Some(file.clone()), ..Smtp::default() };

    let found = smtp_password(&with_file, &all).unwrap().unwrap();
    assert_eq!(found.password.expose_secret(), "from credential");
    assert!(!format!("{found:?}").contains("from credential"));
    let found = smtp_password(&with_file, &variable).unwrap().unwrap();
    assert_eq!((found.password.expose_secret(), found.warning()), ("from file", None));
    let found = smtp_password(&Smtp::default(), &variable).unwrap().unwrap();
    assert!(found.password.expose_secret() == "from environment" && found.warning().is_some());
    assert!(smtp_password(&Smtp::default(), &|_| None).unwrap().is_none());

    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o644)).unwrap();
    let refused = smtp_password(&with_file, &variable).unwrap_err();
    assert!(refused.message.contains("0600") && !refused.message.contains("from file"), "{refused}");
}
