import { render } from 'ink'
import type { Monitor } from '../monitor/monitor.ts'
import { App } from './app.tsx'
import type { Theme } from './theme.ts'

const RESIZE_MS = 50

/** Shows the screen until the user quits. */
export async function runScreen(
  monitor: Monitor,
  themes: readonly Theme[],
  onShown: () => void = () => {},
): Promise<void> {
  const write = (bytes: string): void => void process.stdout.write(bytes)
  // Ink listens to keys a moment after the first frame: until then Ctrl-C would end the program.
  process.stdin.setRawMode(true)
  const screen = render(<App monitor={monitor} themes={themes} write={write} />, {
    alternateScreen: true,
    incrementalRendering: true,
    // The monitor publishes at most ten times a second; a lower limit here would only delay keys.
    maxFps: 60,
    exitOnCtrlC: false,
    onRender: onShown,
  })
  // Frames laid out for the old width may still arrive at the new one, and what the next frames do
  // not change would stay broken: after the last of a storm of resizes the screen is drawn anew.
  let settled: NodeJS.Timeout | undefined
  const redraw = (): void => {
    screen.clear()
    write('\u001b[H\u001b[J')
    monitor.publish()
  }
  const onResize = (): void => {
    clearTimeout(settled)
    settled = setTimeout(redraw, RESIZE_MS)
  }
  process.stdout.on('resize', onResize)
  await screen.waitUntilExit()
  process.stdout.off('resize', onResize)
  clearTimeout(settled)
}
