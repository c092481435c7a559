//! What the views show, as plain functions: numbers as people read them, how far axes go, where keys move the point.

pub mod chart;
pub mod hand;
pub mod keys;
pub mod mosaic;
pub mod numbers;
pub mod scatter;
