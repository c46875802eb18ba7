//! Work by the command line: which turns are listed, several decided, moved and let go at once, and what a decision binds to.

use crate::cli_world::{Office, Run};

/// An office with two approvers and a manager; the first member of staff hands in.
fn office() -> Office {
    let office = Office::with("identity.mode = \"own\"\n");
    for (login, role) in [("maria", "approver"), ("jens", "approver"), ("ruth", "manager")] {
        office.run(&["staff", "new", login, "--name", login, "--role", role]).ends(0);
    }
    office
}

/// The login of whoever set the office up.
fn administrator(office: &Office) -> String {
    let staff = office.json(&["staff", "list"]);
    let ada = staff.as_array().unwrap().iter().find(|row| row["name"] == "Ada Admin").unwrap();
    ada["login"].as_str().unwrap().to_owned()
}

/// User requests that wait for an approver.
fn waiting(office: &Office, many: usize) -> Vec<String> {
    let made = (0..many).map(|n| {
        let number = office.rung(&format!("Aurora{n}"));
        let made = office.json(&["signup", "create", &number])["made"].as_array().unwrap().clone();
        let request = made.iter().find(|made| made["kind"] == "user_request").expect("a request was made");
        request["number"].as_str().unwrap().to_owned()
    });
    made.collect()
}

fn listed(office: &Office, args: &[&str]) -> Vec<String> {
    let mut all = vec!["work", "list"];
    all.extend(args);
    let rows = office.json(&all);
    rows.as_array().unwrap().iter().map(|row| row["number"].as_str().unwrap().to_owned()).collect()
}

fn with<'a>(first: &[&'a str], numbers: &'a [String], rest: &[&'a str]) -> Vec<&'a str> {
    let numbers = numbers.iter().map(String::as_str);
    first.iter().copied().chain(numbers).chain(rest.iter().copied()).collect()
}

fn states(run: &Run) -> Vec<String> {
    let rows = run.json();
    rows.as_array().unwrap().iter().map(|row| row["state"].as_str().unwrap_or("error").to_owned()).collect()
}

#[test]
fn turns_are_filtered_sorted_and_cut_like_any_list() {
    let office = office();
    let all = waiting(&office, 3);
    let me = administrator(&office);
    let maria = ["--as", "maria"];
    assert_eq!(listed(&office, &maria), all);
    assert_eq!(listed(&office, &["--as", "maria", "--filter", "customer:aurora1"]), [all[1].clone()]);
    assert_eq!(listed(&office, &["--as", "maria", "--filter", &format!("from:{me}")]), all);
    assert_eq!(listed(&office, &["--as", "maria", "--state", "open"]), all);
    assert!(listed(&office, &["--as", "maria", "--state", "stopped"]).is_empty());
    let mut backwards = all.clone();
    backwards.reverse();
    assert_eq!(listed(&office, &["--as", "maria", "--sort", "customer", "--descending"]), backwards);
    let run = office.run(&["work", "list", "--as", "maria", "--limit", "2", "--json"]).ends(0);
    let after = run.json()[1]["after"].as_str().unwrap().to_owned();
    assert!(after.starts_with("UR-000002/"), "{after}");
    assert_eq!(run.messages, format!("2 of 3 shown; --after {after} shows more, --limit 0 shows all.\n"));
    for after in [after.as_str(), "UR-2"] {
        assert_eq!(listed(&office, &["--as", "maria", "--after", after]), [all[2].clone()]);
    }
    office.run(&["work", "list", "--state", "sleepy"]).ends(2);
    office.run(&["work", "list", "--sort", "mood"]).ends(2);
    office.run(&["work", "take", &all[0], "--as", "maria", "--note", "I know them"]).ends(0);
    assert_eq!(listed(&office, &["--as", "maria", "--filter", "mine"]), [all[0].clone()]);
    assert_eq!(listed(&office, &["--as", "maria", "--filter", "waits_for:approver"]), all[1..]);
    let entry = &office.json(&["history", &all[0]])[0];
    assert_eq!((&entry["kind"], &entry["note"]), (&"work_taken".into(), &"I know them".into()));
}

