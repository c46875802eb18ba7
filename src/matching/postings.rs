//! The list of records behind a key, packed: how many, then the differences of their ids, small numbers in few bytes.
//! A list stops growing at [`LONGEST`], so writing one stays cheap; the count goes on.

/// Ids that a list holds at most.
pub const LONGEST: usize = 4096;

/// A list that can be added to and taken from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Postings {
    /// Records that have the key, also those that the list no longer holds.
    pub count: u64,
    /// Their ids, rising.
    pub ids: Vec<i64>,
}

impl Postings {
    /// Unpacks; what is damaged ends the list.
    pub fn unpack(bytes: &[u8]) -> Self {
        let mut list = Self::default();
        let mut read = Reading(bytes);
        list.count = read.next().unwrap_or(0);
        let mut id = 0i64;
        while let Some(step) = read.next() {
            id = id.wrapping_add(step as i64);
            list.ids.push(id);
        }
        list
    }

    /// Calls `each` with every id without making a list; gives back the count.
    pub fn visit(bytes: &[u8], mut each: impl FnMut(i64)) -> u64 {
        let mut read = Reading(bytes);
        let count = read.next().unwrap_or(0);
        let mut id = 0i64;
        while let Some(step) = read.next() {
            id = id.wrapping_add(step as i64);
            each(id);
        }
        count
    }

    /// How many records have the key, without unpacking.
    pub fn count(bytes: &[u8]) -> u64 {
        Reading(bytes).next().unwrap_or(0)
    }

    /// Packs.
    pub fn pack(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(4 + self.ids.len() * 3);
        write(&mut bytes, self.count);
        let mut before = 0;
        for id in &self.ids {
            write(&mut bytes, (id - before) as u64);
            before = *id;
        }
        bytes
    }

    /// Adds a record that is not in the list.
    pub fn add(&mut self, id: i64) {
        self.count += 1;
        if self.ids.len() < LONGEST
            && let Err(at) = self.ids.binary_search(&id)
        {
            self.ids.insert(at, id);
        }
    }

    /// Takes a record out.
    pub fn remove(&mut self, id: i64) {
        self.count = self.count.saturating_sub(1);
        if let Ok(at) = self.ids.binary_search(&id) {
            self.ids.remove(at);
        }
    }
}

/// Seven bits a byte, the lowest first; the top bit says that more follow.
struct Reading<'a>(&'a [u8]);

impl Reading<'_> {
    fn next(&mut self) -> Option<u64> {
        let mut value = 0;
        for (at, byte) in self.0.iter().take(10).enumerate() {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                self.0 = &self.0[at + 1..];
                return Some(value);
            }
        }
        self.0 = &[];
        None
    }
}

fn write(bytes: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        bytes.push(value as u8 | 0x80);
        value >>= 7;
    }
    bytes.push(value as u8);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn packing_keeps_the_list(mut ids in proptest::collection::vec(1i64..i64::MAX / 2, 0..50), extra in 0u64..9) {
            ids.sort_unstable();
            ids.dedup();
            let list = Postings { count: ids.len() as u64 + extra, ids };
            prop_assert_eq!(Postings::unpack(&list.pack()), list);
        }

        #[test]
        fn damaged_bytes_end_the_list(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            prop_assert!(Postings::unpack(&bytes).ids.len() <= bytes.len());
        }
    }

    #[test]
    fn a_long_list_stops_growing_and_goes_on_counting() {
        let mut list = Postings::default();
        (1..=LONGEST as i64 + 5).for_each(|id| list.add(id));
        assert_eq!((list.count, list.ids.len()), (LONGEST as u64 + 5, LONGEST));
        list.remove(3);
        assert_eq!((list.count, list.ids.len()), (LONGEST as u64 + 4, LONGEST - 1));
    }
}
