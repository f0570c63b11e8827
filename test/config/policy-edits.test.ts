import { lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { enableAutoMode, setPlatform } from '../../src/config/policy-edits.ts'
import { put, tempFolder } from '../helpers/folder.ts'

test('a platform that is listed is not listed twice; comments and order stay', () => {
  const file = put(
    join(tempFolder(), 'config.yaml'),
    '# mine\nplatforms:\n  - https://a.example # ours\n',
  )
  setPlatform(file, 'https://b.example', 'guard')
  setPlatform(file, 'https://b.example', 'decide')
  expect(readFileSync(file, 'utf8')).toBe(
    '# mine\nplatforms:\n  - https://a.example # ours\n  - platform: https://b.example\n    role: decide\n',
  )
})

test('a link stays a link', () => {
  const folder = tempFolder()
  const real = put(join(folder, 'dotfiles.yaml'), '')
  const file = join(folder, 'config.yaml')
  symlinkSync(real, file)
  enableAutoMode(file, { by: 'a: "b"', on: '2026-11-24' })
  expect(lstatSync(file).isSymbolicLink()).toBe(true)
  expect(readFileSync(real, 'utf8')).toBe(
    `auto_mode:\n  enabled_by: 'a: "b"'\n  enabled_on: 2026-11-24\n`,
  )
})

test('a file that is no map is not changed', () => {
  const file = put(join(tempFolder(), 'config.yaml'), '- a\n')
  expect(() => setPlatform(file, 'https://a.example', 'decide')).toThrow(/must hold settings/)
  expect(readFileSync(file, 'utf8')).toBe('- a\n')
})
