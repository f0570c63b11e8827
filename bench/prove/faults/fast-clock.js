// Loaded by Node before the gate (`--import …/fast-clock.js?from=MS&day=MS`): a day of its clock takes so
// many real milliseconds, so that a new file of the journal begins every moment.
const asked = new URL(import.meta.url).searchParams
const from = Number(asked.get('from'))
const speed = 86_400_000 / Number(asked.get('day'))
const real = Date.now.bind(Date)
const now = () => Math.floor(from + (real() - from) * speed)

globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(now())
    else super(...parts)
  }
  static now() {
    return now()
  }
}
