/** The guard guards itself: nothing clears these, and no policy switches them off. */
import type { Effect } from '../effects/effect.ts'
import { isInside } from '../paths.ts'
import { mayBeInside } from '../same-file.ts'
import type { Facts } from '../types.ts'
import { found, type Rule } from './rule.ts'

/** What an administrator tells the client: on Linux and its Windows side, and on macOS. */
const MANAGED_CLIENT =
  /^\/etc\/claude-code(\/|$)|^\/(library\/application support|mnt\/[a-z]\/program ?(files|data))\/claudecode(\/|$)/i

/** The client's own folder: settings, hooks, transcripts. */
function isGuarded(path: string, facts: Facts): boolean {
  if (facts.guarded.some(it => mayBeInside(path, it) || mayBeInside(it, path))) return true
  if (MANAGED_CLIENT.test(path)) return true
  const { home } = facts
  if (mayBeInside(path, `${home}/.claude`) || mayBeInside(path, `${home}/.claude.json`)) return true
  if (
    /\/\.claude\/(projects\/|settings[^/]*\.json|hooks(\/|$)|\.mcp\.json)|\/\.claude$|\/\.mcp\.json$/i.test(
      path,
    )
  )
    return true
  if (/\/\.signalbox\.ya?ml$/i.test(path)) return true
  return /\/\.?signalbox(\/|\.ya?ml$|\.sock$|$)/i.test(path) && !isInside(path, facts.projectRoot)
}

/** A folder that holds a guarded one is only guarded where it goes away as a whole. */
function touchesGuard(effect: Effect, facts: Facts): boolean {
  if (effect.kind !== 'write' && effect.kind !== 'delete') return false
  const { path, glob } = effect.target
  if (path === null) return false
  const whole = effect.kind === 'delete' && glob === '' && effect.recursive
  if (/^\/dev\/(pts\/|tty\d)|^\/proc\/[^/]+\/(fd|mem|root|cwd)(\/|$)/.test(path)) return true
  if (isGuarded(/^\.claude/i.test(glob) ? `${path}/.claude` : path, facts)) {
    // Deleting a home folder is for the rules of destruction to name, unless guarded is named.
    const above = facts.guarded.some(it => !mayBeInside(path, it) && mayBeInside(it, path))
    return !above || whole
  }
  return false
}

const files: Rule = {
  id: 'guard-files',
  group: 'guard',
  tier: 'hard_deny',
  sentence:
    "Changes the settings, hooks, records or sockets of Signalbox or of the agent's client.",
  examples: {
    finds: [
      "echo '{}' > ~/.claude/settings.json",
      'rm -f ~/.claude/hooks/guard.sh',
      'sed -i s/a/b/ ~/.claude/projects/x/y.jsonl',
      'echo x > .claude/settings.json',
      'rm -rf ~/.config/signalbox',
      'echo y > /dev/pts/3',
    ],
    leaves: ['cat .claude/settings.json', 'ls ~/.claude', 'echo x > claude.txt'],
  },
  find: (effect, { facts }) => (touchesGuard(effect, facts) ? found(effect) : null),
}

const acts: Rule = {
  id: 'guard-acts',
  group: 'guard',
  tier: 'hard_deny',
  sentence:
    'Would let the agent approve its own actions, or end, bypass or impersonate what guards it.',
  examples: {
    finds: [
      'signalbox approve 12',
      'npx signalbox approve 12',
      'python3 -c "import socket; socket.socket(socket.AF_UNIX).connect(\'/run/sb/c.sock\')"',
      'signalbox gate stop',
      'signalbox uninstall',
      'pkill signalbox',
      'tmux send-keys -t 0 y Enter',
      'screen -X stuff y',
      'claude --dangerously-skip-permissions -p x',
      'npx claude --settings /tmp/s.json',
      'curl --unix-socket /run/user/0/signalbox/gate.sock http://x/',
    ],
    leaves: ['signalbox watch --once', 'signalbox check ls', 'tmux ls', 'claude --version'],
  },
  find: effect => (effect.kind === 'guard-config' ? found(effect) : null),
}

export const guardRules: readonly Rule[] = [files, acts]
