//! What the views show, as plain functions that are tested natively: numbers, sentences, axes, images, input.

pub mod chart;
pub mod class_colours;
pub mod class_labels;
pub mod dataset;
pub mod diagram;
pub mod embed_text;
pub mod error_colours;
pub mod given_files;
pub mod image_grid;
pub mod import_text;
pub mod kernel_sheet;
pub mod keyboard_input;
pub mod keyboard_shortcuts;
pub mod layer_edit;
pub mod learning_rate_text;
pub mod loss_text;
pub mod markup;
pub mod model_fields;
pub mod model_kind_text;
pub mod model_text;
pub mod numbers;
pub mod pointer_input;
pub mod preset_text;
pub mod rgba;
pub mod scatter;
pub mod structure_text;
