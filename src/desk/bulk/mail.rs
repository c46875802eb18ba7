//! Mail of a sample's past: the outbox is worked off at the played time, by the rules of the real worker, without
//! waiting for the disk.

use crate::desk::door::Desk;
use crate::desk::error::Result;
use crate::desk::outbox::{self, CLAIM_LEASE_MS, Claimed, DOT_LEASE_MS, Hold};
use crate::domain::mail::Settlement;

/// The name under which rows are claimed.
const OWNER: &str = "sample";

impl Desk {
    /// When the outbox has something to do next, by the played clock; none: nothing is on its way.
    pub fn sample_mail_due(&self) -> Result<Option<i64>> {
        Ok(outbox::next_due(&self.conn)?)
    }

    /// Hands everything that is due to `carry` and writes down how it ended; gives how many mails that were.
    pub fn carry_sample_mail(&mut self, mut carry: impl FnMut(&Claimed) -> Settlement) -> Result<usize> {
        self.must_be_sample()?;
        let now = self.now();
        let tx = self.conn.transaction()?;
        let mut carried = 0;
        while let Some(claimed) = outbox::claim(&tx, OWNER, now + CLAIM_LEASE_MS, now)? {
            let hold = || Hold { id: claimed.id, owner: OWNER };
            outbox::enter_dot(&tx, hold(), now + DOT_LEASE_MS, now)?;
            outbox::settle(&tx, hold(), &carry(&claimed), now)?;
            carried += 1;
        }
        tx.commit()?;
        Ok(carried)
    }
}
