//! Goes through files and what archives hold: ZIP, tar, gzip, and tar in gzip, told by their first bytes whatever their names.

use crate::{limits, path_place::is_ignored};
use flate2::read::MultiGzDecoder;
use std::io::{self, BufReader, Read, Seek};
use zip::ZipArchive;

/// Something to read from, at any place.
pub trait ReadSeek: Read + Seek {}
impl<T: Read + Seek> ReadSeek for T {}

/// A file that a person gave.
pub struct InputFile<'a> {
    /// The path within what was given, its folders separated by `/`.
    pub path: String,
    /// Its bytes, or why it could not be opened.
    pub reader: io::Result<Box<dyn ReadSeek + 'a>>,
}

/// A file that is no part of the set, with the reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skipped {
    /// The path of the file, that of its archive included.
    pub path: String,
    /// Why, as the end of a sentence.
    pub why: String,
}

/// Files are too many or too large in all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WalkError {
    /// There are too many files.
    #[error("there are more than {} files", limits::MOST_FILES)]
    Files,
    /// Archives expand to too many bytes.
    #[error("the archives expand to more than {} GB", limits::MOST_ARCHIVE_BYTES / 1_000_000_000)]
    Bytes,
}

/// Takes the files that are no archives, and those that had to be skipped.
pub(crate) trait Visitor {
    /// A file with its bytes. The reason, if it is skipped.
    fn file(&mut self, path: &str, bytes: Vec<u8>) -> Result<(), String>;
    /// Something was skipped.
    fn skipped(&mut self, skipped: Skipped);
}

/// Bytes at the start of a file that tell what it is.
const START_BYTES: usize = 512;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrapping {
    Zip,
    Gzip,
    Tar,
    None,
}

fn wrapping(start: &io::Cursor<Vec<u8>>) -> Wrapping {
    let start = start.get_ref().as_slice();
    match start {
        [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Wrapping::Zip,
        [0x1f, 0x8b, 8, ..] => Wrapping::Gzip,
        _ if start.get(257..262) == Some(b"ustar") => Wrapping::Tar,
        _ => Wrapping::None,
    }
}

/// Visits every file. Names of archives are folders where several files were given.
pub(crate) fn walk<'a>(
    files: impl IntoIterator<Item = InputFile<'a>>,
    several: bool,
    visitor: &mut dyn Visitor,
) -> Result<(), WalkError> {
    let mut walk = Walk { visitor, files: 0, bytes: 0 };
    for InputFile { path, reader } in files {
        match reader {
            Ok(reader) => walk.given(path, reader, several)?,
            Err(error) => walk.skip(path, format!("it could not be opened: {error}")),
        }
    }
    Ok(())
}

struct Walk<'v> {
    visitor: &'v mut dyn Visitor,
    files: usize,
    /// Expanded bytes of archives so far.
    bytes: u64,
}

