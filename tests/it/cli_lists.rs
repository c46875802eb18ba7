//! Lists by the command line: which rows, in which order, that there are more of them, and as CSV; also behind sshd.

use crate::cli_world::Office;

#[test]
fn a_list_that_is_cut_says_so_and_how_to_see_the_rest() {
    let office = Office::new();
    for n in 0..3 {
        office.signup(&format!("Aurora {n}"));
    }
    for form in ["--json", "--jsonl", "--csv", "--color=never"] {
        let run = office.run(&["signup", "list", "--limit", "2", form]).ends(0);
        assert_eq!(
            run.messages, "2 of 3 shown; --after REG-000002 shows more, --limit 0 shows all.\n",
            "{form}: {}",
            run.data
        );
        assert!(office.run(&["signup", "list", "--limit", "3", form]).messages.is_empty());
    }
    let ids = |args: &[&str]| {
        let rows = office.json(args);
        rows.as_array().unwrap().iter().map(|row| row["id"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(ids(&["mail", "list"]), [3, 2, 1], "the newest first");
    assert_eq!(ids(&["mail", "list", "--limit", "2", "--after", "M-3"]), [2, 1]);
    assert_eq!(ids(&["mail", "list", "--sort", "number"]), [1, 2, 3]);
}

#[test]
fn user_requests_are_sorted_by_what_they_show_page_by_page() {
    let office = Office::new();
    for company in ["Corona", "aurora", "Borealis"] {
        let number = office.rung(company);
        office.run(&["signup", "create", &number]).ends(0);
    }
    let names = |args: &[&str]| {
        let rows = office.json(args);
        let rows = rows.as_array().unwrap();
        rows.iter().map(|row| row["user_name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let by_name = ["user-request", "list", "--sort", "user_name"];
    let all = names(&by_name);
    assert_eq!(all, ["aurora", "borealis", "corona"]);
    let mut paged: Vec<String> = Vec::new();
    for after in [None, Some("UR-2"), Some("UR-3")] {
        let mut args = by_name.to_vec();
        args.extend(["--limit", "1"]);
        args.extend(after.map(|after| ["--after", after]).into_iter().flatten());
        paged.extend(names(&args));
    }
    assert_eq!(paged, all);
    let backwards =
        names(&["user-request", "list", "--sort", "user_name", "--descending", "--filter", "mine"]);
    assert_eq!(backwards, ["corona", "borealis", "aurora"]);
    for sort in ["age", "state", "number"] {
        assert_eq!(names(&["user-request", "list", "--sort", sort]).len(), 3, "{sort}");
    }
}

#[test]
fn lists_are_csv_too_and_formulas_are_quoted_unless_a_machine_reads() {
    let office = Office::new();
    office.signup("=1+1");
    let csv = |args: &[&str]| office.run(args).ends(0).data;
    let text = csv(&["signup", "list", "--csv"]);
    assert!(text.starts_with("number,state,version,created_at,"), "{text}");
    assert!(text.contains(",'=1+1,"), "{text}");
    assert!(csv(&["signup", "list", "--csv", "--raw"]).contains(",=1+1,"));
    for list in ["mail list", "customer list", "contact list", "user-request list", "staff list", "role list"]
    {
        let mut args: Vec<&str> = list.split(' ').collect();
        args.push("--csv");
        office.run(&args).ends(0);
    }
    office.run(&["signup", "list", "--csv", "--json"]).ends(2);
    let refused = office.run(&["signup", "show", "REG-77", "--csv"]).ends(4);
    assert!(refused.data.is_empty() && refused.messages.contains("REG-77"), "{}", refused.messages);
}

#[test]
fn behind_sshd_the_typed_line_runs_as_the_keys_owner() {
    let office = Office::new();
    let number = office.signup("Aurora");
    let me = office.json(&["staff", "list"])[0]["login"].as_str().unwrap().to_owned();
    office.config("identity.mode = \"ssh\"\n");
    let over_ssh = |typed: &str| {
        let mut command = office.command(&["--actor", &me]);
        command.env("SSH_CONNECTION", "::1 1 ::1 22").env("SSH_ORIGINAL_COMMAND", typed);
        let output = command.output().unwrap();
        (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
    };
    for typed in ["signup list", "countersign signup list --filter 'company:Aurora'"] {
        let (status, data) = over_ssh(typed);
        assert!(status == 0 && data.contains(&number), "{typed}: {data}");
    }
    let (status, data) = over_ssh("--actor somebody signup list --json");
    assert!(status == 3 && data.contains("forced_command"), "{data}");
    let (status, data) = over_ssh("signup submit --file /etc/hostname --json");
    assert!(status == 3 && data.contains("forced_command"), "{data}");
    assert_eq!(over_ssh("scp -t .").0, 2);
}
