//! How long the office's daily moves take: opening, paging, filtering, searching, deciding, taking in.
//!
//! `cargo bench` makes a small office for itself. `COUNTERSIGN_BENCH_DB=DIR/countersign.db cargo bench` measures an
//! office that `countersign demo --keep DIR` has made; what writes does so on a copy beside it.
//! `COUNTERSIGN_BENCH_INTAKE` says how many sign-ups the intake takes in (1,000).

#![expect(
    clippy::disallowed_methods,
    reason = "a bench is measured on the real clock and told by the environment what to measure"
)]

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex};

use countersign::demo::{self, LOGIN, Office, Options};
use countersign::desk::commands::signup::{ApproveSignup, Source, Subject, SubmitSignup};
use countersign::desk::query::{Anchor, Asker, Key, ListQuery, Order, customer, signup};
use countersign::desk::{Command, Desk, OpenOptions, Reader, Receipt, Settings, SystemClock, Undo};
use countersign::domain::filter::{FieldSet, parse};
use countersign::domain::id::RecordKind;
use countersign::domain::permission::{Actor, How};
use countersign::mail::{MailSettings, Renderer};
use divan::{Bencher, black_box};

fn main() {
    divan::main();
}

/// Rows of a window of forty lines with a margin.
const WINDOW: usize = 60;

/// The office that is read, and how it is opened.
struct Place {
    open: OpenOptions,
    _made: Option<Office>,
}

static PLACE: LazyLock<Place> = LazyLock::new(|| match std::env::var_os("COUNTERSIGN_BENCH_DB") {
    Some(path) => Place { open: options(PathBuf::from(path)), _made: None },
    None => {
        let small = Options { customers: 1_000, signups: 3_000, keep: None };
        let made = demo::make(&small, &mut |_, _| {}).expect("a small office can be made");
        Place { open: made.open.clone(), _made: Some(made) }
    }
});

fn options(path: PathBuf) -> OpenOptions {
    let mail = MailSettings::folder(std::env::temp_dir());
    OpenOptions {
        path,
        settings: Arc::new(Settings::default()),
        clock: Arc::new(SystemClock),
        render: Arc::new(Renderer::new(&mail)),
    }
}

/// A copy that may be written to; it goes with the process.
struct Copy {
    desk: Desk,
    maria: Actor,
    pile: Vec<i64>,
    approved: bool,
    _dir: tempfile::TempDir,
}

static COPY: LazyLock<Mutex<Copy>> = LazyLock::new(|| {
    let beside = PLACE.open.path.parent().and_then(Path::parent).unwrap_or(Path::new("."));
    let dir = tempfile::tempdir_in(beside).expect("there is room for a copy");
    let path = dir.path().join("countersign.db");
    std::fs::copy(&PLACE.open.path, &path).expect("the database can be copied");
    let desk = Desk::open(options(path)).expect("a copy opens like the original");
    let reader = desk.reader().expect("a copy opens like the original");
    let maria = reader.actor(LOGIN, How::Screen).expect("she works in every sample office");
    let query = query(&signup::FILTER, ("", "number"), Some("verified_by_user"));
    let page = reader.signups(&query, &Anchor::End, 1_100).expect("the list reads");
    // The script's own come first; some of them are barred to her.
    let pile = page.rows.iter().map(|row| row.key.id).filter(|id| *id > 60).take(1_000).collect();
    Mutex::new(Copy { desk, maria, pile, approved: false, _dir: dir })
});

