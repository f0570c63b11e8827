// What the scanner answers, for both sides of the border: this file is read as TypeScript and as
// AssemblyScript.

/** What a line is. In any doubt it is unsure. */
export const UNSURE = 0
export const NOTHING = 1
/** An answer of the model with no call in it, or with one. */
export const ANSWER = 2
export const CALL = 3
/** A tool's result that is no error and no refusal. */
export const RESULT = 4

// Where the fields of the line stand, in an array of numbers.
export const AT = 0
export const INPUT = 1
export const OUTPUT = 2
export const CACHE_READ = 3
export const CACHE_WRITE = 4
export const CACHE_WRITE_5M = 5
export const CACHE_WRITE_1H = 6
export const THINKING = 7
/** Names by their number, 0 for none. */
export const SESSION = 8
export const MODEL = 9
export const TOOL = 10
export const DECISION = 11
/** Texts by the address where they begin; where they end stands in the next field. */
export const MESSAGE_ID = 12
export const CALL_ID = 14
export const SUMMARY = 16
/** Whether the bytes of the summary are its characters, else it is JSON. */
export const IS_PLAIN = 18
/** How often the names were forgotten. */
export const FORGOTTEN = 19
export const FIELDS = 20

/** The meaning of the name of a line type that tells nothing; a tool's is its telling field's name. */
export const SILENT = -1

/** Summaries are cut here; the whole input stays on disk. */
export const SUMMARY_CHARS = 240
