//! A preview is the same command rolled back: it says all and changes nothing.

use crate::world::World;

#[test]
fn a_preview_says_all_and_changes_nothing() {
    use crate::world::plain;
    let mut world = World::new();
    world.play("applicant submits aurora; applicant verifies REG-1");
    let before = plain(&world.raw(), &[], &[]);
    let maria = world.actor("maria");
    let command = countersign::desk::Command::CreateCustomer(Box::new(
        countersign::desk::commands::signup::CreateCustomer {
            subject: world.subject("REG-1"),
            existing: None,
            template: None,
            values: Default::default(),
            contact: None,
            twin: countersign::desk::commands::signup::Twin::Refuse,
            role: None,
            authentication: None,
            user_name: None,
            note: None,
        },
    ));
    let receipt = world.desk.preview(&maria, vec![command]).pop().unwrap().unwrap();
    let made: Vec<&str> = receipt.made.iter().map(|r| r.number.as_str()).collect();
    assert_eq!(made, ["C-000001", "CON-000001", "UR-000001", "ana"]);
    assert_eq!(plain(&world.raw(), &[], &[]), before);
}
