//! The transport `folder`: each mail becomes one `.eml` file, whole or not there; a second copy has
//! the same name and bytes, so there never are two.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::carry::{BeforeDot, Carry, Outcome, Post};
use super::stop::Stop;
use crate::domain::mail::{Failure, Phase, Wrong};

/// Writes mail into a folder, which is made if need be.
pub struct Folder {
    dir: PathBuf,
}

impl Folder {
    /// Nothing is written yet.
    pub fn new(dir: PathBuf) -> Folder {
        Folder { dir }
    }

    fn write(&self, post: Post<'_>, before_dot: BeforeDot<'_>) -> io::Result<Outcome> {
        std::fs::create_dir_all(&self.dir)?;
        let mut file = tempfile::Builder::new().prefix(".mail-").tempfile_in(&self.dir)?;
        file.write_all(post.bytes)?;
        file.as_file().sync_all()?;
        if before_dot().is_err() {
            return Ok(Outcome::LeaseLost);
        }
        let path = self.dir.join(file_name(post.message_id));
        file.persist(&path).map_err(|error| error.error)?;
        // Without this a power cut could take back what is said to be sent.
        std::fs::File::open(&self.dir)?.sync_all()?;
        Ok(Outcome::Accepted(format!("written to {}", shown(&path))))
    }
}

impl Carry for Folder {
    /// There is no doubt after a failed write: a file is there or not, and a repeat replaces it.
    fn carry(&self, post: Post<'_>, _stop: &Stop, before_dot: BeforeDot<'_>) -> Outcome {
        self.write(post, before_dot).unwrap_or_else(|error| Outcome::Failed {
            phase: Phase::Connect,
            failure: Failure::Wrong(Wrong::Lost),
            words: format!("{}: {error}", shown(&self.dir)),
        })
    }
}

fn shown(path: &Path) -> String {
    super::clean::one_line(&path.display().to_string(), 300)
}

/// The id without its brackets, with nothing in it that a path could trip over.
pub(crate) fn file_name(message_id: &str) -> String {
    let fit = |c: char| if c.is_ascii_alphanumeric() || "-_@".contains(c) { c } else { '.' };
    let word: String = message_id.trim_matches(['<', '>']).chars().map(fit).take(200).collect();
    format!("{}.eml", word.trim_start_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::carry::LeaseLost;

    const POST: Post<'static> = Post {
        from: "a@example.org",
        to: "b@example.net",
        message_id: "<0192-aa@example.org>",
        bytes: b"x\r\n",
    };

    #[test]
    fn one_file_however_often() {
        let dir = tempfile::tempdir().unwrap();
        let folder = Folder::new(dir.path().join("mail/out"));
        for _ in 0..3 {
            let outcome = folder.carry(POST, &Stop::new(), &mut || Ok(()));
            assert!(matches!(outcome, Outcome::Accepted(_)), "{outcome:?}");
        }
        let names: Vec<_> = std::fs::read_dir(dir.path().join("mail/out"))
            .unwrap()
            .flatten()
            .map(|e| e.file_name())
            .collect();
        assert_eq!(names, ["0192-aa@example.org.eml"]);
        assert_eq!(std::fs::read(dir.path().join("mail/out/0192-aa@example.org.eml")).unwrap(), b"x\r\n");
    }

    #[test]
    fn nothing_is_left_when_the_lease_is_gone() {
        let dir = tempfile::tempdir().unwrap();
        let outcome = Folder::new(dir.path().into()).carry(POST, &Stop::new(), &mut || Err(LeaseLost));
        assert_eq!(outcome, Outcome::LeaseLost);
        assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_backs_off() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let outcome = Folder::new(file.path().join("sub")).carry(POST, &Stop::new(), &mut || Ok(()));
        assert!(matches!(outcome, Outcome::Failed { phase: Phase::Connect, .. }), "{outcome:?}");
    }

    #[test]
    fn names_stay_in_the_folder() {
        assert_eq!(file_name("<../../etc/passwd>"), "etc.passwd.eml");
        assert_eq!(file_name("<a b\r\n@c>"), "a.b..@c.eml");
    }
}
