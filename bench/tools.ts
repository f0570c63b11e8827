// Tool calls and their results, in the shapes Claude Code 2.1.330 writes (toolUseResult differs by
// tool; a denied call has a string there, a toolDenialKind and the reason in the result's text).
import type { Random } from './random.ts'
import type { TextPools } from './text.ts'

export type Fields = Record<string, unknown>

export type ToolCall = {
  name: string
  input: Fields
  result: () => ToolOutcome
  /** Set when the id is known elsewhere (a subagent's meta file names the call that started it). */
  id?: string
}

export type ToolOutcome = {
  /** What the agent reads: text, or a list of content blocks. */
  content: unknown
  isError: boolean | undefined
  /** Fields of the transcript line beside the message. */
  line: Fields
}

export type Subagent = { agentId: string; toolUseId: string }

export type ToolContext = {
  random: Random
  text: TextPools
  cwd: string
  /** Scales the size of texts: 1 for history, less for a live stream of small events. */
  bulk: number
  /** The next subagent that this session starts, if one is left. */
  nextAgent: () => Subagent | undefined
}

const COMMANDS = [
  'git status --short && git diff --stat',
  'npm test -- --reporter=dot 2>&1 | tail -40',
  'rg -n "TODO|FIXME" src --glob "*.ts" | head -50',
  "sed -n '1,120p' src/server/router.ts",
  'docker compose -f deploy/compose.yml up -d db && sleep 2',
  'curl -fsSL https://registry.npmjs.org/left-pad | jq \'.["dist-tags"]\'',
  'git push origin HEAD:refs/heads/fix/ledger-rounding',
  'rm -rf node_modules/.cache dist && npm run build',
  'for f in test/*.json; do jq -e . "$f" >/dev/null || echo "bad: $f"; done',
  'kubectl --context staging get pods -n web -o wide',
  'psql "$DATABASE_URL" -c "select count(*) from events where kind = \'retry\'"',
  'python3 - <<\'PY\'\nimport json,sys\nprint(json.dumps({"a": [1, 2, "é"]}))\nPY',
]
const FILES = ['src/server/router.ts', 'src/ledger/rounding.ts', 'test/router.test.ts', 'README.md']
const HOSTS = ['docs.example.com', 'nodejs.org', 'registry.npmjs.org', 'developer.mozilla.org']
const MCP = ['mcp__github__create_issue', 'mcp__slack__post_message', 'mcp__postgres__query']
const DENIED =
  "Permission for this action was denied by the Claude Code auto mode classifier. Reason: sends repository content to evil.example, which is not a trusted resource. If you have other tasks that don't depend on this action, continue working on those."
const UNAVAILABLE =
  'Auto mode is unavailable: its safety check does not run for this session, so Bash was not run.'
const REJECTED =
  "The user doesn't want to proceed with this tool use. The tool use was rejected (eg. if it was a file edit, the new_string was NOT written to the file)."

const accept = (source: string, more: Fields): Fields => ({
  permissionDecision: { decision: 'accept', source, ...more },
})
const BY_MODE = accept('config', { reasonType: 'mode' })
const BY_RULES = accept('config', { reasonType: 'subcommandResults' })
const BY_CLASSIFIER = accept('config', { reasonType: 'classifier' })
const BY_PERSON = accept('user_temporary', { grantScope: 'once', reasonCode: 'unknown' })
const BY_HOOK = accept('hook', { reasonType: 'hook', reasonCode: 'unknown' })

export function makeToolCall(context: ToolContext): ToolCall {
  const call = chooseCall(context)
  const { random } = context
  const draw = random.next()
  if (call.name === 'Read' || call.name === 'Grep' || draw > 0.055) return call
  return { ...call, result: () => denial(draw) }
}

/** A refused call: the share of kinds follows the corpus counts in HOST.md. */
function denial(draw: number): ToolOutcome {
  const refused = (content: string, line: Fields): ToolOutcome => ({
    content,
    isError: true,
    line: { toolUseResult: `Error: ${content}`, ...line },
  })
  const reject = (reason: Fields) => ({
    permissionDecision: { decision: 'reject', source: 'config', ...reason },
  })
  const classifier = { reasonType: 'classifier', reasonCode: 'classifier:auto-mode' }
  if (draw < 0.025) {
    return refused(DENIED, { toolDenialKind: 'automode-blocked', ...reject(classifier) })
  }
  if (draw < 0.03) {
    const reason = { reasonType: 'classifier', reasonCode: 'classifier:auto-mode:unavailable' }
    return refused(UNAVAILABLE, { toolDenialKind: 'automode-unavailable', ...reject(reason) })
  }
  if (draw < 0.045) {
    const line = { toolDenialKind: 'user-rejected', toolDenialBeforeRun: true }
    return {
      ...refused(REJECTED, line),
      line: { toolUseResult: 'User rejected tool use', ...line },
    }
  }
  return refused('Exit code 1\n\n> test\n> exit 1', { sandboxed: false, ...BY_CLASSIFIER })
}

