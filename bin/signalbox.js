#!/usr/bin/env node
// Written for any Node, so that an older one gets one clear line instead of a syntax error.
var parts = process.versions.node.split('.')
if (+parts[0] < 22 || (+parts[0] === 22 && +parts[1] < 22)) {
  process.stderr.write(
    'signalbox: needs Node 22.22 or newer, this is ' +
      process.versions.node +
      ' (' +
      process.execPath +
      '). Install a newer Node and start it again.\n',
  )
  process.exit(2)
}
import('../dist/cli.js').then(function (cli) {
  return cli.main(process.argv.slice(2))
})
