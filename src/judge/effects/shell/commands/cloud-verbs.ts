import { type CloudVerb, type Content, type Identity, SOMETHING } from '../../effect.ts'
import type { Shell } from '../shell.ts'
import type { Arg } from '../value.ts'

export const READ =
  /^(get|list|ls|describe|show|view|read|members|analyze|render|synth|hclfmt|docs|doctor|bootstrap-status|proxy-status|estimate|health|endpoint|dev|serve|tree|cat|du|size|lsd|lsl|lsf|lsjson|about|stat|exists|download|download-batch|download-artifacts|pull|receive-message|whoami|identity|account|accounts|regions|zones|orgs|dump|dumps|snapshots|stats|find|status-url|open|login-status|emulators:\w+|list_\w+|cluster_status|status|info|logs?|help|search|lookup|inspect|top|diff|plan|validate|fmt|output|whoami|whois|explain|events?|history|current-context|graph|wait|cluster-info|api-resources|tail|console|check|lint|template|completion|preview|--version|--help|ps|current-context|head|filter|batch-get|query|scan|test|outputs|can-i)(-|$)/i
export const DESTROY =
  /(^|[-:])(delete|destroy|remove|rm|rb|del|terminate|purge|drop|uninstall|teardown|deregister|revoke|disable|stop|cancel|reset|prune|clear|flush|archive|detach|disassociate|release|abort|evict|drain|cordon|rollback|undo|clean|empty|forget|unregister|erase|wipe|expire|invalidate|scale-down|suspend|kill|rmdir|rmi|down|dedupe|deletefile|cleanup)(-|$)/i
const GRANT =
  /(^|-)(add-iam|set-iam|attach-\w+-policy|put-\w+-policy|policy-binding|add-\w*permission\w*|create-access-key|create-login-profile|grant|assume|authorize|role-assignment|create-service-account-key|clusterrolebinding|rolebinding|add-user-to-group|update-assume-role-policy)(-|$)/i
const DEPLOY =
  /^(apply|deploy|deployments?|up|promote|publish|release|upgrade|install|rollout|create|run|push|sync|set|patch|replace|edit|scale|annotate|label|taint|expose|autoscale|restart|migrate|import|refresh|toggle-on|toggle-off|update|start|put|launch|submit|enable|turn-on|turn-off|invoke|execute|activate|deactivate|swap|failover|promote|attach|add|register|modify|transfer|tag|untag|import|restore|rebuild|resize|reboot|move|transition|assign|comment|close|reopen|ack|acknowledge|resolve|silence|changeset|sendtoaddress|sweep_all|pay|payinvoice|refund|refunds|charge|charges|payouts?|transfers?|purchase|config:\w+|pg:\w+|ps:\w+|maintenance:\w+)(-|$)/i

export const GLOBAL_TAKING =
  'profile region project zone n namespace context kubeconfig f filename o output l selector c container cluster g resource-group subscription format filter query stack app a s service account user server env environment e chdir target var var-file tail since p port t timeout kube-context values set version db-instance-identifier endpoint-url bucket key'

export function say(
  provider: string,
  verb: CloudVerb,
  names: readonly string[],
  on: Identity | null,
  sh: Shell,
): Content {
  sh.emit({ kind: 'cloud', provider, verb, names, on })
  return SOMETHING
}

const NOUN =
  /^(accounts?|identity|regions|zones|orgs|events?|logs?|endpoint|query|tree|size|console|tests?|outputs|about|snapshots|dumps?|stats|top|doctor|docs|dev)$/

/** The worst class that one of the words has: only where none changes anything does it read. */
export function classOf(verbs: readonly string[]): CloudVerb | null {
  if (/^(version|docs)$/.test(verbs[0] ?? '')) return 'read'
  if (verbs.some(verb => GRANT.test(verb))) return 'grant'
  if (verbs.some(verb => DESTROY.test(verb) && !/^(get|list|describe|show)-/.test(verb)))
    return 'destroy'
  const acts = (verb: string): boolean => READ.test(verb) || DEPLOY.test(verb)
  // `storage account update`: a noun says nothing where a verb follows.
  const first = verbs.find(
    (verb, i) => acts(verb) && !(NOUN.test(verb) && verbs.slice(i + 1).some(it => DEPLOY.test(it))),
  )
  if (first === undefined) return null
  return READ.test(first) ? 'read' : 'deploy'
}

/** The words before the first option that is not known to take a value or not: nouns and verbs. */
export function leading(args: readonly Arg[]): readonly Arg[] {
  const global =
    /^--?(profile|region|project|zone|n|namespace|context|kubeconfig|o|output|format|s|server|a|app|t|token|e|env|environment)$/
  const words: Arg[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]
    if (arg === undefined) break
    if (!arg.text.startsWith('-')) words.push(arg)
    else if (global.test(arg.text)) i++
    else if (!arg.text.includes('=')) break
  }
  return words
}

/** With one of these nothing is changed. */
export const ONLY_SHOWS = [
  'dry-run',
  'dryrun',
  'check',
  'syntax-check',
  'list-hosts',
  'list-tasks',
  'list-tags',
  'what-if',
  'whatif',
  'preview',
  'validate-only',
  'no-execute-changeset',
  'dry',
]

/** What a cloud's own tool prints of its secrets. */
export function credential(what: string, sh: Shell): Content {
  sh.emit({ kind: 'read', target: { written: what, path: null, glob: '' }, credential: true })
  return { text: null, flows: ['secret'], from: [] }
}
