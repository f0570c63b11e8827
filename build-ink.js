// Ink in the bundle draws by src/ui/line-output.ts and measures by src/ui/ink-width.ts, which say why.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const own = name => join(import.meta.dirname, 'src', 'ui', name)

export const lineOutput = {
  name: 'line output',
  setup(build) {
    build.onResolve({ filter: /^\.\/output\.js$/ }, ({ importer, resolveDir }) => {
      if (!importer.endsWith('ink/build/renderer.js')) return undefined
      if (!existsSync(join(resolveDir, 'output.js'))) throw new Error('ink: output.js is gone')
      return { path: own('line-output.ts') }
    })
  },
}

export const lineWidth = {
  name: 'line width',
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, ({ importer }) =>
      importer.includes('/node_modules/') ? { path: own('ink-width.ts') } : undefined,
    )
  },
}
