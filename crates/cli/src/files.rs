//! Reads models from files, and writes output to the terminal or to files, which are written whole or not at all.

use crate::Failure;
use latent_core::{
    model::ModelSpec,
    training::checkpoint::{self, Checkpoint, MOST_BYTES},
    weights::Tensor,
};
use serde::Serialize;
use std::{
    ffi::OsString,
    fmt::Display,
    fs,
    io::{self, Read, Write},
    path::{Path, PathBuf},
    process,
};

/// The result, with the file that it was about.
pub(crate) fn at<T>(path: &Path, result: io::Result<T>) -> Result<T, Failure> {
    result.map_err(|error| Failure::File { path: path.into(), error })
}

/// The model in a file.
pub(crate) fn read_model(path: &Path) -> Result<Checkpoint, Failure> {
    read_model_as(path, None)
}

/// The same, where weights that do not describe their model are those of the model that is named.
pub(crate) fn read_model_as(path: &Path, named: Option<&ModelSpec>) -> Result<Checkpoint, Failure> {
    let bytes = read(path)?;
    Checkpoint::parse_as(&bytes, named)
        .map_err(|error| Failure::Model { path: path.into(), error: error.into() })
}

/// The tensors of a safetensors file.
pub(crate) fn read_tensors(path: &Path) -> Result<Vec<Tensor>, Failure> {
    checkpoint::read_tensors(&read(path)?)
        .map_err(|error| Failure::Model { path: path.into(), error: error.into() })
}

/// The bytes of a safetensors file; of the standard input where the name is `-`.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    // One byte beyond the limit is enough to refuse the file.
    let most = MOST_BYTES as u64 + 1;
    if is_standard(path) {
        at(path, io::stdin().take(most).read_to_end(&mut bytes))?;
    } else {
        at(path, at(path, fs::File::open(path))?.take(most).read_to_end(&mut bytes))?;
    }
    Ok(bytes)
}

/// Whether a name stands for the standard input or output.
fn is_standard(path: &Path) -> bool {
    path == Path::new("-")
}

/// A file to be written, once there is something to write.
pub(crate) struct Output {
    path: PathBuf,
    place: Place,
}

/// Where the bytes go.
enum Place {
    /// The standard output.
    Standard,
    /// The path itself, which is no plain file, such as /dev/null.
    Path,
    /// A file beside it, to be renamed to it when it is whole. It gets the permissions of the file that it replaces.
    Draft(PathBuf, Option<fs::Permissions>),
}

impl Output {
    /// Makes sure that the file can be written, before the work that it is for. `-` is the standard output.
    pub(crate) fn to(path: &Path) -> Result<Self, Failure> {
        if is_standard(path) {
            return Ok(Self { path: path.into(), place: Place::Standard });
        }
        // A link stays one, and its file is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.into());
        let Some(name) = path.file_name() else { return Err(Failure::NoFile(path)) };
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new("."));
        if !folder.is_dir() {
            return Err(Failure::NoFolder { folder: folder.into(), path });
        }
        if path.is_dir() {
            return Err(Failure::File { path, error: io::ErrorKind::IsADirectory.into() });
        }
        let before = path.metadata().ok();
        if before.as_ref().is_some_and(|before| !before.is_file()) {
            return Ok(Self { path, place: Place::Path });
        }
        let permissions = before.map(|before| before.permissions());
        if permissions.as_ref().is_some_and(fs::Permissions::readonly) {
            return Err(Failure::ReadOnly(path));
        }
        let mut draft_name = OsString::from(".");
        draft_name.push(name);
        draft_name.push(format!(".{}", process::id()));
        let draft = folder.join(draft_name);
        at(&path, fs::write(&draft, []).and_then(|()| fs::remove_file(&draft)))?;
        Ok(Self { path, place: Place::Draft(draft, permissions) })
    }

    /// Whether it is the standard output, where nothing else may be written then.
    pub(crate) fn is_standard(&self) -> bool {
        matches!(self.place, Place::Standard)
    }

    /// Writes a line about the work: on the standard output, or on the standard error where that is for the file.
    pub(crate) fn report(&self, line: impl Display) -> Result<(), Failure> {
        if !self.is_standard() {
            return print(line);
        }
        tell(line);
        Ok(())
    }

    /// Writes the file. If that fails, an older one of that name is still there, or the bytes are kept beside it, and the failure
    /// names them.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let (draft, permissions) = match &self.place {
            Place::Standard => {
                let mut stdout = io::stdout().lock();
                return stdout.write_all(bytes).and_then(|()| stdout.flush()).map_err(Failure::Output);
            }
            Place::Path => return at(&self.path, fs::write(&self.path, bytes)),
            Place::Draft(draft, permissions) => (draft, permissions),
        };
        let written = fs::write(draft, bytes).and_then(|()| match permissions {
            Some(permissions) => fs::set_permissions(draft, permissions.clone()),
            None => Ok(()),
        });
        if written.is_err() {
            // The reason is reported below.
            let _ = fs::remove_file(draft);
            return at(&self.path, written);
        }
        if fs::rename(draft, &self.path).is_ok() {
            return Ok(());
        }
        // A file that is mounted by itself cannot be replaced, only rewritten.
        match fs::write(&self.path, bytes) {
            Ok(()) => at(draft, fs::remove_file(draft)),
            Err(error) => Err(Failure::Kept { path: self.path.clone(), error, kept: draft.clone() }),
        }
    }
}

/// Says something on the standard error. If nobody listens there, there is no one to tell.
pub(crate) fn tell(sentence: impl Display) {
    let _ = writeln!(io::stderr(), "{sentence}");
}

/// Writes a line to the standard output.
pub(crate) fn print(line: impl Display) -> Result<(), Failure> {
    writeln!(io::stdout(), "{line}").map_err(Failure::Output)
}

/// Writes a text of several lines to the standard output.
pub(crate) fn print_whole(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).map_err(Failure::Output)
}

/// Writes a line of JSON to the standard output.
pub(crate) fn print_json(value: &impl Serialize) -> Result<(), Failure> {
    // `Value` would turn every f32 into an f64.
    print(serde_json::to_string(value)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_that_find_no_place_are_kept_and_named() {
        let folder = std::env::temp_dir().join(format!("latent-cli-{}", process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("model.safetensors");
        let output = Output::to(&path).unwrap();
        // Somebody takes the name while the model is trained.
        fs::create_dir(&path).unwrap();
        let Err(Failure::Kept { kept, .. }) = output.write(b"a model") else {
            panic!("it is written nowhere")
        };
        assert_eq!(fs::read(kept).unwrap(), b"a model");
        fs::remove_dir_all(folder).unwrap();
    }
}
