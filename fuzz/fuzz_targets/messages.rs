//! Messages between page and workers, in both directions.
#![no_main]

use latent_protocol::{
    AnalysisCommand, AnalysisEvent, ExplorerCommand, ExplorerEvent, Greeting, TrainerCommand, TrainerEvent, VERSION, decode, encode,
};
use libfuzzer_sys::fuzz_target;

macro_rules! read_and_written_again {
    ($bytes:expr, $($message:ty),*) => {$(
        if let Ok(message) = decode::<$message>($bytes) {
            let bytes = encode(&message);
            let again = decode::<$message>(&bytes).expect("what was read can be written and read again");
            // By their bytes: numbers in them need not be equal to themselves.
            assert_eq!(encode(&again), bytes);
        }
    )*};
}

fuzz_target!(|message: &[u8]| {
    let current = [&VERSION.to_le_bytes(), message].concat();
    for bytes in [message, &current] {
        read_and_written_again!(bytes, Greeting, TrainerCommand, TrainerEvent, ExplorerCommand, ExplorerEvent, AnalysisCommand, AnalysisEvent);
    }
});