#[test]
fn several_turns_go_to_somebody_else_each_with_its_own_result() {
    let office = office();
    let all = waiting(&office, 3);
    let to = ["--to", "jens", "--reason", "maria is ill", "--as", "ruth", "--json"];
    let run = office.run(&with(&["work", "reassign"], &all[..2], &to)).ends(0);
    assert_eq!(states(&run), ["pending_approval", "pending_approval"]);
    let of_role = ["work", "reassign", "--from", "role approver", "--to", "maria", "--reason", "balance"];
    office.run(&with(&of_role, &[], &["--as", "ruth"])).ends(0);
    assert_eq!(listed(&office, &["--as", "maria"]), [all[2].clone()]);
    office.run(&with(&of_role[..4], &[], &["--to", "maria", "--reason", "x", "--as", "maria"])).ends(3);
    office.run(&["work", "reassign", "--from", "role poet", "--to", "maria", "--reason", "x"]).ends(4);
    let lent = ["--to", "maria", "--note", "back on Monday", "--as", "jens", "--json"];
    let numbers = [all[0].clone(), all[1].clone(), all[2].clone()];
    let run = office.run(&with(&["work", "delegate"], &numbers, &lent)).ends(6);
    assert_eq!(states(&run), ["pending_approval", "pending_approval", "error"], "the third is not his");
    let over = ["approve", "--reason", "the fair begins", "--as", "ruth", "--json"];
    let run = office.run(&with(&["work", "override"], &all, &over)).ends(0);
    assert_eq!(states(&run), ["completed", "completed", "completed"]);
}

#[test]
fn a_decision_by_script_binds_to_what_was_listed_and_keeps_its_note() {
    let office = office();
    let number = waiting(&office, 1).remove(0);
    let seen = |office: &Office| {
        let list = office.json(&["work", "list", "--as", "maria"])[0]["seen"].as_str().unwrap().to_owned();
        let show = office.json(&["user-request", "show", &number, "--as", "maria"]);
        assert_eq!(show["seen"], list.as_str(), "the list and the record name the same");
        list
    };
    let before = seen(&office);
    office.run(&["work", "take", &number, "--as", "jens"]).ends(0);
    office.run(&["work", "release", &number, "--as", "jens"]).ends(0);
    let decide = |token: &str| {
        office.run(&[
            "decide",
            &number,
            "reject",
            "--reason",
            "no such person",
            "--note",
            "rang twice",
            "--seen",
            token,
            "--as",
            "maria",
        ])
    };
    let refused = decide(&before).ends(5);
    assert!(refused.messages.contains("changed it meanwhile"), "{}", refused.messages);
    decide("7").ends(2);
    decide(&seen(&office)).ends(0);
    let entry = &office.json(&["history", &number])[0];
    assert_eq!(entry["reason"], "no such person");
    assert_eq!(entry["note"], "rang twice", "the note is for colleagues and told apart from the reason");
    office.run(&["user-request", "resubmit", &number, "--note", "it is her maiden name"]).ends(0);
    let entries = office.json(&["history", &number]);
    let said = entries.as_array().unwrap().iter().find(|e| e["kind"] == "user_request_submitted").unwrap();
    assert_eq!(said["note"], "it is her maiden name");
}

#[test]
fn two_logins_become_one_person_and_four_eyes_see_it() {
    let office = office();
    let me = administrator(&office);
    let number = waiting(&office, 1).remove(0);
    office.run(&["staff", "edit", "maria", "--person", &me]).ends(0);
    let (status, error) = office.error(&["decide", &number, "approve", "--as", "maria"]);
    assert_eq!((status, &error["rule"]), (3, &"four_eyes".into()), "{error}");
    office.run(&["staff", "edit", "maria", "--person", ""]).ends(0);
    office.run(&["decide", &number, "approve", "--as", "maria"]).ends(0);
}

