// Loaded by Node before the gate (`--import …/die-in-append.js?at=N&how=before|half|after`): the process
// ends itself, as kill -9 would, around the N-th line that it appends.
import fs, { syncBuiltinESMExports } from 'node:fs'

const asked = new URL(import.meta.url).searchParams
const how = asked.get('how')
let left = Number(asked.get('at'))
const append = fs.appendFileSync
const die = () => process.kill(process.pid, 'SIGKILL')

fs.appendFileSync = (file, text, ...rest) => {
  left--
  if (left === 0 && how === 'before') die()
  if (left === 0 && how === 'half') {
    append(file, String(text).slice(0, String(text).length >> 1), ...rest)
    die()
  }
  append(file, text, ...rest)
  if (left === 0) die()
}
syncBuiltinESMExports()
