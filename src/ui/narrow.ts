/** A phone, or a part of a divided screen: words give way to signs, and what can be left out is. */
export const isNarrow = (columns: number): boolean => columns < 60
