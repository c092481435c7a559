// The sets of a person's own images that the browser keeps (web/own-images.js).

/** A set as it is in the database. */
interface OwnImageSet {
  /** Names the set: its hash, the shape of its images and their numbers (crates/core/src/data/own_set.rs). */
  text: string;
  /** The person's own name for it. */
  title: string;
  /** The names of the classes, in the order of the labels. */
  classes: string[];
  /** How pictures became its images (crates/core/src/data/recipe.rs); empty if that is not known. */
  recipe: string;
  /** Bytes of its file. */
  bytes: number;
  /** The files in that, in order, and the bytes before each and behind the last. */
  files: string[];
  between: Uint8Array<ArrayBuffer>[];
  /** When it was added, in milliseconds since 1970. */
  added: number;
}

/** The sets. Every promise rejects where the browser keeps nothing, with an error whose message completes a sentence. */
interface OwnImages {
  /** All sets, in the order in which they were added. */
  list(): Promise<OwnImageSet[]>;
  /** Adds a set with its files. */
  add(set: Omit<OwnImageSet, 'added'>, files: [string, Uint8Array<ArrayBuffer>][]): Promise<void>;
  rename(text: string, title: string): Promise<void>;
  remove(text: string): Promise<void>;
  /** The file of a set. */
  file(text: string): Promise<Blob>;
}

declare var ownImages: OwnImages;
