/** Words of an automation that acts on a comment. */
export const CHAT_OPS =
  /(^|\s)(atlantis\s+(apply|unlock|import|state)|\/(approve|lgtm|merge|deploy|retest|ok-to-test|promote|rollback)\b|@dependabot\s+(merge|squash)|bors\s+r\+|@mergify)/i
