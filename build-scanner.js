// Compiles the scanner of transcript lines, which is AssemblyScript, to WebAssembly.
import { readdir, stat } from 'node:fs/promises'

const FOLDER = 'src/clients/claude-code/scanner'
const FILE = 'dist/scanner.wasm'
// A line longer than what this holds is parsed. Memory that cannot grow never moves.
const PAGES = '32'

/** Does nothing when the file is newer than its sources: the compiler takes a second to load. */
export async function buildScanner() {
  const sources = (await readdir(FOLDER)).map(name => `${FOLDER}/${name}`)
  const changed = await Promise.all([...sources, 'build-scanner.js'].map(changedAt))
  if ((await changedAt(FILE)) > Math.max(...changed)) return
  const { main } = await import('assemblyscript/asc')
  const { error, stderr } = await main([
    ...[`${FOLDER}/line.ts`, '--outFile', FILE, '-O3', '--noAssert', '--runtime', 'stub'],
    ...['--enable', 'simd', '--enable', 'bulk-memory', '--use', 'abort='],
    ...['--initialMemory', PAGES, '--maximumMemory', PAGES],
  ])
  if (error) throw new Error(`${FOLDER}: ${stderr}`)
}

/** So that tests which run from the sources have it too. */
export { buildScanner as setup }

const changedAt = path =>
  stat(path).then(
    file => file.mtimeMs,
    () => 0,
  )
