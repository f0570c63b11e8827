/** Wrong usage or bad input: one line that says what, where and how to mend it. Exit code 2. */
export class UsageError extends Error {}
