/** Questions as lines: the short ones at the foot, the long ones in the pane above it. */
import { textsOf, type World } from '../action/world.ts'
import { grouped } from '../monitor/format.ts'
import { glyphs } from '../monitor/glyphs.ts'
import type { MonitorState, Preview } from '../monitor/monitor.ts'
import { type Choose, EXPIRIES, type Prompt, type TrustForm } from '../monitor/prompt.ts'
import { clip, pad, printable, safe, width, wrapWords } from '../monitor/safe-text.ts'
import { unmistakable } from '../monitor/trust.ts'
import { windowOf } from '../monitor/view.ts'
import { line } from './cells.ts'
import { signOf } from './keymap.ts'
import type { Theme } from './theme.ts'

/** Whether it needs more room than the foot has. */
export function isTall(prompt: Prompt | null, columns: number): boolean {
  switch (prompt?.kind) {
    case 'choose':
    case 'trust':
      return true
    case 'confirm':
    case 'mend':
      // A yes to what was not read whole is none.
      return width(prompt.question) + YES_OR_NO.length + 2 > columns
    case 'words':
    case 'keep':
    case 'copy':
    case undefined:
      return false
  }
}

const YES_OR_NO = '[y/N]'

export function promptTitle(prompt: Prompt): string {
  switch (prompt.kind) {
    case 'choose':
      return prompt.title
    case 'trust':
      return prompt.proposedTo === undefined ? 'trust' : 'propose to trust'
    case 'confirm':
    case 'mend':
      return 'y does it, n leaves'
    case 'words':
    case 'keep':
    case 'copy':
      return ''
  }
}

export function promptLines(
  { world, preview }: Pick<MonitorState, 'world' | 'preview'>,
  prompt: Prompt,
  theme: Theme,
  columns: number,
  height: number,
): string[] {
  switch (prompt.kind) {
    case 'choose':
      return chooseLines(prompt, theme, columns, height)
    case 'trust':
      return trustLines(world, prompt, preview, theme, columns, height)
    case 'confirm':
    case 'mend':
      return wrapWords(prompt.question, columns).map(theme.role.accent)
    case 'words':
    case 'keep':
    case 'copy':
      return []
  }
}

function chooseLines(prompt: Choose, theme: Theme, columns: number, height: number): string[] {
  const labels = prompt.options.map(option => option.label)
  return choiceLines(labels, prompt.index, theme, columns, height)
}

/** `> ` before the chosen one: colour alone tells nothing. */
function choiceLines(
  labels: readonly string[],
  index: number,
  theme: Theme,
  columns: number,
  height: number,
): string[] {
  const { top, end } = windowOf(labels.length, index, height - 1, height)
  return labels.slice(top, end).map((label, i) => {
    const chosen = top + i === index
    const text = clip(`${chosen ? '> ' : '  '}${label}`, columns)
    return chosen ? theme.selection(theme.role.text(text)) : theme.role.text(text)
  })
}

function trustLines(
  world: World,
  form: TrustForm,
  preview: Preview | null,
  theme: Theme,
  columns: number,
  height: number,
): string[] {
  const { role } = theme
  const choice = form.choices[form.index]
  const labels = form.choices.map(
    ({ entry, resource, wider, unblocks }) =>
      `${pad(safe(unmistakable(entry)), Math.min(44, Math.floor(columns / 2)))} ` +
      (resource === null
        ? 'trusted; its expiry and note'
        : `${resource.kind}, ${wider ? 'wider' : 'narrowest'}, covers ${unblocks.length} blocked`),
  )
  const where = form.everywhere ? 'everywhere' : `in ${safe(form.project)}`
  const slot = choice === undefined ? '' : `, under ${choice.slot}`
  const note = form.note.trim() === '' ? '' : `, as "${safe(form.note.trim())}"`
  const foreseen =
    choice?.slot === preview?.slot && choice?.entry === preview?.entry ? preview : null
  const scope = wrapWords(
    `${where}, ${EXPIRIES[form.expiry]?.label ?? ''}${slot}${note}${foreseenText(foreseen)}`,
    columns,
  )
  const through = (foreseenRows(world, foreseen) ?? choice?.unblocks ?? [])
    .toReversed()
    .map(row => `  x ${safe(textsOf(world, row).summary)}`)
  const list = Math.max(1, Math.min(labels.length, Math.floor((height - 1) * 0.6)))
  const room = Math.max(0, height - scope.length - list)
  const shown =
    through.length > room && room > 0
      ? [...through.slice(0, room - 1), `  ${glyphs().cut} and ${through.length - room + 1} more`]
      : through.slice(0, room)
  return [
    ...choiceLines(labels, form.index, theme, columns, list),
    ...scope.map(role.accent),
    ...shown.map(text => role.dim(clip(text, columns))),
  ]
}

