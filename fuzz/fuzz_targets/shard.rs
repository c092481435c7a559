//! A shard's inflated bytes against its entry: nothing passes that doesn't have the entry's hash.
#![no_main]

use latent_core::data::shard::{Shard, sha256};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u16, [u8; 32], &[u8])| {
    let (bytes, hash, body) = input;
    let sha256_told: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    let told = Shard { file: "a".into(), count: 1, bytes_gzip: 1, bytes: bytes.into(), sha256: sha256_told };
    let passes = told.verify(body).is_ok();
    assert_eq!(passes, body.len() == usize::from(bytes) && sha256(body) == told.sha256);
    let own = Shard::new("a".into(), 1, body, 1);
    assert!(own.verify(body).is_ok());
    let mut longer = body.to_vec();
    longer.push(0);
    assert!(own.verify(&longer).is_err());
});
