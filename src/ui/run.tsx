import { render } from 'ink'
import type { Monitor } from '../monitor/monitor.ts'
import { App } from './app.tsx'
import type { Theme } from './theme.ts'

/** Shows the screen until the user quits. */
export async function runScreen(
  monitor: Monitor,
  themes: readonly Theme[],
  onShown: () => void = () => {},
): Promise<void> {
  const write = (bytes: string): void => void process.stdout.write(bytes)
  const screen = render(<App monitor={monitor} themes={themes} write={write} />, {
    alternateScreen: true,
    incrementalRendering: true,
    // The monitor publishes at most ten times a second; a lower limit here would only delay keys.
    maxFps: 60,
    exitOnCtrlC: false,
    onRender: onShown,
  })
  await screen.waitUntilExit()
}
