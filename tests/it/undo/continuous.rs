//! Where numbers must have no gaps, what took one stays.

use countersign::desk::Gaps;

use crate::world::World;

#[test]
fn a_continuous_sequence_keeps_its_numbers() {
    let mut world = World::with(|settings| {
        settings.sequences.iter_mut().filter(|s| s.name == "customer").for_each(|s| s.gaps = Gaps::Never);
    });
    let said = world.play(
        "applicant submits aurora; applicant verifies REG-1; maria approves REG-1; maria undoes; maria redoes
         maria creates REG-1; maria undoes",
    );
    assert!(
        said.contains("Undid: approve sign-up REG-000001"),
        "what took no number can be taken back: {said}"
    );
    assert!(said.contains("refused by continuous_numbers: create customer REG-000001"), "{said}");
}

#[test]
fn new_numbers_follow_the_config_and_old_ones_are_still_found() {
    let mut world = World::new();
    world.play("applicant submits aurora");
    let mut settings = (*world.options.settings).clone();
    settings.sequences.iter_mut().filter(|s| s.name == "signup").for_each(|s| {
        s.prefix = "SU-".into();
        s.width = 8;
    });
    world.options.settings = std::sync::Arc::new(settings);
    world.reopen();
    world.play("applicant submits weiss");
    for (typed, number) in [
        ("SU-2", "SU-00000002"),
        ("su-00000002", "SU-00000002"),
        ("REG-1", "REG-000001"),
        ("reg-000001", "REG-000001"),
    ] {
        assert_eq!(world.find(typed).number, number, "{typed}");
    }
    assert!(world.reader.find("SU-1").is_err(), "a number is not found under a prefix that it never had");
    world.assert_sound();
}
