//! What is taken in: the office's rules for fields, by country.

use countersign::desk::commands::signup::{Source, SubmitSignup};
use countersign::desk::{Command, FieldRules};

use crate::world::World;

#[test]
fn a_countrys_field_rules_stand_for_the_general_ones() {
    let mut world = World::with(|settings| {
        settings.fields.require = vec!["phone".into()];
        settings.fields_by_country.insert("PT".into(), FieldRules::default());
        settings.privacy_version = Some("2026-11".into());
    });
    let applicant = world.applicant();
    let mut submit = |country: &str, more: &[(&str, &str)]| {
        let mut fields: std::collections::BTreeMap<String, String> =
            [("company", "A"), ("last_name", "B"), ("email", "b@a.example"), ("country", country)]
                .iter()
                .chain(more)
                .map(|(n, v)| ((*n).to_owned(), (*v).to_owned()))
                .collect();
        fields.retain(|_, v| !v.is_empty());
        world.desk.execute(
            &applicant,
            Command::SubmitSignup(Box::new(SubmitSignup {
                fields,
                external_id: None,
                extra: serde_json::Map::new(),
                source: Source::Form,
            })),
        )
    };
    assert!(
        submit("DE", &[]).unwrap_err().to_string().contains("phone"),
        "the general rule asks for a phone"
    );
    let taken = submit("PT", &[("privacy_accepted_at", "2026-11-02T09:14:03Z")]).unwrap();
    let card = world.reader.signup(taken.record.unwrap().id).unwrap();
    let version = card.fields.iter().find(|(n, _)| *n == "privacy_version").and_then(|(_, v)| v.clone());
    assert_eq!(
        version.as_deref(),
        Some("2026-11"),
        "an acceptance that names no version is of the one shown now"
    );
}
