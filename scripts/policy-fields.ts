/**
 * What each field of a policy file means, for docs/policy.md and for editors (docs/*.schema.json). A list's
 * items and a record's values have the path of the list: `rules.tier`, `projects.role`. The fields of an entry
 * of `trust` and `sensitive` are the same everywhere: `entry.note`.
 */
import { builtInPolicy } from '../src/config/built-in-policy.ts'

export interface Field {
  readonly about: string
  /** As it is written; what holds where it is left out. */
  readonly byDefault?: string
  /** Values that an editor offers. */
  readonly examples?: readonly unknown[]
}

const { models, roles, breaker, allowIn, waits, journal } = builtInPolicy
const RULE = { id: 'no-publish', tier: 'hard_deny', command: 'npm publish', reason: 'why' }

export const FIELDS: Readonly<Record<string, Field>> = {
  theme: {
    about:
      'The colours of the screen: a theme that ships, or a file in themes/ beside config.yaml.',
    byDefault: 'dark or light, as the terminal is',
    examples: [
      'dark',
      'light',
      'high-contrast',
      'colorblind',
      'colorblind-blue-yellow',
      'terminal',
    ],
  },
  notify: {
    about:
      "How you hear that an action waits: 'off', 'badge' (the window's title says how many), or 'loud' (bell and desktop notification, too).",
    byDefault: 'badge',
  },
  unicode: {
    about: "Whether the screen draws more than ASCII: 'auto' does as the locale says.",
    byDefault: 'auto',
  },
  motion: {
    about:
      "'reduced': the screen changes every few seconds only, but at once for what waits, alerts and keys.",
    byDefault: 'full',
  },
  keys: {
    about:
      "Your own keys by command (docs/keys.md has their names): one character, 'ctrl+x', or a name like 'enter'; an empty list takes a key away.",
    byDefault: 'the usual ones',
    examples: [{ approve: 'y', copy: ['C', 'ctrl+y'] }],
  },
  filters: {
    about:
      "Filters of the list of actions by your names for them; ':' finds them, and '@name' with Tab in the filter.",
    byDefault: 'none',
    examples: [{ risky: 'state:blocked by:judge' }],
  },
  prices: {
    about: 'US dollars per million tokens by model id, before any other price list.',
    byDefault: 'list prices',
  },
  'prices.input': { about: 'Input tokens.' },
  'prices.output': { about: 'Output tokens.' },
  'prices.cacheRead': { about: 'Tokens read from the cache.' },
  'prices.cacheWrite5m': { about: 'Tokens written to the cache for five minutes.' },
  'prices.cacheWrite1h': { about: 'Tokens written to the cache for an hour.' },

  auto_mode: {
    about:
      "Who enabled auto mode, and when. Without it nothing is approved. 'off', in the managed policy: nobody can.",
    byDefault: 'not enabled',
    examples: [{ enabled_by: 'Your Name', enabled_on: '2026-11-24' }],
  },
  'auto_mode.enabled_by': { about: 'The name of who enables it; it stands in the journal.' },
  'auto_mode.enabled_on': { about: 'The day, as 2026-11-24.' },

  trust: {
    about: 'What counts as your own, by slot. Everything else is external.',
    byDefault: "the project folder, this machine, and the project's remotes as first seen",
  },
  sensitive: { about: 'Where more care is taken, in the forms of trust.', byDefault: 'nothing' },
  'sensitive.data': {
    about:
      'Files, folders, buckets and databases whose content is not sent on, not even to what is trusted.',
    examples: [['exports/customers', 's3://acme-customers']],
  },
  'sensitive.remote_targets': {
    about: 'Names of what is production: changing it is refused until cleared.',
    examples: [['prod.acme.example']],
  },
  'sensitive.iac_scopes': {
    about: 'The same for clusters, namespaces and stacks.',
    examples: [['k8s:production']],
  },
  'entry.entry': { about: 'The entry, where it has a note or an end.' },
  'entry.note': { about: 'Why, for those who read it later.' },
  'entry.expires': {
    about: 'The last day it counts, as 2026-12-31.',
    byDefault: 'it does not end',
  },

  projects: {
    about: 'What holds in one project only, by its absolute path.',
    byDefault: 'nothing',
  },
  'projects.trust': { about: 'Counts as your own in this project.' },
  'projects.sensitive': { about: 'Where more care is taken in this project.' },
  'projects.role': { about: 'What the gate does in this project.', byDefault: '`roles.default`' },

  roles: { about: 'What the gate does in a session.' },
  'roles.default': {
    about:
      'watch: leaves all to the client. guard: denies what a rule denies. decide: allows, asks, denies.',
    byDefault: `\`${roles.default}\``,
  },

  models: {
    about: "Models that auto mode may be used with: ids, or beginnings of ids that end in '*'.",
    byDefault: models.map(model => `\`${model}\``).join(' '),
    examples: [['claude-opus-5*', 'claude-sonnet-5*']],
  },
  platforms: {
    about: 'Platforms that auto mode may be used on. What is not listed is not approved.',
    byDefault: '`anthropic`',
    examples: [['anthropic']],
  },
  'platforms.platform': {
    about: 'anthropic, bedrock, vertex, foundry, or the base URL of a gateway.',
    examples: ['anthropic', 'https://gateway.corp.example'],
  },
  'platforms.role': { about: 'What the gate does on this platform.', byDefault: '`roles.default`' },

  rules: { about: 'Rules of your own, beside those that are built in.', examples: [[RULE]] },
  'rules.id': { about: 'A name that the screen and the journal show.' },
  'rules.tier': {
    about:
      'hard_deny: refused, nothing clears it. soft_deny: refused until cleared. ask: a person is asked. allow: an exception.',
  },
  'rules.reason': { about: 'One sentence that says why; the agent is told it.' },
  'rules.tool': {
    about: "The name of a tool, or '*'; alone, every call of it.",
    examples: ['Bash'],
  },
  'rules.command': { about: 'Words that a command begins with.', examples: ['npm publish'] },
  'rules.path': {
    about: "A glob over the path that a tool is given: '*' within one part, '**' any number.",
    examples: ['/srv/app/gen/**'],
  },
  'rules.url': {
    about: 'A glob over the URL that a tool is given.',
    examples: ['https://*.example.com/**'],
  },
  'rules.match': { about: 'What it must find: tried out whenever the file is read.' },
  'rules.no_match': { about: 'What it must leave: tried out, too.' },
  rules_off: {
    about:
      "Ids of built-in rules that are off, except the guard's own. 'signalbox rules' lists them.",
    byDefault: 'none',
    examples: [['new-package']],
  },

  breaker: { about: 'So many denials turn a session to asking. Outages never count.' },
  'breaker.in_row': { about: 'Denials in a row.', byDefault: `\`${breaker.inRow}\`` },
  'breaker.of': { about: 'Or this many denials …', byDefault: `\`${breaker.of}\`` },
  'breaker.last': { about: '… among this many actions.', byDefault: `\`${breaker.last}\`` },
  'breaker.unattended': {
    about:
      'What then becomes of a run that nobody watches: what must be asked is refused, or it stops.',
    byDefault: `\`${breaker.unattended}\``,
  },

  allow_in: {
    about: "Permission modes of the client in which the gate may answer 'allow'.",
    byDefault: `\`[${allowIn.join(', ')}]\``,
    examples: [['auto', 'default']],
  },

  waits: { about: 'How long the client is held for your answer.' },
  'waits.denied_seconds': {
    about: "A block of the client's own check, for an override.",
    byDefault: `\`${waits.deniedSeconds}\``,
  },
  'waits.ask_seconds': { about: 'A question to you.', byDefault: `\`${waits.askSeconds}\`` },

  journal: { about: 'The record of what was asked, judged, answered and commanded.' },
  'journal.keep_days': {
    about: 'Older days are deleted, with a line that says so.',
    byDefault: `\`${journal.keepDays}\``,
  },

  redact: {
    about:
      'What is a secret beside what is known to be one, and so has a placeholder in the journal, on the screen and in exports: patterns of letters and classes, each followed by {N}, only the last by + or {N,}.',
    byDefault: 'none',
    examples: [['acme_[A-Za-z0-9]{20}']],
  },

  fleet: {
    about: "What a relay ('signalbox relay') tells other machines.",
  },
  'fleet.share': {
    about:
      "'reduced': who decided what, by which rule, over which resources and programs, without arguments, paths and words. 'redacted': the journal as it is, secrets as placeholders.",
    byDefault: '`reduced`',
  },

  'fleet.remote': {
    about:
      'Who may act on sessions of this machine from elsewhere, through its relay. Every command is in the journal with this name.',
    byDefault: 'nobody',
  },
  'fleet.remote.nkey': { about: "The public nkey of that person's credentials: U…." },
  'fleet.remote.name': { about: 'A name for the screen and the journal.' },
  'fleet.remote.may': {
    about:
      'What they may: approve, deny, override, pause, resume; propose: ask the people here to trust something.',
    byDefault: 'all of these',
  },
  'fleet.remote_may': {
    about: 'No more than this, whoever it is: of several files what all of them allow.',
    byDefault: 'all of these',
  },

  reviewer: {
    about:
      'A model that is asked where the judge is unsure, instead of a person (docs/reviewer.md). It is sent facts, your words and earlier tool calls.',
    byDefault: 'none: nothing is sent anywhere',
    examples: [
      { provider: 'anthropic', model: 'claude-haiku-4-5', api_key_command: 'pass ai/key' },
    ],
  },
  'reviewer.provider': {
    about:
      "anthropic: Anthropic's API, or a gateway in front of it. openai-compatible: any server of chat completions, such as Ollama, vLLM or llama.cpp.",
  },
  'reviewer.model': {
    about: "The model's id, as the server calls it.",
    examples: ['claude-haiku-4-5', 'qwen3-coder:30b'],
  },
  'reviewer.base_url': {
    about:
      'Where the server is: https, or http on this machine and private networks. No user, password or query in it.',
    byDefault: "Anthropic's own; must be there for openai-compatible",
    examples: ['http://127.0.0.1:11434/v1', 'https://models.corp.example/v1'],
  },
  'reviewer.api_key_env': {
    about:
      "The name of the environment variable that holds the key. A gate that a hook starts has none: this is for one that 'signalbox gate restart' starts in a shell that has it.",
    byDefault: '`ANTHROPIC_API_KEY` for anthropic, else no key',
    examples: ['MODELS_KEY'],
  },
  'reviewer.api_key_command': {
    about:
      'A command that prints the key; it is run by the gate when a key is needed, and again after 15 minutes. Not beside api_key_env.',
    examples: ['pass show ai/reviewer', 'security find-generic-password -ws reviewer'],
  },
  'reviewer.timeout': {
    about: 'Seconds for one review, with all its tries; after that a person is asked.',
    byDefault: '`15`',
  },
  'reviewer.budget': {
    about: 'Once any of it is spent, a person is asked. US dollars count where a price is known.',
  },
  'reviewer.budget.session_usd': { about: 'US dollars in one session.', byDefault: '`1`' },
  'reviewer.budget.day_usd': { about: 'US dollars in one day, all sessions.', byDefault: '`5`' },
  'reviewer.budget.session_tokens': { about: 'Tokens in one session.', byDefault: '`1000000`' },
  'reviewer.budget.day_tokens': {
    about: 'Tokens in one day, all sessions.',
    byDefault: '`5000000`',
  },

  locked: {
    about: 'What users cannot do, whatever their own files say.',
    byDefault: 'nothing',
    examples: [['trust', 'roles']],
  },
}
