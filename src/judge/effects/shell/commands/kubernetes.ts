import { registryIdentity, urlIdentity } from '../../../resources/url.ts'
import { type Identity, SOMETHING } from '../../effect.ts'
import type { Call, Handler } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, type Options, optionsOf, valuesOf } from '../value.ts'
import { runCode } from './builtins.ts'
import { classOf, credential, GLOBAL_TAKING, say } from './cloud-verbs.ts'
import { asScript } from './containers.ts'

/** The context that commands go to when they name none. */
function currentContext(sh: Shell): Arg | undefined {
  const set = sh.scope.variables.get('kubectl context')
  if (set !== undefined) return set
  const fact = sh.facts.files[`${sh.facts.home}/.kube/config`]
  const named =
    fact?.kind === 'file'
      ? /^current-context:\s*["']?([\w./:@-]+)/m.exec(fact.content)?.[1]
      : undefined
  return named === undefined ? undefined : known(named)
}

/** The file of a cluster on this machine that the agent made leads to nothing else. */
function isOwnCluster(options: Options, call: Call, sh: Shell): boolean {
  const file =
    valuesOf(options, 'kubeconfig')[0] ?? call.env.get('KUBECONFIG') ?? sh.variable('KUBECONFIG')
  const path = file === undefined ? null : sh.target(file).path
  const name = `kubeconfig:${path}`
  return (
    path !== null &&
    (sh.facts.createdByAgent.includes(name) || sh.made.some(it => it.name === name))
  )
}

function cluster(options: Options, call: Call, sh: Shell): Identity | null {
  const context = valuesOf(options, 'context', 'kube-context')[0] ?? currentContext(sh)
  const namespace = valuesOf(options, 'n', 'namespace')[0]
  if (isOwnCluster(options, call, sh))
    return { kind: 'cluster', id: `k8s:kind-own${namespace?.known ? `/${namespace.text}` : ''}` }
  if (context === undefined || !context.known || (namespace !== undefined && !namespace.known))
    return null
  return {
    kind: 'cluster',
    id: `k8s:${context.text}${namespace === undefined ? '' : `/${namespace.text}`}`,
  }
}

export /** A manifest from elsewhere runs what its author likes. */
function fetched(options: Options, call: Call, sh: Shell): void {
  const what = ['kubectl', ...call.args.map(arg => arg.text)].join(' ')
  for (const file of valuesOf(options, 'f', 'filename', 'k')) {
    const from = /^https?:\/\//.test(file.text) ? urlIdentity(file.text) : null
    if (from !== null) sh.exec('network', what, [from])
    if (file.text === '-' && call.stdin.flows.includes('network'))
      sh.exec('network', what, call.stdin.from)
  }
}

export const kubectl: Handler = (call, sh) => {
  const dashes = call.args.findIndex(arg => arg.text === '--')
  const own = dashes < 0 ? call.args : call.args.slice(0, dashes)
  const options = optionsOf(own, GLOBAL_TAKING)
  const [verb = known(''), ...rest] = options.rest
  const names = own.map(arg => arg.text)
  const on = cluster(options, call, sh)
  const address = valuesOf(options, 'address')[0]?.text ?? ''
  if (/0\.0\.0\.0|::/.test(address))
    sh.emit({ kind: 'send', to: null, means: 'tunnel', payload: [], does: 'write' })
  if (verb.text === 'config' && rest[0]?.text === 'use-context' && rest[1] !== undefined) {
    sh.scope.variables.set('kubectl context', rest[1])
    return say('kubernetes', 'read', names, null, sh)
  }
  const dry = own.some(arg => /^--dry-run(=(client|server))?$/.test(arg.text))
  if (dry || /^(version|api-versions|options|plugin|kustomize|completion|auth)$/.test(verb.text))
    return say('kubernetes', 'read', names, on, sh)
  if (has(options, 'insecure-skip-tls-verify'))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['--insecure-skip-tls-verify'] })
  if (/^(apply|create|replace)$/.test(verb.text)) fetched(options, call, sh)
  switch (verb.text) {
    case 'exec':
    case 'attach':
    case 'debug':
    case 'cp': {
      const code: readonly Arg[] = dashes < 0 ? [] : call.args.slice(dashes + 1)
      say('kubernetes', 'deploy', names, on, sh)
      return code.length === 0
        ? SOMETHING
        : sh.elsewhere('container', () => runCode(asScript(code), call.stdin, sh))
    }
    case 'get':
    case 'describe':
      if (rest.some(arg => /^secrets?(\/|$)/.test(arg.text)) && has(options, 'o', 'output'))
        return credential('kubectl get secret', sh)
      return say('kubernetes', 'read', names, on, sh)
    case 'config':
      return say(
        'kubernetes',
        /^(view|get-|current)/.test(rest[0]?.text ?? '') ? 'read' : 'write',
        names,
        on,
        sh,
      )
    case 'port-forward':
    case 'proxy':
      return say('kubernetes', 'write', names, on, sh)
    default: {
      if (verb.text === 'rollout' && /^(status|history)$/.test(rest[0]?.text ?? ''))
        return say('kubernetes', 'read', names, on, sh)
      const kind = verb.known ? classOf([verb.text]) : null
      if (kind === null) sh.exec('unknown', ['kubectl', ...names].join(' '))
      return kind === null ? SOMETHING : say('kubernetes', kind, names, on, sh)
    }
  }
}

