//! The drop folder: a file that has come to rest is taken by exactly one process, read, and put into `done/` or `failed/`; a process that dies half-way leaves it to the next, under the same token.
//!
//! A claimed file is locked and moved to `working/TOKEN--NAME`. The lock tells whether its owner lives; the token stays
//! with the file, so that the rows of a file taken up again have the same ids ([`Claimed::row_id`]) and make no doubles.

use std::collections::{HashMap, HashSet};
use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io::{self, Seek};
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use crate::files::{self, Fault};

/// Endings of files that somebody is still writing.
const UNFINISHED: &[&str] = &["part", "partial", "tmp", "temp", "swp", "crdownload", "filepart", "lock"];

/// What stands between token and name.
const SEPARATOR: &str = "--";

/// A folder that is watched.
#[derive(Debug)]
pub struct DropFolder {
    dir: PathBuf,
    settle_ms: i64,
    seen: HashMap<PathBuf, Seen>,
    told: HashSet<PathBuf>,
}

/// How a file looked, and since when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Seen {
    size: u64,
    modified_at: i64,
    since: i64,
}

impl DropFolder {
    /// Opens the folder and makes its three sub-folders. Refuses a folder that everybody may write to.
    pub fn open(dir: &Path, settle_seconds: u32) -> Result<DropFolder, Fault> {
        files::check_directory(dir)?;
        for name in ["working", "done", "failed"] {
            let sub = dir.join(name);
            match std::fs::DirBuilder::new().mode(0o770).create(&sub) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                    return Err(Fault::Io { path: sub, error });
                }
                Ok(()) | Err(_) => files::check_directory(&sub)?,
            }
        }
        Ok(DropFolder {
            dir: dir.to_owned(),
            settle_ms: i64::from(settle_seconds) * 1000,
            seen: HashMap::new(),
            told: HashSet::new(),
        })
    }

    /// Files that are whole: visible, regular, not named as unfinished, and unchanged for the time that was set. Oldest first.
    pub fn ready(&mut self, now: i64) -> Result<Vec<PathBuf>, Fault> {
        let mut ready = Vec::new();
        let mut seen = HashMap::new();
        for path in entries(&self.dir)? {
            let Ok(metadata) = std::fs::symlink_metadata(&path) else { continue };
            if !metadata.is_file() || is_unfinished(&path) {
                continue;
            }
            let mut look = Seen { size: metadata.len(), modified_at: modified_at(&metadata), since: now };
            if let Some(before) = self
                .seen
                .get(&path)
                .filter(|before| before.size == look.size && before.modified_at == look.modified_at)
            {
                look.since = before.since;
            }
            let at_rest = now - look.since >= self.settle_ms || now - look.modified_at >= self.settle_ms;
            if at_rest {
                ready.push((look.modified_at, path.clone()));
            }
            seen.insert(path, look);
        }
        self.seen = seen;
        ready.sort();
        Ok(ready.into_iter().map(|(_, path)| path).collect())
    }

    /// True the first time that trouble with this file is told, so that it is told once and not on every round.
    pub fn is_news(&mut self, path: &Path) -> bool {
        self.told.insert(path.to_owned())
    }

    /// Takes a file; `None` where another process was first.
    pub fn claim(&self, path: &Path) -> Result<Option<Claimed>, Fault> {
        let Some(file) = lock(path)? else { return Ok(None) };
        let name = path.file_name().unwrap_or_default();
        let token = format!("{:016x}", rand::random::<u64>());
        let mut working = std::ffi::OsString::from(format!("{token}{SEPARATOR}"));
        working.push(name);
        let to = self.dir.join("working").join(&working);
        match std::fs::rename(path, &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(Fault::Io { path: path.to_owned(), error }),
            Ok(()) => Ok(Some(Claimed { dir: self.dir.clone(), path: to, name: name.into(), token, file })),
        }
    }

    /// Files whose owner died while working on them; they are ours now.
    pub fn abandoned(&self) -> Result<Vec<Claimed>, Fault> {
        let mut found = Vec::new();
        for path in entries(&self.dir.join("working"))? {
            let working = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            let Some((token, name)) = working.split_once(SEPARATOR) else { continue };
            let (token, name) = (token.to_owned(), name.into());
            if let Some(file) = lock(&path)? {
                found.push(Claimed { dir: self.dir.clone(), path, name, token, file });
            }
        }
        Ok(found)
    }
}

/// What lies in a drop folder and needs a person.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Stuck {
    /// Files in `failed/`, without their reasons.
    pub failed: Vec<String>,
    /// What will never be taken, and why.
    pub never: Vec<(String, &'static str)>,
}

