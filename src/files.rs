//! Files that may be trusted: no symbolic link is followed, no directory that others can write to is used, and what is made here is private and whole (trust.md, Hostile text and Faults).

use std::fs::{DirBuilder, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

/// Why a path is not used; the text names the path and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Nothing is there.
    #[error("{0}: no such file")]
    Missing(PathBuf),
    /// A symbolic link could be turned elsewhere.
    #[error("{0} is a symbolic link, which is not followed here: name the file itself")]
    Symlink(PathBuf),
    /// A device, a pipe, a directory.
    #[error("{0} is not a regular file")]
    NotAFile(PathBuf),
    /// Something else than a directory.
    #[error("{0} is not a directory")]
    NotADirectory(PathBuf),
    /// Anybody can replace what lies there.
    #[error("{path} can be written by everybody (mode {mode:04o}): chmod o-w {path}")]
    WritableByOthers {
        /// The file or directory.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// A secret that others can read.
    #[error("{path} has mode {mode:04o}: a secret must be 0600 or 0640, so chmod 0600 {path}")]
    SecretIsOpen {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Somebody else's file.
    #[error("{0} belongs to another user: it must be yours or root's")]
    Foreign(PathBuf),
    /// What the system says.
    #[error("{path}: {error}")]
    Io {
        /// The file or directory.
        path: PathBuf,
        /// The reason.
        error: io::Error,
    },
}

impl Fault {
    fn io(path: &Path, error: io::Error) -> Fault {
        let path = path.to_owned();
        if error.kind() == io::ErrorKind::NotFound {
            return Fault::Missing(path);
        }
        if error.raw_os_error() == Some(rustix::io::Errno::LOOP.raw_os_error()) {
            return Fault::Symlink(path);
        }
        Fault::Io { path, error }
    }
}

/// The permission bits.
fn mode(metadata: &Metadata) -> u32 {
    metadata.permissions().mode() & 0o7777
}

/// Checks that a directory and all above it cannot be changed by everybody. A sticky directory such as `/tmp` is fine above, never as the place itself.
pub fn check_directory(dir: &Path) -> Result<(), Fault> {
    let link = std::fs::symlink_metadata(dir).map_err(|error| Fault::io(dir, error))?;
    let trusted = [rustix::process::geteuid().as_raw(), 0];
    if link.file_type().is_symlink() && !trusted.contains(&link.uid()) {
        return Err(Fault::Symlink(dir.to_owned()));
    }
    let real = std::fs::canonicalize(dir).map_err(|error| Fault::io(dir, error))?;
    for (above, place) in real.ancestors().enumerate() {
        let metadata = std::fs::metadata(place).map_err(|error| Fault::io(place, error))?;
        if !metadata.is_dir() {
            return Err(Fault::NotADirectory(place.to_owned()));
        }
        let mode = mode(&metadata);
        let sticky_above = above > 0 && mode & 0o1000 != 0;
        if mode & 0o002 != 0 && !sticky_above {
            return Err(Fault::WritableByOthers { path: place.to_owned(), mode });
        }
    }
    Ok(())
}

/// Opens a regular file for reading: not through a link, not a pipe or device, not one that everybody may write to.
pub fn open(path: &Path) -> Result<File, Fault> {
    check_directory(directory_of(path))?;
    let file = open_regular(path)?;
    let metadata = file.metadata().map_err(|error| Fault::io(path, error))?;
    if mode(&metadata) & 0o002 != 0 {
        return Err(Fault::WritableByOthers { path: path.to_owned(), mode: mode(&metadata) });
    }
    Ok(file)
}

/// Opens a regular file that a person named, wherever it lies: no link, no pipe, no device; its directory is theirs to answer for.
pub fn open_regular(path: &Path) -> Result<File, Fault> {
    // O_NONBLOCK: opening a pipe must not wait for a writer.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC).bits();
    let file = OpenOptions::new()
        .read(true)
        .custom_flags(flags.cast_signed())
        .open(path)
        .map_err(|error| Fault::io(path, error))?;
    let metadata = file.metadata().map_err(|error| Fault::io(path, error))?;
    if !metadata.is_file() {
        return Err(Fault::NotAFile(path.to_owned()));
    }
    Ok(file)
}

/// Reads a whole text file that [`open`] accepts.
pub fn read_to_string(path: &Path) -> Result<String, Fault> {
    let mut text = String::new();
    open(path)?.read_to_string(&mut text).map_err(|error| Fault::io(path, error))?;
    Ok(text)
}

/// Reads a secret: as [`open`], and the file must be 0600 or 0640 (or less) and ours or root's.
pub fn read_secret(path: &Path) -> Result<String, Fault> {
    let mut file = open(path)?;
    let metadata = file.metadata().map_err(|error| Fault::io(path, error))?;
    let mode = mode(&metadata);
    if mode & 0o7137 != 0 {
        return Err(Fault::SecretIsOpen { path: path.to_owned(), mode });
    }
    if ![0, rustix::process::geteuid().as_raw()].contains(&metadata.uid()) {
        return Err(Fault::Foreign(path.to_owned()));
    }
    let mut text = String::new();
    file.read_to_string(&mut text).map_err(|error| Fault::io(path, error))?;
    Ok(text)
}

/// Makes a new file with mode 0600; fails where anything, even a dangling link, has that name.
pub fn create_new(path: &Path) -> Result<File, Fault> {
    check_directory(directory_of(path))?;
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(|error| Fault::io(path, error))
}

/// Replaces a file in one step: readers see the old text or the new one, also after a crash.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let dir = directory_of(path);
    check_directory(dir)?;
    if std::fs::symlink_metadata(path).is_ok_and(|found| found.file_type().is_symlink()) {
        return Err(Fault::Symlink(path.to_owned()));
    }
    let write = || -> io::Result<()> {
        let mut temporary = tempfile::NamedTempFile::new_in(dir)?;
        temporary.write_all(bytes)?;
        temporary.as_file().sync_all()?;
        temporary.persist(path).map_err(|failed| failed.error)?;
        File::open(dir)?.sync_all()
    };
    write().map_err(|error| Fault::io(path, error))
}

/// Makes a directory and those above it, with mode 0700, and checks what was there before.
pub fn private_directory(dir: &Path) -> Result<(), Fault> {
    if !dir.exists() {
        DirBuilder::new().recursive(true).mode(0o700).create(dir).map_err(|error| Fault::io(dir, error))?;
    }
    check_directory(dir)
}

/// The directory that a path lies in.
pub fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        Some(_) => Path::new("."),
        None => Path::new("/"),
    }
}

