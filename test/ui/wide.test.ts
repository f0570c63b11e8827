/** Letters that are two columns wide, or none, or run from right to left: the columns stay aligned. */
import stringWidth from 'string-width'
import { describe, expect, test } from 'vitest'
import type { Event } from '../../src/action/event.ts'
import type { Size } from '../../src/ui/layout.ts'
import { asked, decided, T0 } from '../helpers/events.ts'
import { asks, gated, judged } from '../helpers/gate-events.ts'
import { withGate } from './gate-harness.ts'
import { renderApp } from './harness.ts'
import { pictured } from './pictures.ts'

const TEXTS: readonly { tool: string; summary: string; reason: string }[] = [
  { tool: 'Bash', summary: 'git push origin main', reason: 'pushes to origin' },
  { tool: 'أداة', summary: 'احذف مجلد البناء ثم ادفع إلى origin', reason: 'خارج المشروع' },
  { tool: 'כלי', summary: 'מחק את build ודחוף ל-main 123', reason: 'מחוץ לפרויקט' },
  { tool: '工具', summary: '删除构建目录并推送到远程仓库，然后部署到生产环境', reason: '项目之外' },
  { tool: '도구', summary: '빌드 디렉터리를 삭제하고 푸시합니다', reason: '프로젝트 밖' },
  { tool: 'Tool👍🏽', summary: '🚀 deploy 👩‍👩‍👧‍👦 🇩🇪 1️⃣ done', reason: 'emoji 🔥' },
  { tool: 'e\u0301dit', summary: 'cafe\u0301 नमस्ते สวัสดี', reason: 'combining' },
]

/** Every one blocked, but the last of them, which waits. */
const STORY: readonly Event[] = TEXTS.flatMap(({ tool, summary, reason }, i) => {
  const [id, at, session] = [`t${i}`, i * 1000, `s${i}`]
  const begin = [
    { type: 'session', session, at: i, title: summary, cwd: summary } as const,
    gated(at, { session }),
    asked(id, at, { session, tool, summary }),
  ]
  if (i % 2 === 0)
    return [...begin, decided(id, at + 40, { session, state: 'blocked', outcome: 'none', reason })]
  return [
    ...begin,
    judged(id, at + 5, { session, answer: 'ask' }),
    asks(id, at + 6, { session, why: reason, until: T0 + 90_000 }),
  ]
})

const SIZES: readonly Size[] = [
  { columns: 40, rows: 15 },
  { columns: 80, rows: 24 },
  { columns: 120, rows: 40 },
]

const LISTS: readonly { name: string; keys: readonly string[]; begins: RegExp }[] = [
  { name: 'live', keys: [], begins: /^(?!.* per ).*?(?=[x?] )/u },
  { name: 'pending', keys: ['w'], begins: /^.*?(?=here )/u },
  { name: 'sessions', keys: ['s'], begins: /^s\d +.*?(?=guard)/u },
]

describe('in every script', () => {
  const cases = LISTS.flatMap(list =>
    SIZES.map(size => ({ ...list, size, file: `${list.name}-${size.columns}x${size.rows}` })),
  )
  test.each(cases)('$file', async ({ keys, size, begins, file }) => {
    const app = await renderApp(withGate({ events: STORY }).monitor, size)
    await app.press(...keys)
    const lines = app.lines()
    for (const line of lines) expect(stringWidth(line), line).toBeLessThanOrEqual(size.columns)
    const rows = lines.slice(lines.findIndex(line => line.startsWith('--')) + 1, -2)
    const found = rows.flatMap(line => begins.exec(line)?.[0] ?? [])
    // The list of what waits has no such column where it is narrow.
    if (size.columns > 60 || file.startsWith('live')) expect(found.length).toBeGreaterThan(2)
    expect(new Set(found.map(head => stringWidth(head))).size).toBeLessThanOrEqual(1)
    await expect(pictured(app)).toMatchFileSnapshot(`./screens/wide/${file}.txt`)
  })
})