fn query(
    set: &'static FieldSet,
    (text, sort): (&str, &'static str),
    state: Option<&'static str>,
) -> ListQuery {
    let today = chrono::Local::now().date_naive();
    ListQuery {
        state,
        filter: parse(text, set, today).expect("the filters of this bench are well formed"),
        sort,
        order: Order::Ascending,
        asker: Asker { staff: Some(3), now: chrono::Utc::now().timestamp_millis(), ..Asker::default() },
    }
}

fn reader() -> Reader {
    Reader::open(&PLACE.open).expect("the office opens")
}

/// The first frame: connection, who is at the keys, counts of the states, first page.
#[divan::bench]
fn opening(bencher: Bencher<'_, '_>) {
    let query = query(&signup::FILTER, ("", "age"), Some("verified_by_user"));
    LazyLock::force(&PLACE);
    bencher.bench_local(|| {
        let reader = reader();
        let actor = reader.actor(LOGIN, How::Screen);
        let tally = reader.tally(RecordKind::Signup);
        black_box((reader.signups(&query, &Anchor::Start, WINDOW), tally, actor))
    });
}

/// The next page from somewhere in the middle, in each order.
#[divan::bench(args = ["number", "name", "city", "country"])]
fn page_down(bencher: Bencher<'_, '_>, sort: &'static str) {
    let reader = reader();
    let query = query(&customer::FILTER, ("", sort), None);
    let middle = reader.customers(&query, &Anchor::Start, 400).expect("the list reads");
    let key: Key = middle.rows.last().expect("a sample office has customers").key.clone();
    bencher.bench_local(|| black_box(reader.customers(&query, &Anchor::After(key.clone()), WINDOW)));
}

/// The last page.
#[divan::bench]
fn to_the_end(bencher: Bencher<'_, '_>) {
    let reader = reader();
    let query = query(&customer::FILTER, ("", "name"), None);
    bencher.bench_local(|| black_box(reader.customers(&query, &Anchor::End, WINDOW)));
}

/// A filter line, sorted by name, with the count beside it.
#[divan::bench(args = ["city:lisboa", "country:de", "state:on_hold", "manager:nora", "group:retail created:2025"])]
fn filter(bencher: Bencher<'_, '_>, text: &str) {
    let reader = reader();
    let query = query(&customer::FILTER, (text, "name"), None);
    bencher.bench_local(|| {
        let page = reader.customers(&query, &Anchor::Start, WINDOW);
        black_box((page, reader.count_customers(&query, 1_000)))
    });
}

/// Words in the customers' names, people, addresses, numbers: rare, frequent, two letters, part of a number, none.
#[divan::bench(args = ["zimmermann textil", "gmbh", "mu", "000417", "qqzz"])]
fn search(bencher: Bencher<'_, '_>, text: &str) {
    let reader = reader();
    let query = query(&customer::FILTER, (text, "number"), None);
    bencher.bench_local(|| black_box(reader.customers(&query, &Anchor::Start, WINDOW)));
}

/// The same words, the list sorted by name.
#[divan::bench(args = ["zimmermann textil", "gmbh", "mu", "000417", "qqzz"])]
fn search_by_name(bencher: Bencher<'_, '_>, text: &str) {
    let reader = reader();
    let query = query(&customer::FILTER, (text, "name"), None);
    bencher.bench_local(|| black_box(reader.customers(&query, &Anchor::Start, WINDOW)));
}

/// Everything about one sign-up, duplicates looked up.
#[divan::bench]
fn detail(bencher: Bencher<'_, '_>) {
    let reader = reader();
    let maria = reader.actor(LOGIN, How::Screen).expect("she works in every sample office");
    let ids = [100i64, 300, 500, 700, 900];
    let mut next = ids.iter().cycle();
    bencher
        .with_inputs(|| *next.next().expect("a cycle has no end"))
        .bench_local_values(|id| black_box(reader.signup_detail(&maria, id)));
}

fn approval(id: i64) -> Command {
    Command::ApproveSignup(ApproveSignup { subject: Subject::now(id), note: None, override_reason: None })
}

impl Copy {
    /// Approves so many, having taken back what was approved before.
    fn approve(&mut self, count: usize) -> Vec<countersign::desk::Result<Receipt>> {
        let commands = self.pile.iter().take(count).map(|id| approval(*id)).collect();
        self.approved = true;
        self.desk.execute_all(&self.maria, commands)
    }

    fn take_back(&mut self) {
        if std::mem::take(&mut self.approved) {
            let undo = Command::Undo(Undo { group: None });
            self.desk.execute(&self.maria, undo).expect("nobody else works on the copy");
        }
    }
}

/// One decision, on the disk.
#[divan::bench]
fn approve(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| lock().take_back()).bench_local_values(|()| {
        let results = lock().approve(1);
        assert!(results.iter().all(Result::is_ok));
    });
    lock().take_back();
}

/// A thousand decisions in one command of the reader's, one result each.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn bulk_approve_1000(bencher: Bencher<'_, '_>) {
    bencher.with_inputs(|| lock().take_back()).bench_local_values(|()| {
        let results = lock().approve(1_000);
        assert!(results.len() >= 200 && results.iter().all(Result::is_ok));
    });
    lock().take_back();
}

/// Sign-ups taken in with number, checks, duplicates and mail, five hundred in a transaction.
#[divan::bench(sample_count = 1, sample_size = 1)]
fn intake(bencher: Bencher<'_, '_>) {
    let count = std::env::var("COUNTERSIGN_BENCH_INTAKE").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000);
    // Others than the office has: another seed.
    let samples = demo::signups(demo::SEED + 1, demo::scripted() + count, &[]).skip(demo::scripted());
    let commands: Vec<Command> = samples
        .map(|sample| {
            let fields = sample.fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            Command::SubmitSignup(Box::new(SubmitSignup {
                fields,
                external_id: None,
                extra: serde_json::Map::new(),
                source: Source::Import,
            }))
        })
        .collect();
    bencher
        .counter(divan::counter::ItemsCount::new(count))
        .with_inputs(|| commands.clone())
        .bench_local_values(|commands| {
            let mut copy = lock();
            let clerk = Actor::applicant(How::Import, &copy.maria);
            for chunk in commands.chunks(500) {
                let results = copy.desk.execute_all(&clerk, chunk.to_vec());
                assert!(results.iter().all(Result::is_ok));
            }
        });
}

fn lock() -> std::sync::MutexGuard<'static, Copy> {
    COPY.lock().expect("no bench panics while it holds the copy")
}
