//! A map for a few entries. (The library's would be 5 kB of every engine's program.)

/// Values by their keys, in the keys' order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SortedMap<V>(Vec<(String, V)>);

impl<V> Default for SortedMap<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> SortedMap<V> {
    /// Sets a key's value, in place of the one before.
    pub(super) fn insert(&mut self, key: String, value: V) {
        match self.place(&key) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (key, value)),
        }
    }

    pub(super) fn get(&self, key: &str) -> Option<&V> {
        self.place(key).ok().map(|at| &self.0[at].1)
    }

    pub(super) fn contains_key(&self, key: &str) -> bool {
        self.place(key).is_ok()
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&String, &V)> {
        self.0.iter().map(|(key, value)| (key, value))
    }

    /// Where the key is, or else where it belongs.
    fn place(&self, key: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(key))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    proptest! {
        #[test]
        fn it_holds_what_a_btree_map_holds(entries in proptest::collection::vec(("[a-c]{0,2}", any::<u8>()), 0..9), key in "[a-c]{0,2}") {
            let (mut found, mut expected) = (SortedMap::default(), BTreeMap::new());
            for (key, value) in entries {
                found.insert(key.clone(), value);
                expected.insert(key, value);
            }
            prop_assert_eq!(found.get(&key), expected.get(&key));
            prop_assert_eq!(found.contains_key(&key), expected.contains_key(&key));
            prop_assert!(found.iter().eq(expected.iter()));
        }
    }
}
