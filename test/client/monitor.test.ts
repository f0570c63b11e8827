import { afterEach, describe, expect, test } from 'vitest'
import { type ApiOptions, type ScriptedStep, startApi, type ToolCall } from './api.ts'
import { ALL_VERSIONS, installClient } from './install.ts'
import { makeHome, openInteractive, pressUntil, runHeadless, submitPrompt } from './session.ts'
import { openSignalbox, rowOf } from './watching.ts'

const open: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const one of open.splice(0).reverse()) await one.close()
})

/** A client's API, a throw-away home, and Signalbox already watching it. */
async function setUp(script: ScriptedStep[], options?: ApiOptions) {
  const api = await startApi(script, options)
  const home = await makeHome()
  const signalbox = openSignalbox(home)
  open.push({ close: home.remove }, api, signalbox)
  return { api, home, signalbox }
}

const bash = (command: string): ToolCall => ({ name: 'Bash', input: { command } })

const dangerous = (text: string): boolean => /push --force|evil\.example/.test(text)

const CHECKED: ApiOptions = {
  safeguards: 'answer',
  classify: action => ({ block: dangerous(action), reason: '[Git Destructive] forced push' }),
  judge: (_, input) => ({
    block: dangerous(String(input.command)),
    reason: '[Git Destructive] forced push',
  }),
}

describe.each(ALL_VERSIONS)('watching client %s', version => {
  const approver = version === '2.1.330' ? 'classifier' : ''

  test('shows what auto mode approved and blocked, by whom and why, and what it cost', async () => {
    const client = await installClient(version)
    const { api, home, signalbox } = await setUp(
      [
        [{ name: 'Read', input: { file_path: 'hello.txt' } }, bash('touch made.txt')],
        [bash('npm test')],
        [bash('git push --force origin main')],
        'All done.',
      ],
      CHECKED,
    )
    await signalbox.waitFor('SAMPLE')
    await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })

    // The last answer comes a moment after the last action.
    const screen = await signalbox.waitFor(
      s => /\+ approved.*touch made/.test(s) && s.includes('x blocked') && s.includes('$0.151'),
    )
    expect(screen).not.toContain('SAMPLE')
    expect(rowOf(screen, 'touch made.txt')).toContain('+ approved')
    expect(rowOf(screen, 'npm test')).toMatch(new RegExp(`~ failed +${approver}`))
    expect(rowOf(screen, 'git push --force')).toMatch(
      /x blocked +classifier.*\[Git Destructive\] forced push/,
    )
    expect(screen).toMatch(/blocked 1 {2}approved 3/)
    // Four answers of 0.03775 each; the two calls of the first answer share its cost.
    expect(screen).toContain('cost     $0.151')
    expect(rowOf(screen, 'touch made.txt')).toContain('$0.0189')
    expect(screen).toMatch(/to pause .* 1\/3 refused in a row/)
  })

  test('shows a permission dialog as pending, with its age, until the person answers', async () => {
    const client = await installClient(version)
    const { api, home, signalbox } = await setUp([[bash('touch made.txt')], 'All done.'])
    const session = openInteractive(client, api, home, { mode: 'default' })
    open.push(session)
    await submitPrompt(session, 'do the thing')
    await session.waitFor('Do you want to proceed?')

    const waiting = await signalbox.waitFor(s =>
      /\? pending +permission +\d/.test(rowOf(s, 'touch made.txt')),
    )
    expect(waiting).toMatch(/pending 1 {2}for \d/)
    await signalbox.waitFor(s => / [2-9]\.\ds /.test(rowOf(s, 'touch made.txt')))

    await pressUntil(session, '1', screen => !screen.includes('Do you want to proceed?'))
    const answered = await signalbox.waitFor(s => rowOf(s, 'touch made.txt').includes('+ approved'))
    expect(answered).toContain('pending 0')
    if (version === '2.1.330') expect(rowOf(answered, 'touch made.txt')).toContain('user')
  })

  test('shows a question to the user as pending, and a killed session as interrupted', async () => {
    const client = await installClient(version)
    const question = {
      name: 'AskUserQuestion',
      input: {
        questions: [
          {
            question: 'Which colour?',
            header: 'Colour',
            multiSelect: false,
            options: [
              { label: 'Red', description: 'warm' },
              { label: 'Blue', description: 'cold' },
            ],
          },
        ],
      },
    }
    const { api, home, signalbox } = await setUp([[question], 'All done.'])
    const session = openInteractive(client, api, home, { mode: 'auto' })
    open.push(session)
    await submitPrompt(session, 'do the thing')

    await signalbox.waitFor(s => /\? pending +an answer/.test(rowOf(s, 'Which colour?')))
    process.kill(await session.pid, 'SIGKILL')
    const ended = await signalbox.waitFor(s => rowOf(s, 'Which colour?').includes('- interrupted'))
    expect(ended).toContain('pending 0')
  })

  test('headless, without anybody to ask: refused, and by no person', async () => {
    const client = await installClient(version)
    const { api, home, signalbox } = await setUp([[bash('touch made.txt')], 'All done.'])
    await runHeadless(client, api, home, 'do the thing', { mode: 'default' })
    const screen = await signalbox.waitFor(s => rowOf(s, 'touch made.txt').includes('x blocked'))
    expect(rowOf(screen, 'touch made.txt')).toContain('unattended')
  })

  test('what a person refused or stopped is not shown as what it was not', async () => {
    const client = await installClient(version)
    const { api, home, signalbox } = await setUp([[bash('sleep 9; touch made.txt')], 'All done.'])
    const session = openInteractive(client, api, home, { mode: 'default' })
    open.push(session)
    await submitPrompt(session, 'do the thing')
    await session.waitFor('Do you want to proceed?')
    await pressUntil(session, '1', screen => !screen.includes('Do you want to proceed?'))
    await pressUntil(session, '\u001b', screen => /Interrupted|What should Claude do/i.test(screen))
    // 2.1.150 says that it ran; the others write the same as for a refusal.
    const told = version === '2.1.150' ? /- interrupted/ : /- interrupted +(?!user)/
    await signalbox.waitFor(s => told.test(rowOf(s, 'touch made.txt')))
  })

  test('attributes a subagent to its session', async () => {
    const client = await installClient(version)
    const agent = {
      name: 'Agent',
      input: {
        description: 'look',
        prompt: 'SUBAGENT look around',
        subagent_type: 'general-purpose',
      },
    }
    const { api, home, signalbox } = await setUp([[agent], 'All done.'], {
      ...CHECKED,
      subagent: [[bash('ls -la')], 'sub done'],
    })
    await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })

    const screen = await signalbox.waitFor(s => rowOf(s, 'ls -la').includes('+ approved'))
    expect(rowOf(screen, 'ls -la')).toContain('general-pur')
    const sessionOf = (summary: string): string => rowOf(screen, summary).slice(9, 17)
    expect(sessionOf('ls -la')).toBe(sessionOf('look'))
  })
})

test('behind a gateway that does not answer the check, refusals are outages, not blocks', async () => {
  const client = await installClient('2.1.330')
  const { api, home, signalbox } = await setUp([[bash('npm test')], 'All done.'], {
    safeguards: 'none',
  })
  await runHeadless(client, api, home, 'do the thing', { mode: 'auto' })

  const screen = await signalbox.waitFor(s => rowOf(s, 'npm test').includes('! outage'))
  expect(screen).toMatch(/blocked 0 .* outages 1/)
})