impl Walk<'_> {
    fn skip(&mut self, path: String, why: impl Into<String>) {
        self.visitor.skipped(Skipped { path, why: why.into() });
    }

    fn given(
        &mut self,
        path: String,
        reader: Box<dyn ReadSeek + '_>,
        several: bool,
    ) -> Result<(), WalkError> {
        if is_ignored(&path) {
            return Ok(());
        }
        let mut reader = BufReader::new(reader);
        let start = match start_of(&mut reader) {
            Ok(start) => start,
            Err(error) => {
                self.skip(path, format!("it could not be read: {error}"));
                return Ok(());
            }
        };
        let folder = if several { stem(&path) } else { String::new() };
        match wrapping(&start) {
            Wrapping::Zip => match reader.rewind().map_err(Into::into).and_then(|()| ZipArchive::new(reader))
            {
                Ok(archive) => self.zip(archive, &path, &folder),
                Err(error) => {
                    self.skip(path, format!("the archive is damaged: {error}"));
                    Ok(())
                }
            },
            Wrapping::Tar => self.tar(start.chain(reader), &path, &folder),
            Wrapping::Gzip => {
                let mut inflated = BufReader::new(MultiGzDecoder::new(start.chain(reader)));
                match start_of(&mut inflated) {
                    Ok(start) if wrapping(&start) == Wrapping::Tar => {
                        self.tar(start.chain(inflated), &path, &folder)
                    }
                    Ok(start) => self.plain(without_gz(path), start.chain(inflated), true),
                    Err(_) => {
                        self.skip(path, "the gzip file is damaged");
                        Ok(())
                    }
                }
            }
            Wrapping::None => self.plain(path, start.chain(reader), false),
        }
    }

    fn zip(
        &mut self,
        mut archive: ZipArchive<impl ReadSeek>,
        path: &str,
        folder: &str,
    ) -> Result<(), WalkError> {
        for at in 0..archive.len() {
            let entry = match archive.by_index(at) {
                Ok(entry) => entry,
                Err(zip::result::ZipError::UnsupportedArchive(why)) => {
                    self.skip(format!("{path}, file {}", at + 1), format!("it cannot be unpacked: {why}"));
                    continue;
                }
                Err(error) => {
                    self.skip(format!("{path}, file {}", at + 1), format!("it is damaged: {error}"));
                    continue;
                }
            };
            if !entry.is_file() {
                continue;
            }
            // Names without the flag of UTF-8 are nevertheless often written so; else they are of the old code page.
            let name = match (std::str::from_utf8(entry.name_raw()), entry.name()) {
                (Ok(name), _) => name.to_owned(),
                (_, Ok(name)) => name.into_owned(),
                _ => text(entry.name_raw()),
            };
            self.entry(format!("{folder}{name}"), entry)?;
        }
        Ok(())
    }

    fn tar(&mut self, reader: impl Read, path: &str, folder: &str) -> Result<(), WalkError> {
        let mut archive = tar::Archive::new(reader);
        let entries = match archive.entries() {
            Ok(entries) => entries,
            Err(_) => {
                self.skip(path.into(), "the archive is damaged");
                return Ok(());
            }
        };
        for entry in entries {
            let Ok(entry) = entry else {
                self.skip(path.into(), "the archive is damaged or cut short: what follows is missing");
                return Ok(());
            };
            if entry.header().entry_type().is_file() {
                let name = format!("{folder}{}", text(&entry.path_bytes()));
                self.entry(name, entry)?;
            }
        }
        Ok(())
    }

    /// A file of an archive.
    fn entry(&mut self, path: String, mut reader: impl Read) -> Result<(), WalkError> {
        if is_ignored(&path) {
            return Ok(());
        }
        let start = match start_of(&mut reader) {
            Ok(start) => start,
            Err(_) => {
                self.skip(path, "it is damaged");
                return Ok(());
            }
        };
        match wrapping(&start) {
            Wrapping::Zip if !path.to_ascii_lowercase().ends_with(".npz") => {
                self.skip(path, "it is an archive in an archive: unpack it first");
                Ok(())
            }
            Wrapping::Tar => {
                self.skip(path, "it is an archive in an archive: unpack it first");
                Ok(())
            }
            Wrapping::Gzip => self.plain(without_gz(path), MultiGzDecoder::new(start.chain(reader)), true),
            _ => self.plain(path, start.chain(reader), true),
        }
    }

    /// A file that is no archive. `is_packed` says whether its bytes count as expanded ones.
    fn plain(&mut self, path: String, reader: impl Read, is_packed: bool) -> Result<(), WalkError> {
        self.files += 1;
        if self.files > limits::MOST_FILES {
            return Err(WalkError::Files);
        }
        let mut bytes = Vec::new();
        // One byte more is enough to know.
        let read = reader.take(limits::MOST_FILE_BYTES + 1).read_to_end(&mut bytes);
        self.bytes += if is_packed { bytes.len() as u64 } else { 0 };
        if self.bytes > limits::MOST_ARCHIVE_BYTES {
            return Err(WalkError::Bytes);
        }
        if read.is_err() {
            self.skip(path, "it is damaged or cut short");
        } else if bytes.len() as u64 > limits::MOST_FILE_BYTES {
            self.skip(path, format!("it is larger than {} MB", limits::MOST_FILE_BYTES / 1_000_000));
        } else if let Err(why) = self.visitor.file(&path, bytes) {
            self.skip(path, why);
        }
        Ok(())
    }
}

/// The first bytes, which are taken from the reader.
fn start_of(reader: &mut impl Read) -> io::Result<io::Cursor<Vec<u8>>> {
    let mut start = Vec::with_capacity(START_BYTES);
    reader.by_ref().take(START_BYTES as u64).read_to_end(&mut start)?;
    Ok(io::Cursor::new(start))
}

/// A name as text. Bytes that are no UTF-8 become a letter each, so that different names stay different.
fn text(name: &[u8]) -> String {
    std::str::from_utf8(name)
        .map_or_else(|_| name.iter().map(|&byte| char::from(byte)).collect(), str::to_owned)
}

/// The name of an archive without its endings, as a folder.
fn stem(path: &str) -> String {
    let mut stem = path;
    for ending in [".gz", ".tgz", ".tar", ".zip", ".npz"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    format!("{stem}/")
}

fn without_gz(path: String) -> String {
    path.strip_suffix(".gz").map_or(path.clone(), str::to_owned)
}
