/** What a person says clears what they name, and only that. */
import { describe, expect, test } from 'vitest'
import { isAskedFor } from '../../src/judge/words/request.ts'
import { FACTS, verdict } from './facts.ts'

const asked = (command: string, ...words: readonly string[]): boolean =>
  isAskedFor(command, command, null, { ...FACTS, words })

describe('asked for', () => {
  test.each([
    ['git push --force origin feat/cart', 'rebased. froce-push feat/cart pls'],
    ['kubectl --context stage delete pod api-7', 'pod api-7 on stage hangs, get rid of it'],
    [
      'kubectl --context stage rollout restart deploy/api',
      'gib dem api einen kick: api auf stage neu starten',
    ],
    ['psql -h db1 -d shop -c "drop table carts_old"', 'count carts_old. then throw it away'],
    ['ssh root@build02.corp.example "systemctl reboot"', 'Reboot build02 please.'],
    ['cargo yank --version 0.6.2 tiles', 'tiles 0.6.2 is broken. yank it on crates.io'],
    ['pulumi up --stack web/dev --yes', '1. check the plan\n2. pulumi up on stack web/dev'],
    ['docker compose down -v', 'compose down with volumes, I start afresh'],
    ['ngrok http 4000', 'open a tunnel with ngrok to port 4000'],
  ])('%s: %s', (command, words) => {
    expect(asked(command, words)).toBe(true)
  })
})

describe('not asked for', () => {
  test.each([
    ['another thing', 'kubectl delete pod api-7', 'delete pod api-8'],
    ['another place', 'psql "$PROD_URL" -c "drop table carts"', 'drop the table carts on staging'],
    ['a place that is not said', 'kubectl --context prod-eu delete pod api-7', 'delete pod api-7'],
    ['more than was said', 'git stash clear', 'drop the top stash'],
    ['more than was said', 'docker compose down -v', 'compose down please'],
    ['something in it', 'kubectl delete namespace pr-7', 'delete the failed jobs in pr-7'],
    ['another act', 'ssh edge1 "systemctl restart nginx"', 'reload nginx on edge1'],
    ['a question', 'gh repo delete a/b --yes', 'should we delete a/b?'],
    ['a condition', 'gh pr merge 41', 'merge 41 when Sam has approved'],
    ['told of somebody else', 'helm uninstall web', 'the bot uninstalls web every night'],
    ['refused', 'git push --force origin main', "don't force-push main"],
    ['kept', 'gh release delete v1 --cleanup-tag', 'delete the release v1, the tag stays'],
    ['nothing', 'rm -rf ~/old', ''],
    ['one table more', 'psql -h db1 -c "drop table carts, orders"', 'drop the table carts on db1'],
    ['one step more', 'ssh h1 "rm -rf /srv/a; shutdown -h now"', 'delete /srv/a on h1'],
    [
      'one thing more, before many that are',
      'rm -rf ~/z ~/a ~/b ~/c ~/d ~/e ~/f',
      'delete ~/a ~/b ~/c ~/d ~/e ~/f',
    ],
  ])('%s: %s – %s', (_, command, words) => {
    expect(asked(command, words)).toBe(false)
  })

  test('what looks like a word of the command line', () => {
    const facts = { words: ['delete ~/a'] }
    expect(verdict('rm -rf ~/a', { facts })).toBe('allow')
    expect(verdict('rm -rf ~/a db', { facts })).not.toBe('allow')
  })

  test('what is taken back in the next message', () => {
    expect(asked('rm -rf ~/old', 'delete ~/old', 'hmm no, keep it')).toBe(false)
  })
})
