// Loaded by Node before the program (`--import …/held-clock.js?at=MS`): its clock stands still, so that ages
// and dates on a picture are the same whenever it is made. Timers and performance.now() go on. Of the
// signal SIGUSR2 a few seconds pass.
const PASSES_MS = 3000

let now = Number(new URL(import.meta.url).searchParams.get('at'))
process.on('SIGUSR2', () => {
  now += PASSES_MS
})

globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(now)
    else super(...parts)
  }
  static now() {
    return now
  }
}
