// Ink in the bundle draws by src/ui/line-output.ts, which says why.
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const OWN = join(import.meta.dirname, 'src', 'ui', 'line-output.ts')

export const lineOutput = {
  name: 'line output',
  setup(build) {
    build.onResolve({ filter: /^\.\/output\.js$/ }, ({ importer, resolveDir }) => {
      if (!importer.endsWith('ink/build/renderer.js')) return undefined
      if (!existsSync(join(resolveDir, 'output.js'))) throw new Error('ink: output.js is gone')
      return { path: OWN }
    })
  },
}
