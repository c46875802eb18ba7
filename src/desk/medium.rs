//! A database on a medium that nobody can write to is at rest: it is read as it lies there, without the index of its log,
//! which could not be made beside it (trust.md, Faults: read-only medium).

use std::path::Path;

use rustix::fs::StatVfsMountFlags;

/// True where the file's medium is mounted read-only.
pub fn is_read_only(path: &Path) -> bool {
    rustix::fs::statvfs(path).is_ok_and(|medium| medium.f_flag.contains(StatVfsMountFlags::RDONLY))
}

/// The URI under which SQLite reads a file that cannot change; `None` where it has to be opened as usual: on a medium that
/// can be written to, and where a log with something in it lies beside the file, since that would be left out unsaid.
pub(super) fn at_rest(path: &Path) -> Option<String> {
    let log = std::fs::metadata(format!("{}-wal", path.display())).map_or(0, |found| found.len());
    (log == 0 && is_read_only(path)).then(|| immutable(path))
}

fn immutable(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' => {
                uri.push(char::from(*byte))
            }
            other => uri.push_str(&format!("%{other:02X}")),
        }
    }
    uri.push_str("?immutable=1");
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_stays_itself_inside_a_uri() {
        assert_eq!(
            immutable(Path::new("/mnt/a b/café?#%.db")),
            "file:/mnt/a%20b/caf%C3%A9%3F%23%25.db?immutable=1"
        );
    }

    #[test]
    fn a_medium_that_can_be_written_is_opened_as_usual() {
        let dir = tempfile::tempdir().unwrap();
        assert!(!is_read_only(dir.path()));
        assert_eq!(at_rest(&dir.path().join("office.db")), None);
    }
}