const KNOWN_CHARTS =
  /^https:\/\/(charts\.(bitnami\.com|jetstack\.io|helm\.sh)|kubernetes(-sigs)?\.github\.io|prometheus-community\.github\.io|grafana\.github\.io|helm\.(releases\.hashicorp|elastic)\.com?|argoproj\.github\.io|aws\.github\.io|open-telemetry\.github\.io)(\/|$)/

export const helm: Handler = (call, sh) => {
  const options = optionsOf(call.args, GLOBAL_TAKING)
  const [verb = known('')] = options.rest
  const names = call.args.map(arg => arg.text)
  if (has(options, 'dry-run'))
    return say('kubernetes', 'read', names, cluster(options, call, sh), sh)
  if (
    /^(template|unittest|lint|list|ls|get|show|status|history|search|dependency|dep|version|env|verify|create|package)$/.test(
      verb.text,
    )
  )
    return say('kubernetes', 'read', names, cluster(options, call, sh), sh)
  const [, release] = options.rest
  if (verb.text === 'install' && release?.known) sh.makes(`release:${release.text}`)
  if (verb.text === 'repo') {
    const url = options.rest[3]
    if (options.rest[1]?.text !== 'add' || url === undefined || KNOWN_CHARTS.test(url.text))
      return SOMETHING
    sh.emit({
      kind: 'cloud',
      provider: 'registry',
      verb: 'write',
      names,
      on: url.known ? registryIdentity(url.text) : null,
    })
    return SOMETHING
  }
  if (verb.text === 'push') {
    const to = options.rest.at(-1)
    sh.emit({
      kind: 'send',
      to: to?.known ? registryIdentity(to.text.replace(/^oci:/, 'https:')) : null,
      means: 'publish',
      payload: ['project'],
      does: 'write',
    })
    return SOMETHING
  }
  if (verb.text === 'test')
    return say('kubernetes', 'deploy', names, cluster(options, call, sh), sh)
  return say(
    'kubernetes',
    classOf([verb.text]) === 'destroy' ? 'destroy' : 'deploy',
    names,
    cluster(options, call, sh),
    sh,
  )
}

/** Clusters on this machine: whoever makes one may throw it away. */
export const localCluster: Handler = (call, sh) => {
  const options = optionsOf(call.args, 'n name p profile config image wait kubeconfig')
  const names = call.args.map(arg => arg.text)
  const [verb] = options.rest
  const name =
    valuesOf(options, 'n', 'name', 'p', 'profile')[0]?.text ??
    options.rest[2]?.text ??
    call.name.text
  if (/^(create|start)$/.test(verb?.text ?? '')) {
    sh.makes(`cluster:${name}`)
    const file = valuesOf(options, 'kubeconfig')[0]
    const path = file === undefined ? null : sh.target(file).path
    if (path !== null) sh.makes(`kubeconfig:${path}`)
    sh.exec('declared', [call.name.text, ...names].join(' '))
    return SOMETHING
  }
  if (verb?.text === 'delete' || verb?.text === 'stop')
    return say(call.name.text, 'destroy', ['cluster', name], null, sh)
  return say(call.name.text, 'read', names, null, sh)
}