#[test]
fn a_text_that_is_kept_ready_reaches_its_reader_in_their_language_with_the_records_words() {
    let office = Office::with(
        "[texts]\nproof = { en = \"{me} needs a proof for {user_name}.\", pt = \"{contact}, falta uma prova ({number}).\" }\nhello = \"Who signs for {contact}?\"\n",
    );
    office.run(&["staff", "new", "maria", "--name", "Maria Silva", "--role", "approver"]).ends(0);
    let request = waiting(&office, 1).remove(0);
    for args in [
        &["user-request", "recall", &request, "--reason", "@prof"][..],
        &["work", "reassign", &request, "--to", "maria", "--reason", "@prof"],
    ] {
        office.run(args).ends(2);
    }
    let refused = office.run(&["decide", &request, "reject", "--reason", "@prof", "--as", "maria"]).ends(2);
    assert!(refused.messages.contains("There are proof, hello."), "{}", refused.messages);
    office.run(&["work", "ask", &request, "--contact", "--question", "@hello", "--as", "maria"]).ends(0);
    office.run(&["decide", &request, "reject", "--reason", "@proof", "--as", "maria"]).ends(0);
    let reason = office.json(&["history", &request])[0]["reason"].clone();
    assert_eq!(reason, "Maria Silva needs a proof for aurora0.");
    let number = office.rung("Borealis");
    let nothing = ["signup", "reject", &number, "--reason", "incomplete", "--reply", "{user_name} is taken"];
    let refused = office.run(&nothing).ends(1);
    assert!(refused.messages.contains("{user_name} is empty for this record"), "{}", refused.messages);
    office.run(&["signup", "edit", &number, "--set", "language=pt"]).ends(0);
    office.run(&["signup", "reject", &number, "--reason", "incomplete", "--reply", "@proof"]).ends(0);
    office.run(&["mail", "send"]).ends(0);
    let told = office.mails(&format!("Lima, falta uma prova ({number})."));
    assert_eq!(told.len(), 1, "the applicant reads it in their language");
    assert_eq!(office.mails("Who signs for Lima?").len(), 1, "the question too");
}

#[test]
fn a_letter_is_previewed_to_whoever_would_get_it() {
    let office = office();
    office.run(&["staff", "edit", "maria", "--email", "maria@office.example"]).ends(0);
    office.run(&["staff", "edit", "jens", "--email", "jens@office.example"]).ends(0);
    let number = waiting(&office, 1).remove(0);
    let to =
        |event: &str| office.json(&["mail", "preview", event, &number])["to"].as_str().unwrap().to_owned();
    assert_eq!(to("work_assigned"), "jens@office.example", "the first who has the role");
    office.run(&["work", "take", &number, "--as", "maria"]).ends(0);
    assert_eq!(to("work_due_soon"), "maria@office.example");
    office
        .run(&["work", "ask", &number, "--of", "jens", "--question", "Who is it?", "--as", "maria"])
        .ends(0);
    assert_eq!([to("work_asked"), to("work_answered")], ["jens@office.example", "maria@office.example"]);
}

#[test]
fn several_records_are_shown_at_once_and_what_is_not_there_fails_alone() {
    let office = office();
    let all = waiting(&office, 2);
    let why = office.json(&["why", &all[0], &all[1]]);
    assert_eq!(why.as_array().unwrap().len(), 2);
    assert_eq!(office.json(&["why", &all[0]])["number"], all[0].as_str(), "one is one document");
    let run = office.feed(&["why", "-"], &format!("{}\nREG-1\n", all[0])).ends(0);
    assert!(run.data.contains("UR-000001  ") && run.data.contains("\n\nREG-000001  "), "{}", run.data);
    let run = office.run(&["user-request", "show", &all[0], "UR-77", &all[1]]).ends(6);
    assert!(
        run.data.contains("UR-000002") && run.messages.contains("UR-77"),
        "{} {}",
        run.data,
        run.messages
    );
    office.run(&["signup", "show", "REG-1", "REG-2", "--csv"]).ends(0);
    office.run(&["user-request", "show", "UR-77"]).ends(4);
}

