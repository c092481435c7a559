//! Notes allocations that fail. WebAssembly ends in a trap where memory has run out, and the trap's error says nothing of
//! memory: web/engine.js reports the allocation in its place.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicBool, Ordering},
};
use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// Notes that an allocation of so many bytes has failed. 0: the failure before was handled.
    #[wasm_bindgen(js_name = noteFailedAllocation)]
    fn note_failed_allocation(bytes: f64);
}

/// The system's allocator, which notes what fails.
struct NotingAllocator;

#[global_allocator]
static ALLOCATOR: NotingAllocator = NotingAllocator;

/// The last allocation has failed.
static HAS_FAILED: AtomicBool = AtomicBool::new(false);

/// Passes the result of an allocation on. Numbers pass to JavaScript without an allocation.
fn noted(pointer: *mut u8, bytes: usize) -> *mut u8 {
    if pointer.is_null() {
        HAS_FAILED.store(true, Ordering::Relaxed);
        note_failed_allocation(bytes as f64);
    } else if HAS_FAILED.load(Ordering::Relaxed) {
        // The program goes on, so it has handled the failure.
        HAS_FAILED.store(false, Ordering::Relaxed);
        note_failed_allocation(0.0);
    }
    pointer
}

// SAFETY: every call is passed to the system's allocator as it is, and its result is returned as it is.
unsafe impl GlobalAlloc for NotingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        noted(unsafe { System.alloc(layout) }, layout.size())
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        noted(unsafe { System.alloc_zeroed(layout) }, layout.size())
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, new_size: usize) -> *mut u8 {
        // SAFETY: the caller keeps the contract.
        noted(unsafe { System.realloc(pointer, layout, new_size) }, new_size)
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(pointer, layout) };
    }
}
