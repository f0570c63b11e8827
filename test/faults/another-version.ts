/** A second build of the program, of another version and protocol, as an update would put it there. */
import { execFileSync } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PARTS = ['src', 'bin', 'themes', 'docs', 'package.json', 'tsconfig.json']

export interface Build {
  readonly folder: string
  /** `bin/signalbox.js` */
  readonly program: string
}

export function buildOf(version: string, protocol: number): Build {
  const folder = mkdtempSync(join(tmpdir(), 'signalbox-version-'))
  const scripts = readdirSync(ROOT).filter(name => /^build.*\.(js|ts)$/.test(name))
  for (const part of [...PARTS, ...scripts])
    cpSync(join(ROOT, part), join(folder, part), { recursive: true })
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'))
  edit(join(folder, 'package.json'), /"version": "[^"]+"/, `"version": "${version}"`)
  edit(
    join(folder, 'src', 'action', 'protocol.ts'),
    /PROTOCOL = \d+/,
    `PROTOCOL: number = ${protocol}`,
  )
  execFileSync(process.execPath, ['build.js'], { cwd: folder })
  return { folder, program: join(folder, 'bin', 'signalbox.js') }
}

function edit(path: string, what: RegExp, to: string): void {
  const text = readFileSync(path, 'utf8')
  if (!what.test(text)) throw new Error(`${path}: nothing like ${what} in it`)
  writeFileSync(path, text.replace(what, to))
}
