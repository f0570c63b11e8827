import type { Facts } from './types.ts'

/** Facts of no project: entries are read the same everywhere but for `~`. */
export const nowhere = (home: string): Facts => ({
  cwd: '/',
  projectRoot: '/',
  home,
  branch: '',
  defaultBranch: '',
  remotes: {},
  remotesNow: {},
  words: [],
  createdByAgent: [],
  files: {},
  guarded: [],
})
