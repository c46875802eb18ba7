//! `countersign match`: two files in, ranked and explained candidates out.

use serde_json::Value;

use crate::cli_world::Office;

const CUSTOMERS: &str = "\
id,company,first_name,last_name,email,phone,street,city,postal_code,country
A1,Café Aurora Lda,Ana,Pinheiro,ana@aurora.example,+351 21 555 0132,Rua Augusta 12,Lisboa,1100-048,PT
A2,Sapataria Central,Rui,Costa,rui@sapataria.example,+351 21 555 0199,Rua do Ouro 3,Lisboa,1100-060,PT
A3,Łódź Textiles sp. z o.o.,Ewa,Nowak,ewa@lodztex.example,+48 42 555 010,ul. Piotrkowska 5,Łódź,90-001,PL
";

const QUERIES: &str = "\
id,email,company,last_name,first_name,phone,street,city,postal_code,country
Q1,,CAFE AURORA,Pinhero,Ana,00351215550132,R. Augusta 12,Lisboa,1100-048,PT
Q2,jan@lodztex.example,Lodz Textiles,Kowalski,Jan,+48 42 555 010,Piotrkowska 5,Lodz,90001,PL
Q3,,,,,,,,,
";

#[test]
fn two_files_are_matched_and_each_score_is_explained() {
    let office = Office::nowhere();
    let write = |name: &str, text: &str| std::fs::write(office.path(name), text).unwrap();
    write("c.csv", CUSTOMERS);
    write("q.csv", QUERIES);
    let (c, q, o) = (office.path("c.csv"), office.path("q.csv"), office.path("o.jsonl"));
    let args = ["match", "--customers", &text(&c), "--queries", &text(&q), "--out", &text(&o), "--top", "2"];
    let run = office.run(&args).ends(0);
    assert!(run.messages.contains("3 customers indexed"), "{}", run.messages);
    let lines: Vec<Value> =
        std::fs::read_to_string(&o).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let first = |query: &str| lines.iter().find(|l| l["query_id"] == query && l["rank"] == 1);
    let (aurora, lodz) = (first("Q1").unwrap(), first("Q2").unwrap());
    assert_eq!((&aurora["customer_id"], &aurora["class"]), (&"A1".into(), &"same".into()));
    assert_eq!(
        (&lodz["customer_id"], &lodz["class"]),
        (&"A3".into(), &"mate".into()),
        "a new contact: {lodz}"
    );
    assert_eq!(first("Q3"), None, "nothing to go by");
    for line in &lines {
        let parts = line["explain"].as_array().unwrap();
        let sum: f64 = parts.iter().map(|p| p[1].as_f64().unwrap()).sum();
        assert!((sum - line["score"].as_f64().unwrap()).abs() < 0.02, "{line}");
    }
}

#[test]
fn a_file_without_ids_is_refused_with_a_remedy() {
    let office = Office::nowhere();
    let c = office.path("c.csv");
    std::fs::write(&c, "name,town\nAurora,Lisboa\n").unwrap();
    let args = ["match", "--customers", &text(&c), "--queries", &text(&c), "--out", &text(&office.path("o"))];
    let run = office.run(&args).ends(1);
    assert!(run.messages.contains("no column `id`"), "{}", run.messages);
    assert!(!office.path("o").exists());
}

fn text(path: &std::path::Path) -> String {
    path.to_string_lossy().into_owned()
}
