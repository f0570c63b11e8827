/** What is folded of a list in two levels: all of it, or none, but for some. */
export interface Folds {
  readonly open: boolean
  /** Keys of those that are the other way. */
  readonly except: ReadonlySet<string>
}

export const FOLDED: Folds = { open: false, except: new Set() }
export const UNFOLDED: Folds = { open: true, except: new Set() }

export const isUnfolded = ({ open, except }: Folds, key: string): boolean =>
  open !== except.has(key)

export function withFold(folds: Folds, key: string, unfolded: boolean): Folds {
  if (isUnfolded(folds, key) === unfolded) return folds
  const except = new Set(folds.except)
  if (unfolded === folds.open) except.delete(key)
  else except.add(key)
  return { ...folds, except }
}
