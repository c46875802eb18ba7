//! The tabs as a person uses them: keys in, the screen as text out, through the real app and a real desk.

use std::sync::Arc;

use countersign::demo;
use countersign::desk::{Desk, FixedClock, OpenOptions, Reader};
use countersign::domain::permission::How;
use countersign::tui::app::Setup;
use countersign::tui::gate::Depth;
use countersign::tui::keymap::Keymap;
use countersign::tui::open::who;
use countersign::tui::screens;
use countersign::tui::testing::Play;
use countersign::tui::theme::{Background, SignSet, Theme};

/// Monday, 2 November 2026, 10:41 UTC.
const NOW: i64 = 1_793_616_060_000;

/// The sample office, somebody at its keys, and what keeps its files alive.
pub struct Office {
    pub play: Play,
    pub options: OpenOptions,
    _made: demo::Office,
}

impl Office {
    pub fn open(login: &str, size: (u16, u16)) -> Office {
        let made = demo::make_at(&demo::Options::default(), NOW, &mut |_, _| {}).unwrap();
        let options = OpenOptions { clock: Arc::new(FixedClock::new(NOW)), ..made.open.clone() };
        let play = at_the_keys(&options, login, size);
        Office { play, options, _made: made }
    }

    /// Plays keys; gives the screen.
    pub fn keys(&mut self, script: &str) -> String {
        self.play.keys(script);
        self.play.screen()
    }

    pub fn reader(&self) -> Reader {
        Reader::open(&self.options).unwrap()
    }
}

pub fn at_the_keys(options: &OpenOptions, login: &str, size: (u16, u16)) -> Play {
    at_the_keys_in(options, login, size, SignSet::Fancy)
}

/// The same where only these signs may be drawn.
pub fn at_the_keys_in(options: &OpenOptions, login: &str, size: (u16, u16), signs: SignSet) -> Play {
    let reader = Reader::open(options).unwrap();
    let actor = reader.actor(login, How::Screen).unwrap();
    let setup = Setup {
        screens: screens::all(&actor),
        keymap: Keymap::default(),
        theme: Theme::new(Background::Dark, Depth::True, signs),
        who: who(&actor),
        actor: actor.clone(),
        hats: Vec::new(),
        drafts: serde_json::Value::Null,
    };
    Play::new(setup, Desk::open(options.clone()).unwrap(), actor, size)
}

pub fn last_line(screen: &str) -> &str {
    screen.lines().last().unwrap_or_default()
}

#[test]
fn from_the_list_to_the_logon_mail_by_keys_alone_at_both_sizes() {
    for size in [(80, 24), (120, 40)] {
        let mut office = Office::open("maria", size);
        let found = office.keys("/contoso<Enter>");
        assert!(found.contains("REG-000057") && found.contains("1 of 34"), "{found}");
        let approved = office.keys("a");
        assert!(
            last_line(&approved).contains("REG-000057 approved") && approved.contains("undo"),
            "{approved}"
        );
        office.keys("f");
        office.keys("f");
        let listed = office.play.screen();
        assert!(
            listed.contains("Approved") && listed.contains("REG-000057"),
            "two steps of f lead to Approved: {listed}"
        );
        // At 80 columns the detail is opened first, so that what is created has been seen.
        if size.0 == 80 {
            office.keys("<Enter>");
        }
        let dialog = office.keys("c");
        assert!(dialog.contains("Create: REG-000057") && dialog.contains("Will make"), "{dialog}");
        assert!(dialog.contains("a new customer") && dialog.contains("Ctrl-S save"), "{dialog}");
        let created = office.keys("<C-s>");
        assert!(last_line(&created).contains("REG-000057"), "{created}");
        let mail = office.keys("5");
        assert!(mail.contains("held") && mail.contains("UR-"), "the logon mail waits in the outbox: {mail}");
        let reader = office.reader();
        let signup = reader.find("REG-57").unwrap();
        assert_eq!(reader.signup(signup.id).unwrap().row.state.as_str(), "created");
        assert!(reader.verify_history().unwrap().bad.is_none());
    }
}

#[test]
fn twenty_marked_rows_are_approved_and_taken_back_as_one_step() {
    let mut office = Office::open("maria", (120, 40));
    let before = office.play.screen();
    assert!(before.contains("Verified by user 34"), "{before}");
    let question = office.keys(&"<Space>".repeat(20));
    assert!(question.contains("20 marked"), "{question}");
    let asked = office.keys("a");
    assert!(
        asked.contains("Approve 20 sign-ups?") && asked.contains("one undo takes all of it back"),
        "{asked}"
    );
    let done = office.keys("<Right><Enter>");
    assert!(
        done.contains("Verified by user 15") && done.contains("may not approve it as well"),
        "19 and one she corrected: {done}"
    );
    let undone = office.keys("<Esc>u");
    assert!(undone.contains("Verified by user 34") && undone.contains("19 mail"), "{undone}");
}

