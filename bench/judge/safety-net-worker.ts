// Runs in a process of its own, with an empty home: commands come in as lines of JSON, verdicts and
// their times go out.
//   node safety-net-worker.ts PATH-OF-API < COMMANDS
import { createInterface } from 'node:readline'

const TURNS = 2

// The peer's published interface (cc-safety-net/api), which is not installed when types are checked.
const { checkCommand } = (await import(process.argv[2] ?? '')) as {
  checkCommand: (input: { command: string; cwd: string }) => { kind: string }
}
const inputs: { command: string; cwd: string }[] = []
for await (const line of createInterface({ input: process.stdin })) inputs.push(JSON.parse(line))
let kinds: string[] = []
const times: number[] = []
for (let turn = 0; turn < TURNS; turn++) {
  kinds = inputs.map(input => {
    const start = performance.now()
    const { kind } = checkCommand(input)
    // The first turn warms up.
    if (turn > 0) times.push(performance.now() - start)
    return kind
  })
}
process.stdout.write(JSON.stringify({ kinds, times }))
