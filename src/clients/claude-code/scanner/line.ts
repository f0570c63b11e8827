/**
 * The fast way through a backlog: walks over a line's JSON and notes where the few fields stand that
 * matter. Nothing is decoded on the way but numbers. What it does not expect makes a line unsure.
 */
import { AT, DECISION, FORGOTTEN, NOTHING, SESSION, SILENT, UNSURE } from './fields'
import {
  afterKey,
  afterValue,
  beginLine,
  CLOSE_BRACE,
  COMMA,
  find,
  isText,
  keyIs,
  OPEN_BRACE,
  plainEnd,
  tailFrom,
} from './json'
import { afterMessage, answerKind, forgetMessage, resultKind } from './message'
import { makeRoom, meaningOf, nameOf } from './names'
import { fieldOf, forgetFields, setField, setName, setNameOf } from './record'
import { timeOf } from './stamp'

export { learn, nameFrom, nameLength } from './names'
export { fields } from './record'

/** Here the host puts lines. */
export const room = __heap_base

const OTHER = 0
const USER = 1
const ASSISTANT = 2
let lineType = OTHER
let hasAgent = false
/** It may have been refused, or have failed. */
let hasDenial = false

function forgetLine(): void {
  forgetFields()
  forgetMessage()
  lineType = OTHER
  hasAgent = false
  hasDenial = false
}

/**
 * @param from where a line that is not empty begins
 * @param own it stands in a session's own file, not in a subagent's
 * @returns what the line is; then its fields are set
 */
export function scan(from: usize, to: usize, own: bool): i32 {
  if (load<u8>(from) !== OPEN_BRACE || load<u8>(to - 1) !== CLOSE_BRACE) return UNSURE
  beginLine(to)
  forgetLine()
  setField(FORGOTTEN, makeRoom())
  let at = from
  do {
    const value = afterKey(at)
    if (value === 0) return UNSURE
    if (at === from && keyIs('type')) return isSilent(value) ? NOTHING : UNSURE
    if (keyIs('type') && isText(value + 1, plainEnd(value), 'attachment')) return NOTHING
    at = afterMember(value)
  } while (load<u8>(at) === COMMA)
  // Older clients wrote their subagents' lines into the session's own file.
  if (at !== to - 1 || (own && hasAgent)) return UNSURE
  if (fieldOf(SESSION) <= 0 || fieldOf(AT) <= 0) return UNSURE
  if (lineType === ASSISTANT) return answerKind()
  return lineType === USER && !hasDenial ? resultKind() : UNSURE
}

function isSilent(value: usize): bool {
  const end = plainEnd(value)
  const type = end === 0 ? 0 : nameOf(value + 1, end)
  return type > 0 && meaningOf(type) === SILENT
}

/** The value of a member of the line whose key was passed. */
function afterMember(at: usize): usize {
  if (keyIs('message') && load<u8>(at) === OPEN_BRACE) return afterMessage(at)
  if (keyIs('type')) return afterLineType(at)
  if (keyIs('sessionId')) return setName(SESSION, at)
  if (keyIs('timestamp')) return afterTime(at)
  if (keyIs('toolUseResult')) return afterToolUseResult(at)
  if (keyIs('agentId')) hasAgent = true
  if (keyIs('toolDenialKind')) hasDenial = true
  const end = afterValue(at)
  return keyIs('permissionDecision') && !setNameOf(DECISION, at, end) ? 0 : end
}

function afterLineType(at: usize): usize {
  const end = plainEnd(at)
  if (isText(at + 1, end, 'assistant')) lineType = ASSISTANT
  else lineType = isText(at + 1, end, 'user') ? USER : OTHER
  return end + 1
}

function afterTime(at: usize): usize {
  const end = plainEnd(at)
  setField(AT, timeOf(at + 1, end))
  return end + 1
}

/**
 * What the tool returned, told a second time, is passed over without a look when the two members are
 * found that a client writes after it: a quote inside a string is escaped, so they are keys, and as
 * the walk goes on from them to the end of the line they are keys of the line.
 */
function afterToolUseResult(at: usize): usize {
  if (isText(at, at + 7, '"Error:')) hasDenial = true
  const source = find(',"sourceToolAssistantUUID":', tailFrom(at))
  const isKnown = source !== 0 && find(',"permissionDecision":', source) !== 0
  return isKnown ? source : afterValue(at)
}