#[test]
fn a_rejection_asks_for_its_reason_and_esc_keeps_what_was_typed() {
    let mut office = Office::open("maria", (80, 24));
    let form = office.keys("x");
    for words in ["Reason", "Note (internal)", "Text to applicant", "Mail the applicant"] {
        assert!(form.contains(words), "{words}: {form}");
    }
    office.keys("2<Tab>known to us");
    let asked = office.keys("<Esc>");
    assert!(asked.contains("eep"), "a dirty form asks: {asked}");
    let kept = office.keys("<Esc>");
    assert!(kept.contains("known to us"), "keeping is what Esc means: {kept}");
    let done = office.keys("<C-s>");
    assert!(last_line(&done).contains("rejected"), "{done}");
}

#[test]
fn whoever_entered_a_sign_up_is_told_why_they_may_not_approve_it() {
    let mut office = Office::open("maria", (120, 40));
    let form = office.keys("n");
    assert!(form.contains("New sign-up") && form.contains("Company"), "{form}");
    office.keys("Own House<Tab><Tab>Berg<Tab><Tab>berg@own.example");
    office.keys("<Tab><Tab><Tab><Tab><Tab><Tab><Tab><Tab><Tab><Tab><Tab>SE");
    let entered = office.keys("<C-s>");
    assert!(last_line(&entered).contains("REG-000061"), "{entered}");
    office.keys("f/berg@own<Enter>");
    office.keys("v");
    office.keys("rang them");
    let verified = office.keys("<C-s>");
    assert!(last_line(&verified).contains("REG-000061"), "{}", last_line(&verified));
    office.keys(":REG-61<Enter>");
    let refused = office.keys("a");
    assert!(
        refused.contains("may not approve it as well") && refused.contains("Ask another approver"),
        "{refused}"
    );
    assert_eq!(office.reader().signup(61).unwrap().row.state.as_str(), "verified_by_user");
}

#[test]
fn why_and_history_answer_for_any_record() {
    let mut office = Office::open("maria", (80, 24));
    let why = office.keys("W");
    for words in ["Why is REG-", "Waits for", "Missing", "a decision"] {
        assert!(why.contains(words), "{words}: {why}");
    }
    let history = office.keys("<Esc>H");
    assert!(history.contains("History of REG-") && history.contains("sign-up submitted"), "{history}");
    let customers = office.keys("<Esc>4<Enter>");
    assert!(customers.contains("C-000001") && customers.contains("Contacts"), "{customers}");
    assert!(office.keys("H").contains("History of C-000001"));
}

#[test]
fn duplicates_are_compared_side_by_side() {
    let mut office = Office::open("maria", (120, 40));
    let list = office.keys("/cardiff<Enter>d");
    assert!(list.contains("Possible duplicates") && list.contains("99 %"), "{list}");
    let choices = office.keys("<Enter>");
    for words in [
        "Compare side by side",
        "New contact of C-",
        "Reject as duplicate",
        "Not a duplicate",
        "Leave undecided",
    ] {
        assert!(choices.contains(words), "{words}: {choices}");
    }
    let compared = office.keys("<Enter>");
    assert!(compared.contains('=') && compared.contains("Why"), "{compared}");
}

/// The four outcomes of registration.md, Creating the customer, each by keys alone from the list at 80×24.
#[test]
fn each_outcome_for_a_duplicate_is_a_few_keys_away() {
    let outcome = |keys: &str| {
        let mut office = Office::open("maria", (80, 24));
        let maria = office.reader().actor("maria", How::Screen).unwrap();
        let list = office.keys("/cardiff<Enter>");
        let number = list.split_whitespace().find(|w| w.starts_with("REG-")).unwrap().to_owned();
        let signup = office.reader().find(&number).unwrap();
        let before = office.reader().duplicates(&maria, signup.id, None).unwrap();
        office.keys("<Enter>d<Enter>");
        let screen = office.keys(keys);
        let reader = office.reader();
        let (card, left) =
            (reader.signup(signup.id).unwrap(), reader.duplicates(&maria, signup.id, None).unwrap());
        let best = before[0].record.clone();
        (screen, card, (best, before.len(), left))
    };

    let (screen, card, (best, ..)) = outcome("2<C-s>");
    assert_eq!(card.row.state.as_str(), "created", "new contact: {screen}");
    assert!(card.made.contains(&best), "under the customer that was there: {:?}", card.made);

    let (screen, card, _) = outcome("3<C-s>");
    assert_eq!(
        (card.row.state.as_str(), card.reason_code.as_deref()),
        ("rejected", Some("duplicate")),
        "{screen}"
    );

    let (screen, card, (best, count, left)) = outcome("4");
    assert_eq!(card.row.state.as_str(), "verified_by_user");
    assert_eq!(card.not_duplicates.as_slice(), std::slice::from_ref(&best.number));
    assert!(
        left.len() < count && left.iter().all(|hit| hit.record != best),
        "it does not come back: {screen}"
    );
    assert_ne!(card.row.duplicate.as_deref(), Some(best.number.as_str()), "nor in the list");

    let (screen, card, (_, count, left)) = outcome("5");
    assert_eq!((card.row.state.as_str(), left.len()), ("verified_by_user", count), "undecided: {screen}");
}

