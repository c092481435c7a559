// Reads what a person drops on the page: files, and folders with all that is in them.

globalThis.droppedFiles = async (transfer) => {
  // Entries are there only now, before anything is waited for.
  const items = [...transfer.items].filter(({ kind }) => kind === 'file');
  const given = items.map((item) => ({ entry: item.webkitGetAsEntry?.(), file: item.getAsFile() }));
  /** @type {[string, File][]} */
  const files = [];
  for (const { entry, file } of given) {
    if (entry) await collect(entry, '', files);
    else if (file) files.push([file.name, file]);
  }
  return files;
};

/**
 * Adds the files of a dropped file or folder, with their paths.
 * @param {FileSystemEntry} entry
 * @param {string} folder
 * @param {[string, File][]} files
 */
async function collect(entry, folder, files) {
  const path = folder + entry.name;
  if (entry.isFile) {
    const { file } = /** @type {FileSystemFileEntry} */ (entry);
    files.push([path, await new Promise((resolve, reject) => { file.call(entry, resolve, reject); })]);
    return;
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  for (;;) {
    /** @type {FileSystemEntry[]} Some of the entries; none once all were given. */
    const entries = await new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
    if (!entries.length) return;
    for (const inner of entries) await collect(inner, `${path}/`, files);
  }
}
