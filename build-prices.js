// The price list of the package has every vendor there is, 480 KB that every start would load; the
// program asks for one of them (src/clients/claude-code/prices.ts).
import { readFile } from 'node:fs/promises'

const VENDOR = 'anthropic'
/** The list stands first in the package's file, one vendor after the other. */
const LIST = /^(const \w+ = \[\n)(.*?)(^\])/ms

export const onePriceList = {
  name: 'one price list',
  setup(build) {
    build.onLoad({ filter: /genai-prices\/dist\/index\.js$/ }, async ({ path }) => {
      const contents = onlyVendor(await readFile(path, 'utf8'))
      return { contents, loader: 'js' }
    })
  },
}

function onlyVendor(text) {
  const vendors = LIST.exec(text)?.[2]?.split(/(?<=^ {2}\},?\n)/m) ?? []
  const own = vendors.filter(it => it.startsWith(`  {\n    id: "${VENDOR}",`))
  if (own.length !== 1) throw new Error(`genai-prices: ${VENDOR} is not where it was`)
  return text.replace(LIST, (_, head, __, tail) => head + own[0] + tail)
}