#[test]
fn another_persons_change_is_shown_and_nothing_is_overwritten() {
    let mut office = Office::open("maria", (120, 40));
    office.keys("/contoso<Enter>");
    let mut jens = at_the_keys(&office.options, "jens", (120, 40));
    jens.keys("/contoso<Enter>a");
    let told = office.keys("a");
    assert!(told.contains("jens") && told.contains("meanwhile"), "{told}");
}

#[test]
fn the_setup_tab_tells_the_rules_the_people_and_the_hours() {
    let mut office = Office::open("maria", (120, 40));
    let setup = office.keys("7");
    for word in [
        "Setup",
        "Version 1",
        "nothing is wrong",
        "Logon for a new user",
        "one of role approver, due in 2 working days",
        "task provision_user",
        "mon-fri 09:00-17:00",
    ] {
        assert!(setup.contains(word), "{word}: {setup}");
    }
    let small = Office::open("maria", (80, 24)).keys("7");
    assert!(small.contains("… ") && small.contains("Version 1"), "what is below is told: {small}");
    let mut office = Office::open("maria", (80, 24));
    let end = office.keys("7G");
    assert!(end.contains("countersign workflow activate FILE"), "{end}");
    assert!(!end.contains("Version 1"), "it was scrolled: {end}");
}

#[test]
fn a_logon_is_ended_for_a_contact_recalled_changed_and_cancelled_by_keys() {
    let mut office = Office::open("maria", (120, 40));
    let found = office.keys("3nfergus ingle");
    for words in
        ["change role graham.redfern", "inactivate graham.redfern", "reset credentials graham.redfern"]
    {
        assert!(found.contains(words), "{words}: {found}");
    }
    assert!(!found.contains("add a portal user") && !found.contains("reactivate"), "only what fits: {found}");
    office.keys("<Down><Enter>");
    let refused = office.keys("<C-s>");
    assert!(refused.contains("is needed"), "a justification is due: {refused}");
    office.keys("left the firm");
    let made = office.keys("<C-s>");
    assert!(last_line(&made).contains("UR-000005"), "{made}");
    assert!(made.contains("Pending approval") && made.contains("waits for role approver"), "{made}");
    let refused = office.keys("e");
    assert!(last_line(&refused).contains("edit is not possible"), "{}", last_line(&refused));
    let form = office.keys("<Esc>b");
    assert!(form.contains("Recall UR-000005") && form.contains("Reason"), "{form}");
    let back = office.keys("she stays<C-s>");
    assert!(back.contains("Draft") && back.contains("It came back: she stays"), "{back}");
    office.keys("e");
    let changed = office.keys("<C-s>");
    assert!(last_line(&changed).contains("UR-000005"), "{}", last_line(&changed));
    office.keys("x");
    let over = office.keys("she stays<C-s>");
    assert!(over.contains("Canceled"), "{over}");
    let nothing = office.keys("b");
    assert!(last_line(&nothing).contains("it is Canceled"), "{}", last_line(&nothing));
    assert!(office.reader().verify_history().unwrap().bad.is_none());
}

#[test]
fn the_customers_tab_asks_for_a_user_of_one_of_its_contacts() {
    let mut office = Office::open("maria", (80, 24));
    office.keys("4/leeds books<Enter><Enter>");
    let form = office.keys("U");
    assert!(
        form.contains("New user request") && form.contains("Callum Hathersage: add a portal user"),
        "{form}"
    );
    let made = office.keys("<C-s>");
    let reader = office.reader();
    let record = reader.find("UR-5").unwrap_or_else(|error| panic!("{error}: {made}"));
    let row = reader.user_request(record.id).unwrap();
    assert_eq!((row.state.as_str(), row.customer.as_deref()), ("pending_approval", Some("C-000043")));
}
