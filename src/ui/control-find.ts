/** Keys that find: the tree of sessions. */
import type { World } from '../action/world.ts'
import { FOLDED, UNFOLDED, withFold } from '../monitor/folds.ts'
import type { MonitorState } from '../monitor/monitor.ts'
import { nodeAt, sessionTree, type TreeNode } from '../monitor/sessions.ts'
import type { View } from '../monitor/view.ts'
import type { Command } from './keymap.ts'

/** A key on the sessions screen; null when it is not about the tree. */
export function onTree({ world }: MonitorState, view: View, command: Command): View | null {
  const nodes = sessionTree(world, view.tree)
  const at = nodeAt(nodes, view.session)
  const node = nodes[at]
  const to = (index: number): View => {
    const next = nodes[Math.max(0, Math.min(nodes.length - 1, index))]
    return { ...view, session: next?.key ?? null }
  }
  switch (command) {
    case 'up':
      return to(at - 1)
    case 'down':
      return to(at + 1)
    case 'page-up':
      return to(at - 10)
    case 'page-down':
      return to(at + 10)
    case 'first':
      return to(0)
    case 'last':
      return to(nodes.length - 1)
    case 'details':
      return node === undefined ? { ...view, screen: 'live' } : shown(world, view, node)
    case 'fold':
    case 'unfold': {
      if (node === undefined) return view
      const { id } = node.session
      return { ...view, session: id, tree: withFold(view.tree, id, command === 'unfold') }
    }
    case 'fold-all':
      return { ...view, tree: nodes.some(isOpen) ? FOLDED : UNFOLDED }
    default:
      return null
  }
}

const isOpen = (node: TreeNode): boolean =>
  node.kind === 'session' && node.agents > 0 && node.unfolded

/** The live list with only the actions of a session, or of one of its subagents. */
function shown(world: World, view: View, node: TreeNode): View {
  const session = `session:${node.session.id}`
  const agent = node.kind === 'agent' ? ` agent:${world.agents[node.sums.agent]?.id}` : ''
  return { ...view, selected: null, screen: 'live', filter: session + agent }
}
