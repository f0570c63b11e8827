// Whether this commit can be published under a tag: `node scripts/publishable.js TAG REPOSITORY`.
// Runs before anything is installed, so on whichever Node there is.
import { readFileSync } from 'node:fs'

const [tag = '', address = ''] = process.argv.slice(2)
const { version, repository, publishConfig } = JSON.parse(readFileSync('package.json', 'utf8'))
const named = String(repository?.url ?? repository ?? '')
  .replace(/^git\+/, '')
  .replace(/\.git$/, '')

const problem =
  tag !== `v${version}`
    ? `the tag is '${tag}' and package.json says version ${version}: tag it v${version}`
    : named === ''
      ? `package.json names no repository, which npm holds against where this runs: add "repository": { "type": "git", "url": "git+${address}.git" }`
      : named !== address
        ? `package.json names the repository ${named}, and this runs for ${address}: npm would refuse it`
        : publishConfig?.provenance !== true
          ? 'package.json must have "publishConfig": { "provenance": true }'
          : !readFileSync('CHANGELOG.md', 'utf8').includes(version)
            ? `CHANGELOG.md says nothing of ${version}`
            : null

if (problem !== null) {
  process.stderr.write(`publish: ${problem}\n`)
  process.exit(2)
}
