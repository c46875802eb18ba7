//! Who is acting, from what the kernel says; never from `$USER`, a flag or a box on the screen (trust.md, Who is acting).
//!
//! A flag counts only where something else vouches for it: `--as` where the real person may act as others, `--actor`
//! where sshd's forced command wrote it and the process runs as the owner of the database.

use std::ffi::OsString;
use std::path::Path;

use super::failure::Failure;
use crate::config::{Env, IdentityMode};
use crate::domain::refusal::Refusal;

/// What the kernel and the command line say.
pub struct Evidence<'a> {
    /// The deployment.
    pub mode: IdentityMode,
    /// The real user of the process.
    pub uid: u32,
    /// Who owns the database; `None` where there is none yet.
    pub owner: Option<u32>,
    /// The environment, for what sshd and sudo put there.
    pub env: Env<'a>,
    /// `--actor`.
    pub actor: Option<&'a str>,
    /// `--as`.
    pub acting_as: Option<&'a str>,
    /// The login of a user id.
    pub login_of: &'a dyn Fn(u32) -> String,
}

/// Who is at the keys, and in whose name they want to act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their login.
    pub login: String,
    /// The other one, which needs `staff.act_as`.
    pub acting_as: Option<String>,
}

/// The person, or the rule that says why it cannot be told.
pub fn person(evidence: &Evidence<'_>) -> Result<Person, Failure> {
    if evidence.actor.is_some() && evidence.mode != IdentityMode::Ssh {
        return Err(refused(
            "actor_flag",
            "--actor is only for sshd's forced command.",
            "Leave it out: who you are is known from your login. To act as another, use --as.",
        ));
    }
    if evidence.acting_as.is_some() && evidence.mode != IdentityMode::Own {
        return Err(refused(
            "as_flag",
            "--as works only where one person has the database alone (identity.mode = \"own\").",
            "Log in as that person.",
        ));
    }
    let login = match evidence.mode {
        IdentityMode::Own | IdentityMode::Team => (evidence.login_of)(evidence.uid),
        IdentityMode::Ssh => behind_ssh(evidence)?,
    };
    Ok(Person { login, acting_as: evidence.acting_as.map(str::to_owned) })
}

/// The service account: sshd's forced command names the actor; on a local console `sudo` does, by the caller's id.
fn behind_ssh(evidence: &Evidence<'_>) -> Result<String, Failure> {
    if evidence.owner.is_some_and(|owner| owner != evidence.uid) {
        return Err(refused(
            "not_the_service_account",
            "This office's database belongs to a service account, and you are not it.",
            "Log in by SSH with the key that the office knows, or use the sudo line on the console.",
        ));
    }
    let set = |name| (evidence.env)(name).is_some_and(|value: OsString| !value.is_empty());
    if let Some(name) = evidence.actor {
        if set("SSH_CONNECTION") {
            return Ok(name.to_owned());
        }
        return Err(refused(
            "actor_flag",
            "--actor counts only in a command that sshd forces; this is no SSH session.",
            "On the console use `sudo -u ACCOUNT countersign`; it tells who you are.",
        ));
    }
    let sudo = (evidence.env)("SUDO_UID").and_then(|id| id.to_str()?.parse::<u32>().ok());
    match sudo.filter(|id| *id != evidence.uid) {
        Some(id) => Ok((evidence.login_of)(id)),
        None => Err(refused(
            "nobody_named",
            "Nothing says who is acting: no forced command of sshd, no sudo.",
            "Put the lines of `countersign staff authorized-keys` into the service account's authorized_keys.",
        )),
    }
}

fn refused(rule: &'static str, message: &str, remedy: &str) -> Failure {
    Refusal::new(rule, message, remedy).into()
}

/// The login of a user id, from the machine's own list, then its directory service; where neither knows it, `uid-1000`.
pub fn login_of(uid: u32) -> String {
    entry(uid).map_or_else(|| format!("uid-{uid}"), |entry| entry.login)
}

/// The full name of a user id, where the machine knows one.
pub fn name_of(uid: u32) -> Option<String> {
    entry(uid).and_then(|entry| entry.name)
}

