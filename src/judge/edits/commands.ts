/** The commands that a file holds for later: package scripts, recipes, steps of CI, hooks, images. */
import type { Change } from './change.ts'

export interface HeldCode {
  readonly language: 'shell' | 'python' | 'javascript' | 'ruby' | 'perl' | 'php'
  readonly text: string
  /** Run as it stands; else it is one of many texts in a program. */
  readonly whole: boolean
}

const SHELL_FILES =
  /(^|\/)(\.husky\/[\w-]+|\.githooks\/[\w-]+|hooks\/[\w-]+|\.envrc|\.(ba|z)?profile|Procfile|entrypoint|install|configure)$|\.(sh|bash|zsh|ksh|command)$/i
const YAML_STEPS = /\.(ya?ml)$/i
const CODE: readonly (readonly [RegExp, HeldCode['language']])[] = [
  [/\.(py|pyw|pth|pyi|ipynb)$|(^|\/)(conftest|setup)\.py$/i, 'python'],
  [/\.([cm]?[jt]sx?|vue|svelte)$/i, 'javascript'],
  [/\.(rb|rake|gemspec)$|(^|\/)(Rakefile|Gemfile|Podfile|Fastfile|Vagrantfile|Brewfile)$/i, 'ruby'],
  [/\.(php|phtml)$/i, 'php'],
  [/\.(pl|pm)$/i, 'perl'],
]
/** What is told about code, and not run. */
const TEXTS = /\.(md|mdx|rst|txt|adoc|org|html?|csv|log)$|(^|\/)(docs?|CHANGELOG|README|LICENSE)/i

export function heldCode({ path, added }: Change): readonly HeldCode[] {
  if (added.trim() === '' || TEXTS.test(path)) return []
  const shell = (text: string): HeldCode => ({ language: 'shell', text, whole: true })
  if (/(^|\/)(package|composer)\.json$/i.test(path)) return jsonScripts(added).map(shell)
  if (/(^|\/)(makefile|GNUmakefile|justfile|.*\.mk)$/i.test(path)) return recipes(added).map(shell)
  if (/(^|\/)(Dockerfile|Containerfile)[\w.-]*$|\.dockerfile$/i.test(path))
    return imageSteps(added).map(shell)
  if (YAML_STEPS.test(path)) return yamlSteps(added).map(shell)
  if (/(^|\/)Jenkinsfile|\.groovy$/i.test(path))
    return Array.from(added.matchAll(/\bsh\s*\(?\s*('''|"""|'|")([\s\S]*?)\1/g), match =>
      shell(match[2] ?? ''),
    )
  if (SHELL_FILES.test(path) || /^#!.*\b(ba|z|da|k)?sh\b/.test(added)) return [shell(added)]
  const language = CODE.find(([pattern]) => pattern.test(path))?.[1]
  const code: HeldCode[] =
    language === undefined
      ? []
      : [{ language, text: pythonOf(path, added), whole: path.endsWith('.ipynb') }]
  return [...code, ...shellTexts(added), ...notebookShell(path, added)]
}

function jsonScripts(text: string): readonly string[] {
  return Array.from(text.matchAll(/"[\w:.-]+"\s*:\s*\[?\s*"((?:\\.|[^"\\])*)"/g), match =>
    unescaped(match[1] ?? ''),
  ).filter(value => /\s/.test(value) && !/^(https?|git\+|workspace|\^|~|>=)/.test(value))
}

function unescaped(text: string): string {
  return text.replace(/\\(["\\/])/g, '$1').replaceAll('\\n', '\n')
}

function recipes(text: string): readonly string[] {
  return text
    .split('\n')
    .filter(line => /^[\t ]+\S/.test(line))
    .map(line =>
      line
        .trim()
        .replace(/^[@-]+/, '')
        .replaceAll('$$', '$'),
    )
}

function imageSteps(text: string): readonly string[] {
  return Array.from(text.matchAll(/^\s*RUN\s+((?:.*\\\n)*.*)$/gim), match => match[1] ?? '')
}

/** `run: X`, `run: |` with what is below it, `script:` with its list, `command: [...]`. */
function yamlSteps(text: string): readonly string[] {
  const steps: string[] = []
  const lines = text.split('\n')
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] ?? ''
    const step =
      /^(\s*)(?:-\s*)?(?:run|script|command|bash|before_script|after_script|entry|args)\s*:\s*(.*)$/.exec(
        line,
      )
    if (step === null) {
      const item = /^\s+-\s+(?![\w-]+\s*:\s)(\S.*)$/.exec(line)?.[1]
      if (item !== undefined) steps.push(item.replace(/^(['"])(.*)\1$/, '$2'))
      continue
    }
    const [, indent = '', value = ''] = step
    if (!/^[|>][+-]?\s*$/.test(value)) {
      if (value.trim() !== '') steps.push(value.replace(/^(['"])(.*)\1$/, '$2'))
      continue
    }
    const block: string[] = []
    while (
      i + 1 < lines.length &&
      (/^\s*$/.test(lines[i + 1] ?? '') || (lines[i + 1] ?? '').startsWith(`${indent} `))
    )
      block.push((lines[++i] ?? '').trim())
    steps.push(block.join('\n'))
  }
  // What the CI fills in is not the shell's.
  return steps.map(step =>
    step.replace(/\$\{\{([^}]*)\}\}/g, (_, name: string) =>
      /secrets\./.test(name) ? '$CI_SECRET_TOKEN' : '"$CI_VALUE"',
    ),
  )
}

/** Texts in a program that are commands for a shell, by their look. */
function shellTexts(text: string): readonly HeldCode[] {
  const found: HeldCode[] = []
  for (const [, , value = ''] of text.matchAll(/(["'`])((?:\\.|(?!\1)[^\\\n])*)\1/g))
    if (
      /\b(curl|wget|nc|ncat|socat|bash|sh|base64|rm|scp|chmod)\b/.test(value) &&
      /[\s|]/.test(value) &&
      value.length < 2000
    )
      found.push({ language: 'shell', text: unescaped(value), whole: true })
  return found
}

function pythonOf(path: string, text: string): string {
  return path.endsWith('.ipynb') ? text.replace(/^\s*[!%].*$/gm, '') : text
}

function notebookShell(path: string, text: string): readonly HeldCode[] {
  if (!path.endsWith('.ipynb')) return []
  return Array.from(text.matchAll(/^\s*(?:!|%%?(?:bash|sh|system)\s)(.*)$/gm), match => ({
    language: 'shell' as const,
    text: match[1] ?? '',
    whole: true,
  }))
}