/// Looks without taking anything.
pub fn stuck(dir: &Path) -> Result<Stuck, Fault> {
    let name = |path: &Path| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let mut stuck = Stuck::default();
    let failed = dir.join("failed");
    if failed.is_dir() {
        let files = entries(&failed)?;
        stuck.failed = files.iter().map(|path| name(path)).filter(|n| !n.ends_with(".reason.txt")).collect();
        stuck.failed.sort();
    }
    for path in entries(dir)? {
        let Ok(found) = std::fs::symlink_metadata(&path) else { continue };
        let kind = found.file_type();
        let why = match name(&path).as_str() {
            "working" | "done" | "failed" => continue,
            _ if kind.is_file() => continue,
            _ if kind.is_symlink() => "a symbolic link",
            _ if kind.is_dir() => "a directory",
            _ => "no regular file",
        };
        stuck.never.push((name(&path), why));
    }
    stuck.never.sort();
    Ok(stuck)
}

/// A file that is ours until it is put away. Dropped without that, it stays in `working/` for the next process.
#[derive(Debug)]
pub struct Claimed {
    dir: PathBuf,
    path: PathBuf,
    name: std::ffi::OsString,
    token: String,
    file: File,
}

impl Claimed {
    /// The name under which it was dropped; hostile text.
    pub fn name(&self) -> &OsStr {
        &self.name
    }

    /// Its content, from the beginning. The lock stays with this claim.
    pub fn content(&self) -> Result<File, Fault> {
        let rewound = || {
            let mut file = self.file.try_clone()?;
            file.rewind()?;
            Ok(file)
        };
        rewound().map_err(|error| Fault::Io { path: self.path.clone(), error })
    }

    /// An id for a row that has none of its own: the same one when the file is taken up again.
    pub fn row_id(&self, row: u64) -> String {
        format!("drop:{}:{row}", self.token)
    }

    /// Everything in it was taken in.
    pub fn done(self) -> Result<PathBuf, Fault> {
        self.put("done")
    }

    /// Something in it was not; `reason` says what, in `NAME.reason.txt` beside it. The reason is on disk before the file moves.
    pub fn failed(self, reason: &str) -> Result<PathBuf, Fault> {
        let to = free_name(&self.dir.join("failed"), &self.name, &self.token);
        let mut note = to.clone().into_os_string();
        note.push(".reason.txt");
        files::replace(Path::new(&note), reason.as_bytes())?;
        move_file(&self.path, &to)?;
        Ok(to)
    }

    fn put(self, sub: &str) -> Result<PathBuf, Fault> {
        let to = free_name(&self.dir.join(sub), &self.name, &self.token);
        move_file(&self.path, &to)?;
        Ok(to)
    }
}

/// The file's own name, or where that is taken, the name with its token before it.
fn free_name(dir: &Path, name: &OsStr, token: &str) -> PathBuf {
    let plain = dir.join(name);
    if std::fs::symlink_metadata(&plain).is_err() {
        return plain;
    }
    let mut own = std::ffi::OsString::from(format!("{token}{SEPARATOR}"));
    own.push(name);
    dir.join(own)
}

fn move_file(from: &Path, to: &Path) -> Result<(), Fault> {
    let moved = std::fs::rename(from, to).and_then(|()| File::open(files::directory_of(to))?.sync_all());
    moved.map_err(|error| Fault::Io { path: from.to_owned(), error })
}

/// Opens and locks a file; `None` where it is gone, not a regular file, or somebody else's. What was opened is what the name still means.
fn lock(path: &Path) -> Result<Option<File>, Fault> {
    let file = match files::open_regular(path) {
        Ok(file) => file,
        Err(Fault::Missing(_) | Fault::Symlink(_) | Fault::NotAFile(_)) => return Ok(None),
        Err(fault) => return Err(fault),
    };
    match file.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock) => return Ok(None),
        Err(TryLockError::Error(error)) => return Err(Fault::Io { path: path.to_owned(), error }),
    }
    let opened = file.metadata().map_err(|error| Fault::Io { path: path.to_owned(), error })?;
    let named = std::fs::symlink_metadata(path);
    let same = named.is_ok_and(|named| (named.dev(), named.ino()) == (opened.dev(), opened.ino()));
    Ok(same.then_some(file))
}

fn entries(dir: &Path) -> Result<Vec<PathBuf>, Fault> {
    let read = || {
        std::fs::read_dir(dir)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>()
    };
    read().map_err(|error| Fault::Io { path: dir.to_owned(), error })
}

