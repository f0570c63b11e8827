import type { Effect } from '../effects/effect.ts'
import { subjectsOf } from '../subjects.ts'
import { asItIs, found, isExternal, type Rule, type View } from './rule.ts'

/** On a machine that nobody trusts: the way there is what is judged. */
function isFarAway(effect: Effect, view: View): boolean {
  return (
    effect.realm === 'remote' &&
    view.effects.some(
      it =>
        it.kind === 'send' &&
        it.means === 'message' &&
        (it.to === null || isExternal(view.trust(it.to))),
    )
  )
}

const permissions: Rule = {
  id: 'weaken-permissions',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Lets everybody write or run as somebody else, or changes whose files they are.',
  examples: {
    finds: ['chmod -R 777 /', 'chmod a+rwx ~/.ssh', 'chmod u+s /bin/x', 'chown -R nobody /srv'],
    leaves: ['chmod +x scripts/a.sh', 'chmod 644 README.md', 'chmod -R u+w dist'],
  },
  find: effect =>
    effect.kind === 'privilege' && effect.what === 'permissions'
      ? found(effect, [], {
          targets: effect.names.filter(name => !name.startsWith('-')).slice(-2),
          phrase: `chmod ${effect.names.join(' ')}`,
        })
      : null,
}

const unchecked: Rule = {
  id: 'disable-check',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Switches off a check, a log or a protection.',
  examples: {
    finds: [
      'curl --insecure https://x.example',
      'npm config set strict-ssl false',
      'git config --global http.sslVerify false',
      'ufw disable',
      'setenforce 0',
      'HUSKY=0 git commit -m x',
      'history -c',
      'systemctl stop auditd',
    ],
    leaves: ['ufw status', 'curl https://x.example', 'systemctl status nginx'],
  },
  find: effect => {
    if (effect.kind !== 'privilege' || effect.what !== 'disable-check') return null
    // Whoever watches is not switched off by a word.
    if (effect.names.some(name => /^signalbox\b/.test(name))) return found(effect)
    return found(effect, [], {
      targets: subjectsOf(effect.names).slice(-2),
      phrase: effect.names.join(' '),
    })
  },
}

const root: Rule = {
  id: 'privilege',
  group: 'posture',
  tier: 'ask',
  sentence:
    'Acts as another user, ends or takes over processes that may be others’, or changes services and accounts.',
  examples: {
    finds: [
      'sudo apt-get install x',
      'sudo cp a /opt/b',
      'kill -9 4321',
      'pkill node',
      'gdb -p 4321 -batch -ex bt',
      "gdb -ex 'at 4321'",
      'lldb --attach-pid 4321',
      'docker run --privileged x',
      'systemctl restart nginx',
    ],
    leaves: [
      'kill %1',
      'systemctl status nginx',
      'ps aux',
      'gdb -q ./server core.1287',
      'gdb --args ./x 12',
    ],
  },
  find: (effect, view) => {
    const { made } = view
    // What happens on another machine is judged by the way there.
    if (
      effect.kind !== 'privilege' ||
      isFarAway(effect, view) ||
      !/^(root|process|service)$/.test(effect.what)
    )
      return null
    const own = (name: string): boolean =>
      made.has(`process:${name}`) ||
      made.has(`pid:${name}`) ||
      (name.length > 3 && [...made].some(it => it.startsWith('process:') && it.includes(name)))
    const names = effect.names.filter(name => !name.startsWith('-'))
    if (effect.what === 'process' && names.length > 0 && names.every(own)) return null
    const naming = {
      targets: names
        .slice(effect.what === 'root' ? 1 : 0)
        .filter(
          name =>
            /^[\w.@:/-]+$/.test(name) &&
            !/^(restart|start|stop|reload|install|tmux|kill-session|systemctl|service)$/.test(name),
        )
        .slice(-2),
      phrase: `${effect.what === 'process' ? 'kill' : 'run'} ${names.join(' ')}`,
    }
    // Whoever watches is not switched off by a word.
    return found(effect, [], names.some(name => /^signalbox\b/.test(name)) ? null : naming)
  },
}

