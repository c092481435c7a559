//! The data sets that are served are the original ones: inflated and put together again, every file equals the original.

use latent_core::data::{
    DatasetId,
    shard::{IMAGES_IN_FIRST_SHARD, IMAGES_PER_SHARD, Shard, sha256},
};
use latent_tests::{inflate_of, manifest_of};

/// SHA-256 of the original files: training images and labels, test images and labels.
fn originals(dataset: DatasetId) -> [&'static str; 4] {
    match dataset {
        DatasetId::Mnist => [
            "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
            "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
            "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
            "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
        ],
        DatasetId::FashionMnist => [
            "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
            "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
            "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
            "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
        ],
        DatasetId::Own(_) => unreachable!("not served"),
    }
}

/// The most bytes that the first step may need.
const MOST_FIRST_BYTES: usize = 170_000;

#[test]
fn the_shards_put_together_are_the_original_files() {
    for dataset in DatasetId::ALL {
        let manifest = manifest_of(dataset);
        assert_eq!(manifest.dataset, dataset.spec());
        let sizes = [&manifest.train_images, &manifest.test_images].map(|shards| shards.len());
        assert_eq!(sizes, [61, 10]);
        let [first, second, others @ ..] = &manifest.train_images[..] else { panic!() };
        assert_eq!(first.count, IMAGES_IN_FIRST_SHARD);
        assert!(first.bytes_gzip <= MOST_FIRST_BYTES, "{} bytes", first.bytes_gzip);
        assert_eq!(first.count + second.count, IMAGES_PER_SHARD);
        assert!(others.iter().chain(&manifest.test_images).all(|shard| shard.count == IMAGES_PER_SHARD));

        let files = [
            (&[0x0803, 60_000, 28, 28][..], &manifest.train_images[..]),
            (&[0x0801, 60_000], std::slice::from_ref(&manifest.train_labels)),
            (&[0x0803, 10_000, 28, 28], &manifest.test_images),
            (&[0x0801, 10_000], std::slice::from_ref(&manifest.test_labels)),
        ];
        for ((header, shards), original) in files.into_iter().zip(originals(dataset)) {
            let header = header.iter().flat_map(|word: &u32| word.to_be_bytes());
            let file = header.chain(shards.iter().flat_map(|shard: &Shard| inflate_of(dataset, shard)));
            assert_eq!(sha256(&file.collect::<Vec<_>>()), original, "{}", shards[0].file);
        }
    }
}
