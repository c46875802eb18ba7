//! The database file before it is opened: a place that others can change, a network share or a wrong owner is refused
//! with the exact command that mends it (trust.md, Hostile text and Faults). Nothing is changed here.

use std::fs::Metadata;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::exit::Exit;
use super::failure::Failure;
use crate::config::IdentityMode;
use crate::files;

/// Who owns a file; `None` where it is not there.
pub fn owner(path: &Path) -> Option<u32> {
    std::fs::metadata(path).ok().map(|found| found.uid())
}

/// Refuses a database that is missing or cannot be trusted.
pub fn database(path: &Path, mode: IdentityMode) -> Result<(), Failure> {
    let found = match std::fs::symlink_metadata(path) {
        Ok(found) => found,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(unusable(format!("There is no database at {}.", path.display()))
                .remedy("Make one with `countersign init`, or name yours with --db or COUNTERSIGN_DB."));
        }
        Err(error) => {
            return Err(unusable(format!("{}: {error}.", path.display()))
                .remedy("Check the path, and who may enter its directories."));
        }
    };
    if found.file_type().is_symlink() {
        return Err(unusable(format!("The database {} is a symbolic link.", path.display()))
            .remedy("Name the file itself with --db or database.path."));
    }
    if !found.is_file() {
        return Err(unusable(format!("The database {} is not a regular file.", path.display()))
            .remedy("Name a file with --db or database.path."));
    }
    place(files::directory_of(path))?;
    rights(path, &found, mode)?;
    for side in ["-wal", "-shm"] {
        beside(path, side, &found)?;
    }
    Ok(())
}

/// Says why a database cannot be written here: it lies on a read-only medium, or the file is closed to us.
pub fn writable(path: &Path) -> Result<(), String> {
    if crate::desk::medium::is_read_only(path) {
        return Err(format!(
            "{} lies on a read-only medium; nothing can be written from here",
            path.display()
        ));
    }
    match rustix::fs::access(path, rustix::fs::Access::WRITE_OK) {
        Ok(()) | Err(rustix::io::Errno::NOENT) => Ok(()),
        Err(error) => Err(format!(
            "{} cannot be written by you ({error}); nothing is changed from here",
            path.display()
        )),
    }
}

/// Refuses a directory for a database: on a network share, or where everybody may write.
pub fn place(dir: &Path) -> Result<(), Failure> {
    if let Some(kind) = files::network_file_system(dir)? {
        return Err(unusable(format!(
            "{} lies on a network share ({kind}), where SQLite's log does not work between machines and decisions can be lost.",
            dir.display()
        ))
        .remedy("Put the database on a disk of this machine and name it with --db or database.path."));
    }
    files::check_directory(dir).map_err(|fault| unusable(fault.to_string()))
}

fn rights(path: &Path, found: &Metadata, mode: IdentityMode) -> Result<(), Failure> {
    let bits = found.permissions().mode() & 0o777;
    let wanted = match mode {
        IdentityMode::Own | IdentityMode::Ssh => 0o600,
        IdentityMode::Team => 0o660,
    };
    if bits & 0o007 != 0 && !crate::desk::medium::is_read_only(path) {
        return Err(unusable(format!(
            "Everybody on this machine can get at the database {} (mode {bits:04o}).",
            path.display()
        ))
        .remedy(format!("`chmod {wanted:04o} {}`", path.display())));
    }
    let (us, owner) = (rustix::process::geteuid().as_raw(), found.uid());
    if owner == us {
        return Ok(());
    }
    match mode {
        IdentityMode::Team if bits & 0o060 == 0o060 => Ok(()),
        IdentityMode::Team => {
            Err(unusable(format!("The database {} is closed to the team (mode {bits:04o}).", path.display()))
                .remedy(format!("`chmod 0660 {}`", path.display())))
        }
        IdentityMode::Own | IdentityMode::Ssh => Err(unusable(format!(
            "The database {} belongs to {}, not to you.",
            path.display(),
            super::identity::login_of(owner)
        ))
        .remedy(format!("Run countersign as {}, or see identity.mode.", super::identity::login_of(owner)))),
    }
}

/// The log and its index must belong together with the file, else one process shuts the others out. They are never deleted.
fn beside(path: &Path, side: &str, file: &Metadata) -> Result<(), Failure> {
    let name = PathBuf::from(format!("{}{side}", path.display()));
    let Ok(found) = std::fs::symlink_metadata(&name) else { return Ok(()) };
    if found.file_type().is_symlink() || !found.is_file() {
        return Err(unusable(format!("{} is not a regular file.", name.display()))
            .remedy("Find out who put it there; never delete a -wal file that is the database's own."));
    }
    let group_fits =
        found.gid() == file.gid() && found.permissions().mode() & 0o060 == file.permissions().mode() & 0o060;
    if found.uid() == file.uid() || (file.permissions().mode() & 0o060 == 0o060 && group_fits) {
        return Ok(());
    }
    Err(unusable(format!("{} belongs to another user than the database itself.", name.display())).remedy(
        format!(
            "`sudo chown --reference={0} {1} && sudo chmod --reference={0} {1}` (never delete it)",
            path.display(),
            name.display()
        ),
    ))
}

fn unusable(message: String) -> Failure {
    Failure::new(Exit::Failed, "unavailable", message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::Permissions;

    fn said(path: &Path, mode: IdentityMode) -> String {
        database(path, mode).err().map(|failure| failure.text()).unwrap_or_default()
    }

    #[test]
    fn an_unsafe_database_is_refused_with_the_command_that_helps() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("office.db");
        assert!(said(&file, IdentityMode::Own).contains("countersign init"));
        files::create_new(&file).unwrap();
        assert_eq!(said(&file, IdentityMode::Own), "");

        std::fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
        assert!(said(&file, IdentityMode::Own).ends_with(&format!(" `chmod 0600 {}`", file.display())));
        assert!(said(&file, IdentityMode::Team).ends_with(&format!(" `chmod 0660 {}`", file.display())));
        std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();

        let link = dir.path().join("link.db");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert!(said(&link, IdentityMode::Own).contains("symbolic link"));
        assert!(said(dir.path(), IdentityMode::Own).contains("not a regular file"));

        std::fs::create_dir(dir.path().join("office.db-wal")).unwrap();
        assert!(said(&file, IdentityMode::Own).contains("-wal is not a regular file"));
        std::fs::remove_dir(dir.path().join("office.db-wal")).unwrap();

        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o777)).unwrap();
        assert!(said(&file, IdentityMode::Own).contains("chmod o-w"));
        std::fs::set_permissions(dir.path(), Permissions::from_mode(0o700)).unwrap();
    }
}