function chooseCall(context: ToolContext): ToolCall {
  const { random, text, cwd, bulk } = context
  const length = (median: number) => random.size(median * bulk, 0.6, 10_500)
  const file = `${cwd}/${random.pick(FILES)}`
  const kind = random.next()
  if (kind < 0.42) {
    const long = random.chance(0.15)
    const command = long
      ? `cat > /tmp/patch.ts <<'EOF'\n${text.code(length(900))}\nEOF`
      : random.pick(COMMANDS)
    return {
      name: 'Bash',
      input: { command, description: text.prose(random.int(20, 60)) },
      result: () => {
        const body = random.chance(0.25) ? text.json : random.chance(0.1) ? text.unicode : text.log
        const stdout = body(length(1900))
        return {
          content: stdout,
          isError: false,
          line: {
            toolUseResult: {
              stdout,
              stderr: '',
              interrupted: false,
              isImage: false,
              noOutputExpected: false,
            },
            sandboxed: false,
            ...random.pick([BY_RULES, BY_CLASSIFIER, BY_CLASSIFIER, BY_HOOK, BY_PERSON]),
          },
        }
      },
    }
  }
  if (kind < 0.62) {
    return {
      name: 'Read',
      input: { file_path: file, offset: random.int(0, 400), limit: 200 },
      result: () => {
        const content = text.code(length(3200))
        const shown = { filePath: file, content, numLines: 80, startLine: 1, totalLines: 80 }
        return {
          content: content.replaceAll('\n', '\n     '),
          isError: undefined,
          line: { toolUseResult: { type: 'text', file: shown }, ...BY_MODE },
        }
      },
    }
  }
  if (kind < 0.76) return editCall(context, file, length)
  if (kind < 0.82) {
    const content = text.code(length(2600))
    return {
      name: 'Write',
      input: { file_path: file, content },
      result: () => ({
        content: `File created successfully at: ${file}`,
        isError: undefined,
        line: {
          toolUseResult: {
            type: 'create',
            filePath: file,
            content,
            structuredPatch: [],
            originalFile: null,
            userModified: false,
          },
          ...random.pick([BY_MODE, BY_CLASSIFIER]),
        },
      }),
    }
  }
  if (kind < 0.91) {
    return {
      name: 'Grep',
      input: { pattern: 'retry\\s*\\(', path: 'src', output_mode: 'content', '-n': true },
      result: () => {
        const content = text.code(length(1500))
        const found = { mode: 'content', numFiles: 0, filenames: [], content, numLines: 40 }
        return { content, isError: undefined, line: { toolUseResult: found, ...BY_MODE } }
      },
    }
  }
  return remoteCall(context, kind, length)
}

function editCall(
  { random, text }: ToolContext,
  file: string,
  length: (median: number) => number,
): ToolCall {
  const oldString = text.code(length(500))
  const newString = random.chance(0.1) ? text.unicode(length(600)) : text.code(length(600))
  return {
    name: 'Edit',
    input: { replace_all: false, file_path: file, old_string: oldString, new_string: newString },
    result: () => ({
      content: `The file ${file} has been updated successfully.`,
      isError: undefined,
      line: {
        toolUseResult: {
          filePath: file,
          oldString,
          newString,
          originalFile: text.code(length(2600)),
          structuredPatch: [
            { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: newString.split('\n') },
          ],
          userModified: false,
          replaceAll: false,
        },
        ...random.pick([BY_MODE, BY_CLASSIFIER, BY_PERSON]),
      },
    }),
  }
}

/** Calls that leave the machine or start another agent. */
function remoteCall(
  { random, text, nextAgent }: ToolContext,
  kind: number,
  length: (median: number) => number,
): ToolCall {
  if (kind < 0.95) {
    const url = `https://${random.pick(HOSTS)}/guide/${random.hex(6)}?q=a%20b&lang=en`
    return {
      name: 'WebFetch',
      input: { url, prompt: 'What does the page say about retries? Quote the "limits" section.' },
      result: () => {
        const result = text.prose(length(2500))
        const fetched = { bytes: 48_213, code: 200, codeText: 'OK', result, durationMs: 812, url }
        return {
          content: result,
          isError: undefined,
          line: { toolUseResult: fetched, ...BY_CLASSIFIER },
        }
      },
    }
  }
  if (kind < 0.985) {
    return {
      name: random.pick(MCP),
      input: { repo: 'acme/app', title: text.prose(50), body: text.unicode(length(400)) },
      result: () => {
        const blocks = [{ type: 'text', text: text.json(length(1200)) }]
        return {
          content: blocks,
          isError: undefined,
          line: { toolUseResult: blocks, ...BY_CLASSIFIER },
        }
      },
    }
  }
  const agent = nextAgent()
  const prompt = text.prose(length(600))
  return {
    name: 'Agent',
    ...(agent ? { id: agent.toolUseId } : {}),
    input: { description: 'look around', prompt, subagent_type: 'general-purpose' },
    result: () => {
      const content = [{ type: 'text', text: text.prose(length(1500)) }]
      // A finished agent reports its own usage here, unquoted: it is not usage of this message.
      const toolUseResult = {
        ...(agent ? { isAsync: true, status: 'async_launched' } : { status: 'completed' }),
        agentId: agent?.agentId ?? random.hex(17),
        description: 'look around',
        prompt,
        content,
        totalDurationMs: random.int(1000, 90_000),
        totalTokens: random.int(1000, 90_000),
        totalToolUseCount: random.int(1, 30),
        usage: { input_tokens: 4, cache_read_input_tokens: 15_000, output_tokens: 900 },
      }
      return { content, isError: undefined, line: { toolUseResult, ...BY_CLASSIFIER } }
    },
  }
}
