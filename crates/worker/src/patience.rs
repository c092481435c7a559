//! Waiting, and not waiting for ever.

use futures_util::future::{Either, select};
use js_sys::{Function, Promise};
use std::{future::Future, pin::pin, time::Duration};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, ms: u32);
}

/// Comes back after this time.
pub(super) async fn pause(time: Duration) {
    if !time.is_zero() {
        let ms = u32::try_from(time.as_millis()).unwrap_or(u32::MAX);
        // A timer's promise is never rejected.
        let _ = JsFuture::from(Promise::new(&mut |resolve, _| set_timeout(&resolve, ms))).await;
    }
}

/// What a future gives, if that is within this time.
pub(super) async fn within<F: Future>(time: Duration, future: F) -> Option<F::Output> {
    match select(pin!(future), pin!(pause(time))).await {
        Either::Left((output, _)) => Some(output),
        Either::Right(_) => None,
    }
}
