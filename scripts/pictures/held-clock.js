// Loaded by Node before the program (`--import …/held-clock.js?at=MS`): its clock stands still, so that ages
// and dates on a picture are the same whenever it is made. Timers and performance.now() go on.
const now = Number(new URL(import.meta.url).searchParams.get('at'))

globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(now)
    else super(...parts)
  }
  static now() {
    return now
  }
}
