/** `state:blocked tool:bash session:… text`, `!` inverts a term, a comma means or. */
import { DECIDERS, OUTCOMES, STATES } from '../action/action.ts'
import { textsOf, type World } from '../action/world.ts'

export type Predicate = (row: number) => boolean

interface Term {
  readonly key: string
  readonly values: readonly string[]
  readonly inverted: boolean
}

/** What can stand before the colon, for the help and for completion. */
export const FILTER_KEYS = [
  'state',
  'by',
  'outcome',
  'tool',
  'session',
  'machine',
  'agent',
  'project',
  'model',
  'text',
] as const

const isFilterKey = (key: string): boolean => FILTER_KEYS.some(known => known === key)

/** As it is written behind the colon: spaces are held together. */
export const filterValue = (text: string): string => (/\s/.test(text) ? `"${text}"` : text)

export function parseFilter(text: string): Term[] {
  const words = text.match(/(?:[^\s"]|"[^"]*"?)+/g) ?? []
  return words.map(word => {
    const inverted = word.startsWith('!')
    const plain = (inverted ? word.slice(1) : word).replaceAll('"', '').toLowerCase()
    const colon = plain.indexOf(':')
    const key = colon > 0 ? plain.slice(0, colon) : 'text'
    if (!isFilterKey(key)) return { key: 'text', values: [plain], inverted }
    const value = colon > 0 ? plain.slice(colon + 1) : plain
    const values = key === 'text' ? [value] : value.split(',').filter(v => v !== '')
    return { key, values: values.length > 0 ? values : [''], inverted }
  })
}

/** Null when every row passes. Each term is looked up once a name, not once a row. */
export function compileFilter(world: World, text: string): Predicate | null {
  const terms = parseFilter(text)
  if (terms.length === 0) return null
  const tests = terms.map(term => {
    const test = testOf(world, term)
    return term.inverted ? (row: number) => !test(row) : test
  })
  return row => tests.every(test => test(row))
}

function testOf(world: World, { key, values }: Term): Predicate {
  const { actions } = world
  const has = (text: string): boolean => values.some(v => text.toLowerCase().includes(v))
  const byCode = (column: 'state' | 'outcome' | 'decidedBy', names: readonly string[]) => {
    const codes = names.map(name => values.some(v => name.startsWith(v)))
    return (row: number) => codes[actions.columns[column][row] ?? 0] ?? false
  }
  const byAgent = (text: (agent: number) => string): Predicate => {
    const known = new Map<number, boolean>()
    return row => {
      const agent = actions.columns.agent[row] ?? 0
      let hit = known.get(agent)
      if (hit === undefined) {
        hit = has(text(agent))
        known.set(agent, hit)
      }
      return hit
    }
  }
  const session = (agent: number) => world.sessions[world.agents[agent]?.session ?? 0]
  switch (key) {
    case 'state':
      return byCode('state', STATES)
    case 'outcome':
      return byCode('outcome', OUTCOMES)
    case 'by':
      return byCode('decidedBy', DECIDERS)
    case 'tool':
      return row => has(world.tools.at(actions.columns.tool[row] ?? 0))
    case 'session':
      return byAgent(agent => `${session(agent)?.id} ${session(agent)?.title}`)
    case 'machine':
      return byAgent(agent => world.machineBySession.get(session(agent)?.id ?? '') ?? '')
    case 'agent':
      return byAgent(agent => `${world.agents[agent]?.id} ${world.agents[agent]?.name}`)
    case 'project':
      return byAgent(agent => session(agent)?.cwd ?? '')
    case 'model':
      return byAgent(agent => session(agent)?.model ?? '')
    default:
      return row =>
        has(textsOf(world, row).summary) ||
        has(world.tools.at(actions.columns.tool[row] ?? 0)) ||
        has(world.reasons.at(actions.columns.reason[row] ?? 0))
  }
}
