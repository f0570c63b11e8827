/** docs/dependencies.md tells the truth, and nothing is installed that nobody answers for. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { textOf } from '../helpers/docs.ts'
import { REPOSITORY } from './packed.ts'

interface Locked {
  readonly version: string
  readonly integrity?: string
  readonly license?: string
  readonly hasInstallScript?: boolean
  readonly dev?: boolean
  readonly dependencies?: Record<string, string>
  readonly optionalDependencies?: Record<string, string>
}

const manifest = JSON.parse(readFileSync(join(REPOSITORY, 'package.json'), 'utf8'))
const lock: { packages: Record<string, Locked> } = JSON.parse(
  readFileSync(join(REPOSITORY, 'package-lock.json'), 'utf8'),
)
const { '': own, ...packages } = lock.packages
const named: Record<string, string> = { ...manifest.dependencies, ...manifest.devDependencies }

interface Row {
  readonly part: string
  readonly name: string
  readonly version: string
  readonly license: string
  readonly size: number
  readonly below: number
  readonly why: string
}

const rows: Row[] = textOf('docs/dependencies.md')
  .split(/^## /m)
  .flatMap(section => {
    const [part = '', ...lines] = section.split('\n')
    return lines
      .filter(line => /^\| (?!package)[@a-z]/.test(line))
      .map(line => {
        const [, name = '', version = '', license = '', size, below, , why = ''] = line
          .split('|')
          .map(cell => cell.trim())
        return { part, name, version, license, size: Number(size), below: Number(below), why }
      })
  })

const locked = (name: string): Locked | undefined => packages[`node_modules/${name}`]

/** Everything that comes with a package, as the lockfile has it. */
function below(name: string): Set<string> {
  const found = new Set<string>()
  const visit = (wanted: string, from: string): void => {
    for (let at = from; ; at = at.replace(/\/?node_modules\/(@[^/]+\/)?[^/]+$/, '')) {
      const path = `${at === '' ? '' : `${at}/`}node_modules/${wanted}`
      const it = packages[path]
      if (it !== undefined && !found.has(path)) {
        found.add(path)
        for (const next of Object.keys({ ...it.dependencies, ...it.optionalDependencies }))
          visit(next, path)
      }
      if (it !== undefined || at === '') return
    }
  }
  visit(name, '')
  found.delete(`node_modules/${name}`)
  return found
}

function bytesIn(folder: string): number {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, it) => {
    const path = join(folder, it.name)
    if (it.isDirectory()) return it.name === 'node_modules' ? sum : sum + bytesIn(path)
    return sum + statSync(path).size
  }, 0)
}

describe('docs/dependencies.md', () => {
  test('names the packages of package.json, each once, in the right part', () => {
    expect(rows.map(it => it.name).sort()).toEqual(Object.keys(named).sort())
    const installed = rows.filter(it => it.part === 'Installed with Signalbox')
    expect(installed.map(it => it.name)).toEqual(Object.keys(manifest.dependencies))
  })

  test('what is in the bundle is what the program imports', () => {
    const imported = new Set(
      readdirSync(join(REPOSITORY, 'src'), { recursive: true, withFileTypes: true })
        .filter(it => it.isFile() && /\.tsx?$/.test(it.name))
        .map(it => readFileSync(join(it.parentPath, it.name), 'utf8'))
        .flatMap(text => [
          ...text.matchAll(/(?:from|import\() ?'((?:@[\w-]+\/)?[a-z][\w.-]*)['/]/g),
        ])
        .map(([, name = '']) => name)
        .filter(name => Object.hasOwn(named, name)),
    )
    const bundled = rows.filter(it => it.part === 'In the bundle').map(it => it.name)
    expect([...imported].sort()).toEqual([...bundled, 'string-width'].sort())
  })

  test.each(rows)('$name: version, license, what comes with it, and why', row => {
    expect(named[row.name]).toBe(row.version)
    expect(locked(row.name)).toMatchObject({ version: row.version, license: row.license })
    expect(below(row.name).size).toBe(row.below)
    expect(row.why).not.toBe('')
  })

  // What a package puts into its own folder when it is installed depends on the machine.
  test.each(rows.filter(it => !locked(it.name)?.hasInstallScript))('$name: its size', row => {
    const kilobytes = bytesIn(join(REPOSITORY, 'node_modules', row.name)) / 1000
    expect(Math.abs(kilobytes - row.size)).toBeLessThanOrEqual(1 + row.size * 0.02)
  })
})

describe('the lockfile', () => {
  test('has one exact version and a hash for every package', () => {
    for (const version of Object.values(named)) expect(version).toMatch(/^\d+\.\d+\.\d+$/)
    for (const [path, it] of Object.entries(packages)) {
      expect([path, it.integrity]).toEqual([path, expect.stringMatching(/^sha512-[\w+/]{86}==$/)])
    }
    expect(own).toMatchObject({ version: manifest.version, dependencies: manifest.dependencies })
  })

  test('no license that anybody would have to ask about', () => {
    const known = /^(MIT|ISC|0BSD|BSD-[23]-Clause|Apache-2\.0|MPL-2\.0|CC0-1\.0|Unlicense)$/
    // Of several that are offered one may be chosen.
    const offered = (license = ''): string[] => license.replace(/^\((.*)\)$/, '$1').split(' OR ')
    for (const [path, { license }] of Object.entries(packages))
      expect([path, offered(license).filter(it => known.test(it))]).not.toEqual([path, []])
  })

  test('four packages come to a user, and none of them runs anything at install', () => {
    const users = Object.entries(packages).filter(([, it]) => it.dev !== true)
    expect(users.map(([path]) => path)).toEqual([
      'node_modules/ansi-regex',
      'node_modules/get-east-asian-width',
      'node_modules/string-width',
      'node_modules/strip-ansi',
    ])
    for (const [, it] of users) expect(it.hasInstallScript).toBeUndefined()
  })

  test('scripts at install are those that package.json allows', () => {
    const scripts = Object.entries(packages).filter(([, it]) => it.hasInstallScript)
    expect(scripts.map(([path]) => path.replace(/^.*node_modules\//, '')).sort()).toEqual(
      Object.keys(manifest.allowScripts).sort(),
    )
  })
})

test('Signalbox itself runs nothing when it is installed', () => {
  const names = Object.keys(manifest.scripts)
  for (const name of [
    'preinstall',
    'install',
    'postinstall',
    'prepare',
    'preprepare',
    'postprepare',
  ])
    expect(names).not.toContain(name)
})