#[derive(Debug, PartialEq, Eq)]
struct Entry {
    login: String,
    name: Option<String>,
}

fn entry(uid: u32) -> Option<Entry> {
    let local = std::fs::read_to_string("/etc/passwd").ok().and_then(|text| find(&text, uid));
    local.or_else(|| {
        let getent = Path::new("/usr/bin/getent");
        let asked = getent.exists().then(|| {
            std::process::Command::new(getent).env_clear().args(["passwd", &uid.to_string()]).output()
        })?;
        find(&String::from_utf8(asked.ok()?.stdout).ok()?, uid)
    })
}

/// The first line of that user id: `login:x:uid:gid:name,room,…:home:shell`.
fn find(passwd: &str, uid: u32) -> Option<Entry> {
    passwd.lines().find_map(|line| {
        let mut parts = line.split(':');
        let login = parts.next().filter(|login| !login.is_empty() && !login.starts_with(['+', '-', '#']))?;
        let found = parts.nth(1)?.parse::<u32>().ok()?;
        let name = parts.nth(1).and_then(|about| about.split(',').next()).map(str::trim);
        (found == uid).then(|| Entry {
            login: login.to_owned(),
            name: name.filter(|name| !name.is_empty()).map(str::to_owned),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(
        mode: IdentityMode,
        (owner, env): (u32, &[(&str, &str)]),
        (actor, acting_as): (Option<&str>, Option<&str>),
    ) -> String {
        let look =
            |name: &str| env.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        let login_of = |uid: u32| format!("u{uid}");
        let evidence =
            Evidence { mode, uid: 7, owner: Some(owner), env: &look, actor, acting_as, login_of: &login_of };
        match person(&evidence) {
            Ok(Person { login, acting_as: None }) => login,
            Ok(Person { login, acting_as: Some(other) }) => format!("{login} as {other}"),
            Err(failure) => failure.rule.unwrap_or_default().to_owned(),
        }
    }

    #[test]
    fn only_the_kernel_says_who_acts() {
        use IdentityMode::{Own, Ssh, Team};
        let ssh: &[(&str, &str)] = &[("SSH_CONNECTION", "::1 1 ::1 22")];
        let sudo: &[(&str, &str)] = &[("SUDO_UID", "1000"), ("USER", "root")];
        let (maria, jens) = ((Some("maria"), None), (None, Some("jens")));
        for (mode, at, flags, want) in [
            (Own, (7, ssh), (None, None), "u7"),
            (Own, (7, sudo), (None, None), "u7"),
            (Own, (7, ssh), jens, "u7 as jens"),
            (Own, (7, ssh), maria, "actor_flag"),
            (Team, (9, ssh), (None, None), "u7"),
            (Team, (9, ssh), jens, "as_flag"),
            (Team, (9, ssh), maria, "actor_flag"),
            (Ssh, (7, ssh), maria, "maria"),
            (Ssh, (9, ssh), maria, "not_the_service_account"),
            (Ssh, (7, sudo), maria, "actor_flag"),
            (Ssh, (7, sudo), (None, None), "u1000"),
            (Ssh, (7, &[("SUDO_UID", "7")]), (None, None), "nobody_named"),
            (Ssh, (7, ssh), (None, None), "nobody_named"),
            (Ssh, (7, ssh), jens, "as_flag"),
        ] {
            assert_eq!(asked(mode, at, flags), want, "{mode:?} {at:?} {flags:?}");
        }
    }

    #[test]
    fn logins_are_found_by_their_id() {
        let passwd = "root:x:0:0:root:/root:/bin/sh\n+nis:x:5::::\nmaria:x:1000:1000:Maria Alves,Room 3:/home/maria:/bin/bash\nbot:x:1001:1001::/:/bin/false\n";
        let entry = |login: &str, name: Option<&str>| {
            Some(Entry { login: login.into(), name: name.map(str::to_owned) })
        };
        assert_eq!(find(passwd, 1000), entry("maria", Some("Maria Alves")));
        assert_eq!(find(passwd, 1001), entry("bot", None));
        assert_eq!((find(passwd, 5), find(passwd, 2)), (None, None));
    }
}
