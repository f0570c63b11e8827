/** What the user said must not happen, or not yet. Later words may lift it. */
import type { Ledger } from '../types.ts'
import { clauseAt, newest, ownWords, refuses, sentencesOf } from './text.ts'

type Boundary = Ledger['boundaries'][number]

/** What a boundary can forbid: a word for it, and how people say it. */
const FORBIDDABLE: readonly (readonly [forbids: string, words: RegExp])[] = [
  ['force-push', /\bforce[- ]?push\w*\b/i],
  ['push', /(?<!force[- ]|force)\bpush(es|ed|ing)?\b|\bleaves? (this|the|my) machine\b/i],
  ['commit', /\bcommit(s|ted|ting)?\b/i],
  [
    'deploy',
    /\b(deploy\w*|ship(ping)?|roll(ing)? ?out|appl(y|ies|ied|ying)\b|terraform|rollouts?|swap\w*|scal(e|ing))\b/i,
  ],
  ['publish', /\b(publish\w*|upload\w*|releas(e|es|ed|ing))\b/i],
  [
    'delete',
    /\b(delet\w+|remov\w+|rm|drop\w*|destroy\w*|wip(e|ing)|purg\w+|truncat\w+|terminat\w+|uninstall\w*|clean(ing)? up)\b/i,
  ],
  [
    'install',
    /\b(npm ci|npm i|add (it|them)\b|install\w*|(add|pull in|bring in)\w* (any |new |more |extra )?(dependenc\w+|packages?|librar\w+|deps)|new (dependenc\w+|packages?|deps))\b/i,
  ],
  ['merge', /\bmerg(e|es|ed|ing)\b/i],
  [
    'post',
    /\b(comment(s|ing)?|post(s|ing)?|repl(y|ies|ying)|messag(e|es|ing)|(slack|mail|email|dm|ping|notify)(ing)? (anyone|anybody|them|people|the team|customers|#?\w+)|open(ing)? (an? |the |that |your )?(pr|pull requests?|issues?)|(pr|pull requests?)(?= (yet|for now|until|before))|creat\w+ (an? )?(pr|pull requests?|issues?|tickets?))\b/i,
  ],
  ['rebase', /\brebas\w+/i],
  ['stash', /\bstash\w*/i],
  ['switch', /\bswitch(es|ing)?\b|\bcheck ?out (another|other)|\bchange branch\w*/i],
  [
    'network',
    /\b(network|internet|go online|fetch anything|downloads?|downloading|web ?search\w*|curl)\b/i,
  ],
  [
    'test',
    /\b(run\w*|start\w*|execut\w*|launch\w*|rod\w+|ejecut\w+|lanc\w+)\b[^.,;]{0,25}\b(tests?|testes?|suite)\b(?! files?)|\btest ?runs?\b|\btests?\s+(starten|laufen|ausf\w+)/i,
  ],
  ['branch', /\b(new|another|extra|create (a|any|new)) branch(es)?\b/i],
  ['create', /\b(new|extra|additional) files?\b/i],
  ['docker', /\b(docker|containers?)\b/i],
  ['run', /\b(run(ning)?|start(ing)?|launch\w*|trigger\w*|restart\w*|kick off)\b/i],
  [
    'edit',
    /\b(edit\w*|chang(e|es|ing)|modif\w+|touch\w*|writ(e|ing)|work (in|on)|fix(es|ed|ing)?\b|[äa]ndern|anfassen|hands off|leave)\b/i,
  ],
]

const WAITS =
  /\b(wait|hold (off|on)|until|till|before (i|we|my|sam|the)|(ask|check with|talk to|ping) me( first)?|my go|not yet|for now|only (when|after|once)|say(ing)? so|off limits|review(ed)? (it|them|this)? ?first)\b/i
const NO_WAIT =
  /\b(no need to|without|don'?t|do not|needn'?t|stop)\s+(wait\w*|ask\w*|check\w*)( me| with me)?( first)?\b/gi
/** Words that give the go for what was only to wait. */
const GO =
  /\b(go ahead|go for it|lgtm|looks? (good|right|fine|ok)|approved|signed (it )?off|sign-off|you (can|may)|ok(ay)? (now|to)|good to go|proceed|carry on|ship it|all clear|green light|is (done|over|finished|merged)|finished|passed|reviewed|(is|are) fine|free again|whenever you (like|want)|saying so|(is|are) (ok|okay|free) (now|again))\b/i

/** @param before the boundaries kept so far, whose words may no longer be among `words` */
export function boundariesOf(
  words: readonly string[],
  before: Ledger['boundaries'] = [],
): Ledger['boundaries'] {
  let standing: readonly Boundary[] = before.filter(
    it => !words.some(text => text.includes(it.words)),
  )
  for (const text of newest(words)) {
    const sentences = sentencesOf(ownWords(text))
    for (const sentence of sentences) {
      const fenced = fencesIn(sentence)
      const said = FORBIDDABLE.flatMap(([name, pattern]) => {
        const match = pattern.exec(sentence)
        return match === null ? [] : [{ name, at: match.index, length: match[0].length }]
      })
      const fresh = said.flatMap(it => boundaryIn(sentence, it))
      const allowed = said
        .filter(it => ![...fresh, ...fenced].some(other => other.forbids === it.name))
        .map(it => it.name)
      standing = standing.filter(it => !isLifted(it, sentence, allowed))
      standing = [...standing, ...fenced]
      standing = [
        ...standing.filter(
          it => !fresh.some(other => other.forbids === it.forbids && other.about === it.about),
        ),
        ...fresh,
      ]
    }
  }
  return standing
}

/** `I do the commits`: what a person keeps to themselves. */
const MINE =
  /\bi(?:'ll| will)? (?:do|make|handle|take care of) (?:all )?(?:the )?(commit|push|deploy|publish|merg|releas)(?:s|es|ing|e|ments?)?\b|\bi(?:'ll| will) (commit|push|deploy|publish|merg|releas)e? (?:it |them |that |this |the \w+ )?(?:myself|by hand)\b/i

/** Said of all there is. */
const WHOLE_FENCES: readonly (readonly [words: RegExp, forbids: readonly string[]])[] = [
  [/\b(leave|keep)\b[^.]{0,30}\buncommitted\b/i, ['commit']],
  [
    /\b(offline only|stay offline|nothing (from|over|on) the (web|net|network|internet)|no internet)\b/i,
    ['network'],
  ],
  [
    /\b(reading only|only reading|analysis only|nur (analyse|analysieren|lesen|anschauen|schauen)|solo lectura)\b/i,
    ['edit', 'commit', 'push'],
  ],
]

/** `only work inside packages/cart`, `production is off limits`. */
function fencesIn(sentence: string): readonly Boundary[] {
  const whole = WHOLE_FENCES.find(([words]) => words.test(sentence))
  if (whole !== undefined && !/\?\s*$/.test(sentence))
    return whole[1].map(forbids => ({ words: sentence, forbids }))
  const [, made, done] = MINE.exec(sentence) ?? []
  const mine = (made ?? done)?.toLowerCase()
  if (mine !== undefined)
    return [
      {
        words: sentence,
        forbids: /^(merg|releas)/.test(mine) ? `${mine}e`.replace('release', 'publish') : mine,
      },
    ]
  const inside =
    /\bonly\b[^.?]*?\b(?:inside|within|under|in|touch|edit|change)\s+([\w.-]+\/[\w./-]*|[\w-]+\/)/i.exec(
      sentence,
    )?.[1]
  if (inside !== undefined && !/\?\s*$/.test(sentence))
    return [{ words: sentence, forbids: 'leave', about: inside.replace(/[.]$/, '') }]
  const kept =
    /\bkeep (this|it|that|everything|all( of it)?) (on (my|this) machine|local(ly)?|offline)\b|\bnothing (goes|leaves|is sent)\b/i
  if (kept.test(sentence) && !/\?\s*$/.test(sentence.replace(/,? (ok(ay)?|yeah|right)\?$/i, '')))
    return ['push', 'publish'].map(forbids => ({ words: sentence, forbids }))
  const looked = /\bread[- ]only (?:on|in|for|access to) ([\w.-]+)/i.exec(sentence)?.[1]
  if (looked !== undefined)
    return [{ words: sentence, forbids: 'edit', about: looked.replace(/[.!]$/, '') }]
  const out = /\b(?:stay|keep) (?:out of|away from) (?:the )?([\w./-]+)/i.exec(sentence)?.[1]
  if (out !== undefined)
    return [{ words: sentence, forbids: 'edit', about: out.replace(/[.]$/, '') }]
  const off = /\b([\w.-]+) (?:is|are) off[- ]limits\b/i.exec(sentence)?.[1]
  return off === undefined
    ? []
    : [{ words: sentence, forbids: 'edit', about: off.replace(/^production$/i, 'prod') }]
}

interface Said {
  readonly name: string
  readonly at: number
  readonly length: number
}

/** The refusal stands before the word, in the same clause; a wait may stand anywhere. */
function boundaryIn(sentence: string, { name, at, length }: Said): readonly Boundary[] {
  const clause = clauseAt(sentence, at)
  const start = sentence.indexOf(clause)
  const lead = sentence.slice(Math.max(0, start), at)
  const tail = sentence.slice(at + length, start + clause.length)
  const refused =
    refuses(lead) ||
    /^\s*(nothing|nowhere|none)\b/i.test(tail) ||
    /^(hands off|leave)$/i.test(sentence.slice(at, at + length)) ||
    /\b(today|this week|until [\w ]+):?\s*no\b/i.test(lead)
  // A wait in the last clause is for the word before it too.
  const reach = sentence.slice(Math.max(0, start), sentence.indexOf(tail, at) + tail.length)
  const waits = WAITS.test(reach.replace(NO_WAIT, '')) && !/\?\s*$/.test(sentence)
  // `leave the error handling to me` and `leave it` say nothing of a file.
  if (/^(edit|run)$/.test(name) && !refused) return []
  if (!refused && !waits) return []
  // `Push before you start the next one` waits for nothing.
  if (
    !refused &&
    /\b(before|after) (you|it|that|this|we)\b/i.test(sentence) &&
    !/\b(i|me|my)\b/i.test(sentence)
  )
    return []
  if (name === 'edit' && isNoOrder(lead, sentence.slice(at, at + length), tail)) return []
  // `not pushed yet` tells how it is.
  if (
    /ed$/i.test(sentence.slice(at, at + length)) &&
    /\b(not|isn'?t|wasn'?t|never)\s+(yet\s+)?$/i.test(lead)
  )
    return []
  // `no cron changes`: what stands between.
  const between = name === 'edit' ? /\bno\s+([\w./-]+)\s*$/i.exec(lead)?.[1] : undefined
  const about = between !== undefined && !GENERIC.test(between) ? between : aboutOf(tail, name)
  if (name === 'run' && about === '' && !/\b(any|anything|nothing)\b/i.test(sentence)) return []
  // `don't change these` means what was named before; all of it only where that is said.
  if (
    name === 'edit' &&
    about === '' &&
    !/\b(any\w*|keine|nothing|no (code )?changes?|code|files?|yet|look only|only look|read[- ]only)\b/i.test(
      sentence,
    )
  ) {
    const named = sentence
      .slice(0, at)
      .match(/[~\w.-]*[/.][\w/.-]+/g)
      ?.at(-1)
    return named === undefined
      ? []
      : [{ words: sentence, forbids: name, about: named.replace(/^~\//, '') }]
  }
  const sort =
    name === 'test'
      ? /\b(e2e|integration|unit|smoke|load)\b/i.exec(sentence.slice(at, at + length))?.[1]
      : undefined
  if (sort !== undefined) return [{ words: sentence, forbids: name, about: sort }]
  // `Don't change anything but …` and a bare `don't touch x`: the name counts.
  return [{ words: sentence, forbids: name, ...(about === '' ? {} : { about }) }]
}

/** What a plan or a test is to show, how a thing is to be done, and what is told to be changed instead. */
function isNoOrder(lead: string, word: string, tail: string): boolean {
  if (
    /^changes?$/i.test(word) &&
    /\b(shows?|reports?|prints?|says?|sees?|has|have|with|be|are|is|expects?|means?)\s+no\s+$/i.test(
      lead,
    )
  )
    return true
  return /\bwithout\s+$/i.test(lead) && !/^\s*(the |any |my )?[\w-]*[./][\w./-]*/.test(tail)
}

const GENERIC =
  /^(any(thing|where|body|one|more)?|it|them|that|this|these|those|the|a|an|yet|until|till|without|before|to|on|in|from|code|changes?|stuff|things?|now|today|me|my|your|our|files?|directly|straight|again|ever|please|while|when|if|for|because|since|as|is|and|or|so|with|at|all|everything|nothing|new|branch|repo|repository|remote|origin|prod|production|by|of|up|out|off|there|here|first|else|just|only|yourself|tests?|dependencies|packages?|under|inside|within|below|generated|existing|current)$/i

/** The name that the refusal is about: a branch, a path, a host. */
function aboutOf(tail: string, name: string): string {
  const words = tail
    .replace(/[,;:()"'`]/g, ' ')
    .split(/\s+/)
    .filter(word => word !== '')
  if (
    name === 'edit' &&
    /^\s*(the |any |my |our |existing |these |those )*(tests?|specs?)( files?)?\b/i.test(tail)
  )
    return 'tests'
  for (const word of words.slice(0, 5)) {
    const bare = word.replace(/[.!?]+$/, '').replace(/^[#@]/, '')
    if (/^(until|till|before|unless|because|since|while|when|if|and|but)$/i.test(bare)) return ''
    if (GENERIC.test(bare) || (bare.length < 3 && !/\d/.test(bare))) continue
    // A name of something; other words say how.
    if (/[/._\-\d:]|^(main|master|staging|prod\w*|dev|develop|release)$/.test(bare)) return bare
    if (/^(delete|edit|deploy|run)$/.test(name) && /^[a-z]{3,}$/i.test(bare)) return bare
    return ''
  }
  return ''
}

function isLifted(it: Boundary, sentence: string, allowed: readonly string[]): boolean {
  const about = it.about
  const means =
    about === undefined ||
    sentence.toLowerCase().includes(about.toLowerCase()) ||
    !/[/._-]/.test(about)
  if (
    /\?\s*$/.test(sentence) ||
    (refuses(sentence.replace(/\bno(,| |pe\b)/i, '')) && !GO.test(sentence))
  )
    return false
  // Told to do the very thing; or what it waited for has come.
  if (allowed.includes(it.forbids) && means && sentence !== it.words) return true
  if (it.forbids === 'push' && allowed.includes('force-push')) return true
  if (/\b(so far|still|not yet|almost|not quite)\b/i.test(sentence)) return false
  if (it.forbids === 'create' && /\w\/[\w./-]+\.\w+/.test(sentence)) return true
  if (it.forbids === 'network' && /\bhttps?:\/\//.test(sentence)) return true
  const named = about
    ?.split('/')
    .filter(part => part !== '')
    .at(-1)
  if (
    named !== undefined &&
    GO.test(sentence) &&
    sentence.toLowerCase().includes(named.toLowerCase())
  )
    return true
  // Told to do something with the very thing.
  const told =
    /\b(set|put|bump|restart|drop|apply|delete|remove|scale|edit|change|deploy|push|run|merge|update|fix|do|migrate|stop|use)\b/i
  if (
    about !== undefined &&
    sentence !== it.words &&
    told.test(sentence) &&
    sentence.toLowerCase().includes(about.toLowerCase()) &&
    !refuses(sentence)
  )
    return true
  const waited =
    WAITS.test(it.words.replace(NO_WAIT, '')) || /\b(yet|today|until|till)\b/i.test(it.words)
  return (
    waited &&
    GO.test(sentence) &&
    sentence !== it.words &&
    !/\b(message|title|wording|text|comment|name)\b[^.]*\b(fine|good|right|ok)\b/i.test(sentence) &&
    (allowed.length === 0 || allowed.includes(it.forbids))
  )
}
