/** What scripts/dist.mjs knows of a release, and puts into the service worker. Files are named by their addresses. */
declare const RELEASE: {
  /** Names the release: 16 hexadecimal digits. */
  id: string;
  /** The Content-Security-Policy of all of its files. */
  policy: string;
  /** What every visit needs. */
  shell: string[];
  /** What training needs with any program, for each data set: its files, where they are not part of the shell. */
  data: Record<string, string[]>;
  /** Of these the files that are seen before training, for each data set. */
  seen: Record<string, string[]>;
  /** What training needs with each program besides: its files, where they are not part of the shell. */
  programs: Record<string, string[]>;
  /** The models of lessons' scenes. */
  lessons: string[];
};
