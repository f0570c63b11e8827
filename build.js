// Bundles the published program: one file per entry, the screen as a lazy chunk, so that a
// command that shows no screen never loads React (cold start about 30 ms instead of 150).
import { mkdir, readdir, rm } from 'node:fs/promises'
import { build } from 'esbuild'
import { lineOutput, lineWidth } from './build-ink.js'
import { writeLicenses } from './build-licenses.js'
import { onePriceList } from './build-prices.js'
import { buildScanner } from './build-scanner.js'

/** What checks the model's answers can say what is wrong in fifty languages (260 kB), and says it to nobody. */
const oneLanguage = {
  name: 'one-language',
  setup: ({ onLoad }) =>
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({ contents: '' })),
}

await mkdir('dist', { recursive: true })
const old = (await readdir('dist')).filter(name => name.endsWith('.js'))
await Promise.all(old.map(name => rm(`dist/${name}`)))
await buildScanner()
const { metafile } = await build({
  entryPoints: { cli: 'src/cli.ts', 'history-worker': 'src/sources/history-worker.ts' },
  outdir: 'dist',
  bundle: true,
  metafile: true,
  splitting: true,
  minify: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  jsx: 'automatic',
  chunkNames: '[name]-[hash]',
  legalComments: 'none',
  // Loaded when a text needs it (src/monitor/safe-text.ts): its tables take 40 ms to make.
  external: ['string-width'],
  plugins: [onePriceList, lineOutput, lineWidth, oneLanguage],
  logLevel: 'warning',
  // React's development build costs a third more per frame. Ink imports its devtools unless they
  // are replaced at build time: marking them external leaves an import that fails at start.
  define: { 'process.env.NODE_ENV': '"production"', 'process.env.DEV': '"false"' },
  // The main file of jsonc-parser loads its parts in a way that no bundler can follow.
  alias: {
    'react-devtools-core': './build-stub.js',
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
  },
  banner: {
    js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);",
  },
})
await writeLicenses(Object.keys(metafile.inputs), 'dist/licenses.txt')