/** Every recorded action was judged again: what came of it. */
function foreseenText(preview: Preview | null): string {
  if (preview === null) return ''
  if (typeof preview.of === 'string') return `; not judged again: ${safe(preview.of)}`
  const { actions, letThrough, changed } = preview.of
  const others = changed - letThrough.length
  const more = others === 0 ? '' : `, ${grouped(others)} judged otherwise`
  return `; with it ${grouped(letThrough.length)} of ${grouped(actions)} recorded actions would be let through${more}`
}

/** @returns null while nothing was judged again */
function foreseenRows({ gate }: World, preview: Preview | null): number[] | null {
  if (preview === null || typeof preview.of === 'string') return null
  const ids = new Set(preview.of.letThrough)
  return gate.judged.flatMap(({ id, row }) => (row !== null && ids.has(id) ? [row] : []))
}

/** What stands at the foot while a question is open. */
export function promptFoot(prompt: Prompt, theme: Theme, columns: number): readonly string[] {
  switch (prompt.kind) {
    case 'confirm':
    case 'mend': {
      const [yes, question] = [YES_OR_NO, prompt.question]
      const { mark, accent } = theme.role
      return [
        line(
          [
            { text: yes, style: mark },
            { text: question, style: accent },
          ],
          columns,
        ),
      ]
    }
    case 'words': {
      const hint = `Enter sends, Esc keeps it waiting  ${prompt.label}`
      return [typing('deny; words for the agent:', prompt.typed, hint, theme, columns)]
    }
    case 'keep': {
      const hint = `Enter keeps it, Esc does not  ${prompt.filter}`
      return [typing('keep the filter as:', prompt.typed, hint, theme, columns)]
    }
    case 'trust':
      if (prompt.typing)
        return [typing('note:', prompt.note, 'Enter or Esc goes back', theme, columns)]
      return keyLines(prompt, columns).map(theme.role.accent)
    case 'copy':
    case 'choose':
      return keyLines(prompt, columns).map(theme.role.accent)
  }
}

export const promptFootHeight = (prompt: Prompt, columns: number): number =>
  Math.max(1, keyLines(prompt, columns).length)

/** The keys of a question that has some of its own: none of them may be cut off. */
function keyLines(prompt: Prompt, columns: number): readonly string[] {
  switch (prompt.kind) {
    case 'copy':
      return joined(['copy: c command', 'r reason', 'j JSON', 'Esc leaves'], columns)
    case 'choose':
      return joined(['Enter does it', 'Esc leaves', `${arrows()} choose`], columns)
    case 'trust':
      return prompt.typing ? [] : joined(trustKeys(prompt), columns)
    case 'confirm':
    case 'mend':
    case 'words':
    case 'keep':
      return []
  }
}

function trustKeys({ project, proposedTo }: TrustForm): string[] {
  if (proposedTo !== undefined)
    return [
      'Enter proposes it to the people of that machine',
      'Esc leaves',
      `${arrows()} entry`,
      'n note',
    ]
  const where = project === '' ? [] : ['Tab here or everywhere']
  return ['Enter trusts', 'Esc leaves', `${arrows()} entry`, ...where, 'e expiry', 'n note']
}

/** Whole ones, as many to a line as it takes. */
function joined(keys: readonly string[], columns: number): readonly string[] {
  const lines: string[] = []
  for (const key of keys) {
    const longer = lines.length === 0 ? key : `${lines.at(-1)}  ${key}`
    if (lines.length > 0 && width(longer) <= columns) lines[lines.length - 1] = longer
    else lines.push(...wrapWords(key, columns))
  }
  return lines
}

const arrows = (): string => `${signOf('up')} ${signOf('down')}`

/** The end of what is typed is always in sight. */
export function typing(
  label: string,
  typed: string,
  hint: string,
  theme: Theme,
  columns: number,
): string {
  // A sign stands before what is typed, words stand apart from it.
  const lead = label.length === 1 ? label : `${label} `
  const room = Math.max(4, columns - width(lead) - 1)
  let text = printable(typed)
  while (width(text) > room) text = Array.from(text).slice(1).join('')
  const shown = clip(`${lead}${text}${glyphs().caret}`, columns)
  return theme.role.accent(shown) + theme.role.dim(clip(safe(`  ${hint}`), columns - width(shown)))
}
