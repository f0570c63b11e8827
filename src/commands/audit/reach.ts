/** What in the client's settings takes actions away from the gate, or answers in its place. */
import type { Node } from 'jsonc-parser'
import { hooksIn } from '../../clients/claude-code/settings.ts'
import { propertyOf } from '../../clients/claude-code/settings-text.ts'
import type { Finding } from '../../monitor/finding.ts'
import { SUSPICIOUS, UNSTOPPABLE } from '../doctor/settings.ts'
import type { SettingsText } from './settings-mend.ts'

/** @param isProjects whoever can write to the repository can write it: a hook or a variable of the user's own is theirs */
export function reachFindings(root: Node, isProjects: boolean, file: SettingsText): Finding[] {
  const always = [...hooksOff(root, file), ...bypass(root, file)]
  return isProjects ? [...always, ...hooks(root, file), ...variables(root, file)] : always
}

function hooksOff(root: Node, file: SettingsText): Finding[] {
  const node = memberOf(root, 'disableAllHooks')
  if (node?.value !== true) return []
  return [
    {
      kind: 'hooks-off',
      severity: 'high',
      what: 'disableAllHooks: the client asks the gate about nothing here',
      where: file.placeOf(node),
      mend: 'take the line out, and look who put it there',
      ...withoutMember(file, node),
    },
  ]
}

function bypass(root: Node, file: SettingsText): Finding[] {
  const permissions = memberOf(root, 'permissions')
  const node = permissions && memberOf(permissions, 'defaultMode')
  if (node?.value !== 'bypassPermissions') return []
  return [
    {
      kind: 'bypass-mode',
      severity: 'high',
      what: 'permissions.defaultMode bypassPermissions: the client checks nothing by itself',
      where: file.placeOf(node),
      mend: 'take the line out: of auto mode only the gate is left',
      ...withoutMember(file, node),
    },
  ]
}

/** The events in which a hook says whether something runs. */
const DECIDING = /^(PreToolUse|PermissionRequest|PermissionDenied)$/

function hooks(root: Node, file: SettingsText): Finding[] {
  return hooksIn(root)
    .filter(({ event }) => DECIDING.test(event))
    .map(({ event, matcher, command, node }) => ({
      kind: 'project-hook',
      severity: 'medium',
      what: `a ${event} hook of the project${matcher === '' ? '' : ` (${matcher})`} can allow, refuse or change what the gate is asked about: ${brief(command)}`,
      where: file.placeOf(node),
      mend: 'read what it does; a hook that is meant belongs into your own settings',
      ...file.without(node),
    }))
}

const brief = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line === '') return 'no command'
  return line.length > 80 ? `${line.slice(0, 79)}…` : line
}

/** Where requests, settings and hooks lead. */
const LEADING =
  /^(ANTHROPIC_(BASE_URL|BEDROCK_BASE_URL|VERTEX_BASE_URL|FOUNDRY_BASE_URL|UNIX_SOCKET)|CLAUDE_CONFIG_DIR|SIGNALBOX_.*)$/
const NETWORK =
  /^(https?_proxy|all_proxy|NODE_EXTRA_CA_CERTS|NODE_TLS_REJECT_UNAUTHORIZED|SSL_CERT_(FILE|DIR))$/i

function variables(root: Node, file: SettingsText): Finding[] {
  const env = memberOf(root, 'env')
  const names = env?.type === 'object' ? (env.children ?? []) : []
  return names.flatMap((property): Finding[] => {
    const name = String(property.children?.[0]?.value)
    const isGrave = LEADING.test(name) || UNSTOPPABLE.test(name)
    if (!isGrave && !SUSPICIOUS.test(name) && !NETWORK.test(name)) return []
    return [
      {
        kind: 'project-variable',
        severity: isGrave ? 'high' : 'medium',
        what: `env ${name}: ${whyOf(name)}`,
        where: file.placeOf(property),
        mend: 'take the line out, and look who put it there',
        ...file.without(property),
      },
    ]
  })
}

function whyOf(name: string): string {
  if (/_BASE_URL$|_UNIX_SOCKET$/.test(name))
    return 'the project chooses where the client sends all that it says'
  if (name === 'CLAUDE_CONFIG_DIR')
    return 'the project chooses the settings, and so the hooks, of clients started in it'
  if (UNSTOPPABLE.test(name)) return 'can replace the shell of any hook'
  if (NETWORK.test(name)) return 'the project chooses who stands between the client and its API'
  return 'the gate is proof against it, other hooks and tools may not be'
}

/** With its name. */
const withoutMember = (file: SettingsText, value: Node) =>
  value.parent === undefined ? {} : file.without(value.parent)

function memberOf(object: Node, name: string): Node | undefined {
  return object.type === 'object' ? propertyOf(object, name)?.children?.[1] : undefined
}
