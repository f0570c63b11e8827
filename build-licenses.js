// What is bundled is somebody's: their licenses ask that their text goes along.
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** @param inputs paths of the files that went into the bundle */
export async function writeLicenses(inputs, file) {
  const folders = inputs.flatMap(
    path => /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1] ?? [],
  )
  const texts = await Promise.all([...new Set(folders)].sort().map(licenseIn))
  await writeFile(file, texts.join(`\n${'-'.repeat(80)}\n\n`))
}

async function licenseIn(folder) {
  const { name, version, license } = JSON.parse(
    await readFile(join(folder, 'package.json'), 'utf8'),
  )
  const names = (await readdir(folder)).filter(it => /^licen[cs]e/i.test(it)).sort()
  const texts = await Promise.all(names.map(it => readFile(join(folder, it), 'utf8')))
  return [`${name} ${version}, ${license}\n`, ...texts.map(it => `${it.trim()}\n`)].join('\n')
}
