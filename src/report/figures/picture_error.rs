//! A picture that could not be made.

use core::fmt;

/// Why a picture could not be made: a mistake in the program or a lack of memory, never something in the data.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PictureError(pub(super) String);

impl fmt::Display for PictureError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PictureError {}
