//! Properties: any run reads back, and no bytes are read with a panic.

use super::*;

proptest! {
    #[test]
    fn what_is_written_reads_back_to_the_bit(
        hidden in prop::collection::vec(1usize..6, 1..5),
        code in 1usize..5, seed: u64, known in 0usize..40, unknown in 0u64..1000,
    ) {
        let checkpoint = checkpoint(hidden, code, seed, known, unknown);
        let bytes = checkpoint.to_bytes().unwrap();
        let read = Checkpoint::parse(&bytes).unwrap();
        prop_assert_eq!(&read, &checkpoint);
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn the_parts_of_variational_losses_read_back_to_the_bit(
        (totals, parts) in (0usize..40).prop_flat_map(|totals| (Just(totals), 0..=totals)),
        unknown in 1u64..1000, validated in 0usize..=3, seed: u64,
    ) {
        let checkpoint = variational(unknown, totals, parts, validated, seed);
        let bytes = checkpoint.to_bytes().unwrap();
        let read = Checkpoint::parse(&bytes).unwrap();
        prop_assert_eq!(&read, &checkpoint);
        prop_assert_eq!(read.history.to_csv(7), checkpoint.history.to_csv(7));
        prop_assert_eq!(read.to_bytes().unwrap(), bytes);
    }

    #[test]
    fn any_bytes_are_refused_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        prop_assert!(Checkpoint::parse(&bytes).is_err());
    }

    #[test]
    fn any_header_is_read_without_a_panic(text in "[\\[\\]{}:,\"a-z0-9_.FI-]{0,120}") {
        let header = format!("{{{text}");
        let bytes = [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &[0; 8]].concat();
        prop_assert!(Checkpoint::parse(&bytes).is_err());
    }

    #[test]
    fn a_file_that_was_cut_is_refused(cut: prop::sample::Index) {
        let bytes = small().to_bytes().unwrap();
        prop_assert!(Checkpoint::parse(&bytes[..cut.index(bytes.len())]).is_err());
    }

    #[test]
    fn a_file_with_a_flipped_bit_is_refused_or_sound(at: prop::sample::Index, in_header: bool, bit in 0u8..8) {
        let mut bytes = small().to_bytes().unwrap();
        // Half of the flips go where they can do most.
        let among = if in_header { 1_500 } else { bytes.len() };
        bytes[at.index(among)] ^= 1 << bit;
        if let Ok(read) = Checkpoint::parse(&bytes) {
            prop_assert!(read.to_bytes().is_ok());
        }
    }
}