const THREE: &str = r#"
[[workflow]]
document = "user_request"
name     = "Three"

  [[workflow.step]]
  name    = "Check"
  approve = { users = ["maria", "jens", "ruth"] }
  policy  = "majority"

  [[workflow.step]]
  task = "provision_user"
"#;

#[test]
fn a_deputy_with_a_turn_of_their_own_votes_and_is_told_once() {
    let office = office();
    for login in ["maria", "jens", "ruth"] {
        office.run(&["staff", "edit", login, "--email", &format!("{login}@office.example")]).ends(0);
    }
    std::fs::write(office.path("three.toml"), THREE).unwrap();
    let file = office.path("three.toml").display().to_string();
    office.run(&["workflow", "activate", &file]).ends(0);
    office.run(&["deputy", "set", "jens", "--for", "maria"]).ends(0);
    let number = waiting(&office, 1).remove(0);
    let mails = office.json(&["mail", "list", "--limit", "0"]);
    let told = |to: &str| {
        let rows = mails.as_array().unwrap().iter();
        rows.filter(|row| row["event"] == "work_assigned" && row["to"] == format!("{to}@office.example"))
            .count()
    };
    assert_eq!(["maria", "jens", "ruth"].map(told), [1, 1, 1]);
    // Three turns of one record, page by page: none is passed over.
    let (mut after, mut holders) = (None::<String>, Vec::new());
    for _ in 0..3 {
        let mut args = vec!["work", "list", "--view", "all", "--limit", "1"];
        args.extend(after.iter().flat_map(|after| ["--after", after.as_str()]));
        let row = office.json(&args)[0].clone();
        holders.push(row["waits_for"].as_str().unwrap().to_owned());
        after = Some(row["after"].as_str().unwrap().to_owned());
    }
    holders.sort();
    assert_eq!(holders, ["jens", "maria", "ruth"]);
    assert_eq!(listed(&office, &["--as", "jens"]), std::slice::from_ref(&number), "one row, his own");
    office.run(&["decide", &number, "approve", "--as", "jens"]).ends(0);
    office.run(&["decide", &number, "approve", "--as", "ruth"]).ends(0);
    assert_eq!(office.json(&["user-request", "show", &number])["state"], "completed");
}

#[test]
fn what_was_asked_binds_stays_and_is_asked_by_whoever_it_concerns() {
    let office = office();
    office.run(&["staff", "new", "olga", "--name", "Olga", "--role", "auditor"]).ends(0);
    office.run(&["staff", "new", "luis", "--name", "Luis", "--role", "sales_rep"]).ends(0);
    let number = waiting(&office, 1).remove(0);
    let ask = |who: &str, of: &[&str]| {
        let mut args = vec!["work", "ask", number.as_str(), "--question", "is it safe?", "--as", who];
        args.extend(of);
        office.error(&args).1["rule"].clone()
    };
    assert_eq!(ask("olga", &["--of", "maria"]), "permission", "she only looks");
    assert_eq!(ask("luis", &["--contact"]), "not_yours", "he has nothing to do with it");
    office
        .run(&["work", "ask", &number, "--of", "maria", "--question", "is it safe?", "--as", "jens"])
        .ends(0);
    let seen = office.json(&["work", "list", "--as", "jens"])[0]["seen"].as_str().unwrap().to_owned();
    office.run(&["work", "answer", &number, "--answer", "no, reject it", "--as", "maria"]).ends(0);
    office.run(&["decide", &number, "approve", "--seen", &seen, "--as", "jens"]).ends(5);
    office.run(&["user-request", "recall", &number, "--reason", "not yet"]).ends(0);
    office.run(&["user-request", "resubmit", &number]).ends(0);
    let questions = office.json(&["user-request", "show", &number])["questions"].clone();
    assert_eq!(questions[0]["answer"], "no, reject it", "it stays on the request");
    assert_eq!(listed(&office, &["--as", "maria", "--filter", "-customer:aurora"]), Vec::<String>::new());
}
