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
