/** What the client's settings say, at every place where they can silence or replace a hook. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { isHookCommand } from '../../clients/claude-code/hook-command.ts'
import { changes, planHooks, settingsOf } from '../../clients/claude-code/installed-hooks.ts'
import { hooksOf } from '../../clients/claude-code/settings.ts'
import { readSettingsFile, textOf } from '../../clients/claude-code/settings-file.ts'
import { plainValue, treeOf } from '../../clients/claude-code/settings-text.ts'
import type { Install } from '../../config/install.ts'
import { UsageError } from '../../config/usage-error.ts'
import { variablesOf } from '../gateway.ts'
import { type Check, ok, problem, warning } from './check.ts'

/** Are the hooks what init would write now? */
export function hooksCheck(install: Install): Check {
  const path = settingsOf(install.client)
  return changes(planHooks(install))
    ? problem('hooks', `${path}: not what they should be`, "run 'signalbox init' again")
    : ok('hooks', `in ${path}, as they should be`)
}

/** Two installs answer the same call, and the stricter one wins in ways nobody expects. */
export function otherInstallCheck(install: Install): Check[] {
  const path = settingsOf(install.client)
  const hooks = hooksOf(path, textOf(readSettingsFile(path)).text)
  const own = hooks.filter(({ event, command }) => event === 'PreToolUse' && isHookCommand(command))
  if (own.length < 2) return []
  return [
    problem(
      'other install',
      `${path}: hooks of ${own.length} Signalbox installs`,
      "take those of the other install out: 'signalbox uninstall' with its XDG_STATE_HOME",
    ),
  ]
}

/** Checks one file of settings; none is fine. */
export function settingsChecks(name: string, path: string): Check[] {
  if (!existsSync(path)) return []
  let settings: Record<string, unknown>
  try {
    const { text } = textOf(readSettingsFile(path))
    treeOf(path, text)
    settings = Object(plainValue(text))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    return [problem(name, error.message, 'mend the file')]
  }
  const found = [
    ...(settings.disableAllHooks === true
      ? [problem(name, `${path}: disableAllHooks silences the hooks`, 'take it out')]
      : []),
    ...(settings.allowManagedHooksOnly === true
      ? [
          problem(
            name,
            `${path}: allowManagedHooksOnly silences the user's hooks`,
            'ask the administrator to put the hooks into the managed settings',
          ),
        ]
      : []),
    ...environmentChecks(name, path, Object.keys(variablesOf(settings))),
  ]
  return found.length === 0 ? [ok(name, path)] : found
}

/** Variables that replace the hook's shell before it reads a word. */
export const UNSTOPPABLE =
  /^(LD_.*|DYLD_.*|GLIBC_TUNABLES|SHELLOPTS|BASHOPTS|PS4|BASH_ENV|SHLVL|BASH_FUNC_.*|POSIXLY_CORRECT)$/
/** Variables that the hook is proof against, and other tools are not. */
export const SUSPICIOUS = /^(PATH|HOME|CURL_HOME|NODE_OPTIONS|NODE_PATH|XDG_.*|ENV|IFS|LOCPATH)$/

export function environmentChecks(name: string, path: string, variables: string[]): Check[] {
  const worst = variables.filter(variable => UNSTOPPABLE.test(variable))
  const odd = variables.filter(variable => SUSPICIOUS.test(variable))
  return [
    ...(worst.length === 0
      ? []
      : [problem(name, `${path}: sets ${worst.join(', ')}: can replace any hook`, 'take it out')]),
    ...(odd.length === 0
      ? []
      : [
          warning(
            name,
            `${path}: sets ${odd.join(', ')}: our hook is proof against it, others may not be`,
            'look who put it there',
          ),
        ]),
  ]
}

/** Every file of settings that counts in a folder, by its name here. */
export function settingsFiles(client: string, folder: string): (readonly [string, string])[] {
  return [
    ...managedSettings().map(path => ['managed settings', path] as const),
    ['user settings', settingsOf(client)],
    ['project settings', join(folder, '.claude', 'settings.json')],
    ['local settings', join(folder, '.claude', 'settings.local.json')],
  ]
}

/** Where an administrator's settings of the client are; its Linux side of Windows reads those of Linux. */
export function managedSettings(platform = process.platform): string[] {
  const folder =
    platform === 'darwin' ? '/Library/Application Support/ClaudeCode' : '/etc/claude-code'
  const more = join(folder, 'managed-settings.d')
  const parts = existsSync(more) ? readdirSync(more).filter(name => name.endsWith('.json')) : []
  return [join(folder, 'managed-settings.json'), ...parts.map(name => join(more, name))]
}