/// File systems that are shared over a network, by the number that `statfs` gives.
#[cfg(target_os = "linux")]
#[rustfmt::skip]
const NETWORK: &[(u32, &str)] = &[
    (0x0000_6969, "NFS"),     (0x0000_517b, "SMB"),     (0xff53_4d42, "CIFS"),    (0xfe53_4d42, "SMB2"),
    (0x0102_1997, "9P"),      (0x5346_414f, "AFS"),     (0x6b41_4653, "kAFS"),    (0x00c3_6400, "Ceph"),
    (0x7375_7245, "Coda"),    (0x0bd0_0bd0, "Lustre"),  (0x0116_1970, "GFS2"),    (0x7461_636f, "OCFS2"),
    (0x4750_4653, "GPFS"),    (0x1983_0326, "BeeGFS"),  (0xaad7_aaea, "PanFS"),   (0x0000_564c, "NCP"),
];

/// The network file system that a path lies on, or `None`. On such a file system the database's shared memory does not work between machines and decisions can be lost, so it is refused (trust.md, Faults).
#[cfg(target_os = "linux")]
pub fn network_file_system(path: &Path) -> Result<Option<&'static str>, Fault> {
    let place = path.ancestors().find(|place| place.exists()).unwrap_or(Path::new("/"));
    let status = rustix::fs::statfs(place).map_err(|error| Fault::io(place, error.into()))?;
    // The field is as wide as a machine word and may be sign-extended; the numbers have 32 bits.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the low 32 bits are meant")]
    let kind = status.f_type as u32;
    Ok(NETWORK.iter().find(|(number, _)| *number == kind).map(|(_, name)| *name))
}

/// Not known on this platform.
#[cfg(not(target_os = "linux"))]
pub fn network_file_system(_path: &Path) -> Result<Option<&'static str>, Fault> {
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::symlink;

    fn chmod(path: &Path, mode: u32) {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn links_pipes_and_open_directories_are_refused() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("config.toml");
        replace(&file, b"x").unwrap();
        assert_eq!(read_to_string(&file).unwrap(), "x");
        assert_eq!(mode(&std::fs::metadata(&file).unwrap()), 0o600);

        let link = dir.path().join("link");
        symlink(&file, &link).unwrap();
        assert!(matches!(open(&link), Err(Fault::Symlink(_))));
        assert!(matches!(replace(&link, b"y"), Err(Fault::Symlink(_))));
        let sub = dir.path().join("sub");
        private_directory(&sub).unwrap();
        assert!(matches!(open(&sub), Err(Fault::NotAFile(_))));
        assert!(matches!(open(&dir.path().join("none")), Err(Fault::Missing(_))));

        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, rustix::fs::Mode::RUSR, 0)
            .unwrap();
        assert!(matches!(open(&pipe), Err(Fault::NotAFile(_))));

        chmod(&file, 0o602);
        assert!(matches!(open(&file), Err(Fault::WritableByOthers { .. })));
        chmod(&file, 0o600);
        chmod(dir.path(), 0o1777);
        assert!(matches!(open(&file), Err(Fault::WritableByOthers { .. })));
        chmod(dir.path(), 0o700);
    }

    #[test]
    fn a_new_file_is_private_and_never_replaces() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new");
        create_new(&path).unwrap();
        assert_eq!(mode(&std::fs::metadata(&path).unwrap()) & 0o077, 0);
        assert!(matches!(create_new(&path), Err(Fault::Io { .. })));
        let dangling = dir.path().join("dangling");
        symlink(dir.path().join("nowhere"), &dangling).unwrap();
        assert!(create_new(&dangling).is_err());
        assert!(!dir.path().join("nowhere").exists());
    }

    #[test]
    fn a_secret_must_be_closed() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        replace(&path, b"s3cret\n").unwrap();
        for (bits, good) in [
            (0o600, true),
            (0o640, true),
            (0o400, true),
            (0o644, false),
            (0o660, false),
            (0o700, false),
            (0o601, false),
        ] {
            chmod(&path, bits);
            assert_eq!(read_secret(&path).is_ok(), good, "{bits:o}");
        }
    }

    #[test]
    fn private_directories_are_made_with_all_above() {
        let dir = tempfile::tempdir().unwrap();
        let deep = dir.path().join("a/b/c");
        private_directory(&deep).unwrap();
        private_directory(&deep).unwrap();
        assert_eq!(mode(&std::fs::metadata(dir.path().join("a")).unwrap()) & 0o077, 0);
    }

    #[test]
    fn this_directory_is_asked_for_its_file_system() {
        let dir = tempfile::tempdir().unwrap();
        assert!(network_file_system(&dir.path().join("not/there/yet.db")).is_ok());
    }
}
