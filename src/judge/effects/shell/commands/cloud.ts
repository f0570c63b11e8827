/** Clouds, clusters and containers, by the class of their verbs. */
import { gitIdentity } from '../../../resources/git.ts'
import { registryIdentity } from '../../../resources/url.ts'
import { type CloudVerb, type Content, type Identity, SOMETHING } from '../../effect.ts'
import type { Call, Handler, Handlers } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, known, type Options, optionsOf, valuesOf } from '../value.ts'
import { runCode } from './builtins.ts'
import { asScript, containers } from './containers.ts'
import { store } from './network-copy.ts'
import { tool } from './tool.ts'

const READ =
  /^(get|list|ls|describe|show|view|read|members|analyze|render|synth|hclfmt|docs|doctor|bootstrap-status|proxy-status|estimate|health|endpoint|dev|serve|tree|cat|du|size|lsd|lsl|lsf|lsjson|about|stat|exists|download|download-batch|download-artifacts|pull|receive-message|whoami|identity|account|accounts|regions|zones|orgs|dump|dumps|snapshots|stats|find|status-url|open|login-status|emulators:\w+|list_\w+|cluster_status|status|info|logs?|help|search|lookup|inspect|top|diff|plan|validate|fmt|output|whoami|whois|explain|events?|history|current-context|graph|wait|cluster-info|api-resources|tail|console|check|lint|template|completion|preview|--version|--help|ps|current-context|head|filter|batch-get|query|scan|test|outputs|can-i)(-|$)/i
const DESTROY =
  /(^|[-:])(delete|destroy|remove|rm|rb|del|terminate|purge|drop|uninstall|teardown|deregister|revoke|disable|stop|cancel|reset|prune|clear|flush|archive|detach|disassociate|release|abort|evict|drain|cordon|rollback|undo|clean|empty|forget|unregister|erase|wipe|expire|invalidate|scale-down|suspend|kill|rmdir|rmi|down|dedupe|deletefile|cleanup)(-|$)/i
const GRANT =
  /(^|-)(add-iam|set-iam|attach-\w+-policy|put-\w+-policy|policy-binding|add-\w*permission\w*|create-access-key|create-login-profile|grant|assume|authorize|role-assignment|create-service-account-key|clusterrolebinding|rolebinding|add-user-to-group|update-assume-role-policy)(-|$)/i
const DEPLOY =
  /^(apply|deploy|deployments?|up|promote|publish|release|upgrade|install|rollout|create|run|push|sync|set|patch|replace|edit|scale|annotate|label|taint|expose|autoscale|restart|migrate|import|refresh|toggle-on|toggle-off|update|start|put|launch|submit|enable|turn-on|turn-off|invoke|execute|activate|deactivate|swap|failover|promote|attach|add|register|modify|transfer|tag|untag|import|restore|rebuild|resize|reboot|move|transition|assign|comment|close|reopen|ack|acknowledge|resolve|silence|changeset|sendtoaddress|sweep_all|pay|payinvoice|refund|refunds|charge|charges|payouts?|transfers?|purchase|config:\w+|pg:\w+|ps:\w+|maintenance:\w+)(-|$)/i

const GLOBAL_TAKING =
  'profile region project zone n namespace context kubeconfig f filename o output l selector c container cluster g resource-group subscription format filter query stack app a s service account user server env environment e chdir target var var-file tail since p port t timeout kube-context values set version db-instance-identifier'

