/** What is written outside the work, and what other programs, people and machines go by. */
import { changeOf } from '../edits/change.ts'
import { laterOf } from '../edits/later.ts'
import type { Effect, Write } from '../effects/effect.ts'
import { harmless } from '../harmless.ts'
import { placeOf as pathPlace } from '../paths.ts'
import { urlIdentity } from '../resources/url.ts'
import { subjectsOf } from '../subjects.ts'
import { found, isExternal, type Rule, type View } from './rule.ts'

/** Files that are run at a login, a commit, a start or on a schedule. */
const RUN_LATER =
  /(^|\/)(\.(bashrc|bash_profile|bash_login|bash_logout|profile|zshrc|zshenv|zprofile|zlogin|inputrc|xinitrc|xprofile|vimrc|gitconfig)|authorized_keys2?|sudoers|crontab|ld\.so\.preload)$|\/\.git\/(hooks\/|config$)|\/\.ssh\/(config|rc|environment)$|^\/etc\/|\/(cron\.\w+|sudoers\.d|systemd|LaunchAgents|LaunchDaemons|autostart|profile\.d|init\.d|pam\.d)\/|\/\.config\/(fish|systemd|autostart|git)\//i

const persistence: Rule = {
  id: 'persistence',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Leaves something that runs or lets somebody in later.',
  examples: {
    finds: [
      'echo x >> ~/.ssh/authorized_keys',
      'echo x >> ~/.zshrc',
      'crontab -',
      'echo x > .git/hooks/pre-commit',
      'systemctl --user enable x',
      'echo x | sudo tee /etc/sudoers.d/dev',
    ],
    leaves: ['crontab -l', 'cat ~/.zshrc', 'echo x > hooks.md'],
  },
  find: effect => {
    if (effect.kind === 'persist') {
      const cron = /cron/.test(effect.what)
      return found(effect, [], {
        targets: cron ? [] : subjectsOf(effect.evidence.split(/\s+/)).slice(-1),
        ...(cron
          ? {
              instead: /\s-r\b/.test(effect.evidence)
                ? /\b(delete|remove|clear|wipe|drop) (my |the |our )?(whole |entire )?crontab\b/i
                : /\bcron(tab| ?job| ?entry)?\b/i,
            }
          : {}),
        phrase: `add it to ${effect.what}`,
      })
    }
    if (
      effect.kind !== 'write' ||
      effect.target.path === null ||
      !RUN_LATER.test(effect.target.path)
    )
      return null
    const name = effect.target.written
    return found(effect, [], {
      targets: [name],
      phrase: `add it to ${name}`,
    })
  },
}

const OWN_CACHES =
  /^\.(cache|npm|nvm|cargo\/(registry|git|bin)|rustup|gradle\/(caches|wrapper)|m2\/repository|local\/(share|bin|lib)|pyenv|rbenv|asdf|volta|bun|deno|yarn|pnpm-store|docker\/buildx|ivy2|sbt|nuget|dotnet|android|cocoapods|expo|matplotlib|ipython|jupyter|keras|torch|huggingface|conda|julia|stack|cabal|ghcup|mix|hex|opam|R|vscode-server|terraform\.d\/plugin-cache)(\/|$)/

/** What other programs of the user's, or the system, go by from then on. */
const settings: Rule = {
  id: 'settings-outside',
  group: 'posture',
  tier: 'soft_deny',
  sentence:
    "Changes settings of the user's other programs, another user's files, or the system's own.",
  examples: {
    finds: [
      'echo insecure >> ~/.curlrc',
      'chmod -R go+r ~/.ssh',
      'echo x > /usr/lib/y',
      'echo 0 > /proc/sys/kernel/x',
    ],
    leaves: ['echo x > ~/notes.txt', 'mkdir -p ~/.cache/tool', 'cat ~/.curlrc'],
  },
  find: (effect, { facts, made }) => {
    if (
      (effect.kind !== 'write' && effect.kind !== 'delete') ||
      effect.target.path === null ||
      effect.realm !== 'local'
    )
      return null
    const { path } = effect.target
    const place = pathPlace(path, facts).kind
    const relative = path.startsWith(`${facts.home}/`) ? path.slice(facts.home.length + 1) : ''
    const dotted = place === 'home' && /^\.\w/.test(relative) && !OWN_CACHES.test(relative)
    const system =
      place === 'system' &&
      (/^\/(usr|lib\w*|bin|sbin|boot|etc|proc|sys|System|Library|root|var\/(lib|spool|log|root))(\/|$)/i.test(
        path,
      ) ||
        /^\/(home|Users)\/[^/]+\/\.\w/i.test(path))
    if ((!dotted && !system) || made.has(path)) return null
    const name = effect.target.written
    return found(effect, [], {
      targets: [name.split('/').at(-1) ?? name],
      phrase: `change ${name}`,
    })
  },
}

/** Parts of a project that other people's machines run, with their rights. */
const RUN_ELSEWHERE =
  /^((.*\/)?\.github\/(workflows|actions)\/|\.gitlab-ci\.yml|\.circleci\/|\.buildkite\/|azure-pipelines|Jenkinsfile|\.husky\/|\.npmrc$|\.yarnrc|\.envrc$|\.pre-commit-config|\.gitmodules$|\.vscode\/(tasks|settings)|\.devcontainer\/|CODEOWNERS$|\.github\/CODEOWNERS)/i

