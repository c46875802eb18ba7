//! The post of the sample's past: every letter that went out lies in the mail folder, a few did not arrive, and the
//! applicants' codes are read from their letters, as applicants do.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::desk::outbox::Claimed;
use crate::domain::mail::{
    After, Blame, Letter, Phase, QueueEffect, Render, RenderProblem, Rendered, Settlement, Verdict,
};
use crate::mail::Renderer;
use crate::mail::folder::file_name;

/// A renderer that remembers the newest code of each sign-up.
pub(super) struct Listening {
    renderer: Renderer,
    codes: Mutex<HashMap<i64, String>>,
}

impl Listening {
    pub fn new(renderer: Renderer) -> Self {
        Self { renderer, codes: Mutex::default() }
    }

    /// The newest code that was mailed for the sign-up of that row id.
    pub fn code_of(&self, signup: i64) -> Option<String> {
        self.codes.lock().ok()?.get(&signup).cloned()
    }
}

impl Render for Listening {
    fn render(&self, letter: &Letter) -> Result<Rendered, RenderProblem> {
        if let (Some(record), Some(code), Ok(mut codes)) =
            (&letter.record, letter.values.get("code"), self.codes.lock())
        {
            codes.insert(record.id, code.clone());
        }
        self.renderer.render(letter)
    }
}

/// What became of mail to an address.
#[derive(Debug, Clone, Copy)]
enum Fate {
    Refused(&'static str),
    ComesBackLater(&'static str),
}

/// Who carried the mail.
pub(super) struct Post {
    folder: PathBuf,
    fates: HashMap<String, Fate>,
}

impl Post {
    pub fn new(folder: PathBuf) -> Self {
        let fates = [
            ("imogen.hathersage@gmial.com", Fate::Refused("550 5.1.1 no such user here")),
            ("bill@interzone.example", Fate::ComesBackLater("450 4.1.2 domain of the recipient not found")),
        ];
        let fates = fates.into_iter().map(|(address, fate)| (address.to_owned(), fate)).collect();
        Self { folder, fates }
    }

    /// Mail to this address is put off by a server that does not know us yet.
    pub fn greylist(&mut self, address: &str) {
        let fate = Fate::ComesBackLater("451 4.7.1 greylisted, please come back in five minutes");
        self.fates.insert(address.to_owned(), fate);
    }

    /// Puts the letter into the folder, or says why it was not taken.
    pub fn carry(&self, claimed: &Claimed) -> Settlement {
        match self.fates.get(&claimed.to) {
            Some(Fate::Refused(reply)) => Settlement {
                verdict: Verdict::FailRow { blame: Blame::Address },
                phase: Phase::Rcpt,
                reply: (*reply).into(),
            },
            Some(Fate::ComesBackLater(reply)) => put_off((*reply).into()),
            None => {
                let path = self.folder.join(file_name(&claimed.message_id));
                match std::fs::write(&path, &claimed.body) {
                    Ok(()) => Settlement {
                        verdict: Verdict::Sent,
                        phase: Phase::Dot,
                        reply: format!("written to {}", path.display()),
                    },
                    Err(error) => put_off(format!("{}: {error}", path.display())),
                }
            }
        }
    }
}

fn put_off(reply: String) -> Settlement {
    Settlement {
        verdict: Verdict::Retry { after: After::Greylist, queue: QueueEffect::Goes },
        phase: Phase::Rcpt,
        reply,
    }
}
