//! `headless settings`: the page docs/settings.md, made from the code.

use crate::{Failure, files::print_whole};

/// Prints the reference of all settings.
pub(crate) fn settings() -> Result<(), Failure> {
    print_whole(&latent_core::reference::markdown())
}
