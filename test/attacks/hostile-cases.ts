/** Inputs that are made to be long, deep or broken: none may be let through, and none may take long. */
import type { ToolCall } from '../../src/judge/types.ts'

export interface HostileCase {
  readonly name: string
  readonly call: Omit<ToolCall, 'agent'>
  /** What the user said before. */
  readonly words?: readonly string[]
}

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
const bash = (name: string, command: string): HostileCase => ({
  name,
  call: { tool: 'Bash', input: { command } },
})
const other = (name: string, tool: string, input: unknown): HostileCase => ({
  name,
  call: { tool, input },
})
const MEGABYTE = 1024 * 1024
const NEARLY = 16_000
/** As often as fits below the length that is not parsed any more. */
const fill = (piece: string, length = NEARLY): string =>
  piece.repeat(Math.floor(length / piece.length))

/** `[[[…]]]`, without a call that is as deep itself. */
function nestedArray(depth: number): unknown {
  let value: unknown = 'x'
  for (let i = 0; i < depth; i++) value = [value]
  return value
}

function shellInShell(depth: number): string {
  let command = 'rm -rf /'
  for (let i = 0; i < depth && command.length < NEARLY / 3; i++)
    command = `bash -c ${quoted(command)}`
  return command
}

const FILE = '/home/dev/app/src/auth.py'
const edit = (name: string, text: string): HostileCase =>
  other(name, 'Edit', { file_path: FILE, old_string: text, new_string: `${text}\nx${text}` })

const RUNS = ['a', '-', ' ', '.', '/', '=', '"', "'", '`', '\\', '(', '{', '[', '$(', '${x:-', '<<']
const LISTS = ['a=b;', 'a|', 'a&&', 'x=$x$x;', 'cd a;', 'sudo ', 'env ', 'xargs ', '{a,b}', '$((']

/** Below every bound: lines of 200 letters that are looked through. */
const lines = (piece: string, length = 11_000): string =>
  fill(`${piece.repeat(Math.ceil(200 / piece.length))}\n`, length)

const PROGRAMS = [
  'rm -rf /a ',
  'tar a http://a ',
  'curl -d @a b;',
  'sudo timeout 1 ',
  'x://a:chmod 777 a;',
]
const FORCE = { tool: 'Bash', input: { command: 'rm -rf ~/x; git push --force origin main' } }

export const HOSTILE_CASES: readonly HostileCase[] = [
  bash('1 MB of one word', fill('a', MEGABYTE)),
  bash('1 MB of commands', fill('ls;', MEGABYTE)),
  bash('1 MB of brackets', fill('$(', MEGABYTE)),
  bash('1 MB that is no UTF-8', fill('\ufffd', MEGABYTE)),
  bash('10,000 nested substitutions', `${'$('.repeat(10_000)}ls${')'.repeat(10_000)}`),
  bash('2,000 nested substitutions', `${'$('.repeat(2000)}ls${')'.repeat(2000)}`),
  ...RUNS.map(piece => bash(`16 KB of ${JSON.stringify(piece)}`, `foo ${fill(piece)}`)),
  ...LISTS.map(piece => bash(`16 KB of ${JSON.stringify(piece)}`, fill(piece))),
  bash('4,000 pipes', `${'a|'.repeat(4000)}a`),
  bash('2,000 times &&', `${'a&&'.repeat(2000)}a`),
  bash('shells in shells', shellInShell(40)),
  bash('functions that call each other', 'a(){ b|b; };b(){ c|c; };c(){ a|a; };a'),
  bash('aliases that stand for each other', "alias a='b;b' b='a;a'\na"),
  bash('braces that multiply', `rm ${'{a,b}'.repeat(60)}`),
  bash('find with 1,000 actions', `find / ${'-exec rm {} + '.repeat(1000)}`),
  bash('16 KB of code that opens brackets', `python3 -c ${quoted(fill('os.system('))}`),
  bash('16 KB of code in a chain', `node -e ${quoted(fill('a.b'))}`),
  ...PROGRAMS.map(piece => bash(`lines of ${JSON.stringify(piece)}`, lines(piece))),
  bash('a script of lines that destroy', `cat > a.sh <<'E'\n${lines('drop table ')}E\nbash a.sh`),
  bash('lines of Ruby that evaluate', `ruby -e ${quoted(lines('eval '))}`),
  bash('lines of Python that run', `python3 -c ${quoted(lines('os.system("a") ', 9000))}`),
  edit('an edit of lines', lines('eval(request) verify=False ', 20_000)),
  { name: 'words of 1 MB', call: FORCE, words: [lines('a.b-c please ', MEGABYTE)] },
  {
    name: '500 parts that are all asked for',
    call: {
      tool: 'Bash',
      input: { command: Array.from({ length: 500 }, (_, at) => `rm -rf ~/a${at}x`).join('; ') },
    },
    words: [`delete ${Array.from({ length: 500 }, (_, at) => `~/a${at}x`).join(' ')}`],
  },
  { name: '1,000 sentences', call: FORCE, words: Array(1000).fill('Push it, or wait. Do not. ') },
  bash('broken syntax', 'if ls; then ( ; fi'),
  bash('broken syntax in a shell in a shell', `sh -c ${quoted(`sh -c ${quoted('if ( ;')}`)}`),
  bash('broken syntax in eval', "eval 'for in ; do'"),
  bash('a NUL in a name', 'rm -rf /home/dev\0/x'),
  bash('half of a pair', 'rm -rf ~/\ud800'),
  edit('an edit of a long line', fill('verify=', 60_000)),
  edit('an edit of 5 MB', fill('verify = True\n', 5 * MEGABYTE)),
  edit('an edit of blanks', fill(' ', 40_000)),
  edit('an edit of brackets', fill('a(', 40_000)),
  other('5 MB that are written', 'Write', {
    file_path: FILE,
    content: fill('x = 1\n', 5 * MEGABYTE),
  }),
  other('many edits', 'MultiEdit', {
    file_path: FILE,
    edits: Array.from({ length: 5000 }, () => ({ old_string: 'a', new_string: 'b' })),
  }),
  other('a notebook of 1 MB', 'NotebookEdit', {
    notebook_path: '/home/dev/app/a.ipynb',
    new_source: fill('!ls\n', MEGABYTE),
  }),
  other('1 MB to a server', 'mcp__memory__add', { text: fill('a@b.', MEGABYTE) }),
  other(
    '10,000 keys',
    'mcp__memory__add',
    Object.fromEntries(Array.from({ length: 10_000 }, (_, i) => [`k${i}`, i])),
  ),
  other('100,000 items', 'mcp__memory__get', { list: Array.from({ length: 100_000 }, () => 'x') }),
  other('JSON that is 5,000 deep', 'mcp__memory__get', { list: nestedArray(5000) }),
  other('an address of 1 MB', 'WebFetch', {
    url: `https://a.example/?${fill('a=b&', MEGABYTE)}`,
    prompt: '',
  }),
  other('words of 1 MB for an agent', 'Agent', {
    prompt: fill('delete all ', MEGABYTE),
    description: 'x',
  }),
  other('a path of 1 MB', 'Read', { file_path: fill('/a', MEGABYTE) }),
  other('a question of 1 MB', 'WebSearch', { query: fill('token=', MEGABYTE) }),
  other('a tool with a name of 1 MB', fill('mcp__a__', MEGABYTE), {}),
]
