//! Reads models from files, and writes output to the terminal or to files, which are written whole or not at all.

use crate::Failure;
use latent_core::{
    model::ModelSpec,
    training::checkpoint::{self, Checkpoint, MOST_BYTES},
    weights::Tensor,
};
use serde::Serialize;
use std::{
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

/// The bytes of a safetensors file.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let file = at(path, fs::File::open(path))?;
    // One byte beyond the limit is enough to refuse the file.
    at(path, file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes))?;
    Ok(bytes)
}

/// A file to be written, once there is something to write.
pub(crate) struct Output {
    path: PathBuf,
    /// Beside the file, to be renamed to it when it is whole. None for what is no plain file, such as /dev/null.
    draft: Option<PathBuf>,
}

impl Output {
    /// Makes sure that the file can be written, before the work that it is for.
    pub(crate) fn to(path: &Path) -> Result<Self, Failure> {
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
        if path.exists() && !path.is_file() {
            return Ok(Self { path, draft: None });
        }
        let draft = folder.join(format!(".{}.{}", name.display(), process::id()));
        at(&path, fs::write(&draft, []).and_then(|()| fs::remove_file(&draft)))?;
        Ok(Self { path, draft: Some(draft) })
    }

    /// Writes the file. If that fails, an older one of that name is still there.
    pub(crate) fn write(&self, bytes: &[u8]) -> Result<(), Failure> {
        let Some(draft) = &self.draft else { return at(&self.path, fs::write(&self.path, bytes)) };
        let result = fs::write(draft, bytes).and_then(|()| fs::rename(draft, &self.path));
        if result.is_err() {
            // The reason is reported below.
            let _ = fs::remove_file(draft);
        }
        at(&self.path, result)
    }
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