/// Hidden, a back-up, or named as somebody names what is not finished.
fn is_unfinished(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    name.starts_with('.')
        || name.ends_with('~')
        || UNFINISHED.contains(&ending)
        || name.ends_with(".reason.txt")
}

fn modified_at(metadata: &std::fs::Metadata) -> i64 {
    let since = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    since.and_then(|since| i64::try_from(since.as_millis()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Long after any file of this test was written.
    const LATER: i64 = 32_503_680_000_000;

    fn names(paths: &[PathBuf]) -> Vec<String> {
        paths.iter().map(|path| path.file_name().unwrap().to_string_lossy().into_owned()).collect()
    }

    #[test]
    fn only_whole_files_are_ready() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = DropFolder::open(dir.path(), 2).unwrap();
        for name in ["a.json", ".hidden.json", "b.csv.part", "c.tmp", "d.json~", "e.reason.txt"] {
            std::fs::write(dir.path().join(name), "x").unwrap();
        }
        std::os::unix::fs::symlink("/etc/passwd", dir.path().join("link.json")).unwrap();
        std::fs::create_dir(dir.path().join("sub.json")).unwrap();
        assert_eq!(names(&folder.ready(LATER).unwrap()), ["a.json"]);

        // With a clock that is behind the file's, only what was seen twice counts.
        assert!(folder.ready(1_000).unwrap().is_empty());
        assert!(folder.ready(2_999).unwrap().is_empty());
        std::fs::write(dir.path().join("a.json"), "xy").unwrap();
        assert!(folder.ready(3_000).unwrap().is_empty(), "it has grown");
        assert_eq!(names(&folder.ready(5_000).unwrap()), ["a.json"]);
    }

    #[test]
    fn a_file_is_taken_once_and_put_away() {
        let dir = tempfile::tempdir().unwrap();
        let mut folder = DropFolder::open(dir.path(), 0).unwrap();
        let other = DropFolder::open(dir.path(), 0).unwrap();
        for round in 0..2 {
            std::fs::write(dir.path().join("a.json"), format!("{round}")).unwrap();
            let path = folder.ready(LATER).unwrap().remove(0);
            let ours = folder.claim(&path).unwrap().unwrap();
            assert!(other.claim(&path).unwrap().is_none());
            assert!(other.abandoned().unwrap().is_empty(), "its owner lives");
            assert_eq!(io::read_to_string(ours.content().unwrap()).unwrap(), format!("{round}"));
            let put = ours.done().unwrap();
            assert_eq!(put.parent().unwrap(), dir.path().join("done"));
        }
        assert_eq!(entries(&dir.path().join("done")).unwrap().len(), 2, "neither replaced the other");
        assert!(entries(&dir.path().join("working")).unwrap().is_empty());
    }

    #[test]
    fn a_file_of_a_dead_process_is_taken_up_with_the_same_ids() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DropFolder::open(dir.path(), 0).unwrap();
        let path = dir.path().join("odd -- name.json");
        std::fs::write(&path, "x").unwrap();
        let first = folder.claim(&path).unwrap().unwrap();
        let id = first.row_id(3);
        drop(first);
        let mut again = folder.abandoned().unwrap();
        assert_eq!(again.len(), 1);
        let again = again.remove(0);
        assert_eq!((again.row_id(3), again.name()), (id, OsStr::new("odd -- name.json")));
        let put = again.failed("line 3: email is missing\n").unwrap();
        assert_eq!(put, dir.path().join("failed/odd -- name.json"));
        assert_eq!(
            std::fs::read_to_string(dir.path().join("failed/odd -- name.json.reason.txt")).unwrap(),
            "line 3: email is missing\n"
        );
        assert!(folder.abandoned().unwrap().is_empty());
    }

    #[test]
    fn many_claimants_make_one_winner_a_file() {
        let dir = tempfile::tempdir().unwrap();
        let folder = DropFolder::open(dir.path(), 0).unwrap();
        let paths: Vec<PathBuf> = (0..20).map(|n| dir.path().join(format!("{n}.json"))).collect();
        for path in &paths {
            std::fs::write(path, "x").unwrap();
        }
        let won = std::thread::scope(|scope| {
            let run = || paths.iter().filter_map(|path| folder.claim(path).unwrap()).collect::<Vec<_>>();
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
            threads.into_iter().flat_map(|thread| thread.join().unwrap()).count()
        });
        assert_eq!(won, paths.len());
    }
}