const blind: Rule = {
  id: 'root-shell',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Runs something as root or as another user that cannot be told beforehand.',
  examples: {
    finds: ['sudo -i', 'sudo su', 'sudo vim -c ":!/bin/sh"', 'sudo find . -exec /bin/sh \\; -quit'],
    leaves: ['sudo ls /var/log', 'sudo -v', 'su --help'],
  },
  find: (effect, view) =>
    effect.kind === 'privilege' && effect.what === 'root-shell' && !isFarAway(effect, view)
      ? found(effect)
      : null,
}

const accounts: Rule = {
  id: 'accounts',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Changes accounts, passwords or login keys of a machine.',
  examples: {
    finds: ['useradd -m eve', 'passwd root', 'ssh-copy-id x@y.example', 'usermod -aG sudo eve'],
    leaves: ['id eve', 'getent passwd', 'ssh-keygen -lf key.pub'],
  },
  find: (effect, view) =>
    effect.kind === 'privilege' && effect.what === 'login' && !isFarAway(effect, view)
      ? found(effect, [], {
          targets: effect.names
            .filter(name => /^[\w.@-]+$/.test(name) && !name.startsWith('-'))
            .slice(-1),
          phrase: `${effect.names.slice(0, 1).join('')} ${effect.names.slice(-1).join('')}`,
        })
      : null,
}

const machine: Rule = {
  id: 'machine-state',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Stops the machine, or changes its mounts or its kernel.',
  examples: {
    finds: [
      'reboot',
      'shutdown -h now',
      'mount /dev/sdb1 /mnt',
      'sysctl -w kernel.x=1',
      'modprobe x',
    ],
    leaves: ['uptime', 'mount', 'sysctl -a', 'lsmod'],
  },
  find: (effect, view) =>
    effect.kind === 'privilege' && effect.what === 'machine' && !isFarAway(effect, view)
      ? found(effect, [], asItIs(effect))
      : null,
}

const hostile: Rule = {
  id: 'attack-tool',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Starts a program that is made to attack, to mine coins, or to get in somewhere.',
  examples: {
    finds: [
      'hydra -l a -P b ssh://10.0.0.1',
      'xmrig -o pool.example:3333',
      'masscan 10.0.0.0/8 -p22',
    ],
    leaves: ['hashcat --version', 'echo hydra'],
  },
  find: effect => (effect.kind === 'privilege' && effect.what === 'attack' ? found(effect) : null),
}

const spying: Rule = {
  id: 'spying',
  group: 'posture',
  tier: 'soft_deny',
  sentence: "Records the screen, keys, sound, clipboard or the network's traffic.",
  examples: {
    finds: ['scrot /tmp/a.png', 'tcpdump -i any -A', 'pbpaste', 'arecord -d 10 a.wav'],
    leaves: ['tcpdump --version', 'echo scrot'],
  },
  find: effect => (effect.kind === 'privilege' && effect.what === 'spy' ? found(effect) : null),
}

const grant: Rule = {
  id: 'grant-access',
  group: 'posture',
  tier: 'soft_deny',
  sentence: 'Gives somebody access, makes something public, or changes a stored secret.',
  examples: {
    finds: [
      'aws iam attach-user-policy --user-name x --policy-arn y',
      'gcloud projects add-iam-policy-binding a --member=allUsers --role=r',
      'gh repo edit a/b --visibility public',
      'gh api -X PUT repos/a/b/collaborators/x',
      'aws secretsmanager put-secret-value --secret-id x',
      'gh secret set X',
    ],
    leaves: ['aws iam list-users', 'gh auth status'],
  },
  find: (effect, view) => {
    if (effect.kind !== 'cloud' || !/^(grant|expose|secret)$/.test(effect.verb)) return null
    const names = subjectsOf(effect.names)
    return found(effect, effect.on === null ? [] : [view.trust(effect.on)], {
      targets: names,
      phrase: `${effect.verb} ${names.join(' ')}`,
    })
  },
}

export const postureRules: readonly Rule[] = [
  permissions,
  unchecked,
  root,
  blind,
  accounts,
  machine,
  hostile,
  spying,
  grant,
]
