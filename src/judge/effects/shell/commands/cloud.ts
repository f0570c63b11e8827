/** Clouds, clusters and containers, by the class of their verbs. */
import { gitIdentity } from '../../../resources/git.ts'
import { bucketIdentity } from '../../../resources/url.ts'
import { type Identity, SOMETHING } from '../../effect.ts'
import type { Call, Handler, Handlers } from '../dispatch.ts'
import { has, known, type Options, optionsOf, valuesOf } from '../value.ts'
import {
  classOf,
  credential,
  DESTROY,
  GLOBAL_TAKING,
  leading,
  ONLY_SHOWS,
  READ,
  say,
} from './cloud-verbs.ts'
import { containers } from './containers.ts'
import { helm, kubectl, localCluster } from './kubernetes.ts'
import { store } from './network-copy.ts'
import { tool } from './tool.ts'

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
  const bucket = group.text === 's3api' ? valuesOf(options, 'bucket')[0] : undefined
  const key = valuesOf(options, 'key')[0]?.text ?? ''
  const on = bucket?.known ? bucketIdentity(`s3://${bucket.text}/${key}`) : null
  const at = call.args.findIndex(arg => arg.text === '--body')
  const body = at < 0 || on === null ? undefined : call.args[at + 1]
  if (body !== undefined && verb.text === 'put-object')
    sh.emit({ kind: 'send', to: on, means: 'copy', payload: sh.read(body).flows, does: 'write' })
  // What is not known to read changes something.
  return say('aws', kind ?? 'deploy', names, on, sh)
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

const SERVICES =
  'az bq jira acli linear amtool etcdctl dnscontrol octodns-sync nsupdate flarectl cli53 gandi namecheap-cli ovhai vultr-cli upctl exo hcp spanner-cli pscale heroku dokku caprover eb copilot chamber huggingface-cli hf gitlab-rake pagerduty opsgenie statuspage solana bitcoin-cli lncli monero-wallet-cli cast near twilio sendgrid mailgun shopify contentful sanity strapi sentry-cli datadog-ci databricks snow ibmcloud doctl heroku fly flyctl vercel netlify firebase pulumi cdk sst serverless sls wrangler railway render eas ldcli launchdarkly unleash flagsmith fastly newrelic pd pagerduty velero restic borg rclone mc vault op doppler algolia meilisearch kafka-topics kafka-consumer-groups kafka-configs kafka-acls kafka-delete-records rabbitmqctl rabbitmqadmin nats apigeecli deck circleci jenkins-cli gitlab-runner stripe square braintree linode-cli oci ibmcloud hcloud scw civo eksctl kops istioctl argocd flux tsh teleport consul nomad boundary packer vagrant ansible ansible-playbook skaffold tilt azd salt pdsh pssh parallel-ssh clush winrs ipmitool ecs-cli sam amplify supabase planetscale pscale turso neonctl scancel sbatch srun squeue'

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
