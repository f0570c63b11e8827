/** The characters of trees and folds, in one place. */
export const TREE = {
  branch: '├─ ',
  last: '└─ ',
  folded: '▸',
  unfolded: '▾',
} as const