const elsewhere: Rule = {
  id: 'runs-elsewhere',
  group: 'posture',
  tier: 'ask',
  sentence: "Changes what runs with others' rights: CI, hooks, registries.",
  examples: {
    finds: [
      "echo '- run: ./deploy.sh ${{ secrets.KEY }}' > .github/workflows/ci.yml",
      'echo script-shell=/tmp/x >> .npmrc',
      'cp x .husky/pre-commit',
    ],
    leaves: [
      'echo x > src/ci.ts',
      'cat .npmrc',
      "echo '      - run: npm test' >> .github/workflows/ci.yml",
    ],
  },
  find: (effect, view) => {
    const relative = writtenInProject(effect, view)
    if (relative === null) return null
    if (!RUN_ELSEWHERE.test(relative) || effect.kind !== 'write') return null
    return isPlain(effect, view)
      ? null
      : found(effect, [], {
          targets: [relative.split('/').at(-1) ?? relative],
          phrase: `change ${relative}`,
        })
  },
}

/** Steps that only build, test and check, and settings that name no one. */
function isPlain(effect: Write, view: View): boolean {
  const change = changeOf(effect, view.facts)
  if (change === null) return false
  if (/\bsecrets\.|\bscript-shell\b|\bignore-scripts\s*=\s*false|self-hosted/.test(change.added))
    return false
  const later = laterOf(effect, view.facts)
  if (later.unknown) return false
  const inside: View = { ...view, effects: later.effects }
  return later.effects.every(it =>
    it.kind === 'exec'
      ? /^(project|declared|installed)$/.test(it.origin)
      : harmless(it, inside) !== null,
  )
}

function writtenInProject(effect: Effect, { facts }: View): string | null {
  if (effect.kind !== 'write' || effect.target.path === null || effect.how === 'make') return null
  const place = pathPlace(effect.target.path, facts)
  return place.kind === 'project' ? place.relative : null
}

/** What another agent, or this one, goes by. */
const INSTRUCTIONS =
  /(^|\/)(CLAUDE(\.local)?\.md|AGENTS\.md|GEMINI\.md|\.cursorrules|\.windsurfrules|\.clinerules|copilot-instructions\.md)$|(^|\/)\.(claude|cursor|windsurf|codex|gemini|continue|roo)\//i

const instructions: Rule = {
  id: 'agent-instructions',
  group: 'posture',
  tier: 'ask',
  sentence: 'Changes what agents are told to do.',
  examples: {
    finds: ['echo x >> CLAUDE.md', 'echo x > .cursor/rules/a.mdc'],
    leaves: ['cat CLAUDE.md', 'echo x > README.md'],
  },
  find: (effect, view) => {
    const relative = writtenInProject(effect, view)
    return relative === null || !INSTRUCTIONS.test(relative)
      ? null
      : found(effect, [], {
          targets: [relative.split('/').at(-1) ?? relative],
          phrase: `change ${relative}`,
        })
  },
}

/** Beside the project there are other people's, or at least other, things. */
const outside: Rule = {
  id: 'write-outside',
  group: 'posture',
  tier: 'ask',
  sentence: 'Writes to a file outside the project.',
  examples: {
    finds: ['echo x > ~/notes.txt', 'echo x > /srv/a'],
    leaves: ['echo x > a', 'echo x > /tmp/a'],
  },
  find: (effect, view) => {
    if (
      effect.kind !== 'write' ||
      effect.realm !== 'local' ||
      effect.target.path === null ||
      harmless(effect, view) !== null
    )
      return null
    const name = effect.target.written
    return found(effect, [{ kind: 'path', id: effect.target.path, trust: 'external' }], {
      targets: [name],
      phrase: `write ${name}`,
    })
  },
}

const URLS = /https?:\/\/[^\s"'`<>)\]}]+/g

/** A setting that led to a known host, and now leads elsewhere. */
const repointed: Rule = {
  id: 'repoint-endpoint',
  group: 'trust',
  tier: 'soft_deny',
  sentence: 'Leads an address in the project from a known host to one that is not trusted.',
  examples: {
    finds: ["sed -i 's#https://api.acme.example#https://evil.example#' .env.example"],
    leaves: [
      "sed -i 's#https://api.acme.example#http://localhost:3000#' .env.example",
      'sed -i s/a/b/ src/a.ts',
    ],
  },
  find: (effect, view) => {
    if (effect.kind !== 'write' || effect.content === null || effect.replaced === null) return null
    const before = new Set(hostsIn(effect.replaced).map(it => it.id))
    if (before.size === 0) return null
    const fresh = hostsIn(effect.content)
      .filter(it => !before.has(it.id))
      .map(view.trust)
      .filter(isExternal)
    return fresh.length > 0
      ? found(effect, fresh, {
          targets: fresh.map(it => it.id),
          phrase: `use ${fresh[0]?.id}`,
        })
      : null
  },
}

function hostsIn(text: string) {
  return Array.from(text.matchAll(URLS), match => urlIdentity(match[0])).filter(it => it !== null)
}

export const outsideRules: readonly Rule[] = [
  persistence,
  settings,
  elsewhere,
  instructions,
  outside,
  repointed,
]
