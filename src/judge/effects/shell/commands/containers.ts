/** docker and its like: what runs inside, what is mounted, what is pushed, what is pruned. */
import { imageRegistry, registryIdentity } from '../../../resources/url.ts'
import { type CloudVerb, type Content, type Identity, SOMETHING } from '../../effect.ts'
import { type Call, type Handler, type Handlers, quoted } from '../dispatch.ts'
import type { Shell } from '../shell.ts'
import { type Arg, has, joined, known, type Options, optionsOf, valuesOf } from '../value.ts'
import { runCode } from './builtins.ts'

const TAKING =
  'v volume mount e env env-file name p publish w workdir u user network t tag f file filter format l label entrypoint platform h hostname c context H host cpus m memory cap-add device pid ipc userns security-opt add-host build-arg target n tail since until restart profile project-name project-directory password username scale gpus'

/** Here `-t` is a terminal. */
const RUN_TAKING = TAKING.split(' ')
  .filter(name => !/^(t|tag|f|file|c|n|H)$/.test(name))
  .join(' ')

const READS =
  /^(ps|logs|images|inspect|info|version|stats|top|port|history|diff|search|events|ls|list|config|df|context|--version|help|wait)$/

function say(verb: CloudVerb, names: readonly string[], on: Identity | null, sh: Shell): Content {
  sh.emit({ kind: 'cloud', provider: 'docker', verb, names, on })
  return SOMETHING
}

const docker: Handler = (call, sh) => {
  const global = optionsOf(call.args, TAKING, true)
  if (has(global, 'H', 'host', 'c', 'context')) sh.partial('docker of another host')
  const [verb = known(''), ...args] = global.rest
  const names = call.args.map(arg => arg.text)
  if (
    /^(manifest inspect|scout (quickview|cves|recommendations|compare))$/.test(
      `${verb.text} ${args[0]?.text}`,
    )
  )
    return SOMETHING
  switch (verb.text) {
    case 'compose':
      return compose({ ...call, args }, sh)
    case 'run':
    case 'create':
      return run(args, call, sh)
    case 'exec':
      return execute(args, call, sh)
    case 'build':
    case 'buildx': {
      const options = optionsOf(args, TAKING)
      if (has(options, 'push')) return push(valuesOf(options, 't', 'tag')[0], sh)
      sh.exec('project', ['docker', ...names].join(' '))
      return SOMETHING
    }
    case 'push':
      return push(optionsOf(args, TAKING).rest.at(-1), sh)
    case 'login': {
      const to = optionsOf(args, TAKING).rest[0]
      const on = registryIdentity(to?.text ?? 'docker.io')
      sh.emit({ kind: 'send', to: on, means: 'auth', payload: ['secret'], does: 'read' })
      return SOMETHING
    }
    case 'pull':
      return say('read', names, null, sh)
    case 'cp':
      for (const arg of optionsOf(args, 'a L q').rest)
        if (!/^[\w.-]+:/.test(arg.text)) sh.write(sh.target(arg), 'make', SOMETHING)
      return SOMETHING
    case 'volume':
    case 'network':
      if (args[0]?.text === 'create') {
        const name = optionsOf(args.slice(1), 'd driver o opt label subnet name').rest[0]
        if (name?.known) sh.makes(`volume:${name.text}`)
        return say('read', names, null, sh)
      }
      return group(args, names, sh)
    case 'system':
    case 'image':
    case 'container':
    case 'builder':
      return group(args, names, sh)
    default:
      return plain(verb.text, names, sh)
  }
}

function plain(verb: string, names: readonly string[], sh: Shell): Content {
  if (READS.test(verb)) return say('read', names, null, sh)
  if (/^(rm|rmi|kill|stop|prune|remove|down|pause|update)$/.test(verb))
    return say('destroy', names, null, sh)
  if (/^(start|restart|unpause|rename|tag)$/.test(verb)) return say('write', names, null, sh)
  sh.exec('unknown', ['docker', ...names].join(' '))
  return SOMETHING
}

function group(args: readonly Arg[], names: readonly string[], sh: Shell): Content {
  return plain(args[0]?.text ?? '', names, sh)
}

function push(image: Arg | undefined, sh: Shell): Content {
  const to = image?.known ? imageRegistry(image.text) : null
  sh.emit({ kind: 'send', to, means: 'publish', payload: ['project'], does: 'write' })
  return SOMETHING
}

