//! Printing in each form: what is data, what is a message, and that neither can act on a terminal.

use serde_json::json;

use super::super::table::Align;
use super::*;

fn printed(form: Form, print: impl FnOnce(&mut Output<'_>)) -> (String, String) {
    let (mut data, mut messages) = (Vec::new(), Vec::new());
    print(&mut Output::new(&mut data, &mut messages, form));
    (String::from_utf8(data).unwrap(), String::from_utf8(messages).unwrap())
}

fn refused() -> Failure {
    let mut failure = Failure::new(Exit::Refused, "refused", "Maria entered REG-1")
        .remedy("Ask another approver.")
        .about("REG-1");
    failure.rule = Some("four_eyes");
    failure
}

#[test]
fn json_is_one_document_and_harmless_on_a_terminal() {
    let value = json!({"company": "A\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{e0041}é"});
    let (data, _) = printed(Form::JsonLines, |out| out.record(&value, "").unwrap());
    assert_eq!(data, "{\"company\":\"A\\u001b]0;x\\u0007\\u009b31m\\u202e\\udb40\\udc41é\"}\n");
    assert_eq!(serde_json::from_str::<Value>(&data).unwrap(), value);
    let (data, _) =
        printed(Form::Text { columns: None }, |out| out.record(&value, "A\u{1b}]0;x\nB").unwrap());
    assert_eq!(data, "A␛]0;x\nB\n");
}

#[test]
fn a_failure_is_data_in_json_and_a_message_otherwise() {
    let (data, messages) = printed(Form::Json, |out| out.failure(&refused()).unwrap());
    let value: Value = serde_json::from_str(&data).unwrap();
    assert_eq!(
        value,
        json!({"error": {"kind": "refused", "rule": "four_eyes", "message": "Maria entered REG-1", "remedy": "Ask another approver.", "number": "REG-1"}})
    );
    assert_eq!(messages, "");
    let (data, messages) = printed(Form::Text { columns: None }, |out| out.failure(&refused()).unwrap());
    assert_eq!(
        (data.as_str(), messages.as_str()),
        ("", "countersign: Maria entered REG-1. Ask another approver.\n")
    );
}

#[test]
fn a_batch_tells_of_every_row_and_its_status() {
    let rows = vec![Ok((json!({"number": "REG-2"}), "REG-2 approved".to_owned())), Err(refused())];
    let (data, messages) =
        printed(Form::Text { columns: None }, |out| assert_eq!(out.batch(&rows).unwrap(), Exit::Partly));
    assert_eq!((data.as_str(), messages.lines().count()), ("REG-2 approved\n", 1));
    let (data, _) = printed(Form::Json, |out| assert_eq!(out.batch(&rows[..1]).unwrap(), Exit::Done));
    assert_eq!(serde_json::from_str::<Value>(&data).unwrap(), json!({"number": "REG-2"}));
    let (data, messages) = printed(Form::Json, |out| assert_eq!(out.batch(&rows).unwrap(), Exit::Partly));
    assert_eq!(serde_json::from_str::<Value>(&data).unwrap().as_array().map(Vec::len), Some(2));
    assert_eq!(messages, "");
}

#[test]
fn an_empty_list_says_so_to_people_alone() {
    let table = Table::new(&[("Number", Align::Left)]);
    assert_eq!(
        printed(Form::Text { columns: Some(80) }, |out| out.list(&[], &table).unwrap()),
        (String::new(), "Nothing to show.\n".to_owned())
    );
    assert_eq!(
        printed(Form::Text { columns: None }, |out| out.list(&[], &table).unwrap()),
        (String::new(), String::new())
    );
    assert_eq!(printed(Form::Json, |out| out.list(&[], &table).unwrap()).0, "[]\n");
}

#[test]
fn a_reader_that_went_away_is_no_failure() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(ErrorKind::BrokenPipe.into())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut out = Output::new(Gone, io::sink(), Form::Json);
    let error = out.record(&json!({}), "").unwrap_err();
    assert_eq!(write_failed(&error), Exit::Done);
    assert_eq!(write_failed(&ErrorKind::StorageFull.into()), Exit::Failed);
}