function say(
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
function classOf(verbs: readonly string[]): CloudVerb | null {
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
function leading(args: readonly Arg[]): readonly Arg[] {
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
const ONLY_SHOWS = [
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

const KEEPS_SECRETS = /^(vault|doppler|chamber|infisical|akeyless)$/
const RUNS_ELSEWHERE = /^(salt|pdsh|pssh|parallel-ssh|clush|winrs)$/

/** Any command line tool of a service: nouns and verbs, whose class decides. */
function service(provider: string, depth = 4): Handler {
  return (call, sh) => {
    const options = optionsOf(call.args, GLOBAL_TAKING)
    const names = call.args.map(arg => arg.text)
    const on = appOf(provider, options)
    if (
      has(options, ...ONLY_SHOWS) ||
      (call.args.length > 0 &&
        (options.rest.length === 0 || options.rest.at(-1)?.text === 'help') &&
        has(options, 'v', 'V', 'version', 'help', 'h'))
    )
      return say(provider, 'read', names, null, sh)
    const verbs = options.rest.slice(0, depth)
    if (
      KEEPS_SECRETS.test(provider) &&
      verbs.some(arg => /^(get|read|secrets|list-secrets)$/.test(arg.text))
    )
      return credential([provider, ...names].join(' '), sh)
    if (
      /^(serverless|sls|sam)$/.test(provider) &&
      /^(package|print|build|local|validate|offline)$/.test(verbs[0]?.text ?? '')
    ) {
      sh.exec('project', [provider, ...names].join(' '))
      return SOMETHING
    }
    // On other machines, whatever it is.
    if (RUNS_ELSEWHERE.test(provider)) return say(provider, 'deploy', names, on, sh)
    const deletes = [...options.flags].some(flag => flag.length > 1 && DESTROY.test(flag))
    if (deletes) return say(provider, 'destroy', names, null, sh)
    const all = classOf(verbs.map(arg => arg.text))
    // A value of an option may look like a verb that reads: only the words in front count for that.
    const front = classOf(
      leading(call.args)
        .slice(0, depth)
        .map(arg => arg.text),
    )
    const untold = verbs.some(arg => !arg.known)
    const told = classOf(verbs.filter(arg => arg.known).map(arg => arg.text))
    // Where a word is not known, the others may already be enough.
    const verb = untold
      ? told === 'read'
        ? null
        : told
      : all === 'read'
        ? front
        : (all ?? (verbs.length > 1 ? 'deploy' : null))
    if (/secret/i.test(names.join(' ')) && verb === 'deploy')
      return say(provider, 'secret', names, null, sh)
    if (verb === null) sh.exec('unknown', [call.name.text, ...names].join(' '))
    return verb === null ? SOMETHING : say(provider, verb, names, on, sh)
  }
}

/** `fly deploy -a web` is about `fly:web`. */
function appOf(provider: string, options: Options): Identity | null {
  const name = provider === 'flyctl' ? 'fly' : provider
  const app = valuesOf(options, 'a', 'app', 'site', 's', 'project', 'w', 'workspace')[0]
  return app === undefined || !app.known ? null : { kind: 'service', id: `${name}:${app.text}` }
}

/** What a cloud's own tool prints of its secrets. */
function credential(what: string, sh: Shell): Content {
  sh.emit({ kind: 'read', target: { written: what, path: null, glob: '' }, credential: true })
  return { text: null, flows: ['secret'], from: [] }
}

const aws: Handler = (call, sh) => {
  const options = optionsOf(call.args, GLOBAL_TAKING)
  const [group = known(''), verb = known(''), ...rest] = options.rest
  const names = call.args.map(arg => arg.text)
  if (has(options, 'no-verify-ssl'))
    sh.emit({ kind: 'privilege', what: 'disable-check', names: ['--no-verify-ssl'] })
  if (group.text === 's3')
    return store(
      { verb: verb.text, args: [...call.args].filter(arg => arg !== group && arg !== verb) },
      call,
      sh,
    )
  if (
    /^(get-secret-value|get-parameter$|get-parameters|get-session-token|export-credentials|get-authorization-token)/.test(
      verb.text,
    )
  )
    return credential(`aws ${group.text} ${verb.text}`, sh)
  if (/^(stop-logging|delete-trail|disable-\w+|delete-detector|delete-flow-logs)$/.test(verb.text))
    sh.emit({ kind: 'privilege', what: 'disable-check', names })
  if (group.text === 'iam' && !READ.test(verb.text))
    return say('aws', DESTROY.test(verb.text) ? 'destroy' : 'grant', names, null, sh)
  if (/^(secretsmanager|ssm)$/.test(group.text) && /^(put|create|update|rotate)-/.test(verb.text))
    return say('aws', 'secret', names, null, sh)
  if (/public-read|AuthenticatedUsers|allUsers/.test(names.join(' ')))
    return say('aws', 'expose', names, null, sh)
  if (
    group.text === '' ||
    verb.text === 'help' ||
    rest.at(-1)?.text === 'help' ||
    group.text === 'help' ||
    has(options, 'dry-run', 'generate-cli-skeleton')
  )
    return say('aws', 'read', names, null, sh)
  if (group.text === 'configure' && /^(list|get)/.test(verb.text))
    return say('aws', 'read', names, null, sh)
  if (group.text === 'sts' && /^(get-caller-identity|decode)/.test(verb.text))
    return say('aws', 'read', names, null, sh)
  const kind =
    verb.known && group.known
      ? classOf([verb.text, ...rest.slice(0, 1).map(arg => arg.text)])
      : null
  // What is not known to read changes something.
  return say('aws', kind ?? 'deploy', names, null, sh)
}

const gcloud: Handler = (call, sh) => {
  const options = optionsOf(call.args, GLOBAL_TAKING)
  const words = options.rest.map(arg => arg.text)
  const text = words.join(' ')
  if (
    /^auth (application-default )?print-(access|identity)-token|^secrets versions access/.test(text)
  )
    return credential(`gcloud ${text}`, sh)
  if (/^(auth|config) (list|get|get-value|describe)/.test(text))
    return say('gcloud', 'read', words, null, sh)
  if (words[0] === 'auth') return say('gcloud', 'grant', words, null, sh)
  if (words[0] === 'storage')
    return store(
      {
        verb: words[1] ?? '',
        args: call.args.filter(arg => arg.text !== 'storage' && arg.text !== words[1]),
      },
      call,
      sh,
    )
  // Nouns come first, and some of them are verbs elsewhere.
  const front = leading(call.args).map(arg => arg.text)
  if (
    /^(list|describe|read|get(-[\w-]+)?|list-[\w-]+)$/.test(front.at(-1) ?? '') ||
    front.some(it => it === 'list' || it === 'describe' || it === 'read')
  )
    return say('gcloud', 'read', words, null, sh)
  return service('gcloud', 6)(call, sh)
}

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

const kubectl: Handler = (call, sh) => {
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

const terraform: Handler = (call, sh) => {
  const options = optionsOf(
    call.args,
    'chdir target var var-file out state from-module backend-config',
  )
  const [verb = known(''), second] = options.rest
  const names = call.args.map(arg => arg.text)
  if (call.args.some(arg => /^--?(help|h)$/.test(arg.text)))
    return say('terraform', 'read', names, null, sh)
  const module = valuesOf(options, 'from-module')[0]
  if (module !== undefined) {
    const from = gitIdentity(module.text.replace(/^git::/, ''))
    sh.exec('network', names.join(' '), from === null ? [] : [from])
    return SOMETHING
  }
  if (verb.text === 'destroy' || has(options, 'destroy'))
    return say('terraform', 'destroy', names, null, sh)
  if (verb.text === 'run-all' || verb.text === 'run') {
    const inner = options.rest.slice(1).map(arg => arg.text)
    return say(
      'terraform',
      inner.includes('destroy')
        ? 'destroy'
        : inner.some(it => /^(apply|import|taint)$/.test(it))
          ? 'deploy'
          : 'read',
      names,
      null,
      sh,
    )
  }
  if (verb.text === 'state' || verb.text === 'workspace') {
    const reads = /^(list|show|pull|select)$/.test(second?.text ?? '')
    return say('terraform', reads ? 'read' : 'destroy', names, null, sh)
  }
  if (
    /^(plan|init|validate|fmt|show|output|graph|version|providers|get|test|console|metadata|hclfmt|hclvalidate|render-json|graph-dependencies|login-none|help)$/.test(
      verb.text,
    )
  ) {
    for (const file of valuesOf(options, 'out')) sh.write(sh.target(file), 'replace', SOMETHING)
    return say('terraform', 'read', names, null, sh)
  }
  return say('terraform', 'deploy', names, null, sh)
}

const KNOWN_CHARTS =
  /^https:\/\/(charts\.(bitnami\.com|jetstack\.io|helm\.sh)|kubernetes(-sigs)?\.github\.io|prometheus-community\.github\.io|grafana\.github\.io|helm\.(releases\.hashicorp|elastic)\.com?|argoproj\.github\.io|aws\.github\.io|open-telemetry\.github\.io)(\/|$)/

const helm: Handler = (call, sh) => {
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

const SERVICES =
  'az bq jira acli linear amtool etcdctl dnscontrol octodns-sync nsupdate flarectl cli53 gandi namecheap-cli ovhai vultr-cli upctl exo hcp spanner-cli pscale heroku dokku caprover eb copilot chamber huggingface-cli hf gitlab-rake pagerduty opsgenie statuspage solana bitcoin-cli lncli monero-wallet-cli cast near twilio sendgrid mailgun shopify contentful sanity strapi sentry-cli datadog-ci databricks snow ibmcloud doctl heroku fly flyctl vercel netlify firebase pulumi cdk sst serverless sls wrangler railway render eas ldcli launchdarkly unleash flagsmith fastly newrelic pd pagerduty velero restic borg rclone mc vault op doppler algolia meilisearch kafka-topics kafka-consumer-groups kafka-configs kafka-acls kafka-delete-records rabbitmqctl rabbitmqadmin nats apigeecli deck circleci jenkins-cli gitlab-runner stripe square braintree linode-cli oci ibmcloud hcloud scw civo eksctl kops istioctl argocd flux tsh teleport consul nomad boundary packer vagrant ansible ansible-playbook skaffold tilt azd salt pdsh pssh parallel-ssh clush winrs ipmitool ecs-cli sam amplify supabase planetscale pscale turso neonctl scancel sbatch srun squeue'

/** Clusters on this machine: whoever makes one may throw it away. */
const localCluster: Handler = (call, sh) => {
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

export const cloud: Handlers = {
  ...Object.fromEntries(SERVICES.split(' ').map(name => [name, service(name)])),
  // Feature flags, or what cuts files into parts.
  split: (call, sh) =>
    /^(splits|segments|environments|traffic-types|workspaces|feature-flags)$/.test(
      call.args[0]?.text ?? '',
    )
      ? service('split')(call, sh)
      : tool(call, sh),
  kind: localCluster,
  k3d: localCluster,
  minikube: localCluster,
  aws,
  gcloud,
  kubectl,
  oc: kubectl,
  k: kubectl,
  terraform,
  tofu: terraform,
  terragrunt: terraform,
  helm,
  azcopy: service('azure'),
  scancel: (call, sh) =>
    say(
      'slurm',
      'destroy',
      call.args.map(arg => arg.text),
      null,
      sh,
    ),
  squeue: (_call: Call, sh) => say('slurm', 'read', [], null, sh),
  security: (call, sh) =>
    /^(find|dump|export)-/.test(call.args[0]?.text ?? '')
      ? credential('security', sh)
      : service('keychain')(call, sh),
  ...containers,
}