/** Folders that a container sees as its own. */
function run(args: readonly Arg[], call: Call, sh: Shell): Content {
  const options = optionsOf(args, RUN_TAKING, true)
  const name = valuesOf(options, 'name')[0]
  if (name?.known) sh.makes(`container:${name.text}`)
  const risky =
    (has(options, 'privileged') && !args.some(arg => /^--privileged=false$/.test(arg.text))) ||
    has(options, 'cap-add', 'device', 'pid', 'userns', 'security-opt')
  const host = valuesOf(options, 'network', 'net', 'ipc').some(arg => arg.text === 'host')
  if (risky || host)
    sh.emit({ kind: 'privilege', what: 'root', names: ['docker', ...args.map(arg => arg.text)] })
  for (const mount of mounts(options)) {
    const target = sh.target(mount)
    if (/docker\.sock$/.test(mount.text) || target.path === '/' || target.path === null)
      sh.emit({ kind: 'privilege', what: 'root', names: ['-v', mount.text] })
    else sh.write(target, 'make', SOMETHING)
  }
  const [, ...code] = options.rest
  const [image] = options.rest
  // Docker's own images, and those that were built here, have no owner in their name.
  const plain = image?.known === true && !image.text.includes('/')
  sh.exec(
    plain || isWellKnown(image?.text ?? '') ? 'declared' : 'package',
    ['docker', 'run', ...options.rest.map(arg => arg.text)].join(' '),
  )
  // Options are for the image's own program.
  if (code.length > 0 && !code[0]?.text.startsWith('-'))
    sh.elsewhere('container', () => runCode(asScript(code), call.stdin, sh))
  return SOMETHING
}

/** Words that are handed on as they are, without another shell in between. */
export function asScript(words: readonly Arg[]): Arg {
  return joined(
    words.map(arg => (arg.known && !arg.glob ? { ...arg, text: quoted(arg.text) } : arg)),
    ' ',
  )
}

const WELL_KNOWN =
  /^(mcr\.microsoft\.com|gcr\.io\/distroless|registry\.access\.redhat\.com|public\.ecr\.aws\/(docker|amazonlinux)|quay\.io\/prometheus|prom|grafana|hashicorp|bitnami|library|localhost(:\d+)?|localstack|minio|confluentinc|testcontainers|selenium|cypress|opensearchproject|otel|jaegertracing|hadolint|koalaman|golangci|mikefarah|amazon|google|microsoft|rust-lang|semgrep|aquasec|squidfunk|pandoc|swaggerapi|openapitools|bufbuild|sqlfluff|mailhog|axllent|temporalio|apache|elastic|docker\.elastic\.co|nvidia|pytorch|tensorflow|jupyter)\//

function isWellKnown(image: string): boolean {
  return WELL_KNOWN.test(image.replace(/^docker\.io\//, ''))
}

function mounts(options: Options): readonly Arg[] {
  const volumes = valuesOf(options, 'v', 'volume').map(arg => ({
    ...arg,
    text: arg.text.split(':')[0] ?? '',
  }))
  const long = valuesOf(options, 'mount').map(arg => ({
    ...arg,
    text: /(?:source|src)=([^,]+)/.exec(arg.text)?.[1] ?? '',
  }))
  return [...volumes, ...long].filter(arg => /^[/.~$]/.test(arg.text))
}

function execute(args: readonly Arg[], call: Call, sh: Shell): Content {
  const options = optionsOf(args, RUN_TAKING, true)
  const [container, ...code] = options.rest
  say('read', [container?.text ?? ''], null, sh)
  if (code.length > 0)
    return sh.elsewhere('container', () => runCode(asScript(code), call.stdin, sh))
  return SOMETHING
}

const compose: Handler = (call, sh) => {
  const options = optionsOf(call.args, TAKING)
  const [verb = known('')] = options.rest
  const files = valuesOf(options, 'f', 'file').map(arg => arg.text)
  const names = [
    ...call.args.map(arg => arg.text),
    ...files.map(file => `compose:${/docker-compose\.([\w-]+)\.ya?ml$/.exec(file)?.[1] ?? file}`),
  ]
  if (verb.text === 'down' || verb.text === 'rm' || verb.text === 'kill')
    // Without its volumes, what is stopped comes up again as it was.
    return say(
      has(options, 'v', 'volumes', 'rmi') || (verb.text === 'rm' && has(options, 'v'))
        ? 'destroy'
        : 'read',
      names,
      null,
      sh,
    )
  if (READS.test(verb.text)) return say('read', names, null, sh)
  if (/^(up|build|start|stop|restart|pull|create|watch)$/.test(verb.text)) {
    sh.exec('project', ['docker compose', ...names].join(' '))
    return SOMETHING
  }
  if (verb.text === 'run' || verb.text === 'exec') {
    const at = call.args.indexOf(verb)
    return execute(call.args.slice(at + 1), call, sh)
  }
  sh.exec('unknown', ['docker compose', ...names].join(' '))
  return SOMETHING
}

export const containers: Handlers = {
  docker,
  podman: docker,
  nerdctl: docker,
  'docker-compose': compose,
  'podman-compose': compose,
}
