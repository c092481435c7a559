//! The data set that is served is MNIST: inflated and put together again, every file equals the canonical one.

use latent_core::data::{
    DatasetSpec,
    shard::{IMAGES_IN_FIRST_SHARD, IMAGES_PER_SHARD, Shard, sha256},
};
use latent_tests::{inflate, manifest};

fn idx(header: &[u32], shards: &[Shard]) -> Vec<u8> {
    let header = header.iter().flat_map(|word| word.to_be_bytes());
    header.chain(shards.iter().flat_map(inflate)).collect()
}

#[test]
fn the_shards_put_together_are_the_canonical_files() {
    let manifest = manifest();
    assert_eq!(manifest.dataset, DatasetSpec::mnist());
    let sizes = [&manifest.train_images, &manifest.test_images].map(|shards| shards.len());
    assert_eq!(sizes, [61, 10]);
    let [first, second, others @ ..] = &manifest.train_images[..] else { panic!() };
    assert_eq!(first.count, IMAGES_IN_FIRST_SHARD);
    assert_eq!(first.count + second.count, IMAGES_PER_SHARD);
    assert!(others.iter().chain(&manifest.test_images).all(|shard| shard.count == IMAGES_PER_SHARD));

    let files = [
        (&[0x0803, 60_000, 28, 28][..], &manifest.train_images[..]),
        (&[0x0801, 60_000], std::slice::from_ref(&manifest.train_labels)),
        (&[0x0803, 10_000, 28, 28], &manifest.test_images),
        (&[0x0801, 10_000], std::slice::from_ref(&manifest.test_labels)),
    ];
    let canonical = [
        "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
        "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
        "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
        "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    ];
    for ((header, shards), canonical) in files.into_iter().zip(canonical) {
        assert_eq!(sha256(&idx(header, shards)), canonical, "{}", shards[0].file);
    }
}
