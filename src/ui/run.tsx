import { render } from 'ink'
import type { Monitor } from '../monitor/monitor.ts'
import { App } from './app.tsx'
import type { Manner } from './manner.ts'
import { onReread, type ThemeFiles } from './theme-files.ts'
import { inWholeFrames } from './whole-frames.ts'

/** After a resize: soon, for the eye, and once more when every frame of before has surely come. */
const REDRAWS_MS = [50, 300]

/** Shows the screen until the user quits. */
export async function runScreen(
  monitor: Monitor,
  themes: ThemeFiles,
  manner: Manner,
  onShown: () => void = () => {},
): Promise<void> {
  const write = (bytes: string): void => void process.stdout.write(bytes)
  // Ink listens to keys a moment after the first frame: until then Ctrl-C would end the program.
  process.stdin.setRawMode(true)
  let isAway = false
  const onAway = (away: boolean): void => {
    isAway = away
  }
  const app = () => (
    <App monitor={monitor} themes={themes.current} write={write} manner={manner} onAway={onAway} />
  )
  const screen = render(app(), {
    stdout: inWholeFrames(process.stdout),
    alternateScreen: !manner.spoken,
    isScreenReaderEnabled: manner.spoken,
    incrementalRendering: true,
    // The monitor publishes at most ten times a second; a lower limit here would only delay keys.
    maxFps: 60,
    exitOnCtrlC: false,
    onRender: onShown,
  })
  let shown = themes.current
  let problem = ''
  const watching = themes.watch((now, found) => {
    const [before, last] = [shown, problem]
    shown = now
    problem = found
    screen.rerender(app())
    monitor.setView(view => onReread(view, [before, now], [last, found]))
  })
  // Frames laid out for the old width may still arrive at the new one, and what the next frames do
  // not change would stay broken: after the last of a storm of resizes the screen is drawn anew.
  let redraws: NodeJS.Timeout[] = []
  const redraw = (): void => {
    if (isAway) return
    screen.clear()
    write('\u001b[H\u001b[J')
    monitor.publish()
  }
  const onResize = (): void => {
    redraws.forEach(clearTimeout)
    redraws = REDRAWS_MS.map(ms => setTimeout(redraw, ms))
  }
  // What is spoken has no place on the screen.
  if (!manner.spoken) process.stdout.on('resize', onResize)
  await screen.waitUntilExit()
  process.stdout.off('resize', onResize)
  redraws.forEach(clearTimeout)
  await watching
  await themes.close()
}
