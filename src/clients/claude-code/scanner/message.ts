/** The message of a line: a model's answer, or a tool's result. */
import {
  ANSWER,
  CACHE_READ,
  CACHE_WRITE,
  CACHE_WRITE_1H,
  CACHE_WRITE_5M,
  CALL,
  CALL_ID,
  INPUT,
  IS_PLAIN,
  MESSAGE_ID,
  MODEL,
  OUTPUT,
  RESULT,
  SUMMARY,
  SUMMARY_CHARS,
  THINKING,
  TOOL,
  UNSURE,
} from './fields'
import {
  afterKey,
  afterValue,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COMMA,
  endOfFirst,
  isText,
  keyIs,
  keyIsBytes,
  OPEN_BRACE,
  OPEN_BRACKET,
  plainEnd,
  QUOTE,
  wasPlain,
} from './json'
import { meaningOf, nameFrom, nameLength } from './names'
import { fieldOf, setField, setName, setNumber, setText } from './record'

const OTHER = 0
const TOOL_USE = 1
const TOOL_RESULT = 2
const UNTYPED = 3
/** Of a usage. */
const WHOLE = 0
const SPLIT = 1
const DETAILS = 2
const ALL_COUNTED: u32 = 15

/** Which of the counts that an answer's cost needs were told, a bit each. */
let counted: u32 = 0
let hasContent = false
/** How many the content has, and of the last its type, whose kind of id it has, … */
let blocks = 0
let blockType = OTHER
let idType = OTHER
/** … where its input stands, and whether it is an error. */
let input: usize = 0
let isError = false

export function forgetMessage(): void {
  counted = 0
  hasContent = false
  blocks = 0
  blockType = OTHER
  idType = OTHER
  input = 0
  isError = false
}

/** What the message is, on a line of the model. */
export function answerKind(): i32 {
  if (
    counted !== ALL_COUNTED ||
    !hasContent ||
    fieldOf(MESSAGE_ID) <= 0 ||
    fieldOf(MODEL) <= 0 ||
    blocks > 1
  )
    return UNSURE
  if (blockType === UNTYPED) return UNSURE
  if (blocks === 0 || blockType !== TOOL_USE) return ANSWER
  return idType === TOOL_USE && fieldOf(CALL_ID) > 0 && findSummary() ? CALL : UNSURE
}

/** What the message is, on a line of the user's side. */
export function resultKind(): i32 {
  const isResult = blocks === 1 && blockType === TOOL_RESULT && !isError
  return isResult && idType === TOOL_RESULT && fieldOf(CALL_ID) > 0 ? RESULT : UNSURE
}

export function afterMessage(message: usize): usize {
  let at = message
  do {
    const value = afterKey(at)
    if (value === 0) return 0
    if (keyIs('id')) at = setText(MESSAGE_ID, value)
    else if (keyIs('model')) at = setName(MODEL, value)
    else if (keyIs('content')) at = afterContent(value)
    else if (keyIs('usage')) at = afterUsage(value, WHOLE)
    else at = afterValue(value)
  } while (load<u8>(at) === COMMA)
  return load<u8>(at) === CLOSE_BRACE ? at + 1 : 0
}

function afterContent(content: usize): usize {
  hasContent = load<u8>(content) === QUOTE
  if (load<u8>(content) !== OPEN_BRACKET) return afterValue(content)
  hasContent = true
  if (load<u8>(content + 1) === CLOSE_BRACKET) return content + 2
  let at = content
  do {
    blocks++
    at = afterBlock(at + 1)
  } while (load<u8>(at) === COMMA)
  return load<u8>(at) === CLOSE_BRACKET ? at + 1 : 0
}

function afterBlock(block: usize): usize {
  if (load<u8>(block) !== OPEN_BRACE) return 0
  let at = block
  blockType = UNTYPED
  do {
    const value = afterKey(at)
    if (value === 0) return 0
    if (keyIs('type')) at = afterBlockType(value)
    else if (keyIs('id') || keyIs('tool_use_id')) {
      if (idType !== OTHER) return 0
      idType = keyIs('id') ? TOOL_USE : TOOL_RESULT
      at = setText(CALL_ID, value)
    } else if (keyIs('name')) at = setName(TOOL, value)
    else {
      if (keyIs('input')) input = value
      if (keyIs('is_error')) isError = !isText(value, value + 5, 'false')
      at = afterValue(value)
    }
  } while (load<u8>(at) === COMMA)
  return load<u8>(at) === CLOSE_BRACE ? at + 1 : 0
}

function afterBlockType(at: usize): usize {
  const end = plainEnd(at)
  if (end <= at + 1) return 0
  if (isText(at + 1, end, 'tool_use')) blockType = TOOL_USE
  else blockType = isText(at + 1, end, 'tool_result') ? TOOL_RESULT : OTHER
  return end + 1
}

/** The usage itself, or one of the two objects in it that are read: each has names of its own. */
function afterUsage(usage: usize, part: i32): usize {
  if (load<u8>(usage) !== OPEN_BRACE) return 0
  let at = usage
  do {
    const value = afterKey(at)
    if (value === 0) return 0
    const field = numberIn(part)
    if (field >= 0) {
      counted |= bitOf(field)
      at = setNumber(field, value)
    } else if (part === WHOLE && keyIs('cache_creation')) at = afterUsage(value, SPLIT)
    else if (part === WHOLE && keyIs('output_tokens_details')) at = afterUsage(value, DETAILS)
    else at = afterValue(value)
  } while (load<u8>(at) === COMMA)
  return load<u8>(at) === CLOSE_BRACE ? at + 1 : 0
}

function bitOf(field: i32): u32 {
  if (field === INPUT) return 1
  if (field === OUTPUT) return 2
  if (field === CACHE_READ) return 4
  return field === CACHE_WRITE ? 8 : 0
}

/** The field that the key that was passed is a number of, or -1. */
function numberIn(part: i32): i32 {
  if (part === DETAILS) return keyIs('thinking_tokens') ? THINKING : -1
  if (part === SPLIT) {
    if (keyIs('ephemeral_5m_input_tokens')) return CACHE_WRITE_5M
    return keyIs('ephemeral_1h_input_tokens') ? CACHE_WRITE_1H : -1
  }
  if (keyIs('input_tokens')) return INPUT
  if (keyIs('output_tokens')) return OUTPUT
  if (keyIs('cache_read_input_tokens')) return CACHE_READ
  return keyIs('cache_creation_input_tokens') ? CACHE_WRITE : -1
}

/** Finds the string in a call's input that tells what it does: the meaning of a tool is its key. */
function findSummary(): bool {
  const tool = fieldOf(TOOL) as i32
  const key = tool > 0 ? meaningOf(tool) : 0
  if (key <= 0 || input === 0 || load<u8>(input) !== OPEN_BRACE) return false
  let at = input
  do {
    const value = afterKey(at)
    if (value === 0) return false
    if (keyIsBytes(nameFrom(key), nameLength(key))) return setSummary(value)
    at = afterValue(value)
  } while (load<u8>(at) === COMMA)
  return false
}

function setSummary(at: usize): bool {
  if (load<u8>(at) !== QUOTE) return false
  setField(SUMMARY, (at + 1) as f64)
  setField(SUMMARY + 1, endOfFirst(SUMMARY_CHARS, at + 1) as f64)
  setField(IS_PLAIN, wasPlain() ? 1 : 0)
  return true
}
